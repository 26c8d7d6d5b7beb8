import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Document, Passage } from '../../src/corpus/types.ts';
import { encodeTexts, pack, rowOfDocument, StoredTexts, unpack } from '../../src/index/encoding.ts';

const file = fc.record({
  header: fc.jsonValue(),
  arrays: fc.record({
    signed: fc.int8Array({ maxLength: 20 }),
    small: fc.uint8Array({ maxLength: 20 }),
    large: fc.uint32Array({ maxLength: 20 }),
    real: fc.float32Array({ maxLength: 20 }),
  }),
});

describe('a packed file', () => {
  it('gives back what was packed, from any offset of a buffer', () => {
    fc.assert(
      fc.property(file, fc.nat(16), (packed, shift) => {
        const bytes = pack(packed);
        const shifted = Buffer.alloc(bytes.length + shift + 3);
        shifted.set(bytes, shift);
        for (const place of [bytes, shifted.subarray(shift, shift + bytes.length)]) {
          const read = unpack(place);
          expect(JSON.stringify(read.header)).toBe(JSON.stringify(packed.header));
          expect(read.arrays).toEqual(packed.arrays);
        }
      }),
    );
  });
});

/** Latin-1, other scripts, pairs of surrogates and halves of them. */
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constant('“\ud83d” \udc00é'),
);

const anyDocument = fc.record({
  text: anyText,
  headings: fc.array(anyText, { maxLength: 3 }),
  cuts: fc.array(fc.nat(12), { maxLength: 4 }),
});

describe('the texts of a segment', () => {
  it('come back as they were, every passage a slice of its document', () => {
    fc.assert(
      fc.property(fc.array(anyDocument, { maxLength: 5 }), (drawn) => {
        const documents = drawn.map(({ text, headings }, at): Document => ({
          id: `document-${at}`,
          title: `Document ${at}`,
          path: `document-${at}.md`,
          sha256: '0'.repeat(64),
          text,
          sections: [{ headings, blocks: [{ start: 0, end: text.length }] }],
          footnotes: [{ offset: text.length, sourceId: 'one', line: at }],
          sources: ['one'],
          topics: [],
          people: [],
          meeting: null,
          date: null,
          expected: [],
          origin: { runs: [{ textStart: 0, fileStart: at }], lineStarts: [0, 7] },
        }));
        const passages = drawn.flatMap(({ text, headings, cuts }, at): Passage[] => {
          const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length];
          return places
            .sort((a, b) => a - b)
            .flatMap((start, i): Passage[] => {
              const end = places[i + 1];
              if (end === undefined) return [];
              return [
                {
                  documentId: `document-${at}`,
                  headings,
                  start,
                  end,
                  lines: [1 + i, 2 + i],
                  text: text.slice(start, end),
                  sentences: Array.from({ length: i }, (_, n) => ({ start: n, end: n + 1 })),
                  meetings: i % 2 === 0 ? [] : ['a meeting'],
                  sources: ['one'],
                  header: headings.join('. '),
                },
              ];
            });
        });
        const rows = documents.map(rowOfDocument);
        const stored = new StoredTexts(rows, encodeTexts(documents, passages));
        const shown = <Item extends object>(
          found: readonly Item[],
          like: readonly Item[],
        ): Item[] =>
          found.map((item, at) => {
            const keys = Object.keys(like[at] ?? {}) as (keyof Item)[];
            return Object.fromEntries(keys.map((key) => [key, item[key]])) as Item;
          });
        expect(shown(stored.documents, documents)).toEqual(documents);
        expect(shown(stored.passages, passages)).toEqual(passages);
        stored.documents.forEach((_, at) => {
          const own = stored.passages.slice(stored.starts[at], stored.starts[at + 1]);
          expect(new Set(own.map(({ documentId }) => documentId))).toEqual(
            new Set(own.length === 0 ? [] : [`document-${at}`]),
          );
        });
      }),
    );
  });
});
