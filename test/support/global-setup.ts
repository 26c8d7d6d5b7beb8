import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { loadConfig, PROJECT_FOLDER } from '../../src/config.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import type { Embedder } from '../../src/embedding/model.ts';
import { buildIndex } from '../../src/index/build.ts';
import { serveEncoder } from './shared-encoder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server of the bundled model and of the index of `corpus/`. */
    readonly encoderUrl: string;
  }
}

/** Kept from run to run; a build takes as long as many tests. */
const FOLDER = join(PROJECT_FOLDER, '.cache/test-index');
const NOTE = join(FOLDER, 'built-from.json');

/** What vectors depend on: when any of it changes, none is reused. */
const VECTOR_INPUTS = [
  'embeddings/model',
  'src/embedding',
  'src/index/embed.ts',
  'src/index/index-folder.ts',
  'src/index/scan.ts',
  'src/files.ts',
];
const INPUTS = ['corpus', 'src/corpus', 'src/language', 'src/index'];

interface Note {
  readonly vectors: string;
  readonly inputs: string;
}

/**
 * Compiles the programs, so that no two tests do it at once, and serves the bundled model and the index made with it to
 * the tests that need them.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await promisify(execFile)(process.execPath, ['scripts/compile.js'], { cwd: PROJECT_FOLDER });
  // One thread: while tests keep all cores busy, several take twice the processor time waiting for each other.
  const { embedding } = loadConfig({ EMBEDDING_THREADS: '1' });
  const server = await serveEncoder(() => openEmbedder(embedding), upToDate);
  project.provide('encoderUrl', server.url);
  return () => server.close();
}

/** The folder of the index, which is built if it is missing or made from something else. */
async function upToDate(embedder: Embedder): Promise<string> {
  const [vectors, inputs] = await Promise.all([digestOf(VECTOR_INPUTS), digestOf(INPUTS)]);
  const before = await readNote();
  if (before?.vectors === vectors && before.inputs === inputs) return FOLDER;

  if (before?.vectors !== vectors) await rm(FOLDER, { recursive: true, force: true });
  const { corpusFolder } = loadConfig({});
  await buildIndex({ corpusFolder, indexFolder: FOLDER, embedder });
  await writeFile(NOTE, JSON.stringify({ vectors, inputs } satisfies Note));
  return FOLDER;
}

async function readNote(): Promise<Note | null> {
  const text = await readFile(NOTE, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Note);
}

/** sha256, hex, over the paths and contents of some files and of all files in some folders. */
async function digestOf(filesAndFolders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of filesAndFolders) {
    if (extname(folder) !== '') {
      hash.update(`${folder}\0`).update(await readFile(join(PROJECT_FOLDER, folder)));
      continue;
    }
    const entries = await readdir(join(PROJECT_FOLDER, folder), {
      recursive: true,
      withFileTypes: true,
    });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    for (const path of paths.sort()) hash.update(`${path}\0`).update(await readFile(path));
  }
  return hash.digest('hex');
}
