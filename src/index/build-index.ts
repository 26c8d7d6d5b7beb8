import { MeetingTies } from '../corpus/meeting-ties.ts';
import { CHUNKER_VERSION, passagesOf } from '../corpus/passages.ts';
import { readCorpus } from '../corpus/read-corpus.ts';
import { DragomanError } from '../errors.ts';
import { buildGeneration, type BuildOptions, type BuildReport, type SplitCorpus } from './build.ts';
import { CorpusProblems } from './corpus-problems.ts';
import type { OnBuildProgress } from './progress.ts';

export interface BuildIndexOptions extends Omit<BuildOptions, 'read'> {
  readonly corpusFolder: string;
  /** Leave files with problems out, instead of failing. */
  readonly skipBad?: boolean;
}

/**
 * Builds the index of a corpus folder. Until the moment of publishing, and whatever goes wrong before,
 * the generation that was current stays current and whole.
 *
 * @throws DragomanError `CORPUS` (with all problems as {@link CorpusProblems}) when a file is wrong and
 *   bad files are not to be left out, and what {@link buildGeneration} throws
 */
export async function buildIndex(options: BuildIndexOptions): Promise<BuildReport> {
  const { corpusFolder, skipBad = false, ...rest } = options;
  return buildGeneration({
    ...rest,
    read: () => readAndSplit(corpusFolder, skipBad, rest.onProgress),
  });
}

async function readAndSplit(
  corpusFolder: string,
  skipBad: boolean,
  onProgress?: OnBuildProgress,
): Promise<SplitCorpus> {
  const { corpus, problems, skipped } = await readFolder(corpusFolder, onProgress);
  if (problems.length > 0 && !skipBad) throw new CorpusProblems(corpusFolder, problems);
  const ties = new MeetingTies(corpus.meetings);
  return {
    corpus,
    passages: corpus.documents.flatMap((document) => passagesOf(document, ties)),
    chunkerVersion: String(CHUNKER_VERSION),
    problems,
    skipped,
  };
}

/** @throws DragomanError `CORPUS` when there is no such folder */
export async function readFolder(
  corpusFolder: string,
  onProgress?: OnBuildProgress,
): ReturnType<typeof readCorpus> {
  try {
    return await readCorpus(corpusFolder, {
      onFile: (done, total) => onProgress?.({ step: 'read', done, total }),
    });
  } catch (cause) {
    if (cause instanceof DragomanError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DragomanError('CORPUS', `The corpus folder cannot be read: ${reason}`, {
      hint: 'Point CORPUS_DIR to a folder with documents.',
      cause,
    });
  }
}
