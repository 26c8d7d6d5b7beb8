import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGraph, writeGraph } from '../../src/index/graph.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Three unit vectors of four numbers, on the disk. */
async function written(): Promise<string> {
  const path = join(await temporaryFolder(), 'hnsw.bin');
  const data = Float32Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
  await writeGraph(path, { data, dimensions: 4 });
  return path;
}

describe('readGraph', () => {
  it('reads what was written', async () => {
    const graph = await readGraph(await written(), { count: 3, dimensions: 4 });
    expect(graph.searchKnn([0, 1, 0, 0], 1)).toEqual({ neighbors: [1], distances: [0] });
  });

  it.each([
    ['dimensions', { count: 3, dimensions: 3 }, 'vectors of 4 numbers where 3'],
    ['count', { count: 2, dimensions: 4 }, '3 vectors where 2'],
  ])('refuses a graph of another %s', async (_, expected, message) => {
    await expect(readGraph(await written(), expected)).rejects.toMatchObject({
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
