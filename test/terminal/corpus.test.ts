import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Document } from '../../src/corpus/types.ts';
import { openSnapshot } from '../../src/engine.ts';
import { buildIndex } from '../../src/index/build.ts';
import { loadGeneration } from '../../src/index/generation.ts';
import { parseArguments } from '../../src/terminal/command-line.ts';
import { FETCH_ARGS, otherCorpus, runFetch } from '../../src/terminal/corpus.ts';
import { answerJson } from '../../src/terminal/ask.ts';
import { onlyThisServer, page, QUICK, send, startServer } from '../fetch/web-server.ts';
import { hashingEmbedder } from '../index/hashing-embedder.ts';
import { sampleFiles, temporaryFolder, writeFiles } from '../index/temporary-folder.ts';

const BIBLIOGRAPHY = (origin: string): string => `account: { en: Our account, ja: 記録 }
publishers:
  The Gazette: [127.0.0.1]
  The Herald: [herald.example]
sources:
  - { id: ferry, title: Ferry talks end, publisher: The Gazette, url: "${origin}/ferry", kind: press, core: true }
  - { id: wall, title: A wall, publisher: The Herald, url: "${origin}/wall", kind: press }
`;

const ACCOUNT = `---
id: ferry-talks
kind: meeting
order: 1
title: Talks about the ferry
date: 2024-01-07
city: Warsaw
country: Poland
coordinates: [52.23, 21.01]
people: [{ name: Ada Nowak, title: Captain }]
topics: [ferry]
sources: [ferry, wall]
---

The well-known talks about the ferry lasted forty minutes, and the minister praised the captain.[^ferry][^wall]
`;

const PAGE = page('Ferry talks end', [
  'The well-known talks about the ferry lasted forty minutes, and the minister thanked the captain.',
]);

async function corpusWith(origin: string): Promise<{ folder: string; corpusFolder: string }> {
  const folder = await temporaryFolder();
  const corpusFolder = join(folder, 'corpus');
  await mkdir(corpusFolder);
  await writeFiles(corpusFolder, {
    'sources.yaml': BIBLIOGRAPHY(origin),
    'meetings/ferry-talks.md': ACCOUNT,
    ...sampleFiles(8),
  });
  return { folder, corpusFolder };
}

/** What the command writes, and what it throws. */
async function run(corpusFolder: string, ...rawArgs: readonly string[]) {
  const output = new PassThrough();
  const errors = Object.assign(new PassThrough(), { isTTY: false });
  let failure: unknown = null;
  await runFetch(
    parseArguments(FETCH_ARGS, rawArgs),
    rawArgs,
    { corpusFolder },
    { output, errors: errors as unknown as NodeJS.WriteStream },
    { allowsAddress: onlyThisServer, limits: QUICK },
  ).catch((error: unknown) => (failure = error));
  const textOf = (stream: PassThrough): string => String(stream.read() ?? '');
  return { output: textOf(output), errors: textOf(errors), failure };
}

describe('an index and a folder', () => {
  const documents = new Map<string, Document>(
    Object.keys(sampleFiles(50)).map((path) => [path, { path } as Document]),
  );

  it('belong together while most of its files are there', async () => {
    const corpusFolder = await temporaryFolder();
    const config = { corpusFolder, indexFolder: 'index' };
    await writeFiles(corpusFolder, sampleFiles(50));
    expect(otherCorpus({ documents }, config)).toBeNull();
    await rm(join(corpusFolder, 'document-1.md'));
    expect(otherCorpus({ documents }, config)).toBeNull();
    expect(otherCorpus({ documents: new Map() }, config)).toBeNull();
  });

  it('are said not to, with what to do, where most are not', async () => {
    const corpusFolder = await temporaryFolder();
    await writeFiles(corpusFolder, { 'tea.md': '# Tea', ...sampleFiles(4) });
    for (const folder of [corpusFolder, join(corpusFolder, 'none')]) {
      const problem = otherCorpus({ documents }, { corpusFolder: folder, indexFolder: 'index' });
      expect(problem).toContain(`other documents than those in ${folder}: `);
      expect(problem).toContain('`npm run build:index`');
    }
  });
});

describe('npm run corpus:fetch', () => {
  it('fetches the core by default, named sources, or all, and lists each failure with its reason', async () => {
    const server = await startServer({ '/ferry': send(PAGE) });
    const { corpusFolder } = await corpusWith(server.origin);
    const core = await run(corpusFolder);
    expect(core.failure).toBeNull();
    expect(core.output).toBe(
      'Pages in originals/: 1 new.\nRun `npm run build:index` to quote them.\n',
    );
    const all = await run(corpusFolder, '--all');
    expect(all.failure).toBeNull();
    expect(all.output).toBe('Pages in originals/: 1 asked for within a day, 1 failed.\n');
    expect(all.errors).toContain(
      `Failed: wall (${server.origin}/wall): HTTP 404 for ${server.origin}/wall.\n`,
    );
    const named = await run(corpusFolder, '--source', 'ferry', '--source', 'wall');
    expect(named.output).toBe('Pages in originals/: 1 unchanged, 1 failed.\n');
  });

  it('fails only when no page came', async () => {
    const server = await startServer({});
    const { corpusFolder } = await corpusWith(server.origin);
    const { failure, errors } = await run(corpusFolder, '--all');
    expect(failure).toMatchObject({
      code: 'FETCH',
      message: 'None of the 2 pages could be fetched.',
    });
    expect(errors.match(/^Failed: /gm)).toHaveLength(2);
  });

  it('refuses unknown sources, options that contradict each other, and a corpus without sources', async () => {
    const { corpusFolder, folder } = await corpusWith('http://127.0.0.1:1');
    expect((await run(corpusFolder, '--source', 'x')).failure).toMatchObject({ code: 'USAGE' });
    expect((await run(corpusFolder, '--core', '--all')).failure).toMatchObject({ code: 'USAGE' });
    expect((await run(folder, '--all')).failure).toMatchObject({ code: 'CORPUS' });
  });

  it('reaches no private address, because no option allows one', async () => {
    const server = await startServer({ '/ferry': send(PAGE) });
    const { corpusFolder } = await corpusWith(server.origin);
    const errors = Object.assign(new PassThrough(), { isTTY: false });
    await expect(
      runFetch(
        parseArguments(FETCH_ARGS, []),
        [],
        { corpusFolder },
        { output: new PassThrough(), errors: errors as unknown as NodeJS.WriteStream },
      ),
    ).rejects.toMatchObject({ code: 'FETCH' });
    expect(String(errors.read())).toContain('is not an address of the public internet');
    expect(server.asked).toEqual([]);
  });

  it('names the setting where the folder of the documents is missing or a file', async () => {
    const { folder } = await corpusWith('http://127.0.0.1:1');
    for (const corpusFolder of [join(folder, 'none'), join(import.meta.filename)]) {
      expect((await run(corpusFolder)).failure).toMatchObject({
        code: 'CORPUS',
        hint: 'Point CORPUS_DIR to a folder with documents.',
      });
    }
  });

  it('lets the next build quote the page itself, with a link to the sentence, before the account', async () => {
    const server = await startServer({ '/ferry': send(PAGE) });
    const { folder, corpusFolder } = await corpusWith(server.origin);
    const indexFolder = join(folder, 'index');
    const embedder = hashingEmbedder({ dimensions: 4096 });
    const ask = async () => {
      await buildIndex({ corpusFolder, indexFolder, embedder });
      const snapshot = await openSnapshot(await loadGeneration(indexFolder), embedder);
      const answer = await snapshot.ask('how long did the talks about the ferry last', {
        meeting: 'ferry-talks',
      });
      return { answer, json: JSON.parse(answerJson(answer)) as unknown };
    };
    expect((await ask()).json).toMatchObject({
      excerpts: [
        {
          document: { id: 'ferry-talks' },
          sources: [
            { id: 'ferry', host: '127.0.0.1', copy: false },
            { id: 'wall', host: '127.0.0.1', copy: true },
          ],
          quoted: {
            kind: 'account',
            text: 'Our account of the meeting, after The Gazette and The Herald',
            url: null,
          },
        },
      ],
    });
    expect((await run(corpusFolder)).failure).toBeNull();
    const { json, answer } = await ask();
    expect(json).toMatchObject({
      excerpts: [
        {
          document: { path: 'originals/ferry.html' },
          meeting: { id: 'ferry-talks' },
          sources: [{ id: 'ferry' }],
          alsoReportedBy: ['ferry-talks'],
          quoted: {
            kind: 'page',
            text: 'The page “Ferry talks end” by The Gazette, word for word',
            url: expect.stringMatching(
              /\/ferry#:~:text=The%20well%2Dknown%20talks.*captain\.$/,
            ) as string,
          },
        },
      ],
    });
    const [excerpt] = answer.excerpts;
    const [start, end] = excerpt?.highlight ?? [0, 0];
    expect(PAGE).toContain(excerpt?.text.slice(start, end));
  });
});
