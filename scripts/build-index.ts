import { readConfig, type Config } from '../src/config.ts';
import { checkCorpus } from '../src/corpus/check.ts';
import { describeProblem, CorpusProblems } from '../src/corpus/problems.ts';
import { DragomanError, describeError } from '../src/errors.ts';
import { readCorpus } from '../src/corpus/read-corpus.ts';
import { buildIndex, type BuildReport } from '../src/index/build.ts';
import { showProgress } from '../src/terminal/progress.ts';
import { goOnWhenOutputCloses } from '../src/terminal/fail.ts';
import { printable } from '../src/terminal/printable.ts';
import { FLAG, parseScriptArguments } from '../src/terminal/arguments.ts';

const HELP = `Usage: npm run build:index -- [options]

Builds the index from the documents in CORPUS_DIR and publishes it; a running bot picks it up.
Only new and changed passages are embedded. See .env.example for the settings.

  --check      look for problems, in each document and between them, and build nothing
  --force      build although nothing has changed
  --skip-bad   leave files with problems out instead of failing
  --json       print the report as JSON
  --help       print this text

Exit codes: 0 done, 1 the documents or the settings are wrong, 2 wrong usage.
`;

interface Flags {
  readonly check: boolean;
  readonly force: boolean;
  readonly 'skip-bad': boolean;
  readonly json: boolean;
  readonly help: boolean;
}

function parseFlags(): Flags {
  return parseScriptArguments('build:index', {
    options: { check: FLAG, force: FLAG, 'skip-bad': FLAG, json: FLAG, help: FLAG },
  }).values;
}

async function check({ corpusFolder }: Config): Promise<{ documents: number }> {
  const read = await readCorpus(corpusFolder);
  const problems = checkCorpus(read);
  if (problems.length > 0) throw new CorpusProblems(corpusFolder, problems);
  return { documents: read.corpus.documents.length };
}

async function build(config: Config, flags: Flags): Promise<BuildReport> {
  // Not needed for anything else, and slow to load.
  const { openEmbedder } = await import('../src/embedding/open-embedder.ts');
  const progress = showProgress(process.stderr);
  try {
    return await buildIndex({
      corpusFolder: config.corpusFolder,
      indexFolder: config.indexFolder,
      embedder: await openEmbedder({ ...config.embedding, onProgress: progress.download }),
      force: flags.force,
      skipBad: flags['skip-bad'],
      onProgress: progress.build,
    });
  } finally {
    progress.stop();
  }
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

async function main(flags: Flags): Promise<void> {
  if (flags.help) {
    process.stdout.write(HELP);
    return;
  }
  const config = readConfig();
  if (flags.check) {
    const { documents } = await check(config);
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ documents, problems: [] })}\n`
        : `No problems in ${documents} documents.\n`,
    );
    return;
  }
  const report = await build(config, flags);
  for (const line of leftOut(report)) process.stderr.write(`${printable(line)}\n`);
  process.stdout.write(`${flags.json ? JSON.stringify(report) : summary(report)}\n`);
}

function fail(error: unknown, json: boolean): void {
  process.exitCode = error instanceof DragomanError && error.code === 'USAGE' ? 2 : 1;
  if (!(error instanceof DragomanError)) {
    console.error(error);
  } else if (json) {
    const { code, message, hint } = error;
    const problems = error instanceof CorpusProblems ? error.problems : [];
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint }, problems })}\n`);
  } else {
    process.stderr.write(`${printable(describeError(error))}\n`);
  }
}

goOnWhenOutputCloses(process.stdout);
goOnWhenOutputCloses(process.stderr);
try {
  await main(parseFlags());
} catch (error) {
  fail(error, process.argv.includes('--json'));
}
