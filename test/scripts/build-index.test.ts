import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig, PROJECT_FOLDER } from '../../src/config.ts';
import { parseArguments } from '../../src/terminal/command-line.ts';
import { BUILD_ARGS, runBuild } from '../../src/terminal/corpus.ts';
import { TINY_FOLDER } from '../embedding/models.ts';
import { sampleFiles, temporaryFolder, writeFiles } from '../index/temporary-folder.ts';

interface Folders {
  readonly CORPUS_DIR: string;
  readonly INDEX_DIR: string;
}

async function sample(): Promise<Folders> {
  const root = await temporaryFolder();
  await writeFiles(join(root, 'corpus'), sampleFiles(3));
  return { CORPUS_DIR: join(root, 'corpus'), INDEX_DIR: join(root, 'index') };
}

/** What the script writes, and what it throws. */
async function run(env: Folders, ...args: readonly string[]) {
  const output = new PassThrough();
  const errors = Object.assign(new PassThrough(), { isTTY: false });
  let failure: unknown = null;
  await runBuild(
    parseArguments(BUILD_ARGS, args),
    () => loadConfig({ EMBEDDING_MODEL: TINY_FOLDER, ...env }),
    { output, errors: errors as unknown as NodeJS.WriteStream },
  ).catch((error: unknown) => (failure = error));
  const textOf = (stream: PassThrough): string => String(stream.read() ?? '');
  return { output: textOf(output), errors: textOf(errors), failure };
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const SCRIPT = `${process.execPath} ${join(PROJECT_FOLDER, 'scripts/run.js')} build-index`;

/** Runs a command line in another folder than the project's, as a service manager may do. */
function shell(command: string, env: Folders): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['-c', command],
      { cwd: '/', env: { ...process.env, EMBEDDING_MODEL: TINY_FOLDER, ...env } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

// With --json a failure sets it.
afterEach(() => {
  process.exitCode = undefined;
});

describe('npm run build:index', () => {
  it('builds, says in one line what it did, and does nothing the second time', async () => {
    const env = await sample();
    const first = await run(env);
    expect(first.failure).toBeNull();
    expect(first.output).toMatch(
      /^Published .+: 3 documents, 3 passages \(3 embedded, 0 reused\) in [\d.]+ s\.\n$/,
    );
    expect(first.errors).toContain('Reading documents: 3 of 3\n');

    const second = await run(env, '--json');
    expect(JSON.parse(second.output)).toMatchObject({
      published: false,
      documents: 3,
      passages: 3,
      embedded: 0,
      reused: 3,
      seconds: expect.any(Number) as unknown,
    });
  });

  it('finds a folder without documents wrong, and says where a missing one is expected', async () => {
    const folder = await temporaryFolder();
    const env = { CORPUS_DIR: folder, INDEX_DIR: join(folder, 'index') };
    expect(await run(env, '--check')).toMatchObject({
      output: '',
      failure: { message: expect.stringContaining('The corpus has no text') as unknown },
    });
    const missing = { ...env, CORPUS_DIR: join(folder, 'none') };
    expect(await run(missing, '--check')).toMatchObject({
      output: '',
      failure: { message: expect.stringContaining('found no folder there') as unknown },
    });
  });

  it('checks without writing, and lists every problem', async () => {
    const env = await sample();
    expect(await run(env, '--check')).toEqual({
      output: 'No problems in 3 documents.\n',
      errors: '',
      failure: null,
    });
    await writeFile(join(env.CORPUS_DIR, 'empty.md'), '');
    await writeFile(
      join(env.CORPUS_DIR, 'broken.md'),
      '---\nid: broken\nkind: background\ntitle: [open\n---\n\nText.\n',
    );
    const { output, failure } = await run(env, '--check');
    expect(output).toBe('');
    expect(failure).toMatchObject({
      code: 'CORPUS',
      message: expect.stringMatching(
        /2 problems .*\n {2}broken\.md:\d+:\d+: .*\n {2}empty\.md.*: /,
      ) as unknown,
    });
    await expect(rm(env.INDEX_DIR, { recursive: true })).rejects.toMatchObject({ code: 'ENOENT' });

    const asJson = await run(env, '--strict', '--json');
    expect(asJson.failure).toBeNull();
    expect(process.exitCode).toBe(1);
    expect(JSON.parse(asJson.output)).toMatchObject({
      error: { code: 'CORPUS' },
      problems: [{ path: 'broken.md' }, { path: 'empty.md' }],
    });
  });

  it('leaves bad files out, names and counts them, and warns of what was read in part', async () => {
    const env = await sample();
    await writeFile(join(env.CORPUS_DIR, 'empty.md'), '');
    await writeFile(join(env.CORPUS_DIR, 'sources.yaml'), 'sources: {');
    await writeFile(join(env.CORPUS_DIR, 'post.md'), '---\ntitle: a: b\n---\n\nSome text.\n');
    await writeFile(join(env.CORPUS_DIR, 'stub.md'), '# A heading\n');
    const { output, errors, failure } = await run(env);
    expect(failure).toBeNull();
    expect(output).toMatch(/: 4 documents.* 2 files have problems, named above\.\n$/);
    expect(errors).toContain('Left out: empty.md: ');
    expect(errors).toContain('Left out: sources.yaml:1:');
    expect(errors).toContain('Warning: post.md:2:');
    expect(errors).toContain('Not a document: stub.md: ');
  });

  it('refuses to check and to build at once', async () => {
    expect((await run(await sample(), '--check', '--force')).failure).toMatchObject({
      code: 'USAGE',
    });
  });

  it('builds to the end and with code 0 although nobody reads what it says', async () => {
    const env = await sample();
    const { code } = await shell(`set -o pipefail; ${SCRIPT} 2>&1 | head -c 1`, env);
    expect(code).toBe(0);
    const again = await shell(`${SCRIPT} --json`, env);
    expect(JSON.parse(again.stdout)).toMatchObject({ published: false });
  });

  it('exits with 1 for a wrong corpus and with 2 for wrong usage', async () => {
    const env = await sample();
    await writeFile(join(env.CORPUS_DIR, 'empty.md'), '');
    const wrong = await shell(`${SCRIPT} --check`, env);
    expect(wrong).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('empty.md') as unknown,
    });
    expect(await shell(`${SCRIPT} --chekc`, env)).toMatchObject({ code: 2, stdout: '' });
  });
});
