import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { EncoderProcess } from '../../src/embedding/encoder-process.ts';
import { locateModel, profileOf } from '../../src/embedding/model.ts';
import type { Embedder, PassageText } from '../../src/embedding/types.ts';
import { WorkerEmbedder } from '../../src/embedding/open-embedder.ts';
import { DragomanError } from '../../src/errors.ts';
import { TINY_FOLDER } from './models.ts';

let scratch: string;
const opened: Embedder[] = [];

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'dragoman-worker-'));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((embedder) => embedder.close()));
});

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

/** An embedder and the processes that it started, the running one last. */
async function open(
  folder: string,
): Promise<{ embedder: WorkerEmbedder; processes: EncoderProcess[] }> {
  const processes: EncoderProcess[] = [];
  const place = { modelFolder: folder, cacheFolder: scratch, revision: 'main', hub: '' };
  const embedder = await WorkerEmbedder.open(
    {
      model: folder,
      location: locateModel({ model: folder, ...place }),
      profile: profileOf(folder),
    },
    () => undefined,
    (onProgress) => {
      const started = new EncoderProcess(onProgress);
      processes.push(started);
      return started;
    },
  );
  opened.push(embedder);
  return { embedder, processes };
}

async function failureOf(work: Promise<unknown>): Promise<DragomanError> {
  const error = await work.then(
    () => new Error('worked, though it should not have'),
    (reason: unknown) => reason,
  );
  if (error instanceof DragomanError) return error;
  throw error;
}

const passages = Array.from({ length: 40 }, (_, i): PassageText => ({
  header: `passage ${i}`,
  sentences: ['the war', 'who promised drones'],
}));

describe('a question asked while passages are embedded', () => {
  it('waits for no more than the passage that is being worked on', async () => {
    const { embedder } = await open(TINY_FOLDER);
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    const work = passages.map((passage, i) =>
      embedder.embedPassages([passage]).then(note(`passage ${i}`)),
    );
    await embedder.embedQuestions(['who promised drones']).then(note('question'));
    expect(order.indexOf('question')).toBeLessThanOrEqual(1);
    await Promise.all(work);
    expect(order.filter((name) => name !== 'question')).toEqual(passages.map((p) => p.header));
  });

  it('overtakes those of one long call too', async () => {
    const { embedder } = await open(TINY_FOLDER);
    let isDone = false;
    const work = embedder.embedPassages(passages).then(() => (isDone = true));
    await embedder.embedQuestions(['who promised drones']);
    expect(isDone).toBe(false);
    await work;
  });
});

describe('a worker that dies', () => {
  it('rejects what is pending with what to do, and is started again at the next call', async () => {
    const { embedder, processes } = await open(TINY_FOLDER);
    const [before] = await embedder.embedQuestions(['who promised drones']);
    const pending = [
      embedder.embedPassages(passages),
      embedder.embedPassages(passages),
      embedder.embedQuestions(['who']),
    ].map(failureOf);
    await processes.at(-1)?.end();
    for (const error of await Promise.all(pending)) {
      expect(error.code).toBe('MODEL');
      expect(error.message).toContain('SIGKILL');
      expect(error.hint).toContain('started again');
    }
    expect(await embedder.embedQuestions(['who promised drones'])).toEqual([before]);
    expect(processes).toHaveLength(2);
  });

  it('while nothing is pending is not noticed by anybody', async () => {
    const { embedder, processes } = await open(TINY_FOLDER);
    await processes.at(-1)?.end();
    await expect(embedder.embedQuestions(['who', 'promised'])).resolves.toHaveLength(2);
    expect(processes).toHaveLength(2);
  });

  it('is not replaced by one with another model, until the files are back', async () => {
    const folder = path.join(scratch, 'changing');
    await cp(TINY_FOLDER, folder, { recursive: true });
    const { embedder, processes } = await open(folder);
    const config = path.join(folder, 'tokenizer_config.json');
    const content = await readFile(config, 'utf8');
    await writeFile(config, `${content}\n`);
    await processes.at(-1)?.end();
    const error = await failureOf(embedder.embedQuestions(['who']));
    expect(error.code).toBe('MODEL');
    expect(error.message).toContain(folder);
    await writeFile(config, content);
    await expect(embedder.embedQuestions(['who'])).resolves.toHaveLength(1);
  });

  it('and cannot be started again gives the reason, and can be later', async () => {
    const folder = path.join(scratch, 'vanishing');
    await cp(TINY_FOLDER, folder, { recursive: true });
    const { embedder, processes } = await open(folder);
    await rm(folder, { recursive: true });
    await processes.at(-1)?.end();
    const errors = [embedder.embedQuestions(['who']), embedder.embedPassages(passages)];
    for (const error of await Promise.all(errors.map(failureOf))) {
      expect(error.message).toContain(path.join(folder, 'config.json'));
    }
    await cp(TINY_FOLDER, folder, { recursive: true });
    await expect(embedder.embedQuestions(['who'])).resolves.toHaveLength(1);
  });
});

describe('a closed embedder', () => {
  it('has rejected what was pending and rejects what comes, as often as it is closed', async () => {
    const { embedder, processes } = await open(TINY_FOLDER);
    const pending = failureOf(embedder.embedPassages(passages));
    await Promise.all([embedder.close(), embedder.close()]);
    expect((await pending).message).toContain('closed');
    expect((await failureOf(embedder.embedQuestions(['who']))).code).toBe('MODEL');
    expect(processes.map(({ isAlive }) => isAlive)).toEqual([false]);
  });

  it('does not come back when its worker was just being started again', async () => {
    const { embedder, processes } = await open(TINY_FOLDER);
    await processes.at(-1)?.end();
    const pending = failureOf(embedder.embedQuestions(['who']));
    await embedder.close();
    expect((await pending).message).toContain('closed');
    expect(processes.map(({ isAlive }) => isAlive)).toEqual([false, false]);
  });
});

describe('a call without texts', () => {
  it('gives nothing', async () => {
    const { embedder } = await open(TINY_FOLDER);
    expect(await embedder.embedQuestions([])).toEqual([]);
    expect(await embedder.embedPassages([])).toEqual([]);
  });
});
