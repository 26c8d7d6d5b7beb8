import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join, parse, relative } from 'node:path';
import process from 'node:process';
import { URL, fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * Compiles the programs into `dist/`, all files in one folder, so that modules find the data files they read
 * (`new URL('name', import.meta.url)`) and the project's folder (one above) wherever esbuild puts them.
 */

const ENTRIES = [
  'src/corpus/read-files.ts',
  'src/embedding/encoder-worker.ts',
  'src/discord/tour-map/draw-tour.ts',
];

/** Folders whose files are found at run time, in a folder of `dist/` of the same name; see src/discord/dispatcher.ts. */
const FOUND = ['src/discord/commands', 'src/discord/buttons'];

/** Read at run time, next to the module that reads them. */
const DATA = [
  'src/language/related-words.tsv',
  'src/discord/tour-map/fonts',
  'src/database/migrations',
];

/**
 * Packages are not bundled, except two: zod, which every start needs, has a hundred modules (the sources import `* as z`, so that
 * its translations are left out), and @xenova/transformers loads what it needs in browsers and for pictures.
 */
const BUNDLED = ['zod', '@xenova/transformers'];
const UNUSED = /^(?:onnxruntime-web|sharp)$/;

const withoutUnused = {
  name: 'without-unused',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: 'unused' }));
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: 'module.exports = {}',
    }));
  },
};

/** Its modification time is that of the last complete compilation; see run.js. */
const STAMP = '.compiled';
/** What programs share: a file of another name for every content. */
const CHUNK = /-[0-9A-Z]{8}\.js$/;

/**
 * @param {string} project the project's folder
 * @param {string} folder
 */
async function entriesOf(project, folder) {
  return (await readdir(join(project, folder))).map((name) => ({
    in: `${folder}/${name}`,
    out: `${basename(folder)}/${parse(name).name}`,
  }));
}

/** @param {string} project the project's folder */
export async function compile(project) {
  const started = new Date();
  const dist = join(project, 'dist');
  const scripts = (await readdir(join(project, 'scripts'))).filter((name) => name.endsWith('.ts'));
  const { dependencies } = /** @type {{ dependencies: Record<string, string> }} */ (
    JSON.parse(await readFile(join(project, 'package.json'), 'utf8'))
  );
  const { outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: [
      ...[...ENTRIES, ...scripts.map((name) => `scripts/${name}`)].map((path) => ({
        in: path,
        out: parse(path).name,
      })),
      ...(await Promise.all(FOUND.map((folder) => entriesOf(project, folder)))).flat(),
    ],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    external: [
      ...Object.keys(dependencies).filter((name) => !BUNDLED.includes(name)),
      'onnxruntime-node',
    ],
    plugins: [withoutUnused],
    write: false,
    logLevel: 'warning',
  });
  const lastStamp = await stat(join(dist, STAMP)).catch(() => null);
  const { DIGEST_FILE, digestOfSources } = await filesModule(project);
  const digest = Buffer.from(await digestOfSources(join(project, 'src')));
  await replace(join(dist, DIGEST_FILE), digest, started);
  const written = new Set([STAMP, DIGEST_FILE]);
  // A program can start at any time, so what it imports is there first.
  const chunks = outputFiles.filter(({ path }) => CHUNK.test(path));
  const programs = outputFiles.filter(({ path }) => !CHUNK.test(path));
  for (const { path, contents } of [...chunks, ...programs]) {
    await replace(path, contents, started);
    written.add(relative(dist, path));
  }
  for (const path of DATA) {
    const name = basename(path);
    for (const file of await filesUnder(join(project, path))) {
      const target = join(dist, name, relative(join(project, path), file));
      await replace(target, await readFile(file), started);
    }
    written.add(name);
  }
  for (const folder of ['.', ...FOUND.map((path) => basename(path))]) {
    for (const name of await readdir(join(dist, folder))) {
      const path = join(folder, name);
      const isKept = [...written].some((one) => one === path || one.startsWith(`${path}/`));
      if (isKept || name.endsWith('.next')) continue;
      // Programs that were started before may still load what the last compilation had, or one that runs now has.
      const stats = CHUNK.test(name) ? await stat(join(dist, path)).catch(() => null) : null;
      if (stats !== null && stats.mtimeMs >= (lastStamp?.mtimeMs ?? 0)) continue;
      await rm(join(dist, path), { recursive: true, force: true });
    }
  }
  await writeFile(join(dist, STAMP), '');
  await utimes(join(dist, STAMP), started, started);
}

/** @param {string} path of a file or a folder */
async function filesUnder(path) {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

/**
 * `src/files.ts`, whose digest of the sources this is to leave in `dist/`.
 *
 * @param {string} project the project's folder
 * @returns {Promise<typeof import('../src/files.ts')>}
 */
async function filesModule(project) {
  const { outputFiles } = await build({
    entryPoints: [join(project, 'src/files.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  return /** @type {typeof import('../src/files.ts')} */ (
    await import(`data:text/javascript;base64,${code}`)
  );
}

/**
 * Replaces a file in one step, because programs that start meanwhile read it. Others may compile at the same time.
 *
 * @param {string} path
 * @param {Uint8Array} contents
 * @param {Date} time when the compilation started
 */
async function replace(path, contents, time) {
  const current = await readFile(path).catch(() => null);
  const isSame = current?.equals(contents) === true;
  // Unless another compilation has deleted it since.
  if (isSame && (await utimes(path, time, time).catch(() => null)) !== null) return;
  const next = `${path}.${randomUUID()}.next`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(next, contents);
  await utimes(next, time, time);
  await rename(next, path);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await compile(fileURLToPath(new URL('..', import.meta.url)));
}
