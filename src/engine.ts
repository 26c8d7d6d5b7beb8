import { setImmediate as nextTurn } from 'node:timers/promises';
import { answer } from './answer/answer.ts';
import { contextOf } from './answer/citations.ts';
import type { Answer, Context } from './answer/types.ts';
import type { LineRange, Meeting } from './corpus/types.ts';
import type { Embedder } from './embedding/model.ts';
import { LONGEST_QUESTION, questionWithin, standaloneQuestion } from './dialogue.ts';
import { describeError, DragomanError } from './errors.ts';
import {
  assertSameModel,
  loadFolder,
  loadTexts,
  type Generation,
  type GenerationTexts,
} from './index/generation.ts';
import type { Manifest } from './index/generation-files.ts';
import { loadPublished, readPointer } from './index/index-folder.ts';
import { CLOCK } from './index/lock.ts';
import { Itinerary } from './itinerary/itinerary.ts';
import { japaneseFormsOf, withJapanese } from './language/names.ts';
import {
  type BringVectors,
  isMentionedIn,
  openRemoteIndex,
  openSearchIndex,
  type SearchIndex,
} from './search/search-index.ts';

export type { Context };

export interface AskOptions {
  /** The most excerpts, 1 to 25. Default: 3. */
  readonly k?: number;
  readonly meeting?: string;
  readonly source?: string;
}

/** A loaded generation, ready to answer. Immutable: keep one for the length of an interaction. */
export type Snapshot = Readonly<Awaited<ReturnType<typeof snapshotOf>>>;

export interface ReloadStatus {
  /** ISO time. */
  readonly at: string;
  readonly generation: string;
  readonly loaded: boolean;
  /** Why the newer generation was refused; null when it was loaded. */
  readonly problem: string | null;
  /** How many attempts have failed since the last one that did not. */
  readonly failures: number;
}

/** Answers from the current generation and switches to a newer one without a pause. */
export type Engine = Readonly<Awaited<ReturnType<typeof openEngine>>>;

export { LONGEST_QUESTION };

const DEFAULT_EXCERPTS = 3;
export const MOST_EXCERPTS = 25;

export interface EngineOptions {
  readonly indexFolder: string;
  /** Also while it opens in its own process: the index loads meanwhile. */
  readonly embedder: Embedder | Promise<Embedder>;
  /** Where the vectors of a generation are, when not in its folder; null: there. */
  readonly vectorsOf?: ((folder: string) => Promise<BringVectors | null>) | null;
  /** Opens as soon as the index has loaded; whether its model is the one in use, the first question tells. Default: false. */
  readonly isImpatient?: boolean;
}

/**
 * Opens the current generation.
 *
 * @throws DragomanError INDEX_MISSING, INDEX_CORRUPT or INDEX_MODEL_MISMATCH (see loadGeneration), and what opening the
 *   embedder throws
 */
export async function openEngine({
  indexFolder,
  embedder,
  vectorsOf = null,
  isImpatient = false,
}: EngineOptions) {
  // What the next generation has in common with it need not be loaded again.
  let whole: Generation | null = null;
  let texts: GenerationTexts | null = null;
  const load = (waitsForModel = true): Promise<Snapshot> =>
    loadPublished(indexFolder, async (folder) => {
      const bring = vectorsOf === null ? null : await vectorsOf(folder);
      if (bring === null) {
        const generation = await loadFolder(folder, { known: whole });
        const model = modelOf(generation.manifest, embedder);
        const snapshot = await openSnapshot(generation, model);
        if (waitsForModel) await model;
        [whole, texts] = [generation, null];
        return snapshot;
      }
      const generation = await loadTexts(folder, { known: texts });
      const model = modelOf(generation.manifest, embedder);
      if (waitsForModel) await model;
      [whole, texts] = [null, generation];
      return snapshotOf(generation, await openRemoteIndex(generation, bring), model);
    });
  let current = await load(!isImpatient);
  let last: ReloadStatus | null = null;
  let reloading: Promise<ReloadStatus> | null = null;
  let endWatch: (() => void) | null = null;

  const reload = async (): Promise<ReloadStatus> => {
    const at = new Date().toISOString();
    let problem: string | null = null;
    try {
      // Answers in progress keep the old snapshot; new ones use the new one.
      current = await load();
      // Calls made while this one loads get its result, so it must include what was published since.
      while ((await readPointer(indexFolder))?.generation !== current.generation) {
        current = await load();
      }
    } catch (error) {
      problem = describeError(error);
    }
    const failures = problem === null ? 0 : (last?.failures ?? 0) + 1;
    const { generation } = current;
    return (last = { at, generation, loaded: problem === null, problem, failures });
  };

  /** Loads the published generation. A damaged one is refused; the old one stays in use. */
  const reloadOnce = (): Promise<ReloadStatus> => {
    // A call during another one gets its result: both would load the same files.
    reloading ??= reload().finally(() => {
      reloading = null;
    });
    return reloading;
  };

  return {
    current: (): Snapshot => current,
    lastReload: (): ReloadStatus | null => last,
    /** Unit vectors of questions, to tell which mean the same. */
    vectorsOf: async (questions: readonly string[]) => (await embedder).embedQuestions(questions),
    reload: reloadOnce,
    /**
     * Starts to load newer generations in the background. What cannot be loaded is tried again, at growing intervals;
     * `onReload` is called after each success, and once for each problem.
     */
    watch: (onReload: (status: ReloadStatus) => void): void => {
      endWatch ??= watchGenerations(indexFolder, {
        current: () => current.generation,
        load: async () => {
          const before = last?.problem;
          const status = await reloadOnce();
          if (status.loaded || status.problem !== before) onReload(status);
          return status.loaded;
        },
      });
    },
    close: (): void => {
      endWatch?.();
      endWatch = null;
    },
  };
}

/** The model in use, once it is known to be that of the index; nobody may wait for it. */
function modelOf(manifest: Manifest, embedder: EngineOptions['embedder']): Promise<Embedder> {
  const model = Promise.resolve(embedder).then((opened) => {
    assertSameModel(manifest, opened);
    return opened;
  });
  model.catch(() => undefined);
  return model;
}

const WATCH_INTERVAL_MS = 2000;
/** About a minute. */
const MOST_LOOKS_SKIPPED = 30;

/**
 * Loads what the pointer newly names. Polls it, because `fs.watch` misses renames on network folders and in containers, and
 * reading 100 bytes costs nothing. A load that failed is tried again after 1, 3, 7 … 30 looks, at once when the pointer changes.
 *
 * @param current id of the generation in use
 * @param load called when the pointer names another generation or none; gives whether one could be loaded, never throws
 * @param repeat calls `look` every `intervalMs` until the returned function is called
 * @returns ends it
 */
export function watchGenerations(
  indexFolder: string,
  {
    current,
    load,
    repeat = (look, intervalMs) => CLOCK.repeat(() => void look(), intervalMs),
  }: {
    readonly current: () => string;
    readonly load: () => Promise<boolean>;
    readonly repeat?: (look: () => Promise<void>, intervalMs: number) => () => void;
  },
): () => void {
  let failed: { readonly named: string | null; readonly times: number; skip: number } | null = null;
  let busy = false;
  let closed = false;
  const isClosed = (): boolean => closed;

  const look = async (): Promise<void> => {
    // Loading a generation can take longer than the interval.
    if (busy || closed) return;
    busy = true;
    try {
      const named = await readPointer(indexFolder).then(
        (pointer) => pointer?.generation ?? null,
        () => null,
      );
      if (failed?.named === named && failed.skip > 0) failed.skip -= 1;
      else if (!isClosed() && (failed !== null || named !== current())) {
        const times = failed?.named === named ? failed.times + 1 : 1;
        const skip = Math.min(2 ** times - 1, MOST_LOOKS_SKIPPED);
        failed = (await load()) ? null : { named, times, skip };
      }
    } finally {
      busy = false;
    }
  };
  const stop = repeat(look, WATCH_INTERVAL_MS);
  return () => {
    closed = true;
    stop();
  };
}

/** A loaded generation, ready to answer. */
export async function openSnapshot(
  generation: Generation,
  embedder: EngineOptions['embedder'],
): Promise<Snapshot> {
  return snapshotOf(generation, await openSearchIndex(generation), embedder);
}

async function snapshotOf(
  generation: GenerationTexts,
  index: SearchIndex,
  embedder: EngineOptions['embedder'],
) {
  await nextTurn();
  const itinerary = itineraryOf(generation, index);
  await nextTurn();
  const byMeeting = groupOrdinals(generation, (passage) => passage.meetings);
  const bySource = groupOrdinals(generation, (passage) => passage.sources);
  const byDocument = groupOrdinals(generation, ({ documentId }) => [documentId]);
  const { manifest, documents, meetings, sources } = generation;
  /**
   * @throws DragomanError QUESTION when the question is empty or longer than 300 characters, or when the meeting
   *   or the source is unknown
   */
  const ask = async (question: string, options: AskOptions = {}): Promise<Answer> => {
    const { meeting: chosen = null, source = null } = options;
    checkQuestion(question, options);
    if (chosen !== null && !meetings.has(chosen)) throw unknown('meeting', chosen);
    if (source !== null && !sources.has(source)) throw unknown('source', source);
    const within = questionWithin(question, documents.values());
    const document = within?.document.id ?? '';
    const meeting = chosen ?? (meetings.has(document) ? document : null);
    const asked = within?.question ?? question;
    // "When was it?" of a meeting that is chosen.
    const whole =
      chosen === null
        ? asked
        : itinerary.standalone(asked, { question: '', meeting: chosen, isChosen: true });
    const ofMeeting = meeting === null ? null : (byMeeting.get(meeting) ?? []);
    const isOther = within !== null && document !== meeting;
    const ofDocument = isOther ? (byDocument.get(document) ?? []) : null;
    const ofSource = source === null ? null : (bySource.get(source) ?? []);
    const answered = await answer(whole, {
      index,
      library: generation,
      itinerary,
      embedder,
      generation: generation.id,
      k: options.k ?? DEFAULT_EXCERPTS,
      allowed: intersection(intersection(ofMeeting, ofDocument), ofSource),
      meeting,
      isWithinDocument: within !== null,
    });
    return { ...answered, question };
  };
  return {
    generation: generation.id,
    /** ISO time. */
    builtAt: manifest.createdAt,
    model: manifest.model,
    /** What the documents are about, in the words of their maintainer. */
    about: manifest.about,
    counts: { documents: documents.size, passages: generation.passages.length },
    /** In the order of the tour. */
    meetings: [...meetings.values()] as readonly Meeting[],
    sources,
    documents,
    ask,
    /**
     * A follow-up ("and in Lima?") to an answered question, in words that can be asked alone.
     *
     * @param meeting id of the one that questions are limited to
     * @throws DragomanError as `ask`
     */
    standalone: async (question: string, before: Answer, meeting?: string): Promise<string> =>
      meeting === undefined
        ? standaloneQuestion(question, before, { itinerary, ask: (text) => ask(text, { k: 1 }) })
        : itinerary.standalone(question, { question: before.question, meeting, isChosen: true }),
    /** Ids of the meetings that have all that a text names: people, offices, places, days. */
    meetingsNamed: (text: string): readonly string[] => itinerary.read(text).focus.meetings,
    /** ISO dates that a text names: a date, a weekday, "the third day". */
    daysNamed: (text: string): readonly string[] => itinerary.read(text).focus.days,
    /** The section around lines of a document; null when the document or the lines do not exist. */
    context: (documentId: string, lines: LineRange): Context | null => {
      const document = documents.get(documentId);
      return document === undefined ? null : contextOf(document, lines);
    },
  };
}

export function itineraryOf(
  { meetings, documents, manifest }: GenerationTexts,
  index: SearchIndex,
): Itinerary {
  const all = [...meetings.values()];
  return new Itinerary(all, {
    names: japaneseFormsOf(withJapanese(all, documents), manifest.about.ja.names),
    isMentioned: (names) => isMentionedIn(index, names),
  });
}

function checkQuestion(question: string, { k = DEFAULT_EXCERPTS }: AskOptions): void {
  const length = Array.from(question.trim()).length;
  if (length === 0) {
    throw new DragomanError('QUESTION', 'The question is empty.', {
      hint: 'Ask something about the documents.',
    });
  }
  if (length > LONGEST_QUESTION) {
    throw new DragomanError(
      'QUESTION',
      `The question has ${length} characters; at most ${LONGEST_QUESTION} are read.`,
      { hint: 'Leave out what is not needed to find the answer.' },
    );
  }
  if (!Number.isInteger(k) || k < 1 || k > MOST_EXCERPTS) {
    throw new DragomanError('QUESTION', `Expected 1 to ${MOST_EXCERPTS} excerpts, got ${k}.`);
  }
}

function unknown(what: 'meeting' | 'source', id: string): DragomanError {
  return new DragomanError('QUESTION', `There is no ${what} with the id "${id}".`);
}

/** Key → ordinals of the passages with it, ascending. */
function groupOrdinals(
  { passages }: GenerationTexts,
  keysOf: (passage: GenerationTexts['passages'][number]) => readonly string[],
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  passages.forEach((passage, ordinal) => {
    for (const key of keysOf(passage)) {
      const group = groups.get(key) ?? [];
      group.push(ordinal);
      groups.set(key, group);
    }
  });
  return groups;
}

/** Ordinals in both lists; null is "all". */
function intersection(
  a: readonly number[] | null,
  b: readonly number[] | null,
): readonly number[] | null {
  if (a === null) return b;
  if (b === null) return a;
  const inB = new Set(b);
  return a.filter((ordinal) => inB.has(ordinal));
}
