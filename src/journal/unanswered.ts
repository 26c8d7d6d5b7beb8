import { fold } from '../language/words.ts';
import type { FeedbackEntry, JournalEntry, UnansweredEntry } from './types.ts';

export interface UnansweredQuestion {
  /** As it was last asked. */
  readonly question: string;
  readonly times: number;
  readonly verdict: UnansweredEntry['verdict'];
  readonly reason: string | null;
  /** ISO time of the last one. */
  readonly lastAsked: string;
}

/** Questions that found no clear answer, most often asked first, then latest first. Spelling of case and marks is one. */
export function unansweredQuestions(entries: readonly JournalEntry[]): UnansweredQuestion[] {
  const groups = new Map<string, UnansweredQuestion>();
  for (const entry of entries) {
    if (entry.type !== 'unanswered') continue;
    const key = fold(entry.question)
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
    groups.set(key, {
      question: entry.question,
      times: (groups.get(key)?.times ?? 0) + 1,
      verdict: entry.verdict,
      reason: entry.reason,
      lastAsked: entry.at,
    });
  }
  return [...groups.values()].sort(
    (a, b) => b.times - a.times || b.lastAsked.localeCompare(a.lastAsked),
  );
}

/** Feedback, latest first. */
export function latestFeedback(entries: readonly JournalEntry[]): FeedbackEntry[] {
  return entries.filter((entry) => entry.type === 'feedback').reverse();
}
