import type { Verdict } from '../answer/types.ts';

/** A question that found no clear answer. Who asked it is nowhere in the journal. */
export interface UnansweredEntry {
  readonly type: 'unanswered';
  /** ISO time. */
  readonly at: string;
  readonly question: string;
  readonly meeting: string | null;
  readonly verdict: Exclude<Verdict, 'answered'>;
  readonly reason: string | null;
  readonly generation: string;
}

export interface FeedbackEntry {
  readonly type: 'feedback';
  /** ISO time. */
  readonly at: string;
  readonly question: string;
  readonly meeting: string | null;
  readonly verdict: Verdict | null;
  readonly reason: string | null;
  readonly vote: 'up' | 'down';
  /** What the user wrote; null for a thumb without words. */
  readonly remark: string | null;
}

export type JournalEntry = UnansweredEntry | FeedbackEntry;
