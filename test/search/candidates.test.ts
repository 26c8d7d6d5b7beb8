import { beforeAll, describe, expect, it } from 'vitest';
import { findCandidates, type Candidate } from '../../src/search/candidates.ts';
import { readQuestion } from '../../src/search/query.ts';
import { search } from '../../src/search/search.ts';
import { dot } from '../../src/index/vectors.ts';
import { smallIndex, TOUR, type SmallIndex } from './small-index.ts';

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
