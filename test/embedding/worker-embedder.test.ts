import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { locateModel, profileOf, type Task } from '../../src/embedding/model.ts';
import type { Embedder, PassageText } from '../../src/embedding/model.ts';
import {
  CallQueue,
  type Deadlines,
  type EncoderProcess,
  openEmbedder,
  startEncoder,
  startEncoderAhead,
} from '../../src/embedding/open-embedder.ts';
import { DragomanError } from '../../src/errors.ts';
import { TINY_FOLDER } from './models.ts';

let scratch: string;
const opened: Embedder[] = [];

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'dragoman-worker-'));
});

afterAll(async () => {
  await Promise.all(opened.map((embedder) => embedder.close()));
  await rm(scratch, { recursive: true, force: true });
});

/** An embedder, the processes that it started, the running one last, and why; `deadlines` are those of the first. */
async function open(
  folder: string,
  deadlines?: Deadlines,
): Promise<{ embedder: Embedder; processes: EncoderProcess[]; problems: unknown[] }> {
  const processes: EncoderProcess[] = [];
  const problems: unknown[] = [];
  const embedder = await openEmbedder(
    {
      ...{ model: folder, modelFolder: folder, cacheFolder: scratch },
      onRestart: (problem) => problems.push(problem),
    },
    (onProgress) => {
      const started = startEncoder(onProgress, processes.length === 0 ? deadlines : undefined);
      processes.push(started);
      return started;
    },
  );
  opened.push(embedder);
  return { embedder, processes, problems };
}

let sharedOne: ReturnType<typeof open> | null = null;

/** One for all tests that leave it able to answer. */
function shared(): ReturnType<typeof open> {
  return (sharedOne ??= open(TINY_FOLDER));
}

async function failureOf(work: Promise<unknown>): Promise<DragomanError> {
  const error = await work.then(
    () => new Error('worked, though it should not have'),
    (reason: unknown) => reason,
  );
  if (error instanceof DragomanError) return error;
  throw error;
}

describe.runIf(process.platform === 'linux')('the number of threads', () => {
  it('is that of the settings', async () => {
    const threadsOf = async (threads: number): Promise<number> => {
      const place = { modelFolder: '', cacheFolder: scratch };
      const started = startEncoder(() => undefined);
      try {
        await started.open({
          model: TINY_FOLDER,
          location: locateModel({ model: TINY_FOLDER, ...place }),
          profile: profileOf(TINY_FOLDER),
          threads,
        });
        return (await readdir(`/proc/${started.pid ?? 0}/task`)).length;
      } finally {
        await started.end();
      }
    };
    const [one, three] = [await threadsOf(1), await threadsOf(3)];
    expect(three - one).toBe(2);
  });
});

describe('a process started ahead', () => {
  it('is the next one that opens a model, and of no other', async () => {
    const ahead = startEncoderAhead();
    const [first, second] = [await open(TINY_FOLDER), await open(TINY_FOLDER)];
    expect(first.processes[0]?.pid).toBe(ahead);
    expect(second.processes[0]?.pid).not.toBe(ahead);
    expect(await first.embedder.embedQuestions(['who'])).toHaveLength(1);
  });

  it('is not taken after it has ended', async () => {
    const ahead = startEncoderAhead() ?? NaN;
    process.kill(ahead, 'SIGKILL');
    while (isRunning(ahead)) await new Promise((resolve) => setImmediate(resolve));
    const { processes, embedder } = await open(TINY_FOLDER);
    expect(processes[0]?.pid).not.toBe(ahead);
    expect(await embedder.embedQuestions(['who'])).toHaveLength(1);
  });
});

/** A process that has ended is there until its parent has noticed. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const passages = Array.from({ length: 40 }, (_, i): PassageText => ({
  header: `passage ${i}`,
  sentences: ['the war', 'who promised drones'],
}));

describe('a question asked while passages are embedded', () => {
  it('waits at most for the passage that is being embedded', async () => {
    const { embedder } = await shared();
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
    const { embedder } = await shared();
    let isDone = false;
    const work = embedder.embedPassages(passages).then(() => (isDone = true));
    await embedder.embedQuestions(['who promised drones']);
    expect(isDone).toBe(false);
    await work;
  });
});

describe('a worker that dies', () => {
  it('is started again, and what was pending is answered', async () => {
    const { embedder, processes, problems } = await shared();
    const [before] = await embedder.embedQuestions(['who promised drones']);
    const started = processes.length;
    const pending = embedder.embedPassages(passages);
    const question = embedder.embedQuestions(['who promised drones']);
    await processes.at(-1)?.end();
    expect(await pending).toHaveLength(passages.length);
    expect(await question).toEqual([before]);
    expect(processes).toHaveLength(started + 1);
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'MODEL',
        message: expect.stringContaining('SIGKILL') as unknown,
        hint: expect.stringContaining('memory') as unknown,
      }),
    ]);
  });

  it('a second time with the same text rejects what is pending, and not what comes later', async () => {
    const { embedder, processes } = await shared();
    const started = processes.length;
    const pending = [embedder.embedPassages(passages), embedder.embedQuestions(['who'])];
    const failed = Promise.all(pending.map(failureOf));
    await processes.at(-1)?.end();
    await expect.poll(() => processes.length).toBe(started + 1);
    await processes.at(-1)?.end();
    for (const { code } of await failed) expect(code).toBe('MODEL');
    await expect(embedder.embedQuestions(['who'])).resolves.toHaveLength(1);
  });

  it('while nothing is pending is not noticed by anybody', async () => {
    const { embedder, processes } = await shared();
    const started = processes.length;
    await processes.at(-1)?.end();
    await expect(embedder.embedQuestions(['who', 'promised'])).resolves.toHaveLength(2);
    expect(processes).toHaveLength(started + 1);
  });

  it('is replaced only by one with the same model; until then calls say what is wrong', async () => {
    const folder = path.join(scratch, 'changing');
    await cp(TINY_FOLDER, folder, { recursive: true });
    const { embedder, processes } = await open(folder);
    const config = path.join(folder, 'tokenizer_config.json');
    await writeFile(config, `${await readFile(config, 'utf8')}\n`);
    await processes.at(-1)?.end();
    const error = await failureOf(embedder.embedQuestions(['who']));
    expect(error.code).toBe('MODEL');
    expect(error.message).toContain(folder);

    await rm(folder, { recursive: true });
    const errors = [embedder.embedQuestions(['who']), embedder.embedPassages(passages)];
    for (const { message } of await Promise.all(errors.map(failureOf))) {
      expect(message).toContain(path.join(folder, 'config.json'));
    }
    await cp(TINY_FOLDER, folder, { recursive: true });
    await expect(embedder.embedQuestions(['who'])).resolves.toHaveLength(1);
  });
});

describe.skipIf(process.platform === 'win32')('a worker that never answers', () => {
  it('is killed, and another one answers', async () => {
    const { embedder, processes, problems } = await open(TINY_FOLDER, {
      openMs: 120_000,
      runMs: 20,
    });
    const [first] = processes;
    process.kill(first?.pid ?? NaN, 'SIGSTOP');
    await expect(embedder.embedQuestions(['who'])).resolves.toHaveLength(1);
    expect(String(problems)).toContain('has not answered for 0.02 s');
    expect(processes).toHaveLength(2);
    await first?.end();
  });

  it('while it opens fails the opening', async () => {
    const error = await failureOf(open(TINY_FOLDER, { openMs: 1, runMs: 1 }));
    expect(error.message).toContain('has not answered');
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
    const { embedder } = await shared();
    expect(await embedder.embedQuestions([])).toEqual([]);
    expect(await embedder.embedPassages([])).toEqual([]);
  });
});

function question(text: string): Task {
  return { kind: 'question', text };
}

function passage(header: string): Task {
  return { kind: 'passage', passage: { header, sentences: [] } };
}

function nameOf(task: Task): string {
  return task.kind === 'question' ? task.text : task.passage.header;
}

/** Works on everything that waits and gives the order. */
function workOff(queue: CallQueue): string[] {
  const order: string[] = [];
  for (let next = queue.take(); next !== null; next = queue.take()) {
    order.push(nameOf(next.task));
    next.done(Float32Array.of(order.length));
  }
  return order;
}

describe('a queue of calls', () => {
  it('hands out questions before passages that came earlier', async () => {
    const queue = new CallQueue();
    const passages = queue.add([passage('p1'), passage('p2')]);
    const firstTaken = queue.take();
    const questions = queue.add([question('q')]);
    firstTaken?.done(Float32Array.of(0));
    expect(workOff(queue)).toEqual(['q', 'p2']);
    await Promise.all([passages, questions]);
  });

  it('hands out a single question before what is left of a long list of questions', async () => {
    const queue = new CallQueue();
    const many = queue.add(['e1', 'e2', 'e3'].map(question));
    queue.take()?.done(Float32Array.of(0));
    const one = queue.add([question('asked now')]);
    expect(workOff(queue)).toEqual(['asked now', 'e2', 'e3']);
    await Promise.all([many, one]);
  });

  it('hands out the passages that a question is read with before those of a build and later questions', async () => {
    const queue = new CallQueue();
    const calls = [
      queue.add([passage('b1'), passage('b2')]),
      queue.add([question('asked later')]),
      queue.add([passage('r1'), passage('r2'), passage('r3')], true),
    ];
    expect(workOff(queue)).toEqual(['r1', 'r2', 'r3', 'asked later', 'b1', 'b2']);
    await Promise.all(calls);
  });

  it('gives every call its own results in the order of its tasks, whatever is done first', async () => {
    const sizes = fc.array(fc.tuple(fc.boolean(), fc.nat(5)), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(sizes, async (calls) => {
        const queue = new CallQueue();
        const results = calls.map(([isQuestion, size], call) =>
          queue.add(
            Array.from({ length: size }, (_, i) =>
              (isQuestion ? question : passage)(`${call * 10 + i}`),
            ),
          ),
        );
        const taken = [];
        for (let next = queue.take(); next !== null; next = queue.take()) taken.push(next);
        for (const { task, done } of taken.reverse()) done(Float32Array.of(Number(nameOf(task))));
        const numbers = (await Promise.all(results)).map((vectors) => vectors.map(([n]) => n));
        expect(numbers).toEqual(
          calls.map(([, size], call) => Array.from({ length: size }, (_, i) => call * 10 + i)),
        );
      }),
    );
  });

  it('drops what is left of a call of which a task failed, and no other call', async () => {
    const queue = new CallQueue();
    const bad = queue.add([question('b1'), question('b2')]);
    const good = queue.add([passage('p')]);
    queue.take()?.fail(new Error('no vector'));
    expect(workOff(queue)).toEqual(['p']);
    await expect(bad).rejects.toThrow('no vector');
    await expect(good).resolves.toHaveLength(1);
  });

  it('rejects all calls at once, the one that is worked on too', async () => {
    const queue = new CallQueue();
    const calls = [queue.add([question('q')]), queue.add([passage('p')])];
    const taken = queue.take();
    queue.rejectAll(new Error('closed'));
    taken?.done(Float32Array.of(1));
    expect(queue.take()).toBeNull();
    for (const call of calls) await expect(call).rejects.toThrow('closed');
  });

  it('answers an empty call at once', async () => {
    await expect(new CallQueue().add([])).resolves.toEqual([]);
  });
});
