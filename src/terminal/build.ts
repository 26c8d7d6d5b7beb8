import type { ArgsDef, ParsedArgs } from 'citty';
import type { Config } from '../config.ts';
import { checkCorpus } from '../corpus/cross-references.ts';
import { readCorpus } from '../corpus/read-corpus.ts';
import { describeProblem } from '../corpus/files.ts';
import { CorpusProblems } from '../corpus/read-corpus.ts';
import { DragomanError } from '../errors.ts';
import { buildIndex, type BuildReport } from '../index/build.ts';
import { showProgress } from './progress.ts';
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
  const read = await readCorpus(corpusFolder);
  const problems = checkCorpus(read);
  for (const line of notesOn({ ...read, problems: [] })) errors.write(`${printable(line)}\n`);
  if (problems.length > 0) throw new CorpusProblems(corpusFolder, problems);
  const documents = read.corpus.documents.length;
  const { warnings, skipped } = read;
  return json === true
    ? `${JSON.stringify({ documents, problems: [], warnings, skipped })}\n`
    : `No problems in ${documents} documents.\n`;
}

async function build(flags: Flags, config: Config, { errors }: BuildStreams): Promise<string> {
  // Not needed for a check, and slow to load.
  const { openEmbedder } = await import('../embedding/open-embedder.ts');
  const progress = showProgress(errors);
  let report: BuildReport;
  try {
    report = await buildIndex({
      corpusFolder: config.corpusFolder,
      indexFolder: config.indexFolder,
      embedder: await openEmbedder({ ...config.embedding, onProgress: progress.download }),
      force: flags.force ?? false,
      strict: flags.strict ?? false,
      onProgress: progress.build,
    });
  } finally {
    progress.stop();
  }
  for (const line of notesOn(report)) errors.write(`${printable(line)}\n`);
  return `${flags.json === true ? JSON.stringify(report) : summary(report)}\n`;
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
