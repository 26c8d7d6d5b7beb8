import { beforeAll, describe, expect, it } from 'vitest';
import {
  LEARNED_WEIGHTS,
  type RankingWeights,
  readFirst,
  type SearchResult,
  findCandidates,
  scoreOf,
  search,
} from '../../src/search/search.ts';
import type { Passage } from '../../src/corpus/types.ts';
import type { Candidate } from '../../src/search/features.ts';
import { readQuestion } from '../../src/search/query.ts';
import { dot } from '../../src/index/scan.ts';
import { type SmallIndex, TOUR, smallIndex } from './small-index.ts';
import { FEATURE_NAMES } from '../../src/search/features.ts';
import { readQuestions } from '../../tools/evaluation/questions.ts';
import { type RealSnapshot, openRealSnapshot } from '../support/real-index.ts';

const EXPECTED = 'How was Kyiv reached?';

let small: SmallIndex;
beforeAll(async () => {
  small = await smallIndex(TOUR);
});

async function find(
  question: string,
  allowed: readonly number[] | null = null,
): Promise<Candidate[]> {
  const { index, embedder } = small;
  const [vector = new Float32Array()] = await embedder.embedQuestions([question]);
  return findCandidates(index, readQuestion(question, index), vector, allowed);
}

describe('findCandidates', () => {
  it('tells by words and by vectors how near a passage is', async () => {
    const question = 'What did Kamikawa and Kuleba talk about?';
    const [vector = new Float32Array()] = await small.embedder.embedQuestions([question]);
    const found = await find(question);
    expect(found.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(
      small.index.passages.map((_, at) => at),
    );
    for (const { ordinal, dense, lexical } of found) {
      expect(dense).toBeCloseTo(dot(vector, small.index.vector(ordinal)), 6);
      const holds = (small.index.passages[ordinal]?.text ?? '').includes('talked');
      expect(lexical > 0).toBe(holds);
    }
  });

  it('counts a related word less than the word itself', async () => {
    const { index, embedder } = small;
    const [vector = new Float32Array()] = await embedder.embedQuestions(['winter']);
    const query = readQuestion('winter', index);
    const [term] = query.terms;
    if (term === undefined || term.termId === null) throw new Error('No term.');
    const lexicalOf = (terms: typeof query.terms): number => {
      const found = findCandidates(index, { ...query, terms }, vector, null);
      return found.find(({ ordinal }) => ordinal === small.ordinalOf('winter'))?.lexical ?? NaN;
    };
    const itself = lexicalOf([{ ...term, related: [] }]);
    const related = (similarity: number) => ({
      ...term,
      termId: null,
      related: [{ termId: term.termId ?? NaN, similarity }],
    });
    expect(itself).toBeGreaterThan(0);
    expect(lexicalOf([related(1)])).toBeLessThan(itself);
    expect(lexicalOf([related(1)])).toBeGreaterThan(itself / 2);
    expect(lexicalOf([related(0.5)])).toBeCloseTo(lexicalOf([related(1)]) / 2, 6);
    // By itself or by a related word, never by both.
    const both = { ...term, related: [{ termId: term.termId, similarity: 1 }] };
    expect(lexicalOf([both])).toBe(itself);
  });

  it('finds by an expected question the passage that answers it, and no other', async () => {
    const train = small.ordinalOf('sleeper');
    for (const { ordinal, expected } of await find(EXPECTED)) {
      if (ordinal === train) expect(expected).toBeCloseTo(1, 5);
      else expect(expected).toBe(0);
    }
  });

  it('looks at the passages allowed only, and at their expected questions only', async () => {
    const train = small.ordinalOf('sleeper');
    const court = small.ordinalOf('library');
    const found = await find(EXPECTED, [train, court]);
    expect(found.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(
      [train, court].sort((a, b) => a - b),
    );
    expect(await find(EXPECTED, [court])).toMatchObject([{ ordinal: court, expected: 0 }]);
    expect(await find(EXPECTED, [])).toEqual([]);
  });
});

describe('search for an expected question', () => {
  it('ranks the passage that answers it first, though they share no word', async () => {
    const { index, embedder } = small;
    const { ranked } = await search(EXPECTED, { index, embedder });
    expect(ranked[0]?.ordinal).toBe(small.ordinalOf('sleeper'));
    expect(ranked[0]?.features.expected).toBeCloseTo(1, 3);
    expect(ranked.slice(1).every(({ features }) => features.expected === 0)).toBe(true);
  });

  it('does not lead out of the passages allowed', async () => {
    const { index, embedder } = small;
    const allowed = [small.ordinalOf('library'), small.ordinalOf('soup')];
    const { ranked } = await search(EXPECTED, { index, embedder, allowed });
    expect(ranked.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(
      allowed.sort((a, b) => a - b),
    );
    expect(ranked.every(({ features }) => features.expected === 0)).toBe(true);
  });

  it('takes one that merely resembles it for another question', async () => {
    const { index, embedder } = small;
    const { ranked } = await search('how was Ankara reached', { index, embedder });
    expect(ranked.every(({ features }) => features.expected === 0)).toBe(true);
  });
});

let real: RealSnapshot;
let results: SearchResult[];
beforeAll(async () => {
  real = await openRealSnapshot();
  const questions = await readQuestions('test/eval/development.jsonl');
  results = [];
  for (const { question } of questions.filter((_, at) => at % 8 === 0)) {
    results.push(await search(question, real));
  }
});

const QUESTION = 'How long did the meeting with Blinken last?';

async function embed(question: string): Promise<Float32Array> {
  const [vector] = await real.embedder.embedQuestions([question]);
  if (vector === undefined) throw new Error('No vector.');
  return vector;
}

describe('findCandidates', () => {
  const find = async (question: string, allowed: readonly number[] | null) => {
    const { index } = real;
    return findCandidates(index, readQuestion(question, index), await embed(question), allowed);
  };

  it('are the best by words and the best by meaning, each once, with both scores', async () => {
    const found = await find(QUESTION, null);
    const ordinals = found.map(({ ordinal }) => ordinal);
    expect(ordinals).toEqual([...new Set(ordinals)]);
    expect(found.length).toBeGreaterThanOrEqual(40);
    const vector = await embed(QUESTION);
    for (const { ordinal, lexical, dense, expected } of found) {
      expect(dense).toBeCloseTo(dot(vector, real.index.vector(ordinal)), 5);
      expect(lexical).toBeGreaterThanOrEqual(0);
      expect(expected).toBeGreaterThanOrEqual(0);
      expect(expected).toBeLessThanOrEqual(1 + 1e-5);
    }
    const query = readQuestion(QUESTION, real.index);
    const byWords = real.index.lexical.search(
      query.terms.flatMap(({ termId, weight }) => (termId === null ? [] : [{ termId, weight }])),
      1,
    );
    expect(ordinals).toContain(byWords[0]?.ordinal);
    const nearest = real.index.passages
      .map((_, ordinal) => ({ ordinal, dense: dot(vector, real.index.vector(ordinal)) }))
      .sort((a, b) => b.dense - a.dense)[0];
    expect(ordinals).toContain(nearest?.ordinal);
  });

  it('are all of the passages allowed where these are few, and no others', async () => {
    const allowed = [3, 17, 50, 101, 150];
    const ordinals = (await find(QUESTION, allowed)).map(({ ordinal }) => ordinal);
    expect(ordinals.sort((a, b) => a - b)).toEqual(allowed);
    expect(await find(QUESTION, [])).toEqual([]);
  });

  it('are found by meaning alone where no word is known', async () => {
    for (const question of ['qwertz', '会談は何分続きましたか']) {
      const found = await find(question, null);
      expect(found.length).toBeGreaterThanOrEqual(40);
      expect(found.every(({ lexical }) => lexical === 0)).toBe(true);
    }
  });
});

describe('measure', () => {
  it('gives every candidate every feature, from 0 to 1 but for the nearness', () => {
    const isOutside = (value: number): boolean => !(value >= 0 && value <= 1 + 1e-9);
    for (const { ranked } of results) {
      for (const { features, sentences } of ranked) {
        const { sentence, ...shares } = features;
        expect(Number.isFinite(sentence)).toBe(true);
        expect(Object.values(shares).filter(isOutside)).toEqual([]);
        expect(sentences.map(({ coverage }) => coverage).filter(isOutside)).toEqual([]);
      }
    }
  });

  it('scales the lexical score from 0 to 1 over the candidates of one question', () => {
    for (const { ranked } of results) {
      const differ = new Set(ranked.map(({ lexical }) => lexical)).size > 1;
      const shares = ranked.map(({ features }) => features.lexicalShare);
      expect([Math.min(...shares), Math.max(...shares)]).toEqual([0, Number(differ)]);
    }
  });

  it('takes the sentence with the highest score for the best, and one for each sentence', () => {
    for (const { ranked } of results) {
      for (const { ordinal, best, sentences } of ranked) {
        expect(sentences).toHaveLength(real.index.passages[ordinal]?.sentences.length ?? -1);
        expect(best?.score).toBe(Math.max(...sentences.map(({ score }) => score)));
      }
    }
  });
});

describe('search', () => {
  it('ranks by the weighted sum of the features, ties by ordinal', () => {
    for (const { ranked } of results) {
      ranked.forEach(({ features, score, ordinal }, at) => {
        expect(score).toBe(scoreOf(features, LEARNED_WEIGHTS.found.ranking));
        const before = ranked[at - 1];
        if (before === undefined) return;
        const inOrder =
          before.score > score || (before.score === score && before.ordinal < ordinal);
        expect(inOrder).toBe(true);
      });
    }
  });

  it('goes by the weights that it is given', async () => {
    const none = Object.fromEntries(FEATURE_NAMES.map((name) => [name, 0]));
    const ranking = { ...none, sentence: 1 } as unknown as RankingWeights;
    const weights = { ...LEARNED_WEIGHTS.found, ranking };
    const { ranked } = await search(QUESTION, { ...real, weights });
    const cosines = ranked.map(({ best }) => best?.cosine ?? 0);
    expect(cosines).toEqual([...cosines].sort((a, b) => b - a));
  });

  it('embeds the question with its names corrected, fillers left out', async () => {
    const typed = await search('hi, how long was the meeting with Blinkin? thanks', real);
    expect(typed.query.correctedText.replace(/\s+/g, ' ').trim()).toBe(
      'how long was the meeting with blinken',
    );
    expect(typed.vector).toEqual(await embed(typed.query.correctedText));
  });

  it('ranks among the passages allowed only', async () => {
    const allowed = real.index.passages.flatMap(({ meetings }, ordinal) =>
      meetings.includes('sikorski') ? [ordinal] : [],
    );
    const { ranked } = await search(QUESTION, { ...real, allowed });
    expect(ranked.length).toBeGreaterThan(0);
    for (const { ordinal } of ranked) expect(allowed).toContain(ordinal);
  });
});

describe('readFirst', () => {
  const question = 'how did she get to the capital of ukraine';
  let found: SearchResult;
  let read: SearchResult;
  beforeAll(async () => {
    found = await search(question, real);
    read = (await readFirst(found, real)) as SearchResult;
  });

  it('reads three passages, and orders all by the weighted sum with what that told', () => {
    expect(read.stage).toBe('read');
    expect(read.ranked.map(({ ordinal }) => ordinal).sort()).toEqual(
      found.ranked.map(({ ordinal }) => ordinal).sort(),
    );
    const first = found.ranked.slice(0, 3).map(({ ordinal }) => ordinal);
    for (const { ordinal, features, score, best, sentences } of read.ranked) {
      expect(score).toBe(scoreOf(features, LEARNED_WEIGHTS.read.ranking));
      expect(features.reading > 0).toBe(first.includes(ordinal));
      expect(best?.score).toBe(Math.max(...sentences.map((each) => each.score)));
    }
  });

  it('tells the sentence that answers from those that share its words', () => {
    const passage = read.ranked[0];
    const { text, sentences } = real.index.passages[passage?.ordinal ?? -1] as Passage;
    const told = passage?.sentences.toSorted((a, b) => b.reading - a.reading)[0];
    const { start, end } = sentences[told?.at ?? -1] as Passage['sentences'][number];
    expect(text.slice(start, end)).toMatch(/train/);
  });

  it('takes the time of the encoder for its own, with that of the search', () => {
    expect(read.embedMs).toBeGreaterThan(found.embedMs);
  });

  it('is nothing for a model that has not learned to read', async () => {
    const embedder = { ...real.embedder, head: null };
    expect(await readFirst(found, { embedder })).toBeNull();
  });
});

describe('weights', () => {
  it('are known for every feature, none of them negative', () => {
    for (const { ranking, sentence } of [LEARNED_WEIGHTS.found, LEARNED_WEIGHTS.read]) {
      expect(Object.keys(ranking).sort()).toEqual([...FEATURE_NAMES].sort());
      for (const weight of [...Object.values(ranking), ...Object.values(sentence)]) {
        expect(weight).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
