import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { URL, fileURLToPath } from 'node:url';

/**
 * Runs a compiled program: `node scripts/run.js ask …`. Compiles first if `dist/` is missing or older than the
 * sources. Services start `dist/main.js` directly.
 */

const project = fileURLToPath(new URL('..', import.meta.url));

function isCompiled() {
  const stamp = statSync(join(project, 'dist/.compiled'), { throwIfNoEntry: false });
  if (stamp === undefined) return false;
  // Folders too: they change when a file is deleted.
  const sources = ['src', 'scripts'].flatMap((folder) => [
    folder,
    ...readdirSync(join(project, folder), { encoding: 'utf8', recursive: true }).map((path) =>
      join(folder, path),
    ),
  ]);
  return ['package.json', ...sources].every((path) => {
    // One that is gone was deleted since the folder was read.
    const source = statSync(join(project, path), { throwIfNoEntry: false });
    return source !== undefined && source.mtimeMs <= stamp.mtimeMs;
  });
}

if (!isCompiled()) {
  process.stderr.write('Compiling the sources into dist/.\n');
  const { compile } = await import('./compile.js');
  await compile(project);
}
const [name] = process.argv.splice(2, 1);
await import(`../dist/${name}.js`);
