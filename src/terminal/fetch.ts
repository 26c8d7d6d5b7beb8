import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ArgsDef, ParsedArgs } from 'citty';
import { PROJECT_FOLDER, type Config } from '../config.ts';
import { readBibliography, type ListedSource } from '../corpus/yaml.ts';
import { ORIGINALS_FOLDER, SOURCES_FILE, walkCorpus } from '../corpus/files.ts';
import type { Source } from '../corpus/types.ts';
import { DragomanError } from '../errors.ts';
import {
  fetchOriginals,
  type FetchOptions,
  type Outcome,
  type SourceOutcome,
} from '../fetch/fetch-originals.ts';
import { everyValue, showProgress, usageError } from './command-line.ts';
import { printableLine } from './text.ts';

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
    description: "Take the Internet Archive's copy of a page that does not come",
  },
} as const satisfies ArgsDef;

export interface FetchStreams {
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WriteStream;
}

/** How the network is reached; only tests have another way than the default. */
type Network = Partial<Pick<FetchOptions, 'allowsAddress' | 'archive' | 'limits' | 'today'>>;

/**
 * Fetches pages of sources into the corpus folder and reports each failure with its reason.
 *
 * @throws DragomanError USAGE for options that contradict each other and for unknown sources, CORPUS without a
 *   bibliography, FETCH when no page came
 */
export async function runFetch(
  flags: ParsedArgs<typeof FETCH_ARGS>,
  rawArgs: readonly string[],
  { corpusFolder }: Pick<Config, 'corpusFolder'>,
  { output, errors }: FetchStreams,
  network: Network = {},
): Promise<void> {
  const ids = everyValue(FETCH_ARGS, rawArgs, 'source');
  const sources = await selected(corpusFolder, { ...flags, ids });
  const progress = await showProgress(errors);
  let outcomes: SourceOutcome[];
  try {
    outcomes = await fetchOriginals({
      ...network,
      corpusFolder,
      sources,
      userAgent: userAgent(),
      useArchive: flags.archive ?? false,
      askAgain: ids.length > 0,
      onOutcome: (_, done) => progress.fetch(done, sources.length),
    });
  } finally {
    progress.stop();
  }
  for (const { source, outcome } of outcomes) {
    if (outcome.kind !== 'failed') continue;
    errors.write(`Failed: ${printableLine(`${source.id} (${source.url}): ${outcome.reason}`)}\n`);
  }
  if (outcomes.every(({ outcome }) => outcome.kind === 'failed')) {
    throw new DragomanError('FETCH', `None of ${sources.length} pages came.`, {
      hint: 'The reasons are listed above. `--archive` takes copies of the Internet Archive.',
    });
  }
  output.write(summary(outcomes));
}

async function selected(
  corpusFolder: string,
  {
    ids,
    core = false,
    all = false,
  }: {
    readonly ids: readonly string[];
    readonly core: boolean | undefined;
    readonly all: boolean | undefined;
  },
): Promise<Source[]> {
  if ([ids.length > 0, core, all].filter(Boolean).length > 1) {
    throw usageError('Expected one of --source, --core and --all, found more.');
  }
  const { entries } = await readBibliography((await walkCorpus(corpusFolder)).bibliography);
  if (entries === null || entries.length === 0) {
    throw new DragomanError(
      'CORPUS',
      `There are no sources in ${join(corpusFolder, SOURCES_FILE)}.`,
      {
        hint: `List the pages to fetch there; see docs/corpus.md.`,
      },
    );
  }
  const unknown = ids.filter((id) => !entries.some(({ source }) => source.id === id));
  if (unknown.length > 0) {
    throw usageError(`Expected ids of ${SOURCES_FILE}, found ${unknown.join(', ')}.`);
  }
  const isWanted = ({ source, isCore }: ListedSource): boolean =>
    all || (ids.length > 0 ? ids.includes(source.id) : isCore);
  const wanted = entries.filter(isWanted);
  if (wanted.length === 0) {
    throw new DragomanError('CORPUS', `No source in ${SOURCES_FILE} is marked "core: true".`, {
      hint: 'Name sources with --source, or fetch --all.',
    });
  }
  return wanted.map(({ source }) => source);
}

/** Names the project and where to learn about it. */
function userAgent(): string {
  const { version, homepage } = createRequire(import.meta.url)(
    join(PROJECT_FOLDER, 'package.json'),
  ) as { version: string; homepage: string };
  return `Dragoman/${version} (+${homepage})`;
}

function summary(outcomes: readonly SourceOutcome[]): string {
  const words: readonly (readonly [Outcome['kind'], string])[] = [
    ['new', 'new'],
    ['changed', 'changed'],
    ['unchanged', 'unchanged'],
    ['recent', 'asked for within a day'],
    ['failed', 'failed'],
  ];
  const counted = words.flatMap(([kind, word]) => {
    const count = outcomes.filter(({ outcome }) => outcome.kind === kind).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const hasNews = outcomes.some(({ outcome: { kind } }) => kind === 'new' || kind === 'changed');
  const next = hasNews ? '\nRun `npm run build:index` to quote them.' : '';
  return `Pages in ${ORIGINALS_FOLDER}/: ${counted.join(', ')}.${next}\n`;
}
