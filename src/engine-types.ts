import type { Answer, Context } from './answer/types.ts';
import type { About, Document, LineRange, Meeting, Source } from './corpus/types.ts';

export type { Context };

export interface AskOptions {
  /** The most excerpts, 1 to 25. Default: 3. */
  readonly k?: number;
  /** Only passages that belong to this meeting. */
  readonly meeting?: string;
  /** Only passages with this source. */
  readonly source?: string;
}

/** A loaded generation, ready to answer. Immutable: keep one for the length of an interaction. */
export interface Snapshot {
  readonly generation: string;
  /** ISO time of the build. */
  readonly builtAt: string;
  readonly model: { readonly id: string; readonly digest: string; readonly dimensions: number };
  /** What the documents are about, in the words of their maintainer. */
  readonly about: About;
  readonly counts: { readonly documents: number; readonly passages: number };
  /** In the order of the tour. */
  readonly meetings: readonly Meeting[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly documents: ReadonlyMap<string, Document>;
  /**
   * @throws DragomanError QUESTION when the question is empty or longer than 300 characters, or when the meeting
   *   or the source is unknown
   */
  ask(question: string, options?: AskOptions): Promise<Answer>;
  /** A follow-up ("and in Lima?") to an answered question, in words that can be asked alone. */
  standalone(question: string, before: Answer): string;
  /** Ids of the meetings that have all that a text names: people, offices, places, days. */
  meetingsNamed(text: string): readonly string[];
  /** ISO dates that a text names: a date, a weekday, "the third day". */
  daysNamed(text: string): readonly string[];
  /** The section around lines of a document; null when the document or the lines do not exist. */
  context(documentId: string, lines: LineRange): Context | null;
}

/** The result of the last reload. */
export interface ReloadStatus {
  /** ISO time. */
  readonly at: string;
  /** The generation in use after it. */
  readonly generation: string;
  readonly loaded: boolean;
  /** Why the newer generation was refused; null when it was loaded. */
  readonly problem: string | null;
  /** How many attempts have failed since the last one that did not. */
  readonly failures: number;
}

/** Answers from the current generation and switches to a newer one without a pause. */
export interface Engine {
  current(): Snapshot;
  /** Loads the published generation. A damaged one is refused; the old one stays in use. */
  reload(): Promise<ReloadStatus>;
  /** Unit vectors of questions, to tell which mean the same. */
  vectorsOf(questions: readonly string[]): Promise<Float32Array[]>;
  lastReload(): ReloadStatus | null;
  /**
   * Starts to load newer generations in the background. What cannot be loaded is tried again, at growing intervals;
   * `onReload` is called after each success, and once for each problem.
   */
  watch(onReload: (status: ReloadStatus) => void): void;
  close(): void;
}
