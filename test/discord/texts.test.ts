import { expect, it } from 'vitest';
import { localeOf, textsIn } from '../../src/discord/text.ts';

/** Every fixed text with its path. Those made by functions are covered by the compiler and the end-to-end tests. */
function* fixedTexts(texts: object, path = ''): Generator<readonly [path: string, text: string]> {
  for (const [key, value] of Object.entries(texts) as [string, unknown][]) {
    const child = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') yield [child, value];
    else if (typeof value === 'object' && value !== null) yield* fixedTexts(value, child);
  }
}

/** Kana, kanji and their punctuation. */
const JAPANESE = /[\u3001-\u303f\u3040-\u30ff\u3400-\u9fff]/;
/** The bot's own name. */
const SAME_IN_BOTH = new Set(['aboutTitle']);

it('has every fixed text in Japanese', () => {
  const japanese = new Map(fixedTexts(textsIn('ja')));
  for (const [path, english] of fixedTexts(textsIn('en'))) {
    if (SAME_IN_BOTH.has(path)) expect(japanese.get(path)).toBe(english);
    else expect(japanese.get(path), path).toMatch(JAPANESE);
  }
});

it('speaks Japanese to Japanese clients, and English to all others', () => {
  expect(['ja', 'en-US', 'en-GB', 'de', undefined].map(localeOf)).toEqual([
    ...['ja', 'en', 'en', 'en', 'en'],
  ]);
});
