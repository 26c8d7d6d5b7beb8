import fc from 'fast-check';
import { describe, expect, it, afterAll, beforeAll } from 'vitest';
import {
  ByteVectors,
  packVectors,
  type VectorTable,
  nearest,
  nearestOf,
  readGraph,
  writeGraph,
  type Neighbour,
  type Graph,
} from '../../src/index/vectors.ts';
import { seeded } from '../../tools/evaluation/noisy-questions.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobsOf } from '../../src/index/embed.ts';
import { openVectorCache } from '../../src/index/index-folder.ts';
import { type ByteRows, type ByteVector, dot, quantise, shortened } from '../../src/index/scan.ts';
import { readQuestions } from '../../tools/evaluation/questions.ts';
import { openRealSnapshot, realIndexFolder } from '../support/real-index.ts';
import { temporaryFolder } from './temporary-folder.ts';

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

const MODEL_DIMENSIONS = 384;

/** A unit vector in a random direction without a dominant component, like an embedding. */
const direction = fc.integer().map((seed) => directionFrom(seeded(seed)));

function directionFrom(random: () => number): Float32Array {
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return unit(Array.from({ length: MODEL_DIMENSIONS }, normal));
}

function restored({ scale, values }: ByteVector): Float32Array {
  return Float32Array.from(values, (value) => value * scale);
}

describe('quantise', () => {
  it('keeps the direction: the cosine to the original is above .999', () => {
    fc.assert(
      fc.property(direction, (vector) => {
        const near = restored(quantise(vector));
        expect(dot(vector, near) / Math.hypot(...near)).toBeGreaterThan(0.999);
      }),
    );
  });

  it('changes no component by more than half a step, whatever the vector', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, min: -1, max: 1, maxLength: 20 }), (vector) => {
        const { scale, values } = quantise(vector);
        expect(values).toHaveLength(vector.length);
        values.forEach((value, at) => {
          expect(Math.abs(value * scale - (vector[at] ?? NaN))).toBeLessThanOrEqual(
            scale * 0.500001,
          );
        });
        const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        if (largest > 0) expect(scale).toBeCloseTo(largest / 127, 6);
      }),
    );
  });

  it('leaves zeros zeros', () => {
    expect(restored(quantise(new Float32Array(4)))).toEqual(new Float32Array(4));
  });
});

describe('ByteVectors', () => {
  const open = (passages: readonly (readonly Float32Array[])[]): ByteVectors =>
    new ByteVectors(
      packVectors(
        passages.map((sentences) => sentences.map(quantise)),
        MODEL_DIMENSIONS,
      ),
    );

  it('gives the dot products of a question with the sentences of each passage, however many', () => {
    const anyPassages = fc.array(fc.array(direction, { maxLength: 6 }), { maxLength: 8 });
    fc.assert(
      fc.property(anyPassages, direction, (passages, question) => {
        const packed = open(passages);
        const found = packed.cosinesOf(question, [...passages.keys()]);
        passages.forEach((sentences, ordinal) => {
          const similarities = found[ordinal] ?? [];
          expect(similarities).toHaveLength(sentences.length);
          sentences.forEach((sentence, at) => {
            const exact = dot(question, sentence);
            expect(Math.abs((similarities[at] ?? NaN) - exact)).toBeLessThan(1e-2);
          });
        });
      }),
      { numRuns: 40 },
    );
  });

  it('finds among all rows in the memory of a kernel what comparing them one by one finds', () => {
    fc.assert(
      fc.property(
        fc.array(direction, { minLength: 1, maxLength: 60 }),
        direction,
        fc.integer({ min: 1, max: 20 }),
        (rows, question, k) => {
          // Every row twice, so that there are ties.
          const groups = [...rows, ...rows].map((row) => [quantise(row)]);
          const bytes = packVectors(groups, MODEL_DIMENSIONS);
          const scanned = nearest(
            { vectors: new ByteVectors(bytes, true), graph: null },
            question,
            k,
          );
          const all = [...groups.keys()];
          expect(scanned).toEqual(nearestOf(new ByteVectors(bytes), question, k, all));
        },
      ),
      { numRuns: 40 },
    );
  });

  describe('with shortened rows', () => {
    const shorten = (rows: ByteRows) =>
      shortened(rows, MODEL_DIMENSIONS, { from: 1, to: Infinity });
    const openBoth = (rows: readonly Float32Array[]) => {
      const groups = rows.map((row) => [quantise(row)]);
      const bytes = packVectors(groups, MODEL_DIMENSIONS, shorten);
      return { short: new ByteVectors(bytes, true), all: [...groups.keys()] };
    };

    it('misses less than one in two hundred of the nearest', () => {
      const random = seeded(7);
      const topics = Array.from({ length: 60 }, () => directionFrom(random));
      const near = (topic: Float32Array): Float32Array => {
        const own = directionFrom(random);
        return unit(Array.from(topic, (value, at) => value + (own[at] as number)));
      };
      const rows = Array.from({ length: 6000 }, (_, at) => near(topics[at % 60] as Float32Array));
      const { short, all } = openBoth(rows);
      const questions = topics.map(near);
      const found = questions.flatMap((question) => {
        const candidates = new Set(short.near(question, 10));
        return nearestOf(short, question, 10, all).filter(({ ordinal }) => candidates.has(ordinal));
      });
      expect(found.length / (10 * questions.length)).toBeGreaterThan(0.995);
    });

    it('finds rows that are the same, zeros, and all of fewer than are wanted', () => {
      const row = directionFrom(seeded(8));
      const same = openBoth(Array.from({ length: 40 }, () => row));
      expect(nearest({ vectors: same.short, graph: null }, row, 40)).toEqual(
        nearestOf(same.short, row, 40, same.all),
      );
      const zeros = openBoth([new Float32Array(MODEL_DIMENSIONS), row]);
      expect(nearest({ vectors: zeros.short, graph: null }, row, 5)).toHaveLength(2);
    });

    it('has none for few rows, and for so many that there is a graph', () => {
      const rows = (count: number): ByteRows => ({
        scales: new Float32Array(count),
        data: new Int8Array(count * MODEL_DIMENSIONS),
      });
      const limits = { from: 3, to: 5 };
      expect(
        [2, 3, 5, 6].map((count) => shortened(rows(count), MODEL_DIMENSIONS, limits) === null),
      ).toEqual([true, false, false, true]);
    });
  });

  it('distinguishes a sentence from its opposite', () => {
    const vector = unit(Array.from({ length: MODEL_DIMENSIONS }, (_, at) => 1 + (at % 7)));
    const packed = open([[], [vector, vector.map((value) => -value)]]);
    const [none, [same = NaN, opposite = NaN] = []] = packed.cosinesOf(vector, [0, 1]);
    expect(none).toHaveLength(0);
    expect(same).toBeCloseTo(1, 2);
    expect(opposite).toBeCloseTo(-1, 2);
  });

  it('multiplies by sixteen bytes at a time as one by one, however many rows and dimensions', () => {
    const sizes = fc.constantFrom(1, 8, 16, 48, 384, 4096, 4112);
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 60 }), fc.nat(), (dimensions, count, seed) => {
        const random = seeded(seed);
        const vectorOf = (): Float32Array =>
          Float32Array.from({ length: dimensions }, () => random() - 0.5);
        const rows = Array.from({ length: count }, () => quantise(vectorOf()));
        const packed = new ByteVectors(packVectors([rows], dimensions));
        const question = vectorOf();
        // One after the other, apart, and twice.
        const wanted = [...rows.keys(), count - 1, 0, 0].filter((row) => row % 3 !== 1 || row > 20);
        const found = packed.cosinesWith(question, wanted);
        wanted.forEach((row, at) => {
          const exact = dot(
            question,
            restored(rows[row] ?? { scale: NaN, values: new Int8Array() }),
          );
          expect(Math.abs((found[at] ?? NaN) - exact)).toBeLessThan(1e-6 * dimensions);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('has nothing for a passage that there is not', () => {
    const [none] = open([]).cosinesOf(new Float32Array(MODEL_DIMENSIONS), [3]);
    expect(none).toHaveLength(0);
  });
});

function tableOf(vectors: readonly Float32Array[]): VectorTable {
  const dimensions = vectors[0]?.length ?? 0;
  const data = new Float32Array(vectors.length * dimensions);
  for (const [ordinal, vector] of vectors.entries()) data.set(vector, ordinal * dimensions);
  return { data, dimensions };
}

function bytesOf(vectors: readonly Float32Array[]): ByteVectors {
  return new ByteVectors(
    packVectors(
      vectors.map((vector) => [quantise(vector)]),
      vectors[0]?.length ?? 0,
    ),
  );
}

async function indexOf(
  vectors: readonly Float32Array[],
  folder: string,
): Promise<{ vectors: ByteVectors; graph: Graph }> {
  const table = tableOf(vectors);
  const path = join(folder, 'hnsw.bin');
  await writeGraph(path, table);
  const { dimensions } = table;
  const graph = await readGraph(path, { count: vectors.length, dimensions });
  return { vectors: bytesOf(vectors), graph };
}

const DIMENSIONS = 6;
const anyUnit = fc
  .array(fc.integer({ min: -3, max: 3 }), { minLength: DIMENSIONS, maxLength: DIMENSIONS })
  .filter((values) => values.some((value) => value !== 0))
  .map(unit);

function similarityOf(vectors: ByteVectors, ordinal: number, question: Float32Array): number {
  return dot(question, vectors.row(ordinal));
}

describe('nearestOf', () => {
  it('finds what sorting all allowed passages would find', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyUnit, fc.boolean()), { minLength: 1, maxLength: 40 }),
        anyUnit,
        fc.integer({ min: 1, max: 12 }),
        (rows, question, k) => {
          const table = bytesOf(rows.map(([vector]) => vector));
          const allowed = [...rows.keys()].filter((ordinal) => rows[ordinal]?.[1] === true);
          const found = nearestOf(table, question, k, allowed);
          const wanted = allowed
            .map((ordinal) => similarityOf(table, ordinal, question))
            .sort((a, b) => b - a)
            .slice(0, k);

          expect(found).toHaveLength(wanted.length);
          expect(new Set(found.map(({ ordinal }) => ordinal)).size).toBe(found.length);
          for (const [rank, { ordinal, similarity }] of found.entries()) {
            expect(allowed).toContain(ordinal);
            expect(similarity).toBeCloseTo(similarityOf(table, ordinal, question), 5);
            expect(similarity).toBeCloseTo(wanted[rank] ?? Number.NaN, 5);
          }
        },
      ),
    );
  });

  it('puts equal passages in the order of their ordinals, whatever order they come in', () => {
    fc.assert(
      fc.property(anyUnit, fc.shuffledSubarray([...Array(20).keys()]), (vector, allowed) => {
        const table = bytesOf(Array.from({ length: 20 }, () => vector));
        const found = nearestOf(table, vector, 20, allowed);
        expect(found.map(({ ordinal }) => ordinal)).toEqual([...allowed].sort((a, b) => a - b));
      }),
    );
  });

  it.each([
    ['too short', unit([1, 2])],
    ['not finite', new Float32Array(DIMENSIONS).fill(Number.NaN)],
  ])('refuses a question vector that is %s', (_, question) => {
    const vectors = bytesOf([unit([1, 0, 0, 0, 0, 0])]);
    expect(() => nearestOf(vectors, question, 1, [0])).toThrow(
      expect.objectContaining({ code: 'MODEL' }) as Error,
    );
  });
});

describe('nearest, on the vectors of every sentence of the corpus', () => {
  let index: { vectors: ByteVectors; graph: Graph };
  let questions: Float32Array[];
  let all: number[];
  let folder: string;

  beforeAll(async () => {
    const { embedder, generation } = await openRealSnapshot();
    const cache = await openVectorCache(await realIndexFolder(), embedder);
    const vectors = jobsOf([...generation.documents.values()], generation.passages, []).flatMap(
      ({ key }) => (cache.get(key)?.sentences ?? []).map(({ values }) => unit([...values])),
    );
    const asked = await readQuestions('test/eval/development.jsonl');
    questions = await embedder.embedQuestions(
      asked.filter((_, at) => at % 4 === 0).map(({ question }) => question),
    );
    folder = await mkdtemp(join(tmpdir(), 'dragoman-'));
    index = await indexOf(vectors, folder);
    all = [...vectors.keys()];
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('finds by the graph at least 99 of 100 of the true neighbours', () => {
    let hits = 0;
    let wanted = 0;
    for (const question of questions) {
      const exact = nearestOf(index.vectors, question, 10, all);
      const found = new Set(nearest(index, question, 10).map(({ ordinal }) => ordinal));
      hits += exact.filter(({ ordinal }) => found.has(ordinal)).length;
      wanted += exact.length;
    }
    expect(wanted).toBe(10 * questions.length);
    expect(hits / wanted).toBeGreaterThanOrEqual(0.99);
  });

  it('gives one pair of question and passage one similarity, however it was found', () => {
    const [question] = questions;
    if (question === undefined) throw new Error('There are no questions.');
    const exact = new Map(
      nearestOf(index.vectors, question, all.length, all).map((hit) => [
        hit.ordinal,
        hit.similarity,
      ]),
    );
    const found = nearest(index, question, 25);
    expect(found).toHaveLength(25);
    for (const { ordinal, similarity } of found) expect(similarity).toBe(exact.get(ordinal));
  });

  it('stays inside the allowed passages and fills k from them', () => {
    fc.assert(
      fc.property(
        fc.nat(questions.length - 1),
        fc.uniqueArray(fc.nat(all.length - 1), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 20 }),
        (at, allowed, k) => {
          const found: Neighbour[] = nearest(
            index,
            questions[at] ?? new Float32Array(),
            k,
            allowed,
          );
          expect(found).toHaveLength(Math.min(k, allowed.length));
          for (const { ordinal } of found) expect(allowed).toContain(ordinal);
        },
      ),
    );
  });

  it('gives everything when asked for more than there is', () => {
    const [question = new Float32Array()] = questions;
    expect(nearest(index, question, all.length + 5)).toHaveLength(all.length);
  });
});

/** Three unit vectors of four numbers, on the disk. */
async function writtenGraph(): Promise<string> {
  const path = join(await temporaryFolder(), 'hnsw.bin');
  const data = Float32Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
  await writeGraph(path, { data, dimensions: 4 });
  return path;
}

describe('readGraph', () => {
  it('reads what was written', async () => {
    const graph = await readGraph(await writtenGraph(), { count: 3, dimensions: 4 });
    expect(graph.searchKnn([0, 1, 0, 0], 1)).toEqual({ neighbors: [1], distances: [0] });
  });

  it.each([
    ['dimensions', { count: 3, dimensions: 3 }, 'vectors of 3 numbers'],
    ['count', { count: 2, dimensions: 4 }, 'Expected 2 vectors'],
  ])('refuses a graph of another %s', async (_, expected, message) => {
    await expect(readGraph(await writtenGraph(), expected)).rejects.toMatchObject({
      code: 'INDEX_CORRUPT',
      message: expect.stringContaining(message) as unknown,
    });
  });

  it.each(['', 'not a graph', 'x'.repeat(500)])('refuses a file that is none', async (content) => {
    const path = join(await temporaryFolder(), 'hnsw.bin');
    await writeFile(path, content);
    await expect(readGraph(path, { count: 3, dimensions: 4 })).rejects.toMatchObject({
      code: 'INDEX_CORRUPT',
    });
  });
});
