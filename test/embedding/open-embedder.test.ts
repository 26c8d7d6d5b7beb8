import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { pipeline } from '@xenova/transformers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import type { EmbedderOptions } from '../../src/embedding/open-embedder.ts';
import type { Embedder } from '../../src/embedding/types.ts';
import { DragomanError } from '../../src/errors.ts';

const modelFolder = path.resolve('embeddings/model');
const question = 'What did she promise Ukraine for finding drones?';

let scratch: string;
let bundled: Embedder;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'dragoman-embedding-'));
  bundled = await openEmbedder(options({}));
});

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

function options(changes: Partial<EmbedderOptions>): EmbedderOptions {
  return { model: 'bundled', modelFolder, cacheFolder: path.join(scratch, 'cache'), ...changes };
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, component, i) => sum + component * (b[i] ?? NaN), 0);
}

async function failureOf(changes: Partial<EmbedderOptions>): Promise<DragomanError> {
  try {
    await openEmbedder(options(changes));
  } catch (error) {
    if (error instanceof DragomanError) return error;
    throw error;
  }
  throw new Error('opened, though it should not have');
}

describe('the bundled model', () => {
  it('gives the vectors stored when it was made', async () => {
    const file = path.join(import.meta.dirname, 'golden-vectors.json');
    const golden = JSON.parse(await readFile(file, 'utf8')) as { text: string; vector: string }[];
    expect(golden.length).toBeGreaterThanOrEqual(8);
    for (const { text, vector } of golden) {
      const bytes = Uint8Array.from(Buffer.from(vector, 'base64'));
      const now = await bundled.embedQuestion(text);
      expect(cosine(now, new Float32Array(bytes.buffer)), text).toBeGreaterThanOrEqual(0.999);
    }
  });

  it('gives the vectors of the ordinary feature-extraction pipeline', async () => {
    // The library's global settings still point at the bundled model's parent folder.
    const ordinary = await pipeline('feature-extraction', path.basename(modelFolder), {
      local_files_only: true,
    });
    for (const text of [question, 'İstanbul — 日本, “drones” & zzzqqq', 'a']) {
      const output = await ordinary(text, { pooling: 'mean', normalize: true });
      const ours = await bundled.embedQuestion(text);
      expect(cosine(ours, output.data as Float32Array), text).toBeGreaterThan(0.9999);
    }
  });

  it('gives unit vectors of its dimension, the same for a question as for a passage', async () => {
    const texts = [
      question,
      'Kyiv',
      'Sirens forced the ministers underground.',
      'drones '.repeat(5000),
    ];
    const vectors = await bundled.embedPassages(texts);
    expect(vectors).toHaveLength(texts.length);
    for (const vector of vectors) {
      expect(vector).toHaveLength(bundled.dimensions);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
    expect(await bundled.embedQuestion(question)).toEqual(vectors[0]);
  });

  it.each(['', ' \n', 'ភាសាខ្មែរ', '🚀🚀'])(
    'gives zero for %j, of which it knows nothing',
    async (text) => {
      const vector = await bundled.embedQuestion(text);
      expect(vector).toHaveLength(bundled.dimensions);
      expect(vector.every((component) => component === 0)).toBe(true);
      expect(bundled.tokenTable?.tokenise(text)).toEqual([]);
    },
  );

  it('is the sum of its token table, scaled', async () => {
    const table = bundled.tokenTable;
    const sum = new Float64Array(bundled.dimensions);
    for (const id of table?.tokenise(question) ?? []) {
      table?.vector(id).forEach((component, i) => (sum[i] = (sum[i] ?? 0) + component));
    }
    const vector = await bundled.embedQuestion(question);
    expect(cosine(vector, Float32Array.from(sum)) / Math.hypot(...sum)).toBeCloseTo(1, 5);
  });

  it('weighs a rare word more than a common one', () => {
    const weight = (word: string): number => {
      const [id] = bundled.tokenTable?.tokenise(word) ?? [];
      return Math.hypot(...(bundled.tokenTable?.vector(id ?? 0) ?? []));
    };
    expect(weight('transformers')).toBeGreaterThan(2 * weight('the'));
  });

  it('knows that things meant alike are alike', async () => {
    const [war, aggression, banana] = await bundled.embedPassages([
      'the war in Ukraine',
      'the Russian aggression',
      'banana bread with sugar',
    ]);
    if (war === undefined || aggression === undefined || banana === undefined) throw new Error();
    expect(cosine(war, aggression)).toBeGreaterThan(cosine(war, banana) + 0.2);
  });
});

describe('a model folder', () => {
  it('has the digest of its content, wherever it lies', async () => {
    const copy = path.join(scratch, 'copy');
    await cp(modelFolder, copy, { recursive: true });
    const opened = await openEmbedder(options({ model: copy }));
    expect(opened.digest).toBe(bundled.digest);
    expect(opened.digest).toMatch(/^[0-9a-f]{64}$/);
    await writeFile(path.join(copy, 'tokenizer_config.json'), '{"unk_token": "[UNK]"}');
    expect((await openEmbedder(options({ model: copy }))).digest).not.toBe(bundled.digest);
  });

  it('that does not exist is an error naming the file that is missing', async () => {
    const error = await failureOf({ model: path.join(scratch, 'nowhere') });
    expect(error.code).toBe('MODEL');
    expect(error.message).toContain(path.join(scratch, 'nowhere', 'config.json'));
    expect(error.hint).toContain('onnx/model_quantized.onnx');
  });

  it('whose graph was cut off is an error, not a crash', async () => {
    const damaged = path.join(scratch, 'damaged');
    await cp(modelFolder, damaged, { recursive: true });
    await truncate(path.join(damaged, 'onnx', 'model_quantized.onnx'), 5000);
    const error = await failureOf({ model: damaged });
    expect(error.code).toBe('MODEL');
    expect(error.message).toContain(damaged);
  });

  it('whose config promises more tokens than its table has is an error', async () => {
    const folder = path.join(scratch, 'mismatched');
    await cp(modelFolder, folder, { recursive: true });
    const config = JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')) as object;
    await writeFile(
      path.join(folder, 'config.json'),
      JSON.stringify({ ...config, vocab_size: 90_000 }),
    );
    const error = await failureOf({ model: folder });
    expect(error.code).toBe('MODEL');
    expect(error.message).toContain('90000');
  });

  it('without our mark in its config runs through the library, with the prefixes of its name', async () => {
    const folder = path.join(scratch, 'some-e5-model');
    await cp(modelFolder, folder, { recursive: true });
    const config = JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')) as object;
    const unmarked = { ...config, static_embedding: undefined };
    await writeFile(path.join(folder, 'config.json'), JSON.stringify(unmarked));
    const e5 = await openEmbedder(options({ model: folder }));
    expect(e5.tokenTable).toBeNull();
    const asQuestion = await bundled.embedQuestion(`query: ${question}`);
    const [asPassage] = await bundled.embedPassages([`passage: ${question}`]);
    expect(cosine(await e5.embedQuestion(question), asQuestion)).toBeGreaterThan(0.9999);
    const [passage] = await e5.embedPassages([question]);
    expect(cosine(passage ?? new Float32Array(), asPassage ?? new Float32Array())).toBeGreaterThan(
      0.9999,
    );
  });
});

describe('a model name that is neither a path nor owner/name', () => {
  it.each(['minilm', 'a/b/c', '', 'https://example.org/model'])(
    'is an error: %j',
    async (model) => {
      const error = await failureOf({ model });
      expect(error.code).toBe('MODEL');
      expect(error.hint).toContain('EMBEDDING_MODEL=bundled');
    },
  );
});

describe('a hub', () => {
  let server: Server;
  let hub: string;
  let requests: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = request.url ?? '';
      requests.push(url);
      const file = /^\/owner\/model\/resolve\/v1\/(.+)$/.exec(url)?.[1];
      if (url.startsWith('/owner/broken/')) response.writeHead(503).end();
      else if (file === undefined) response.writeHead(404).end();
      else {
        readFile(path.join(modelFolder, file)).then(
          (content) => response.writeHead(200, { 'content-length': content.length }).end(content),
          () => response.writeHead(404).end(),
        );
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    hub = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterAll(() => {
    server.close();
  });

  it('is asked once, at the revision wanted, with progress; afterwards the cache serves', async () => {
    requests = [];
    const seen = new Map<string, number>();
    const model = { model: 'owner/model', revision: 'v1', hub };
    const fetched = await openEmbedder(
      options({
        ...model,
        onProgress: ({ file, loadedBytes, totalBytes }) => {
          expect(loadedBytes).toBeLessThanOrEqual(totalBytes);
          seen.set(file, loadedBytes);
        },
      }),
    );
    const size = (await readFile(path.join(modelFolder, 'onnx', 'model_quantized.onnx'))).length;
    expect(seen.get('onnx/model_quantized.onnx')).toBe(size);
    expect(requests.every((url) => url.startsWith('/owner/model/resolve/v1/'))).toBe(true);
    expect(fetched.id).toBe('owner/model');

    requests = [];
    const again = await openEmbedder(options({ ...model, hub: UNREACHABLE }));
    expect(requests).toEqual([]);
    expect(again.digest).toBe(fetched.digest);
    expect(await again.embedQuestion(question)).toEqual(await bundled.embedQuestion(question));
  });

  it('and a folder can be opened at the same time, though the library has one set of settings', async () => {
    const [remote, local] = await Promise.all([
      openEmbedder(options({ model: 'owner/model', revision: 'v1', hub })),
      openEmbedder(options({})),
    ]);
    expect([remote.id, local.id]).toEqual(['owner/model', 'bundled']);
    expect(local.digest).toBe(bundled.digest);
  });

  it('that cannot be reached gives an error that says what to do', async () => {
    const error = await failureOf({ model: 'owner/other', hub: UNREACHABLE });
    expect(error.code).toBe('MODEL_UNREACHABLE');
    expect(error.message).toContain(UNREACHABLE);
    expect(error.hint).toContain(path.join(scratch, 'cache', 'owner', 'other'));
    expect(error.hint).toContain('EMBEDDING_MODEL=bundled');
  });

  it('from which a download was cut off gives an error that says what to delete', async () => {
    const folder = path.join(scratch, 'cache', 'owner', 'cut', 'v1');
    await cp(modelFolder, folder, { recursive: true });
    await truncate(path.join(folder, 'onnx', 'model_quantized.onnx'), 5000);
    const error = await failureOf({ model: 'owner/cut', revision: 'v1', hub });
    expect(error.code).toBe('MODEL');
    expect(error.hint).toContain(`delete ${folder}`);
  });

  it('that is out of order counts as one that cannot be reached', async () => {
    expect((await failureOf({ model: 'owner/broken', hub })).code).toBe('MODEL_UNREACHABLE');
  });

  it('that does not have the model says so, which no network would help', async () => {
    const error = await failureOf({ model: 'owner/misspelt', hub });
    expect(error.code).toBe('MODEL');
    expect(error.message).toContain('owner/misspelt');
  });
});

/** Port 9 (discard) is closed on any machine that these tests run on. */
const UNREACHABLE = 'http://127.0.0.1:9/';
