/** What the journal holds, and what a keeper wants to know of it. */
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { fold } from '../language/words.ts';

/** ISO time. */
const at = z.string();
const asked = {
  meeting: z.string().nullable(),
  reason: z.string().nullable(),
};
/** A question without a clear answer. */
const unanswered = z.object({
  type: z.literal('unanswered'),
  at,
  question: z.string(),
  ...asked,
  verdict: z.enum(['weak', 'not_found']),
  generation: z.string(),
});
const feedback = z.object({
  type: z.literal('feedback'),
  at,
  /** Null where the answer was private. */
  question: z.string().nullable(),
  ...asked,
  verdict: z.enum(['answered', 'weak', 'not_found']).nullable(),
  vote: z.enum(['up', 'down']),
  /** What the user wrote; null for a vote without words. */
  remark: z.string().nullable(),
  /** Of one person at one message, see `Journal.voterOf`: only the last vote counts. Older journals have none. */
  voter: z.string().optional(),
});
/** A vote that its voter took back. */
const takenBack = z.object({ type: z.literal('taken-back'), at, voter: z.string() });
/** The keeper has dealt with a question: what was asked before is not listed any more. */
const done = z.object({ type: z.literal('done'), at, question: z.string() });

export const entrySchema = z.discriminatedUnion('type', [unanswered, feedback, takenBack, done]);

export type UnansweredEntry = Readonly<z.infer<typeof unanswered>>;
export type FeedbackEntry = Readonly<z.infer<typeof feedback>>;
export type JournalEntry = Readonly<z.infer<typeof entrySchema>>;

export interface UnansweredQuestion {
  /** As it was last asked. */
  readonly question: string;
  /** Other wordings of it, most often asked first. */
  readonly wordings: readonly string[];
  readonly times: number;
  readonly verdict: UnansweredEntry['verdict'];
  readonly reason: string | null;
  /** ISO time. */
  readonly lastAsked: string;
}

/** Unit vectors of questions, one each. */
export type VectorsOf = (questions: readonly string[]) => Promise<readonly Float32Array[]>;

/** Different questions kept in memory while a journal is read; those not asked for longest are forgotten first. */
const MOST_QUESTIONS = 20_000;
/** So many of them, the most frequent, are compared by meaning: each takes some milliseconds. */
const MOST_COMPARED = 300;
/**
 * Cosine from which two questions mean the same: of twenty pairs with the bundled model, other wordings of one question
 * had 0.85 or more, questions about another thing 0.84 or less.
 */
const SAME_MEANING = 0.86;

/**
 * Questions without a clear answer that nobody has marked as done, most often asked first, then latest first. Questions
 * are the same when they differ in case, accents or punctuation only, or when they mean the same and have the same
 * figures.
 */
export async function unansweredQuestions(
  entries: AsyncIterable<JournalEntry>,
  vectorsOf: VectorsOf,
): Promise<UnansweredQuestion[]> {
  const byWords = new LRUCache<string, UnansweredQuestion>({ max: MOST_QUESTIONS });
  for await (const entry of entries) {
    if (entry.type !== 'unanswered' && entry.type !== 'done') continue;
    const key = wordsOfQuestion(entry.question);
    if (entry.type === 'done') {
      byWords.delete(key);
      continue;
    }
    const { question, verdict, reason, at } = entry;
    const times = (byWords.get(key)?.times ?? 0) + 1;
    byWords.set(key, { question, wordings: [], times, verdict, reason, lastAsked: at });
  }
  const questions = [...byWords.values()].sort(byTimes);
  const compared = await grouped(questions.slice(0, MOST_COMPARED), vectorsOf);
  return [...compared, ...questions.slice(MOST_COMPARED)].sort(byTimes);
}

function byTimes(a: UnansweredQuestion, b: UnansweredQuestion): number {
  return b.times - a.times || b.lastAsked.localeCompare(a.lastAsked);
}

/** The words of a question, in which two that differ in nothing else are the same. */
function wordsOfQuestion(question: string): string {
  return fold(question)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Each question joins the first one before it, and so a more frequent one, that means the same. */
async function grouped(
  questions: readonly UnansweredQuestion[],
  vectorsOf: VectorsOf,
): Promise<UnansweredQuestion[]> {
  if (questions.length < 2) return [...questions];
  // In one case: models take "Lima" and "lima" for different words.
  const vectors = await vectorsOf(questions.map(({ question }) => question.toLowerCase()));
  const groups: { whole: UnansweredQuestion; vector: Float32Array; figures: string }[] = [];
  for (const [index, question] of questions.entries()) {
    const vector = vectors[index] ?? new Float32Array();
    const figures = figuresOf(question.question);
    const same = groups.find(
      (group) => group.figures === figures && dot(group.vector, vector) >= SAME_MEANING,
    );
    if (same === undefined) groups.push({ whole: question, vector, figures });
    else same.whole = joined(same.whole, question);
  }
  return groups.map(({ whole }) => whole);
}

function joined(group: UnansweredQuestion, next: UnansweredQuestion): UnansweredQuestion {
  const [latest] = [group, next].sort((a, b) => b.lastAsked.localeCompare(a.lastAsked));
  return {
    ...group,
    wordings: [...group.wordings, next.question],
    times: group.times + next.times,
    lastAsked: latest?.lastAsked ?? group.lastAsked,
  };
}

function figuresOf(question: string): string {
  return [...new Set(question.match(/\p{Nd}+/gu))].sort().join(' ');
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/** Votes kept in memory while a journal is read; the oldest are forgotten first. */
const MOST_VOTES = 20_000;

/** The feedback that counts, latest first: of one person at one message the last, unless it was taken back. */
export async function latestFeedback(
  entries: AsyncIterable<JournalEntry>,
): Promise<FeedbackEntry[]> {
  const votes = new LRUCache<string, FeedbackEntry>({ max: MOST_VOTES });
  let unnamed = 0;
  for await (const entry of entries) {
    if (entry.type === 'taken-back') votes.delete(entry.voter);
    if (entry.type === 'feedback') votes.set(entry.voter ?? `unnamed ${(unnamed += 1)}`, entry);
  }
  return [...votes.values()];
}

/**
 * Marks a question as done, in all its wordings, so that it is listed again only when somebody asks it anew.
 *
 * @returns the question; null when none of them has these words
 */
export async function markDone(
  journal: { record(entry: JournalEntry): Promise<void> },
  {
    questions,
    asked,
  }: { readonly questions: readonly UnansweredQuestion[]; readonly asked: string },
): Promise<UnansweredQuestion | null> {
  const key = wordsOfQuestion(asked);
  const found = questions.find(({ question, wordings }) =>
    [question, ...wordings].some((wording) => wordsOfQuestion(wording) === key),
  );
  if (found === undefined) return null;
  const at = new Date().toISOString();
  const wordings = [found.question, ...found.wordings];
  await Promise.all(wordings.map((question) => journal.record({ type: 'done', at, question })));
  return found;
}
