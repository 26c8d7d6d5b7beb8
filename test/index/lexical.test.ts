import fc from 'fast-check';
import MiniSearch from 'minisearch';
import { describe, expect, it } from 'vitest';
import type { Passage } from '../../src/corpus/types.ts';
import { buildLexical } from './build-lexical.ts';
import { LexicalIndex, lexicalSegment } from '../../src/index/lexical.ts';
import { NameTable, termsOf } from '../../src/language/terms.ts';

const names = new NameTable({ people: [], places: [] });

function passage(header: string, ...sentences: string[]): Passage {
  const text = sentences.join(' ');
  let at = 0;
  return {
    documentId: 'd',
    headings: [],
    start: 0,
    end: text.length,
    lines: [1, 1],
    text,
    sentences: sentences.map((sentence) => {
      const start = text.indexOf(sentence, at);
      at = start + sentence.length;
      return { start, end: at };
    }),
    meetings: [],
    sources: [],
    header,
  };
}

function indexOfPassages(passages: readonly Passage[]): LexicalIndex {
  return new LexicalIndex([lexicalSegment(buildLexical(passages, names))]);
}

function indexOf(texts: readonly string[]): LexicalIndex {
  return indexOfPassages(texts.map((text) => passage('', text)));
}

function queryOf(index: LexicalIndex, words: readonly string[]) {
  return [...new Set(words)].flatMap((word) => {
    const termId = index.termId(word);
    return termId === null ? [] : [{ termId, weight: 1 }];
  });
}

/** BM25 straight from its formula, without the constant factor k1 + 1. */
function bm25(texts: readonly string[], words: readonly string[], ordinal: number): number {
  const bags = texts.map((text) => text.split(' ').filter((word) => word !== ''));
  const mean = bags.reduce((sum, bag) => sum + bag.length, 0) / bags.length;
  const bag = bags[ordinal] ?? [];
  return [...new Set(words)].reduce((sum, word) => {
    const holding = bags.filter((other) => other.includes(word)).length;
    if (holding === 0) return sum;
    const frequency = bag.filter((other) => other === word).length;
    const idf = Math.log(1 + (bags.length - holding + 0.5) / (holding + 0.5));
    const saturation = 1.2 * (0.5 + (0.5 * bag.length) / Math.max(1, mean));
    return sum + (idf * frequency) / (frequency + saturation);
  }, 0);
}

/** Words that are their own stems, no names and no stop words. */
const WORDS = 'drone shelf wreath train plum grain fund talk'.split(' ');
const someTexts = fc.array(
  fc
    .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 12 })
    .map((words) => words.join(' ')),
  { minLength: 1, maxLength: 12 },
);
const someWords = fc.uniqueArray(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 });

describe('LexicalIndex', () => {
  it('scores by BM25, but for what rounding an impact to a byte costs', () => {
    fc.assert(
      fc.property(someTexts, someWords, (texts, words) => {
        const index = indexOf(texts);
        const query = queryOf(index, words);
        const hits = index.search(query, texts.length);
        const step = query.reduce((sum, { termId }) => sum + index.idf(termId), 0) / 255;
        const exact = texts.map((_, ordinal) => bm25(texts, words, ordinal));
        expect(hits.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(
          exact.flatMap((score, ordinal) => (score > 0 ? [ordinal] : [])),
        );
        for (const { ordinal, score } of hits) {
          expect(Math.abs(score - (exact[ordinal] ?? 0))).toBeLessThanOrEqual(step / 2 + 1e-5);
        }
        hits.forEach((hit, at) => {
          const next = hits[at + 1];
          if (next === undefined) return;
          expect((exact[hit.ordinal] ?? 0) + step + 1e-5).toBeGreaterThanOrEqual(
            exact[next.ordinal] ?? 0,
          );
          expect(hit.score > next.score || hit.ordinal < next.ordinal).toBe(true);
        });
      }),
    );
  });

  it('gives the best k of all, also among allowed passages only', () => {
    fc.assert(
      fc.property(
        someTexts,
        someWords,
        fc.nat(14),
        fc.array(fc.nat(1)),
        (texts, words, k, bits) => {
          const index = indexOf(texts);
          const query = queryOf(index, words);
          const all = index.search(query, texts.length);
          expect(index.search(query, k)).toEqual(all.slice(0, k));
          const allowed = Uint8Array.from(texts, (_, at) => bits[at] ?? 0);
          expect(index.search(query, k, allowed)).toEqual(
            all.filter(({ ordinal }) => allowed[ordinal] === 1).slice(0, k),
          );
        },
      ),
    );
  });

  it('scores by exactly the impacts that it returns', () => {
    fc.assert(
      fc.property(someTexts, someWords, (texts, words) => {
        const index = indexOf(texts);
        const query = queryOf(index, words);
        for (const { ordinal, score } of index.search(query, texts.length)) {
          const sum = query.reduce(
            (total, { termId }) => total + index.idf(termId) * index.impact(termId, ordinal),
            0,
          );
          expect(score).toBeCloseTo(sum, 4);
        }
      }),
    );
  });

  it('agrees with MiniSearch on the passage of a rare word', () => {
    const texts = [
      'a wreath for the tomb',
      'drones for the fund',
      'talks about drones',
      'the train in the night',
    ];
    const other = new MiniSearch<{ id: number; text: string }>({ fields: ['text'] });
    other.addAll(texts.map((text, id) => ({ id, text })));
    const index = indexOf(texts);
    for (const word of ['wreath', 'tomb', 'fund', 'train', 'night']) {
      const [best] = index.search(queryOf(index, [word]), 1);
      expect(best?.ordinal).toBe(other.search(word)[0]?.id);
    }
  });

  it('orders equal passages as they come, and answers an empty question with nothing', () => {
    const index = indexOf(['train', 'plum', 'train', 'train']);
    expect(index.search(queryOf(index, ['train']), 2).map(({ ordinal }) => ordinal)).toEqual([
      0, 2,
    ]);
    expect(index.search([], 5)).toEqual([]);
    expect(index.search(queryOf(index, ['train']), 0)).toEqual([]);
    expect(indexOf([]).search([{ termId: 0, weight: 1 }], 5)).toEqual([]);
  });

  it('keeps no trace of one search in the next', () => {
    const index = indexOf(['train plum', 'plum', 'grain']);
    const first = index.search(queryOf(index, ['plum']), 5);
    index.search(queryOf(index, ['train', 'grain']), 1);
    expect(index.search(queryOf(index, ['plum']), 5)).toEqual(first);
  });

  it('knows frequencies, absent terms and figures', () => {
    const index = indexOf(['7 trains on January 7', 'train']);
    const id = (term: string): number => index.termId(term) ?? -1;
    expect(index.documentFrequency(id('train'))).toBe(2);
    expect(index.termId('plum')).toBeNull();
    expect(index.idf(null)).toBeGreaterThan(index.idf(id('7')));
    expect(index.idf(id('7'))).toBeGreaterThan(index.idf(id('train')));
    expect(index.impact(id('7'), 1)).toBe(0);
    expect([id('7'), id('#01-07'), id('train')].map((term) => index.isFigure(term))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('counts a word of the header, for less than one of the text', () => {
    const index = indexOfPassages([passage('plum', 'grain'), passage('grain', 'plum')]);
    expect(index.search(queryOf(index, ['plum']), 2).map(({ ordinal }) => ordinal)).toEqual([1, 0]);
  });

  it('knows a name by capitals inside sentences, and a title by its small letters', () => {
    const index = indexOf([
      'She met Minister Lindqvist there. Governments spoke.',
      'The minister spoke with Lindqvist. Trains left.',
    ]);
    const isName = (text: string): boolean[] =>
      termsOf(text, names).map(({ term }) => index.isName(index.termId(term) ?? -1));
    expect(isName('Lindqvist minister governments trains')).toEqual([true, false, false, false]);
  });
});

describe('the parts of passages', () => {
  const passages = [
    passage('Head', 'Trains left.', 'A wreath lay there.'),
    passage('', '🙂'),
    passage('Head', 'Trains.'),
  ];
  const lexical = new LexicalIndex([lexicalSegment(buildLexical(passages, names))]);
  const idsOf = (...terms: string[]) => terms.map((term) => lexical.termId(term));
  const { parts } = lexical;

  it('gives each passage its header and its sentences, neighbouring words as pairs too', () => {
    expect(Array.from(parts.header(0))).toEqual(idsOf('head'));
    expect(parts.sentences(0).map((terms) => Array.from(terms))).toEqual([
      idsOf('train', 'left', 'train+left'),
      idsOf('wreath', 'lai', 'wreath+lai'),
    ]);
    expect(parts.sentences(1).map((terms) => Array.from(terms))).toEqual([[]]);
    expect(Array.from(parts.header(2))).toEqual(idsOf('head'));
    expect(parts.sentences(2)).toHaveLength(1);
  });

  it('gives the same again when it is asked again', () => {
    expect(parts.sentences(0)).toBe(parts.sentences(0));
  });

  it('gives the passage of each expected question', () => {
    const expected = [
      { question: 'trains left when', ordinal: 0 },
      { question: 'Who laid the wreath?', ordinal: 0 },
      { question: 'what left', ordinal: 2 },
    ];
    const asked = new LexicalIndex([lexicalSegment(buildLexical(passages, names, expected))]).parts;
    expect(asked.expectedPassages).toEqual([Uint32Array.of(0, 0, 2)]);
    expect(Array.from(asked.header(2))).toEqual(idsOf('head'));
    expect(parts.expectedPassages).toEqual([new Uint32Array()]);
  });
});
