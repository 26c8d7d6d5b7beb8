import { readFolder } from '../index/build-index.ts';
import { readConfig } from '../config.ts';
import { MeetingTies } from '../corpus/meetings-of.ts';
import { passagesOf } from '../corpus/passages.ts';
import { openEmbedder } from '../embedding/open-embedder.ts';
import { buildGeneration } from '../index/build-generation.ts';
import { buildLexical } from '../index/lexical.ts';
import { BUILD_STEPS, type BuildStep } from '../index/progress.ts';
import { namesOf } from '../index/search-files.ts';
import { costsOf } from './load-part.ts';
import { recombine } from './recombine.ts';
import { costOf, type Cost } from './timing.ts';

/** A build of a recombined corpus from nothing. */
export interface SyntheticBuild {
  readonly total: Cost;
  /** Wall time of each step, in milliseconds; what lies between two steps counts for the later one. */
  readonly steps: Readonly<Partial<Record<BuildStep, number>>>;
  /** The lexical index alone. */
  readonly lexical: Cost;
  readonly peakMemoryMiB: number;
}

export interface SyntheticOptions {
  readonly passages: number;
  readonly seed: number;
}

/** Builds into the index folder of the settings. The recombining itself is not timed. */
export async function measureSyntheticBuild(options: SyntheticOptions): Promise<SyntheticBuild> {
  const { corpusFolder, indexFolder, embedding } = readConfig();
  const { corpus } = await readFolder(corpusFolder);
  const ties = new MeetingTies(corpus.meetings);
  const passages = corpus.documents.flatMap((document) => passagesOf(document, ties));
  const split = recombine({ documents: corpus.documents, passages }, options);
  const embedder = await openEmbedder(embedding);

  const lexical = await costOf(() => buildLexical(split.passages, namesOf(split.corpus)));
  const steps = new Map<BuildStep, number>();
  let last = performance.now();
  const total = await costOf(() =>
    buildGeneration({
      indexFolder,
      embedder,
      read: () => Promise.resolve(split),
      onProgress: ({ step }) => {
        const now = performance.now();
        steps.set(step, (steps.get(step) ?? 0) + now - last);
        last = now;
      },
    }),
  );
  return {
    total: costsOf(total),
    steps: Object.fromEntries(
      BUILD_STEPS.flatMap((step) => {
        const time = steps.get(step);
        return time === undefined ? [] : [[step, time] as const];
      }),
    ),
    lexical: costsOf(lexical),
    peakMemoryMiB: process.resourceUsage().maxRSS / 1024,
  };
}
