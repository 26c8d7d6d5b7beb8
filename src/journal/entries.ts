/** What the journal records, and what it must not keep of it. */
import { z } from 'zod';

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
/** The maintainer has dealt with a question: what was asked before is not listed any more. */
const done = z.object({ type: z.literal('done'), at, question: z.string() });

export const entrySchema = z.discriminatedUnion('type', [unanswered, feedback, takenBack, done]);

export type UnansweredEntry = Readonly<z.infer<typeof unanswered>>;
export type FeedbackEntry = Readonly<z.infer<typeof feedback>>;
export type JournalEntry = Readonly<z.infer<typeof entrySchema>>;

/** What a person wrote, or what repeats their words, without mentions, addresses and numbers. */
export function withoutNames(entry: JournalEntry): JournalEntry {
  const clean = (text: string | null): string | null => (text === null ? null : scrubbed(text));
  switch (entry.type) {
    case 'taken-back':
      return entry;
    case 'done':
      return { ...entry, question: scrubbed(entry.question) };
    case 'unanswered':
      return { ...entry, question: scrubbed(entry.question), reason: clean(entry.reason) };
    case 'feedback': {
      const { question, reason, remark } = entry;
      return {
        ...entry,
        question: clean(question),
        reason: clean(reason),
        remark: clean(remark),
      };
    }
  }
}

/** Discord's mentions of users, roles and channels, and names after an @. */
const MENTION = /<(?:@[!&]?|#)\d+>|(?<![\p{L}\p{N}])@[\p{L}\p{N}_.-]{2,}/gu;
/** The part before the @ has at most 64 characters (RFC 5321), which bounds the work on text without any. */
const MAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** Digits of any script in groups, as telephone numbers are written. */
const DIGITS =
  /(?<![\p{L}\p{N}])[+(]?\p{Nd}(?:[ ().\-/\u2010-\u2015]{0,2}\p{Nd})+(?![\p{L}\p{N}])/gu;
/** The shortest national number is written with seven digits, "555-0123"; longer ones need no separator. */
const FEWEST_DIGITS = 9;
const SHORT_NUMBER = /^\p{Nd}{3}[-.]\p{Nd}{4}$/u;
/** "2024-01-12", "12/01/2024", "1 000 000": dates, spans of years and amounts are what questions are about. */
const DATE =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}[-/ \u2010-\u2015]+\d{4})$/;
const AMOUNT = /^\d{1,3}(?:[ .]\d{3})+$/;

/** A text without what could tell who wrote it or whom it is about: the journal must not keep that. */
export function scrubbed(text: string): string {
  return text
    .replace(MAIL, '[mail]')
    .replace(MENTION, '[name]')
    .replace(DIGITS, (found) => (isTelephone(found) ? '[number]' : found));
}

function isTelephone(written: string): boolean {
  if (DATE.test(written) || AMOUNT.test(written)) return false;
  const digits = written.match(/\p{Nd}/gu)?.length ?? 0;
  return digits >= FEWEST_DIGITS || written.startsWith('+') || SHORT_NUMBER.test(written);
}
