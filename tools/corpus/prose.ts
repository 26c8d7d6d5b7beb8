import { execFileSync } from 'node:child_process';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { readDocument } from '../../src/corpus/read-document.ts';
import type { Document } from '../../src/corpus/types.ts';
import { changedFacts } from './facts.ts';
import {
  commonestSurname,
  proseFigures,
  readingEase,
  sumOf,
  type ProseFigures,
} from './prose-figures.ts';

const HELP = `Usage: npm run corpus:prose -- [FILE...] [--compare GIT_REF]

Measures how the documents of corpus/ (or the files named) are written, and lists the sentences to be corrected.

  --compare REF  instead, list the footnotes, numbers, dates, times and names that documents lost or gained since REF
  --help         print this text

Exit codes: 0 within the limits, 1 a limit is exceeded, 2 wrong usage.
`;

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

function argumentsOf() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { compare: { type: 'string' }, help: { type: 'boolean', default: false } },
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
    return null;
  }
}

async function main(): Promise<number> {
  const given = argumentsOf();
  if (given === null) return 2;
  if (given.values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { documents } = (await readCorpus(CORPUS)).corpus;
  const own = documents.filter(({ kind }) => kind !== 'other');
  const paths = given.positionals.map((file) => relative(CORPUS, resolve(file)));
  const unknown = paths.find((path) => !own.some((document) => document.path === path));
  if (unknown !== undefined) {
    process.stderr.write(`expected a document of corpus/, found "${unknown}".\n`);
    return 2;
  }
  const chosen = paths.length === 0 ? own : own.filter(({ path }) => paths.includes(path));
  if (given.values.compare !== undefined) {
    await compare(chosen, given.values.compare);
    return 0;
  }
  return measure(chosen, commonestSurname(own) ?? '');
}

process.exitCode = await main();
