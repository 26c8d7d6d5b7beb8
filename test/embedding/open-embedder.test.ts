import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import type { Embedder, EmbedderOptions } from '../../src/embedding/model.ts';
import { DragomanError } from '../../src/errors.ts';
import { TINY_FOLDER, cosine, first } from './models.ts';

const question = 'who promised drones?';

let scratch: string;
const opened: Embedder[] = [];

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'dragoman-embedding-'));
});

afterAll(async () => {
  await Promise.all(opened.map((embedder) => embedder.close()));
  await rm(scratch, { recursive: true, force: true });
});

async function open(changes: Partial<EmbedderOptions>): Promise<Embedder> {
  const cacheFolder = path.join(scratch, 'cache');
  const defaults = { model: TINY_FOLDER, modelFolder: TINY_FOLDER, cacheFolder };
  const embedder = await openEmbedder({ ...defaults, ...changes });
  opened.push(embedder);
  return embedder;
}

let plainOne: Promise<Embedder> | null = null;

/** The tiny model as it is, in one process for all tests. */
function plain(): Promise<Embedder> {
  return (plainOne ??= open({}));
}

async function failureOf(changes: Partial<EmbedderOptions>): Promise<DragomanError> {
  try {
    await open(changes);
  } catch (error) {
    if (error instanceof DragomanError) return error;
    throw error;
  }
  throw new Error('opened, though it should not have');
}

/** A copy of the tiny model under a name, which may be that of a family. */
async function copyAs(name: string): Promise<string> {
  const folder = path.join(scratch, name);
  await cp(TINY_FOLDER, folder, { recursive: true });
  return folder;
}

describe('a model folder', () => {
  it('has the digest of its content, wherever it lies', async () => {
    const { digest } = await plain();
    const copy = await copyAs('copy');
    expect((await open({ model: copy })).digest).toBe(digest);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const config = path.join(copy, 'tokenizer_config.json');
    await writeFile(config, `${await readFile(config, 'utf8')}\n`);
    expect((await open({ model: copy })).digest).not.toBe(digest);
  });

  it('has another digest where its texts get prefixes', async () => {
    const [bare, e5] = [await plain(), await open({ model: await copyAs('some-e5-model') })];
    expect(e5.digest).not.toBe(bare.digest);
    const asked = await e5.embedQuestions([question]);
    expect(asked).toEqual(await bare.embedQuestions([`query: ${question}`]));
  });

  it('of a BERT gives unit vectors, cut at the positions that the model has', async () => {
    const embedder = await plain();
    expect([embedder.id, embedder.dimensions]).toEqual([TINY_FOLDER, 16]);
    const long = 'the war '.repeat(100);
    const [short, cut] = await embedder.embedQuestions([question, long]);
    const [passage] = await embedder.embedPassages([
      { header: '', sentences: [question, long, question] },
    ]);
    expect(passage?.sentences).toHaveLength(3);
    for (const vector of [short, cut, passage?.passage, ...(passage?.sentences ?? [])]) {
      expect(vector).toHaveLength(embedder.dimensions);
      expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1, 5);
    }
    expect(passage?.sentences[2]).toEqual(passage?.passage);
  });

  it('of a model with the pooling of the first token gives its vector', async () => {
    const [bge, mean] = [await open({ model: await copyAs('bge-tiny-en') }), await plain()];
    const texts = [{ header: '', sentences: [question] }];
    const ofFirst = first(await bge.embedPassages(texts));
    const ofMean = first(await mean.embedPassages(texts));
    expect(cosine(ofFirst.passage, ofMean.passage)).toBeLessThan(0.999);
    // The same run of the graph, pooled over the sentence's tokens by both.
    expect(ofFirst.sentences).toEqual(ofMean.sentences);
  });

  it('that does not exist is an error naming the file that is missing', async () => {
    const error = await failureOf({ model: path.join(scratch, 'nowhere') });
    expect(error.code).toBe('MODEL');
    expect(error.message).toContain(path.join(scratch, 'nowhere', 'config.json'));
    expect(error.hint).toContain('onnx/model_quantized.onnx');
  });

  it('whose graph was cut off is an error, not a crash', async () => {
    const damaged = await copyAs('damaged');
    await truncate(path.join(damaged, 'onnx', 'model_quantized.onnx'), 5000);
    const error = await failureOf({ model: damaged });
    expect(error.code).toBe('MODEL');
    expect(error.message).toContain(damaged);
  });

  it.each([
    ['another size than its graph has', { hidden_size: 384 }, '384'],
    ['no size', { hidden_size: undefined }, 'no hidden_size'],
  ])('whose config states %s is an error', async (_, change, inMessage) => {
    const folder = await copyAs('mismatched');
    const file = path.join(folder, 'config.json');
    const config = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...config, ...change }));
    const error = await failureOf({ model: folder });
    expect(error.code).toBe('MODEL');
    expect(error.message).toContain(inMessage);
  });

  it('has what it learned of reading, or nothing', async () => {
    expect((await plain()).head).toBeNull();
    const folder = await copyAs('reading');
    const head = { weights: Array.from({ length: 16 }, (_, at) => at / 10), bias: -1 };
    await writeFile(path.join(folder, 'reading.json'), JSON.stringify(head));
    expect((await open({ model: folder })).head).toEqual(head);
  });

  it.each([
    ['too few weights', '{"weights": [1, 2], "bias": 0}'],
    ['no bias', JSON.stringify({ weights: new Array(16).fill(0) })],
    ['text for a weight', JSON.stringify({ weights: new Array(16).fill('1'), bias: 0 })],
    ['half a file', '{"weights": [0.1,'],
  ])('whose reading.json has %s is an error that names it', async (_, content) => {
    const folder = await copyAs('damaged-reading');
    await writeFile(path.join(folder, 'reading.json'), content);
    const error = await failureOf({ model: folder });
    expect(error.code).toBe('MODEL');
    expect(error.message).toContain(path.join(folder, 'reading.json'));
    expect(error.message).toContain('16 weights');
  });

  it('whose tokeniser has more tokens than its graph is an error', async () => {
    const folder = await copyAs('other-tokeniser');
    const file = path.join(folder, 'tokenizer.json');
    // Every id of the special tokens beyond the table of the graph.
    const moved = (await readFile(file, 'utf8')).replace(/("\[CLS\]": )2\b/g, '$190000');
    await writeFile(file, moved.replace(/("id": )2\b/g, '$190000'));
    const error = await failureOf({ model: folder });
    expect(error.code).toBe('MODEL');
    expect(error.message).toContain('cannot be run');
    expect(error.stack).toContain('encoder-worker');
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
        readFile(path.join(TINY_FOLDER, file)).then(
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
    const fetched = await open({
      ...model,
      onProgress: ({ file, loadedBytes, totalBytes }) => {
        expect(loadedBytes).toBeLessThanOrEqual(totalBytes);
        seen.set(file, loadedBytes);
      },
    });
    const size = (await readFile(path.join(TINY_FOLDER, 'onnx', 'model_quantized.onnx'))).length;
    expect(seen.get('onnx/model_quantized.onnx')).toBe(size);
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.every((url) => url.startsWith('/owner/model/resolve/v1/'))).toBe(true);
    expect(fetched.id).toBe('owner/model');

    requests = [];
    const [again, local] = [await open({ ...model, hub: UNREACHABLE }), await plain()];
    expect(requests).toEqual([]);
    expect(again.digest).toBe(fetched.digest);
    expect(await again.embedQuestions([question])).toEqual(await local.embedQuestions([question]));
  });

  it('that cannot be reached gives an error that says what to do', async () => {
    const error = await failureOf({ model: 'owner/other', hub: UNREACHABLE });
    expect(error.code).toBe('MODEL_UNREACHABLE');
    expect(error.message).toContain(UNREACHABLE);
    expect(error.hint).toContain(path.join(scratch, 'cache', 'owner', 'other'));
    expect(error.hint).toContain('EMBEDDING_MODEL=bundled');
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('from which a download was cut off gives an error that says what to delete', async () => {
    const folder = path.join(scratch, 'cache', 'owner', 'cut', 'v1');
    await cp(TINY_FOLDER, folder, { recursive: true });
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
