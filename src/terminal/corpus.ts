/** What is done with the documents on command lines: building the index (also before a first question), fetching pages. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ArgsDef, ParsedArgs } from 'citty';
import { type Config, PROJECT_FOLDER } from '../config.ts';
import {
  counted,
  CorpusProblems,
  describeProblem,
  ORIGINALS_FOLDER,
  SOURCES_FILE,
  type Source,
} from '../corpus/types.ts';
import type { Embedder } from '../embedding/model.ts';
import type { Engine, EngineOptions, Snapshot } from '../engine.ts';
import { DragomanError } from '../errors.ts';
import type { FetchOptions, SourceOutcome } from '../fetch/fetch-originals.ts';
import type { BuildReport, BuildStep } from '../index/build.ts';
import { everyValue, type Progress, showProgress, usageError } from './command-line.ts';
import { printable, printableLine } from './text.ts';

export const BUILD_ARGS = {
  check: {
    type: 'boolean',
    description: 'Look for problems, in each document and between them, and build nothing',
  },
  force: { type: 'boolean', description: 'Build although nothing has changed' },
  strict: {
    type: 'boolean',
    description: 'Fail for any problem that --check names, instead of leaving files out',
  },
  json: { type: 'boolean', description: 'Print the report as JSON' },
} as const satisfies ArgsDef;

interface CorpusStreams {
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WriteStream;
}

type Flags = ParsedArgs<typeof BUILD_ARGS>;

/**
 * Builds or checks and writes a report. With `--json`, problems go to `output` too and set the exit code.
 *
 * @throws DragomanError what reading the documents and building throw
 */
export async function runBuild(
  flags: Flags,
  readSettings: () => Config,
  streams: CorpusStreams,
): Promise<void> {
  const { output } = streams;
  if (flags.check === true && flags.force === true) {
    throw usageError('Expected --check or --force, found both.');
  }
  try {
    const config = readSettings();
    const report = flags.check === true ? check : build;
    output.write(await report(flags, config, streams));
  } catch (error) {
    if (flags.json !== true || !(error instanceof DragomanError)) throw error;
    process.exitCode = 1;
    const { code, message, hint } = error;
    const problems = error instanceof CorpusProblems ? error.problems : [];
    output.write(`${JSON.stringify({ error: { code, message, hint }, problems })}\n`);
  }
}

async function check(
  { json }: Flags,
  { corpusFolder, indexFolder }: Config,
  { errors }: CorpusStreams,
): Promise<string> {
  const { checkCorpus, readCorpus } = await import('../corpus/read-corpus.ts');
  const { withoutText } = await import('../corpus/passages.ts');
  const { pathsInUse } = await import('../index/generation.ts');
  const read = await readCorpus(corpusFolder, { inUse: await pathsInUse(indexFolder) });
  const problems = checkCorpus(read);
  for (const line of notesOn({ ...read, problems: [] })) errors.write(`${printable(line)}\n`);
  if (problems.length > 0) throw new CorpusProblems(corpusFolder, problems);
  const documents = read.corpus.documents.length;
  if (documents === 0) throw withoutText();
  return json === true
    ? `${JSON.stringify({ documents, problems, warnings: read.warnings, skipped: read.skipped })}\n`
    : `No problems in ${counted(documents, 'document')}.\n`;
}

async function build(
  { force = false, strict = false, json }: Flags,
  config: Config,
  { errors }: CorpusStreams,
): Promise<string> {
  const embedder = await openModel(config.embedding, errors);
  const report = await buildWithProgress(config, { embedder, force, strict }, errors);
  for (const line of notesOn(report)) errors.write(`${printable(line)}\n`);
  return `${json === true ? JSON.stringify(report) : summary(report)}\n`;
}

function summary(report: BuildReport): string {
  const { generation, published, documents, passages, embedded, reused, seconds } = report;
  const state = published ? `Published ${generation}` : `Nothing has changed since ${generation}`;
  const bad = new Set(report.problems.map(({ path }) => path)).size;
  const files = bad === 1 ? '1 file has' : `${bad} files have`;
  return (
    `${state}: ${counted(documents, 'document')}, ${counted(passages, 'passage')} ` +
    `(${embedded} embedded, ${reused} reused) in ${seconds.toFixed(1)} s.` +
    (bad === 0 ? '' : ` ${files} problems, named above.`)
  );
}

function notesOn({
  problems,
  warnings,
  skipped,
}: Pick<BuildReport, 'problems' | 'warnings' | 'skipped'>): string[] {
  return [
    ...problems.map((problem) => `Left out: ${describeProblem(problem)}`),
    ...warnings.map((warning) => `Warning: ${describeProblem(warning)}`),
    ...skipped.map(({ path, reason }) => `Not a document: ${path}: ${reason}`),
  ];
}

interface ReadyOptions {
  readonly config: Config;
  readonly errors: NodeJS.WriteStream;
  /** Whether an index of another model or format is built again; not for one question: a bot may run with the other model. */
  readonly rebuildForModel: boolean;
  /** Told when the index was built from other documents than those of the folder; null: not compared. Default: a line of `errors`. */
  readonly onOtherCorpus?: ((problem: string) => void) | null;
  readonly isImpatient?: EngineOptions['isImpatient'];
  readonly vectorsOf?: EngineOptions['vectorsOf'];
}

/** Opens the engine, building the index first where there is none. Throws what opening and building throw. */
export async function openReadyEngine({
  config,
  errors,
  rebuildForModel,
  onOtherCorpus = (problem) => errors.write(`Warning: ${printable(problem)}\n`),
  isImpatient = false,
  vectorsOf = null,
}: ReadyOptions): Promise<Engine> {
  const { indexFolder, embedding } = config;
  // The model loads in its own process, meanwhile the program and the index here.
  const embedder = openModel(embedding, errors);
  // Told by whoever waits for it; after an error of the index nobody does.
  embedder.catch(() => undefined);
  const { openEngine } = await import('../engine.ts');
  try {
    const engine = await openEngine({ indexFolder, embedder, vectorsOf, isImpatient });
    const problem = onOtherCorpus === null ? null : otherCorpus(engine.current(), config);
    if (problem !== null) onOtherCorpus?.(problem);
    return engine;
  } catch (error) {
    const why = whyToBuild(error, rebuildForModel);
    if (why === null) throw error;
    errors.write(`${why}\n`);
  }
  const { documents, passages, seconds } = await buildWithProgress(
    config,
    { embedder: await embedder },
    errors,
  );
  errors.write(
    `Built the index: ${counted(documents, 'document')}, ${counted(passages, 'passage')} in ${seconds.toFixed(1)} s.\n`,
  );
  return openEngine({ indexFolder, embedder, vectorsOf });
}

/** Why a missing or unusable index is to be built; null for any other error. */
function whyToBuild(error: unknown, rebuildForModel: boolean): string | null {
  const { code = null, message = '' } = error instanceof DragomanError ? error : {};
  if (code === 'INDEX_MISSING') return 'There is no index yet: building it from the documents.';
  if (!rebuildForModel) return null;
  if (code === 'INDEX_FORMAT') return `${message}\nBuilding it again from the documents.`;
  if (code !== 'INDEX_MODEL_MISMATCH') return null;
  return `${message}\nBuilding it again with the model in use.`;
}

/** So many documents, from all of the index, tell whether it is that of a folder. */
const MOST_LOOKED_FOR = 20;

/**
 * Why the index seems to be that of other documents than the folder's: most of its files are not there. Null when they are;
 * some may have been renamed or deleted since it was built.
 */
export function otherCorpus(
  { documents }: Pick<Snapshot, 'documents'>,
  { corpusFolder, indexFolder }: Pick<Config, 'corpusFolder' | 'indexFolder'>,
): string | null {
  const paths = [...new Set([...documents.values()].map(({ path }) => path))];
  const step = Math.ceil(paths.length / MOST_LOOKED_FOR);
  const lookedFor = paths.filter((_, index) => index % step === 0);
  const there = lookedFor.filter((path) => existsSync(join(corpusFolder, path)));
  if (2 * there.length >= lookedFor.length) return null;
  return (
    `The index in ${indexFolder} was built from other documents than those in ${corpusFolder}: ` +
    `${lookedFor.length - there.length} of ${lookedFor.length} files are not there.\n` +
    '  Run `npm run build:index` to build it from them, or set CORPUS_DIR and INDEX_DIR to what belongs together.'
  );
}

const MEGABYTE = 1e6;

/** Opens the model, showing the download of one of the hub. */
async function openModel(
  embedding: Config['embedding'],
  errors: NodeJS.WriteStream,
): Promise<Embedder> {
  const { openEmbedder } = await import('../embedding/open-embedder.ts');
  if (embedding.model === 'bundled') return openEmbedder(embedding);
  return withProgress(errors, ({ update }) =>
    openEmbedder({
      ...embedding,
      onProgress: ({ file, loadedBytes, totalBytes }) => {
        const megabytes = (bytes: number): number => Math.round(bytes / MEGABYTE);
        // Small files are there before a bar could be read.
        if (totalBytes < MEGABYTE) return;
        update(`Downloading ${file} (MB)`, megabytes(loadedBytes), megabytes(totalBytes));
      },
    }),
  );
}

/** Steps of a build that take long enough to be shown. */
const LABELS: Partial<Record<BuildStep, string>> = {
  read: 'Reading documents',
  search: 'Indexing words',
  embed: 'Embedding passages',
  graph: 'Linking vectors',
  write: 'Writing files',
};

/** What only a build needs is loaded here: it takes as long as all the rest of a start. */
async function buildWithProgress(
  { corpusFolder, indexFolder }: Config,
  options: { readonly embedder: Embedder; readonly force?: boolean; readonly strict?: boolean },
  errors: NodeJS.WriteStream,
): Promise<BuildReport> {
  const { buildIndex } = await import('../index/build.ts');
  return withProgress(errors, ({ update }) =>
    buildIndex({
      ...{ ...options, corpusFolder, indexFolder },
      onProgress: ({ step, done, total }) => {
        const label = LABELS[step];
        if (label !== undefined && total > 0) update(label, done, total);
      },
    }),
  );
}

async function withProgress<Result>(
  errors: NodeJS.WriteStream,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const progress = await showProgress(errors);
  return work(progress).finally(progress.stop);
}

export const FETCH_ARGS = {
  source: {
    type: 'string',
    valueHint: 'ID',
    description: `Only the page of this source of ${SOURCES_FILE}; may be repeated`,
  },
  core: { type: 'boolean', description: 'The pages that the corpus is built around (default)' },
  all: { type: 'boolean', description: 'The pages of all sources' },
  archive: {
    type: 'boolean',
    description: "Use the Internet Archive's copy of a page that cannot be fetched",
  },
} as const satisfies ArgsDef;

type FetchFlags = ParsedArgs<typeof FETCH_ARGS>;

/** How the network is reached; only tests have another way than the default. */
type Network = Partial<Pick<FetchOptions, 'allowsAddress' | 'archive' | 'limits' | 'today'>>;

/**
 * Fetches pages of sources into the corpus folder and reports each failure with its reason.
 *
 * @throws DragomanError USAGE for options that contradict each other and for unknown sources, CORPUS without a
 *   bibliography, FETCH when no page came
 */
export async function runFetch(
  flags: FetchFlags,
  rawArgs: readonly string[],
  { corpusFolder }: Pick<Config, 'corpusFolder'>,
  { output, errors }: CorpusStreams,
  network: Network = {},
): Promise<void> {
  const ids = everyValue(FETCH_ARGS, rawArgs, 'source');
  const sources = await selected(corpusFolder, flags, ids);
  const { fetchOriginals } = await import('../fetch/fetch-originals.ts');
  const outcomes = await withProgress(errors, ({ update }) =>
    fetchOriginals({
      ...network,
      corpusFolder,
      sources,
      userAgent: userAgent(),
      useArchive: flags.archive ?? false,
      askAgain: ids.length > 0,
      onOutcome: (_, done) => update('Fetching pages', done, sources.length),
    }),
  );
  for (const { source, outcome } of outcomes) {
    if (outcome.kind !== 'failed') continue;
    errors.write(`Failed: ${printableLine(`${source.id} (${source.url}): ${outcome.reason}`)}\n`);
  }
  if (outcomes.every(({ outcome }) => outcome.kind === 'failed')) {
    throw new DragomanError('FETCH', `None of the ${sources.length} pages could be fetched.`, {
      hint: 'The reasons are listed above. `--archive` takes copies of the Internet Archive.',
    });
  }
  output.write(fetched(outcomes));
}

async function selected(
  corpusFolder: string,
  { core = false, all = false }: FetchFlags,
  ids: readonly string[],
): Promise<Source[]> {
  if ([ids.length > 0, core, all].filter(Boolean).length > 1) {
    throw usageError('Expected one of --source, --core and --all, found more.');
  }
  const { readBibliography } = await import('../corpus/companions.ts');
  const { walkCorpusFolder } = await import('../corpus/read-corpus.ts');
  const { entries } = await readBibliography((await walkCorpusFolder(corpusFolder)).bibliography);
  if (entries === null || entries.length === 0) {
    const path = join(corpusFolder, SOURCES_FILE);
    throw new DragomanError('CORPUS', `There are no sources in ${path}.`, {
      hint: 'List the pages to fetch there; see docs/corpus.md.',
    });
  }
  const unknown = ids.filter((id) => !entries.some(({ source }) => source.id === id));
  if (unknown.length > 0) {
    throw usageError(`Expected ids of ${SOURCES_FILE}, found ${unknown.join(', ')}.`);
  }
  const wanted = entries.filter(
    ({ source, isCore }) => all || (ids.length > 0 ? ids.includes(source.id) : isCore),
  );
  if (wanted.length === 0) {
    throw new DragomanError('CORPUS', `No source in ${SOURCES_FILE} is marked "core: true".`, {
      hint: 'Name sources with --source, or fetch --all.',
    });
  }
  return wanted.map(({ source }) => source);
}

/** Names the project and where to learn about it. */
function userAgent(): string {
  const path = join(PROJECT_FOLDER, 'package.json');
  const { version, homepage } = createRequire(path)(path) as { version: string; homepage: string };
  return `Dragoman/${version} (+${homepage})`;
}

function fetched(outcomes: readonly SourceOutcome[]): string {
  const kinds = outcomes.map(({ outcome }) => outcome.kind);
  const counts = (['new', 'changed', 'unchanged', 'recent', 'failed'] as const).flatMap((kind) => {
    const count = kinds.filter((one) => one === kind).length;
    return count === 0 ? [] : [`${count} ${kind === 'recent' ? 'asked for within a day' : kind}`];
  });
  const hasNews = kinds.some((kind) => kind === 'new' || kind === 'changed');
  const next = hasNews ? '\nRun `npm run build:index` to quote them.' : '';
  return `Pages in ${ORIGINALS_FOLDER}/: ${counts.join(', ')}.${next}\n`;
}
