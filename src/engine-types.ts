import type { Answer } from './answer/types.ts';
import type { Document, LineRange, Meeting, Source } from './corpus/types.ts';

export interface AskOptions {
  /** How many excerpts at most, 1 to 25; 3 unless told. */
  readonly k?: number;
  /** Only passages that belong to this meeting. */
  readonly meeting?: string;
  /** Only passages that rest on this source. */
  readonly source?: string;
}

/** A passage's place in its document with the paragraphs around it. */
export interface Context {
  readonly document: { readonly id: string; readonly title: string; readonly path: string };
  readonly headings: readonly string[];
  /** Exact spans of the document's text, in order. */
  readonly paragraphs: readonly {
    readonly text: string;
    readonly lines: LineRange;
    /** True for a paragraph that the lines asked for touch. */
    readonly asked: boolean;
  }[];
}

/** One generation, loaded and ready to answer. Immutable: hold on to it for the length of one interaction. */
export interface Edition {
  readonly generation: string;
  /** ISO time of the build. */
  readonly builtAt: string;
  readonly model: { readonly id: string; readonly digest: string; readonly dimensions: number };
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
  /** The section around some lines of a document; null when the document or the lines are gone. */
  context(documentId: string, lines: LineRange): Context | null;
}

/** What last happened when a newer generation was found. */
export interface ReloadStatus {
  readonly at: string;
  readonly generation: string;
  readonly loaded: boolean;
  /** Why it was refused; null when it was loaded. */
  readonly problem: string | null;
}

/** Answers from the current generation, and changes over to a newer one without a pause. */
export interface Engine {
  current(): Edition;
  /** Looks for a newer generation now. A bad one is refused; the old one stays in use. */
  reload(): Promise<ReloadStatus>;
  lastReload(): ReloadStatus | null;
  /** Starts looking for newer generations in the background; `onReload` hears of each. */
  watch(onReload: (status: ReloadStatus) => void): void;
  close(): void;
}
