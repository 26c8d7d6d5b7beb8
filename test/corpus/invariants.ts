import { expect } from 'vitest';
import { passagesOf } from '../../src/corpus/passages.ts';
import { sentencesOf } from '../../src/corpus/sentences.ts';
import { fileOffset, type Document, type Meeting, type Passage } from '../../src/corpus/types.ts';

/**
 * Holds a document and its passages to everything that a quotation relies on.
 *
 * @param decoded the file as text, without a byte-order mark; of a PDF, its extracted text.
 */
export function expectSound(
  document: Document,
  decoded: string,
  {
    meetings = [],
    ...options
  }: { readonly targetCharacters?: number; readonly meetings?: readonly Meeting[] } = {},
): Passage[] {
  const { text } = document;
  expect(text).not.toMatch(/\[\^|[\r\t\u00a0\u200b\ufeff]| {2}|\n\n/);
  expectPlaces(document, decoded);
  const passages = passagesOf(document, meetings, options);
  const sentences: string[] = [];
  const covered = new Uint8Array(text.length);
  let last = -1;
  for (const passage of passages) {
    expect(passage.text).toBe(text.slice(passage.start, passage.end));
    expect(passage.text.trim()).toBe(passage.text);
    expect(passage.text).not.toBe('');
    expect(passage.start).toBeGreaterThan(last);
    last = passage.end - 1;
    covered.fill(1, passage.start, passage.end);
    expectTiled(passage);
    for (const { start, end } of passage.sentences) {
      sentences.push(`${passage.start + start}-${passage.start + end}`);
    }
    expectOnLines(passage, decoded);
    const order = passage.sources.map((id) =>
      document.footnotes.findIndex((mark) => mark.sourceId === id),
    );
    if (!order.includes(-1)) expect(new Set(order).size).toBe(order.length);
  }
  const whole = document.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => {
      for (let i = block.start; i < block.end; i++) {
        if (text[i] !== ' ' && text[i] !== '\n' && covered[i] !== 1)
          expect.fail(`offset ${i} of the text is in no passage`);
      }
      return sentencesOf(text.slice(block.start, block.end)).map(
        ({ start, end }) => `${block.start + start}-${block.start + end}`,
      );
    }),
  );
  expect(sentences).toEqual(whole);
  return passages;
}

/** Each visible character of the text is found in the file where it is said to be. */
function expectPlaces(document: Document, decoded: string): void {
  const wrong: string[] = [];
  for (let i = 0; i < document.text.length; i++) {
    const character = document.text.charAt(i);
    if (character === ' ' || character === '\n' || /[\udc00-\udfff]/.test(character)) continue;
    const found = decoded.charAt(fileOffset(document, i));
    // A character reference has the offset of its "&"; an exponent is its digits.
    if (found !== character && found !== '&' && found !== character.normalize('NFKC'))
      wrong.push(`${i}: "${character}" is "${found}" in the file`);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
}

function expectTiled({ text, sentences }: Passage): void {
  let end = 0;
  for (const sentence of sentences) {
    expect(text.slice(end, sentence.start).trim()).toBe('');
    expect(sentence.end).toBeGreaterThan(sentence.start);
    end = sentence.end;
  }
  expect(end).toBe(text.length);
}

/** The letters and digits of the passage are on its lines, in order. */
function expectOnLines({ text, lines: [first, last] }: Passage, decoded: string): void {
  const lines = decoded
    .split(/\r\n|\n|\r/)
    .slice(first - 1, last)
    .join('\n');
  let from = 0;
  for (const [character] of text.matchAll(/[A-Za-z0-9]/g)) {
    const at = lines.indexOf(character, from);
    if (at === -1) expect.fail(`"${text}" is not on lines ${first} to ${last}: ${lines}`);
    from = at + 1;
  }
}
