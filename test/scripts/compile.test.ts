import { execFile } from 'node:child_process';
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../scripts/compile.js';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { DIGEST_FILE, programDigest } from '../../src/files.ts';
import { TINY_FOLDER } from '../embedding/models.ts';
import { sampleFiles, writeFiles } from '../index/temporary-folder.ts';

/** Reads files that come with the sources, as the picture of the tour does. */
const DRAW = `import { widthOf } from '../src/discord/tour-map/svg.ts';
process.stdout.write(String(widthOf('日本', 10, 'bold')));
`;

let root: string;
let project: string;

/** A copy of the program as it is after cloning and installing without scripts: nothing is compiled. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dragoman-compile-'));
  project = join(root, 'project');
  for (const path of ['src', 'scripts', 'package.json']) {
    await cp(join(PROJECT_FOLDER, path), join(project, path), { recursive: true });
  }
  await writeFile(join(project, 'scripts/draw.ts'), DRAW);
  await mkdir(join(project, 'embeddings'));
  await symlink(TINY_FOLDER, join(project, 'embeddings/model'));
  await symlink(join(PROJECT_FOLDER, 'node_modules'), join(project, 'node_modules'));
  await writeFiles(join(project, 'corpus'), sampleFiles(3));
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

/** Runs a compiled program from another folder than the project's, as a service manager may do. */
function run(...args: readonly string[]): Promise<{ code: number; out: string; errors: string }> {
  const { PATH, HOME } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(project, 'scripts/run.js'), ...args],
      { cwd: root, env: { PATH, HOME } },
      (_error, out, errors) => resolve({ code: child.exitCode ?? -1, out, errors }),
    );
  });
}

describe('a compiled program', () => {
  it('is compiled when it is first run, and finds the corpus, the model and its own data', async () => {
    const built = await run('build-index');
    expect(built).toMatchObject({
      code: 0,
      out: expect.stringContaining('3 documents') as unknown,
      errors: expect.stringContaining('Compiling the sources into dist/.') as unknown,
    });
    const answer = await run('ask', '--json', '--k', '1', 'What did delegation 2 speak about?');
    expect({ code: answer.code, errors: answer.errors }).toEqual({ code: 0, errors: '' });
    const { generation } = JSON.parse(answer.out) as { generation: string };
    expect(built.out).toContain(generation);
    // So `npm run dev` takes the index as it is.
    expect(await readFile(join(project, 'dist', DIGEST_FILE), 'utf8')).toBe(await programDigest());
    expect(Number((await run('draw')).out)).toBeGreaterThan(0);
  });

  it.each(['encoder-worker', 'draw-tour'])('loads for %s nothing of Discord', async (name) => {
    const loaded = new Set<string>();
    const load = async (file: string): Promise<void> => {
      if (loaded.has(file)) return;
      loaded.add(file);
      if (!file.startsWith('./')) return;
      const code = await readFile(join(project, 'dist', file), 'utf8');
      for (const [, next = ''] of code.matchAll(/^(?:import|export)[^'"]*["']([^'"]+)["']/gm)) {
        await load(next);
      }
    };
    await load(`./${name}.js`);
    expect(loaded.size).toBeGreaterThan(3);
    expect([...loaded].filter((file) => /discord/.test(file))).toEqual([]);
  });

  it('is compiled again after a change, and leaves nothing of the old one behind', async () => {
    const file = join(project, 'scripts/draw.ts');
    await appendFile(file, "process.stdout.write(' changed');\n");
    const { out, errors } = await run('draw');
    expect(out).toMatch(/ changed$/);
    expect(errors).toBe('Compiling the sources into dist/.\n');

    await rm(file);
    expect((await run('journal', '--help')).errors).toBe('Compiling the sources into dist/.\n');
    expect(await readdir(join(project, 'dist'))).not.toContain('draw.js');
  });

  it('finds what it was compiled with while it is compiled again, and what is new before anything imports it', async () => {
    const dist = join(project, 'dist');
    const isShared = (name: string): boolean => /-[0-9A-Z]{8}\.js$/.test(name);
    const shared = async (): Promise<string[]> => (await readdir(dist)).filter(isShared);
    const addedByChange = async (): Promise<string[]> => {
      const before = await shared();
      await appendFile(join(project, 'src/errors.ts'), 'Object.assign(globalThis, { a: 1 });\n');
      await compile(project);
      return (await shared()).filter((name) => !before.includes(name));
    };
    const drawing = await readFile(join(dist, 'draw-tour.js'), 'utf8');
    const first = await addedByChange();
    // A program tells its version by the names of its parts.
    expect(await readFile(join(dist, 'draw-tour.js'), 'utf8')).not.toBe(drawing);
    const second = await addedByChange();
    expect(first.length).toBeGreaterThan(0);
    expect(await shared()).toEqual(expect.arrayContaining([...first, ...second]));
    const third = await addedByChange();
    expect((await shared()).filter((name) => first.includes(name))).toEqual([]);

    const writtenAt = async (name: string): Promise<bigint> =>
      (await stat(join(dist, name), { bigint: true })).ctimeNs;
    const program = await writtenAt('draw-tour.js');
    for (const name of third) expect(await writtenAt(name)).toBeLessThanOrEqual(program);
  });

  it('is compiled by several threads of one process at once', async () => {
    await rm(join(project, 'dist'), { recursive: true, force: true });
    await Promise.all(Array.from({ length: 4 }, () => compile(project)));
    expect((await run('journal', '--help')).code).toBe(0);
    expect((await readdir(join(project, 'dist'))).filter((name) => /next$/.test(name))).toEqual([]);
  });

  it('names the error of a source that cannot be compiled, and exits with 1', async () => {
    const file = join(project, 'scripts/broken.ts');
    await writeFile(file, 'const = 1;\n');
    const { code, errors } = await run('journal', '--help');
    expect(code).toBe(1);
    expect(errors).toContain('scripts/broken.ts:1:6');
  });
});
