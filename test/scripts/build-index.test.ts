import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { TINY_FOLDER } from '../embedding/models.ts';
import { sampleFiles, temporaryFolder, writeFiles } from '../index/temporary-folder.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const RUN = join(PROJECT_FOLDER, 'scripts/run.js');

/** Runs the script in another folder than the project's, as a service manager may do. */
function run(args: readonly string[], env: Record<string, string>): Promise<Outcome> {
  return execute([process.execPath, RUN, 'build-index', ...args], env);
}

function shell(command: string, env: Record<string, string>): Promise<Outcome> {
  return execute(['bash', '-c', command], env);
}

function execute(
  [file = '', ...args]: readonly string[],
  env: Record<string, string>,
  cwd = env.CORPUS_DIR ?? '/',
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { cwd, env: { ...process.env, EMBEDDING_MODEL: TINY_FOLDER, ...env } },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code);
        resolve({ code, stdout, stderr });
      },
    );
  });
}

async function sample(): Promise<{ CORPUS_DIR: string; INDEX_DIR: string }> {
  const root = await temporaryFolder();
  await writeFiles(join(root, 'corpus'), sampleFiles(3));
  return { CORPUS_DIR: join(root, 'corpus'), INDEX_DIR: join(root, 'index') };
}

describe('npm run build:index', () => {
  it('builds, says in one line what it did, and does nothing the second time', async () => {
    const env = await sample();
    const first = await run([], env);
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Published .+\n$/) as unknown,
    });
    expect(first.stdout).toMatch(
      /3 documents, 3 passages \(3 embedded, 0 reused\) in [\d.]+ s\.\n/,
    );
    expect(first.stderr).toContain('Reading documents: 3 of 3\n');

    const second = await run(['--json'], env);
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({
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
    expect(await run(['--check'], env)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('The corpus has no text') as unknown,
    });
    const missing = { ...env, CORPUS_DIR: join(folder, 'none') };
    const { code, stderr } = await execute([process.execPath, RUN, 'build-index'], missing, '/');
    expect([code, stderr]).toEqual([1, expect.stringContaining('found no folder there')]);
  });

  it('checks without writing, and lists every problem with code 1', async () => {
    const env = await sample();
    expect(await run(['--check'], env)).toEqual({
      code: 0,
      stdout: 'No problems in 3 documents.\n',
      stderr: '',
    });
    await writeFile(join(env.CORPUS_DIR, 'empty.md'), '');
    await writeFile(
      join(env.CORPUS_DIR, 'broken.md'),
      '---\nkind: meeting\ntitle: [open\n---\n\nText.\n',
    );
    const { code, stdout, stderr } = await run(['--check'], env);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/2 problems .*\n {2}broken\.md:\d+:\d+: .*\n {2}empty\.md.*: /);
    await expect(rm(env.INDEX_DIR, { recursive: true })).rejects.toMatchObject({ code: 'ENOENT' });

    const asJson = await run(['--strict', '--json'], env);
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      error: { code: 'CORPUS' },
      problems: [{ path: 'broken.md' }, { path: 'empty.md' }],
    });
  });

  it('builds to the end and with code 0 although nobody reads what it says', async () => {
    const env = await sample();
    const reader = `${RUN} build-index 2>&1 | head -c 1`;
    const { code } = await shell(`set -o pipefail; ${process.execPath} ${reader}`, env);
    expect(code).toBe(0);
    expect(JSON.parse((await run(['--json'], env)).stdout)).toMatchObject({ published: false });
  });

  it('leaves bad files out, names and counts them, and warns of what was read in part', async () => {
    const env = await sample();
    await writeFile(join(env.CORPUS_DIR, 'empty.md'), '');
    await writeFile(join(env.CORPUS_DIR, 'sources.yaml'), 'sources: {');
    await writeFile(join(env.CORPUS_DIR, 'post.md'), '---\ntitle: a: b\n---\n\nSome text.\n');
    await writeFile(join(env.CORPUS_DIR, 'stub.md'), '# A heading\n');
    const { code, stdout, stderr } = await run([], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/: 4 documents.* 2 files have problems, named above\.\n$/);
    expect(stderr).toContain('Left out: empty.md: ');
    expect(stderr).toContain('Left out: sources.yaml:1:');
    expect(stderr).toContain('Warning: post.md:2:');
    expect(stderr).toContain('Not a document: stub.md: ');
  });

  it('answers wrong usage with code 2 and wrong settings with code 1', async () => {
    const env = await sample();
    expect(await run(['--chekc'], env)).toMatchObject({ code: 2, stdout: '' });
    expect(await run(['--check', '--force'], env)).toMatchObject({ code: 2, stdout: '' });
    expect(await run([], { ...env, LOG_LEVEL: 'loud' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('LOG_LEVEL') as unknown,
    });
    expect(await run(['--help'], env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/--check[^]+--force[^]+--strict[^]+--json/) as unknown,
    });
  });
});
