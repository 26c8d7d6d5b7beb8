import { expect, it } from 'vitest';
import { localeOf, textsIn } from '../../src/discord/texts/index.ts';

/** Every fixed text under its path; those made by a function are left to the compiler and the end-to-end tests. */
function* fixedTexts(texts: object, path = ''): Generator<readonly [path: string, text: string]> {
  for (const [key, value] of Object.entries(texts) as [string, unknown][]) {
    const at = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') yield [at, value];
    else if (typeof value === 'object' && value !== null) yield* fixedTexts(value, at);
  }
}

const JAPANESE = /[\u3040-\u30ff\u3400-\u9fff]/;
/** The bot's own name, and what a context-menu command cannot have. */
const SAME_IN_BOTH = new Set(['aboutTitle', 'commands.askMessage.description']);

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
