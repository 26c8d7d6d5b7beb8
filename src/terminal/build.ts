/** The index on command lines: `npm run build:index`, and the build before a first question. */
import type { ArgsDef, ParsedArgs } from 'citty';
import type { Config } from '../config.ts';
import { CorpusProblems, describeProblem } from '../corpus/files.ts';
import type { Embedder } from '../embedding/model.ts';
import type { EngineOptions } from '../engine.ts';
import type { Engine } from '../engine-types.ts';
import { DragomanError } from '../errors.ts';
import type { BuildReport } from '../index/build.ts';
import { showProgress } from './command-line.ts';
import { printable } from './text.ts';

export const BUILD_ARGS = {
  check: {
    type: 'boolean',
    description: 'Look for problems, in each document and between them, and build nothing',
  },
  force: { type: 'boolean', description: 'Build although nothing has changed' },
  strict: {
    type: 'boolean',
    description: 'Fail when a file has a problem, instead of leaving it out',
  },
  json: { type: 'boolean', description: 'Print the report as JSON' },
} as const satisfies ArgsDef;

export interface BuildStreams {
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
  streams: BuildStreams,
): Promise<void> {
  const { output } = streams;
  try {
    const config = readSettings();
    output.write(
      flags.check === true
        ? await check(flags, config, streams)
        : await build(flags, config, streams),
    );
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
  { corpusFolder }: Config,
  { errors }: BuildStreams,
): Promise<string> {
  const { readCorpus } = await import('../corpus/read-corpus.ts');
  const { checkCorpus } = await import('../corpus/cross-references.ts');
  const { withoutText } = await import('../corpus/passages.ts');
  const read = await readCorpus(corpusFolder);
  const problems = checkCorpus(read);
  for (const line of notesOn({ ...read, problems: [] })) errors.write(`${printable(line)}\n`);
  if (problems.length > 0) throw new CorpusProblems(corpusFolder, problems);
  const documents = read.corpus.documents.length;
  if (documents === 0) throw withoutText();
  const { warnings, skipped } = read;
  return json === true
    ? `${JSON.stringify({ documents, problems: [], warnings, skipped })}\n`
    : `No problems in ${documents} documents.\n`;
}

async function build(
  { force = false, strict = false, json }: Flags,
  config: Config,
  { errors }: BuildStreams,
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
  return (
    `${state}: ${documents} documents, ${passages} passages ` +
    `(${embedded} embedded, ${reused} reused) in ${seconds.toFixed(1)} s.` +
    (bad === 0 ? '' : ` ${bad === 1 ? '1 file has' : `${bad} files have`} problems, named above.`)
  );
}

type Notes = Pick<BuildReport, 'problems' | 'warnings' | 'skipped'>;

function notesOn({ problems, warnings, skipped }: Notes): string[] {
  return [
    ...problems.map((problem) => `Left out: ${describeProblem(problem)}`),
    ...warnings.map((warning) => `Warning: ${describeProblem(warning)}`),
    ...skipped.map(({ path, reason }) => `Not a document: ${path}: ${reason}`),
  ];
}

export interface ReadyOptions {
  readonly config: Config;
  /** Where progress goes. */
  readonly errors: NodeJS.WriteStream;
  /**
   * Whether an index that another model made is built again. Not for a single question: it would take the index away
   * from a bot that runs with the other model.
   */
  readonly rebuildForModel: boolean;
  /** As `openEngine` takes it. */
  readonly vectorsOf?: EngineOptions['vectorsOf'];
}

/**
 * Opens the engine, building the index first where there is none.
 *
 * @throws DragomanError what opening and building throw
 */
export async function openReadyEngine(options: ReadyOptions): Promise<Engine> {
  const { config, errors, rebuildForModel, vectorsOf = null } = options;
  const { indexFolder, embedding } = config;
  // The model loads in its own process, meanwhile the rest of the program here.
  const [embedder, { openEngine }] = await Promise.all([
    openModel(embedding, errors),
    import('../engine.ts'),
  ]);
  try {
    return await openEngine({ indexFolder, embedder, vectorsOf });
  } catch (error) {
    if (!(error instanceof DragomanError)) throw error;
    if (error.code === 'INDEX_MISSING') {
      errors.write('There is no index yet: building it from the documents.\n');
    } else if (error.code === 'INDEX_MODEL_MISMATCH' && rebuildForModel) {
      errors.write(`${error.message}\nBuilding it again with the model in use.\n`);
    } else {
      throw error;
    }
  }
  const { documents, passages, seconds } = await buildWithProgress(config, { embedder }, errors);
  errors.write(
    `Built the index: ${documents} documents, ${passages} passages in ${seconds.toFixed(1)} s.\n`,
  );
  return openEngine({ indexFolder, embedder, vectorsOf });
}

/** Opens the model, showing the download of one of the hub. */
async function openModel(
  embedding: Config['embedding'],
  errors: NodeJS.WriteStream,
): Promise<Embedder> {
  const { openEmbedder } = await import('../embedding/open-embedder.ts');
  if (embedding.model === 'bundled') return openEmbedder(embedding);
  const progress = await showProgress(errors);
  try {
    return await openEmbedder({ ...embedding, onProgress: progress.download });
  } finally {
    progress.stop();
  }
}

/** What only a build needs is loaded here: it takes as long as all the rest of a start. */
async function buildWithProgress(
  { corpusFolder, indexFolder }: Config,
  options: { readonly embedder: Embedder; readonly force?: boolean; readonly strict?: boolean },
  errors: NodeJS.WriteStream,
): Promise<BuildReport> {
  const { buildIndex } = await import('../index/build.ts');
  const progress = await showProgress(errors);
  try {
    return await buildIndex({
      ...options,
      corpusFolder,
      indexFolder,
      onProgress: progress.build,
    });
  } finally {
    progress.stop();
  }
}
