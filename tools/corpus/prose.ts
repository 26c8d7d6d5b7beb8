import { execFileSync } from 'node:child_process';
import { join, relative, resolve } from 'node:path';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { readDocument } from '../../src/corpus/read-document.ts';
import type { Document } from '../../src/corpus/types.ts';
import { runCommandLine, usageError } from '../../src/terminal/command-line.ts';
import { changedFacts } from './facts.ts';
import {
  commonestSurname,
  proseFigures,
  readingEase,
  sumOf,
  type ProseFigures,
} from './prose-figures.ts';

/** What CI holds, over all documents measured. */
const MOST_GLOSSES = 0.01;
const MOST_NAMES_PER_100_WORDS = 1.6;

const CORPUS = join(PROJECT_FOLDER, 'corpus');
const COLUMNS = ['words', 'glosses %', 'name/100', 'meta', 'mean', '> 35 %', 'ease', 'passive %'];

function row(name: string, figures: ProseFigures): string {
  const { words, sentences, names, glosses, meta, longSentences, passives } = figures;
  const percent = (count: number): string => ((100 * count) / sentences).toFixed(1);
  const cells = [
    String(words),
    percent(glosses.length),
    ((100 * names) / words).toFixed(2),
    String(meta.length),
    (words / sentences).toFixed(1),
    percent(longSentences),
    readingEase(figures).toFixed(0),
    percent(passives),
  ];
  return line(name, cells);
}

function line(name: string, cells: readonly string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(11)).join('');
}

function measure(documents: readonly Document[], name: string): number {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  const figures = documents.map((document) => proseFigures(document, name));
  print(line(`(name: ${name})`, COLUMNS));
  for (const [at, document] of documents.entries())
    print(row(document.id, figures[at] ?? sumOf([])));
  const total = sumOf(figures);
  print(row('all', total));
  for (const [at, { id }] of documents.entries()) {
    for (const sentence of figures[at]?.glosses ?? []) print(`gloss  ${id}: ${sentence}`);
    for (const sentence of figures[at]?.meta ?? []) print(`meta   ${id}: ${sentence}`);
  }
  const exceeded = [
    ...(total.glosses.length > MOST_GLOSSES * total.sentences
      ? ['glosses in more than 1 % of sentences']
      : []),
    ...(total.names > (MOST_NAMES_PER_100_WORDS / 100) * total.words
      ? [`"${name}" more than ${String(MOST_NAMES_PER_100_WORDS)} times per 100 words`]
      : []),
    ...(total.meta.length > 0 ? ['sentences about the sources outside "Open questions"'] : []),
  ];
  for (const limit of exceeded) process.stderr.write(`limit exceeded: ${limit}\n`);
  return exceeded.length === 0 ? 0 : 1;
}

async function compare(documents: readonly Document[], ref: string): Promise<void> {
  assertCommit(ref);
  for (const after of documents) {
    const before = await documentAt(ref, after.path);
    const changes = before === null ? null : changedFacts(before, after);
    if (changes === null) process.stdout.write(`${after.id}: not in ${ref}\n`);
    for (const { kind, lost, added } of changes ?? []) {
      const parts = [
        ...(lost.length > 0 ? [`lost ${lost.join(', ')}`] : []),
        ...(added.length > 0 ? [`new ${added.join(', ')}`] : []),
      ];
      process.stdout.write(`${after.id}: ${kind}: ${parts.join('; ')}\n`);
    }
  }
}

/** @throws DragomanError USAGE for a name that git does not know */
function assertCommit(ref: string): void {
  try {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
    execFileSync('git', args, { cwd: PROJECT_FOLDER, stdio: 'ignore' });
  } catch {
    throw usageError(`Expected --compare to name a commit of this repository, found "${ref}".`);
  }
}

async function documentAt(ref: string, path: string): Promise<Document | null> {
  try {
    const bytes = execFileSync('git', ['show', `${ref}:corpus/${path}`], {
      cwd: PROJECT_FOLDER,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return (await readDocument({ path, format: '.md', bytes })).document;
  } catch {
    return null;
  }
}

await runCommandLine({
  name: 'npm run corpus:prose --',
  description:
    'Measures how the documents of corpus/ (or the files named) are written, and lists the sentences to correct.\n' +
    'Exit code 1 if a limit is exceeded.',
  args: {
    file: {
      type: 'positional',
      description: 'Documents of corpus/; all by default',
      required: false,
    },
    compare: {
      type: 'string',
      valueHint: 'git-ref',
      description:
        'Instead list the footnotes, numbers, dates, times and names that documents lost or gained since then',
    },
  },
  run: async ({ _: files, compare: ref }) => {
    const { documents } = (await readCorpus(CORPUS)).corpus;
    const own = documents.filter(({ kind }) => kind !== 'other');
    const paths = files.map((file) => relative(CORPUS, resolve(file)));
    const unknown = paths.find((path) => !own.some((document) => document.path === path));
    if (unknown !== undefined)
      throw usageError(`Expected a document of corpus/, found "${unknown}".`);
    const chosen = paths.length === 0 ? own : own.filter(({ path }) => paths.includes(path));
    if (ref !== undefined) await compare(chosen, ref);
    else process.exitCode = measure(chosen, commonestSurname(own) ?? '');
  },
});
