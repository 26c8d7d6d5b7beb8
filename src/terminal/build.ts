import type { ArgsDef, ParsedArgs } from 'citty';
import type { Config } from '../config.ts';
import { checkCorpus } from '../corpus/check.ts';
import { CorpusProblems, describeProblem } from '../corpus/problems.ts';
import { readCorpus } from '../corpus/read-corpus.ts';
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
  'skip-bad': {
    type: 'boolean',
    description: 'Leave files with problems out instead of failing',
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
      flags.check === true ? await check(flags, config) : await build(flags, config, streams),
    );
  } catch (error) {
    if (flags.json !== true || !(error instanceof DragomanError)) throw error;
    process.exitCode = 1;
    const { code, message, hint } = error;
    const problems = error instanceof CorpusProblems ? error.problems : [];
    output.write(`${JSON.stringify({ error: { code, message, hint }, problems })}\n`);
  }
}

async function check({ json }: Flags, { corpusFolder }: Config): Promise<string> {
  const read = await readCorpus(corpusFolder);
  const problems = checkCorpus(read);
  if (problems.length > 0) throw new CorpusProblems(corpusFolder, problems);
  const documents = read.corpus.documents.length;
  return json === true
    ? `${JSON.stringify({ documents, problems: [] })}\n`
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
      skipBad: flags['skip-bad'] ?? false,
      onProgress: progress.build,
    });
  } finally {
    progress.stop();
  }
  for (const line of leftOut(report)) errors.write(`${printable(line)}\n`);
  return `${flags.json === true ? JSON.stringify(report) : summary(report)}\n`;
}

function summary(report: BuildReport): string {
  const { generation, published, documents, passages, embedded, reused, seconds } = report;
  const state = published ? `Published ${generation}` : `Nothing has changed since ${generation}`;
  return (
    `${state}: ${documents} documents, ${passages} passages ` +
    `(${embedded} embedded, ${reused} reused) in ${seconds.toFixed(1)} s.`
  );
}

function leftOut({ problems, skipped }: BuildReport): string[] {
  return [
    ...problems.map((problem) => `Left out: ${describeProblem(problem)}`),
    ...skipped.map(({ path, reason }) => `Not a document: ${path}: ${reason}`),
  ];
}
