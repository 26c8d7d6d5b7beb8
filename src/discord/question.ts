import { LONGEST_QUESTION } from '../engine.ts';
import { clip, oneLine } from './escape.ts';
import { Refusal } from './refusal.ts';

/**
 * A question as it is asked and shown: one line, without characters that show nothing.
 *
 * @throws Refusal when it is empty or too long
 */
export function questionFrom(said: string): string {
  const question = oneLine(said);
  const length = Array.from(question).length;
  if (length === 0) throw new Refusal((texts) => texts.emptyQuestion);
  if (length > LONGEST_QUESTION) {
    throw new Refusal((texts) => texts.longQuestion(length, LONGEST_QUESTION));
  }
  return question;
}

/** The beginning of a message as a question; null when it has no text. */
export function questionFromMessage(content: string): { question: string; isCut: boolean } | null {
  const whole = oneLine(content);
  if (whole === '') return null;
  return { question: clip(whole, LONGEST_QUESTION), isCut: whole.length > LONGEST_QUESTION };
}
