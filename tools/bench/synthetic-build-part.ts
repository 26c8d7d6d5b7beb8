import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { buildGeneration, BUILD_STEPS, type BuildStep } from '../../src/index/build.ts';
import { readConfig } from '../../src/config.ts';
import { MeetingTies } from '../../src/corpus/meeting-ties.ts';
import { passagesOf } from '../../src/corpus/passages.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import { buildLexical } from '../../src/index/build-lexical.ts';
import { namesOf } from '../../src/language/names.ts';
import { costsOf } from './load-part.ts';
import { recombine } from './recombine.ts';
import { recombinedEmbedder } from './recombined-embedder.ts';
import { costOf, type Cost } from './timing.ts';

/** A build of a recombined corpus from nothing. */
export interface SyntheticBuild {
  readonly total: Cost;
  /** Wall time of each step, in milliseconds; what is between two steps counts for the later one. */
  readonly steps: Readonly<Partial<Record<BuildStep, number>>>;
  /** The lexical index alone. */
  readonly lexical: Cost;
  readonly peakMemoryMiB: number;
}

export interface SyntheticOptions {
  readonly passages: number;
  readonly seed: number;
}

/** Builds into the index folder of the settings. Neither recombining nor the encoder is timed. */
export async function measureSyntheticBuild(options: SyntheticOptions): Promise<SyntheticBuild> {
  const { corpusFolder, indexFolder, embedding } = readConfig();
  const { corpus } = await readCorpus(corpusFolder);
  const ties = new MeetingTies(corpus.meetings);
  const passages = corpus.documents.flatMap((document) => passagesOf(document, ties));
  const from = { documents: corpus.documents, passages };
  const split = recombine(from, options);
  const embedder = await recombinedEmbedder(await openEmbedder(embedding), from);

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
  await embedder.close();
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
