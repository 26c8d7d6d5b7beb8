import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { LEARNED_WEIGHTS, findCandidates } from '../../src/search/search.ts';
import type { Candidate } from '../../src/search/features.ts';
import { unrelatedCosine } from '../../src/search/search-index.ts';
import {
  FEATURE_NAMES,
  measure,
  SENTENCE_FEATURES,
  type Measured,
  type SentenceWeights,
} from '../../src/search/features.ts';
import { readQuestion } from '../../src/search/query.ts';
import { smallIndex, TOUR, type SmallIndex } from './small-index.ts';

let small: SmallIndex;
beforeAll(async () => {
  small = await smallIndex(TOUR);
});

interface Options {
  readonly candidates?: (found: readonly Candidate[]) => readonly Candidate[];
  readonly sentenceWeights?: SentenceWeights;
}

async function measured(
  question: string,
  { candidates = (found) => found, sentenceWeights = LEARNED_WEIGHTS.found.sentence }: Options = {},
): Promise<Measured[]> {
  const { index, embedder } = small;
  const query = readQuestion(question, index);
  const [vector = new Float32Array()] = await embedder.embedQuestions([query.correctedText]);
  const found = findCandidates(index, query, vector, null);
  return measure(candidates(found), { index, query, vector, sentenceWeights });
}

function passageWith(all: readonly Measured[], words: string): Measured {
  const found = all.find(({ ordinal }) => ordinal === small.ordinalOf(words));
  if (found === undefined) throw new Error(`No candidate has "${words}".`);
  return found;
}

/** The text of the best sentence. */
function bestOf({ ordinal, best }: Measured): string | undefined {
  const passage = small.index.passages[ordinal];
  const span = passage?.sentences[best?.at ?? -1];
  return span && passage.text.slice(span.start, span.end);
}

const onlyBy = (name: keyof SentenceWeights): SentenceWeights =>
  Object.fromEntries(
    SENTENCE_FEATURES.map((each) => [each, Number(each === name)]),
  ) as unknown as SentenceWeights;

const SHARES = FEATURE_NAMES.filter((name) => name !== 'sentence');

const words =
  'who what when how long many did Kamikawa Kuleba lunch last soup winter drones maps judges zebra million dollars'.split(
    ' ',
  );
const anyQuestion = fc
  .array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'grapheme', maxLength: 5 })), {
    minLength: 1,
    maxLength: 9,
  })
  .map((parts) => parts.join(' '));

describe('measure', () => {
  it('gives values from 0 to 1, and shares that reach from 0 to 1 where candidates differ', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuestion, async (question) => {
        const all = await measured(question);
        const unrelated = unrelatedCosine(small.index, readQuestion(question, small.index));
        for (const { features, best, sentences } of all) {
          for (const name of SHARES) {
            expect(features[name]).toBeGreaterThanOrEqual(0);
            expect(features[name]).toBeLessThanOrEqual(1 + 1e-9);
          }
          expect(features.sentence).toBe(best?.nearness);
          expect(features.sentenceCoverage).toBeLessThanOrEqual(features.relatedCoverage + 1e-9);
          for (const { coverage, cosine, nearness, figure, name } of sentences) {
            expect(coverage).toBeGreaterThanOrEqual(0);
            expect(coverage).toBeLessThanOrEqual(1 + 1e-9);
            expect(nearness).toBeCloseTo(10 * (cosine - unrelated), 9);
            expect(figure * name).toBe(0);
          }
        }
        const differ = new Set(all.map(({ lexical }) => lexical)).size > 1;
        const shares = all.map(({ features }) => features.lexicalShare);
        expect([Math.min(...shares), Math.max(...shares)]).toEqual([0, Number(differ)]);
      }),
      { numRuns: 60 },
    );
  });

  it('scales to 0 what no candidate has more of than another', async () => {
    const [only] = await measured('winter soup', { candidates: (found) => found.slice(0, 1) });
    expect(only?.features.lexicalShare).toBe(0);
    expect(await measured('winter', { candidates: () => [] })).toEqual([]);
  });

  it('tells the share of the question that the passage with its header and the best sentence hold', async () => {
    const talks = passageWith(await measured('soup library'), 'soup');
    const court = passageWith(await measured('soup library'), 'library');
    // Two words that each stand in one passage.
    expect(talks.features.relatedCoverage).toBeCloseTo(0.5, 6);
    expect(court.features.sentenceCoverage).toBeCloseTo(0.5, 6);
    const header = passageWith(await measured('court library'), 'library');
    expect(header.features.relatedCoverage).toBeCloseTo(1, 6);
    expect(header.sentences[0]?.coverage).toBeCloseTo(0.5, 6);
  });

  it('takes the sentence with the most of the weighted features for the best', async () => {
    const question = 'how long did the lunch with Kuleba last';
    expect(
      bestOf(passageWith(await measured(question, { sentenceWeights: onlyBy('figure') }), 'soup')),
    ).toBe('Their lunch lasted 45 minutes.');
    const about = passageWith(
      await measured('soup', { sentenceWeights: onlyBy('coverage') }),
      'soup',
    );
    expect(bestOf(about)).toBe('They ate soup.');
    const dense = passageWith(
      await measured('old maps', { sentenceWeights: onlyBy('nearness') }),
      'maps',
    );
    expect(bestOf(dense)).toBe('Old maps hung there.');
    for (const { sentences, best } of await measured(question)) {
      expect(best?.score).toBe(Math.max(...sentences.map(({ score }) => score)));
      for (const match of sentences) {
        const sum = SENTENCE_FEATURES.reduce(
          (total, name) => total + LEARNED_WEIGHTS.found.sentence[name] * match[name],
          0,
        );
        expect(match.score).toBeCloseTo(sum, 9);
      }
    }
  });

  it.each([
    ['how long did the lunch last', 'soup', [0, 1, 0]],
    ['how much did the mayor pay for drones', 'drones', [1, 0]],
    ['what did the mayor do for drones', 'drones', [0, 0]],
  ])('sees for "%s" which sentences hold such a figure', async (question, where, figures) => {
    const { sentences } = passageWith(await measured(question), where);
    const tail = sentences.slice(-figures.length);
    expect(tail.map(({ figure }) => figure)).toEqual(figures);
    expect(sentences.every(({ name }) => name === 0)).toBe(true);
  });

  it('sees a name that is asked for, and not the one that the question itself tells', async () => {
    const index = await smallIndex({
      'meetings/kyiv.md': KYIV,
      'notes.md': '# Notes\n\nRain fell.\n',
      'more.md': '# More\n\nSnow fell.\n',
      'rest.md': '# Rest\n\nHail fell.\n',
      'end.md': '# End\n\nDust fell.\n',
    });
    small = index;
    try {
      const named = passageWith(await measured('who met the minister in the bunker'), 'bunker');
      expect(named.sentences.map(({ name }) => name)).toEqual([1, 0]);
      const told = passageWith(await measured('who met Dmytro Kuleba in the bunker'), 'bunker');
      expect(told.sentences.map(({ name }) => name)).toEqual([0, 0]);
    } finally {
      small = await smallIndex(TOUR);
    }
  });

  it('says how near an expected question is, and nothing of one that is far', async () => {
    const at = async (expected: number): Promise<number | undefined> => {
      const [only] = await measured('soup', {
        candidates: ([first]) => (first === undefined ? [] : [{ ...first, expected }]),
      });
      return only?.features.expected;
    };
    expect(await at(0)).toBe(0);
    expect(await at(0.9)).toBe(0);
    expect(await at(0.95)).toBeCloseTo(0.5, 6);
    expect(await at(1)).toBeCloseTo(1, 6);
  });
});

const KYIV = `---
id: kyiv
kind: meeting
order: 1
title: A day in Kyiv
date: 2024-01-07
city: Kyiv
country: Ukraine
coordinates: [50.45, 30.52]
people:
  - name: Dmytro Kuleba
    title: Foreign Minister
topics: [talks]
sources: []
---

Dmytro Kuleba met the minister in a bunker. The bunker was cold.
`;
