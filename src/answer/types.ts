import type { AccountName, LineRange, Source } from '../corpus/types.ts';
import type { ListedMeeting, Listing as ItineraryListing } from '../itinerary/listing.ts';
import type { AnswerKind } from '../language/answer-kinds.ts';

export type Verdict = 'answered' | 'weak' | 'not_found';

/** The terminal's JSON and every renderer read this shape; it is a contract with other programs. */
export interface Answer {
  readonly question: string;
  readonly verdict: Verdict;
  /** Why the verdict is not a plain `answered`, in words a person understands; else null. */
  readonly reason: string | null;
  /** What `reason` says, for renderers in other languages. Not part of the terminal's JSON. */
  readonly doubt: Doubt | null;
  /** Calibrated probability that the first excerpt holds the answer, 0 to 1. */
  readonly confidence: number;
  readonly excerpts: readonly Excerpt[];
  /** What the itinerary answers by itself; null where it does not. */
  readonly listing: Listing | null;
  /** What sources state differently of what is asked, first the most told; null where nothing differs. */
  readonly versions: readonly Version[] | null;
  readonly timing: {
    readonly embedMs: number;
    readonly searchMs: number;
    readonly totalMs: number;
  };
  /** Id of the generation that answered. */
  readonly generation: string;
}

/** One of the values that sources give for what is asked. */
export interface Version {
  /** As the documents write it: "40 minutes". */
  readonly value: string;
  /** Ranks of the excerpts that state it. */
  readonly excerpts: readonly number[];
}

/** An answer computed from the dates, places and people of the meetings. */
export type Listing = Omit<ItineraryListing, 'items' | 'topics'>;

/** Why an answer is weak or not found. */
export type Doubt =
  /** The question has no word, at most single letters. */
  | { readonly kind: 'wordless' }
  /** What is found says that the sources do not tell it. */
  | { readonly kind: 'open' }
  /** The itinerary has no such meeting or visit, or an act is not told, or how the question was read. */
  | { readonly kind: 'itinerary'; readonly en: string; readonly ja: string }
  /** No document holds these names or words of the question. */
  | { readonly kind: 'unmentioned'; readonly names: readonly string[] }
  /** The documents hold these names, but not where the rest of the question is spoken of. */
  | { readonly kind: 'apart'; readonly names: readonly string[] }
  /** The passages found do not hold the kind of thing asked for. */
  | { readonly kind: 'kind'; readonly asked: AnswerKind }
  /** Sources state different values for what is asked. */
  | { readonly kind: 'versions'; readonly values: readonly string[] }
  /** Passages are near the question, none clearly answers it. */
  | { readonly kind: 'vague' }
  /** Nothing in the documents is near the question. */
  | { readonly kind: 'unrelated' };

/** A passage as shown. */
export interface Excerpt {
  readonly rank: number;
  /** An exact span of the document's text. */
  readonly text: string;
  /** UTF-16 offsets of the sentence that answers, into `text`; null if none clearly does. */
  readonly highlight: readonly [start: number, end: number] | null;
  readonly document: {
    readonly id: string;
    readonly title: string;
    readonly path: string;
    readonly lines: LineRange;
  };
  readonly meeting: ListedMeeting | null;
  /** What `text` is taken from: whose words they are. */
  readonly quoted: Quoted;
  readonly sources: readonly CitedSource[];
  /** Ids of documents that say nearly the same. */
  readonly alsoReportedBy: readonly string[];
  readonly score: number;
}

export type CitedSource = Omit<Source, 'language'>;

/** Whose words an excerpt is. `describeQuoted` puts it into words. */
export type Quoted =
  /** A document of the corpus's own, written after its sources. */
  | {
      readonly kind: 'account';
      readonly name: AccountName | null;
      readonly ofMeeting: boolean;
      /** Those of the sources, each once. */
      readonly publishers: readonly string[];
    }
  /** A page or another document, word for word. */
  | {
      readonly kind: 'page';
      readonly title: string;
      /** Null where its source is not known. */
      readonly publisher: string | null;
      /** The host, where it is not the publisher's own. */
      readonly copyOn: string | null;
      /** Leads to the sentence on the page; null where its address is not known. */
      readonly url: string | null;
    };

/** Lines of a document with the paragraphs around them. */
export interface Context {
  readonly document: Omit<Excerpt['document'], 'lines'>;
  readonly headings: readonly string[];
  /** Exact spans of the document's text, in order. */
  readonly paragraphs: readonly {
    readonly text: string;
    readonly lines: LineRange;
    /** True for a paragraph on the requested lines. */
    readonly asked: boolean;
  }[];
}
