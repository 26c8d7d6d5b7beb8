/**
 * The words of the corpus: source, person, meeting, document, section, passage.
 * Offsets are UTF-16 code units, half open: `[start, end)`.
 */

/** Half-open range of UTF-16 offsets into a document's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** First and last line of a file, counted from 1, both included. */
export type LineRange = readonly [first: number, last: number];

export type SourceKind = 'official' | 'agency' | 'press' | 'commentary';

/** An entry of the bibliography: where facts come from. */
export interface Source {
  readonly id: string;
  readonly title: string;
  readonly publisher: string;
  /** ISO date, or null when the page showed none. */
  readonly published: string | null;
  readonly url: string;
  readonly kind: SourceKind;
  readonly language: string;
}

export interface Person {
  readonly name: string;
  readonly title: string | null;
  readonly organisation: string | null;
  readonly otherSpellings: readonly string[];
  /** The name in Japanese script. */
  readonly ja?: string;
}

/** Japanese forms of what the front matter says in English. */
export interface JapaneseNames {
  readonly title?: string | undefined;
  readonly city?: string | undefined;
  readonly country?: string | undefined;
  readonly venue?: string | undefined;
}

/** One event of the tour. It has exactly one document of its own, with the same id. */
export interface Meeting {
  readonly id: string;
  readonly title: string;
  /** Position in the tour, from 1. */
  readonly order: number;
  /** ISO date, or null when no source gives one. */
  readonly date: string | null;
  /** "HH:MM" local time, or a word such as "morning", or null. */
  readonly localStart: string | null;
  readonly durationMinutes: number | null;
  /** What other sources say of the start and the length, where they differ. */
  readonly localStartAlternative?: string;
  readonly durationAlternativeMinutes?: number;
  readonly city: string;
  readonly country: string;
  readonly coordinates: readonly [latitude: number, longitude: number];
  readonly venue: string | null;
  readonly people: readonly Person[];
  readonly topics: readonly string[];
  readonly sources: readonly string[];
}

/** A heading's stretch of a document. */
export interface Section {
  /** Headings from the outermost to the section's own; empty for text before any heading. */
  readonly headings: readonly string[];
  /** Body blocks (paragraph, list item, table row, quotation) in order; headings are not blocks. */
  readonly blocks: readonly Span[];
}

/** A reference from the text to a source: the offset in the text where the footnote mark stood. */
export interface FootnoteMark {
  readonly offset: number;
  readonly sourceId: string;
  readonly line: number;
}

/** A question that the keeper expects, with the place in the document's text of the words that answer it. */
export interface ExpectedQuestion {
  readonly question: string;
  readonly offset: number;
}

/**
 * A file of the corpus, read. `text` is the file with its markup and footnote marks removed by one
 * deterministic function; every quotation is an exact span of it.
 */
export interface Document {
  readonly id: string;
  /** What its front matter says it is; 'other' when it says nothing (a file dropped in). */
  readonly kind?: 'meeting' | 'background' | 'other';
  readonly title: string;
  /** Path relative to the corpus folder, with forward slashes. */
  readonly path: string;
  /** sha256 of the file's bytes, hex. */
  readonly sha256: string;
  readonly text: string;
  readonly sections: readonly Section[];
  readonly footnotes: readonly FootnoteMark[];
  /** Ids of sources that the front matter names. */
  readonly sources: readonly string[];
  readonly topics: readonly string[];
  readonly people: readonly Person[];
  /** The event this document is the document of, when its front matter says so. */
  readonly meeting: Meeting | null;
  /** ISO date that the document itself carries (front matter or dateline), or null. */
  readonly date: string | null;
  /** Ids of documents to read next, as the front matter names them. */
  readonly related?: readonly string[];
  readonly ja?: JapaneseNames;
  /** For search only, like a passage's header. Never quoted. */
  readonly expected: readonly ExpectedQuestion[];
  /** Where the text came from in the file. */
  readonly origin: TextOrigin;
}

/** Piecewise linear map from text offsets to the file. */
export interface TextOrigin {
  /**
   * Runs in ascending order: from `textStart` on, text comes from the decoded file's `fileStart` on
   * (UTF-16 offsets of the decoded file, after the byte-order mark is removed).
   */
  readonly runs: readonly { readonly textStart: number; readonly fileStart: number }[];
  /** UTF-16 offset of the start of each line of the decoded file. */
  readonly lineStarts: readonly number[];
}

/** What is retrieved: whole sentences of one section. */
export interface Passage {
  readonly documentId: string;
  readonly headings: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly lines: LineRange;
  /** `document.text.slice(start, end)`. */
  readonly text: string;
  /** Sentences as spans of the passage's own text. */
  readonly sentences: readonly Span[];
  /** Ids of the meetings this passage belongs to. */
  readonly meetings: readonly string[];
  /** Ids of the sources of the passage's sentences, in the order of their footnotes. */
  readonly sources: readonly string[];
  /** For search only: title, headings, date, place and people. Never quoted. */
  readonly header: string;
}

/** Everything that a corpus folder holds. */
export interface Corpus {
  readonly documents: readonly Document[];
  readonly meetings: readonly Meeting[];
  readonly sources: readonly Source[];
}

/** Something wrong in the corpus, by file and line. */
export interface Problem {
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}
