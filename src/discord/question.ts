import { LONGEST_QUESTION } from '../engine.ts';
import type { AskRequest } from './answers.ts';
import { itemOf, type ControlInteraction, type RequestFields } from './custom-ids.ts';
import { clip, oneLine, unescapeMarkdown } from './escape.ts';
import { askAgain, Refusal } from './failures.ts';
import type { InteractionContext } from './interaction-context.ts';
import { meetingsById } from './lookup.ts';
import { QUESTION_MARK } from './views/answer.ts';

/**
 * A question as it is asked and shown: on one line, without invisible characters.
 *
 * @throws Refusal when it is empty or too long
 */
export function questionFromInput(input: string): string {
  const question = oneLine(input);
  const length = Array.from(question).length;
  if (length === 0) throw new Refusal((texts) => texts.emptyQuestion);
  if (length > LONGEST_QUESTION) {
    throw new Refusal((texts) => texts.longQuestion(length, LONGEST_QUESTION));
  }
  return question;
}

/** The beginning of somebody's text as a question; null when it has no visible text. */
export function questionFromText(text: string): { question: string; isCut: boolean } | null {
  const whole = oneLine(text);
  if (whole === '') return null;
  return { question: clip(whole, LONGEST_QUESTION), isCut: whole.length > LONGEST_QUESTION };
}

/** Messages of earlier versions have the question as a heading. */
const EARLIER_MARK = '### ';

/** The question that an answer of the bot repeats in its first text; null when there is none. */
export function questionFromMessage(components: readonly unknown[]): string | null {
  const content = firstText(components);
  const mark = [QUESTION_MARK, EARLIER_MARK].find((each) => content?.startsWith(each) === true);
  if (content === null || mark === undefined) return null;
  const [line = ''] = content.split('\n');
  const question = unescapeMarkdown(line.slice(mark.length)).trim();
  return question === '' ? null : question;
}

function firstText(components: readonly unknown[]): string | null {
  for (const component of components) {
    if (typeof component !== 'object' || component === null) continue;
    if ('content' in component && typeof component.content === 'string') return component.content;
    if ('components' in component && Array.isArray(component.components)) {
      const found = firstText(component.components);
      if (found !== null) return found;
    }
  }
  return null;
}

/**
 * The request that a message with a control answers.
 *
 * @throws Refusal when the message does not contain the question, or its meeting or source no longer exists
 */
export function requestOf(
  { interaction, snapshot }: InteractionContext<ControlInteraction>,
  fields: RequestFields,
): AskRequest {
  const components = interaction.message?.components.map((component) => component.toJSON()) ?? [];
  const question = fields.question ?? questionFromMessage(components);
  if (question === null) throw askAgain();
  const { meeting, source } = fields;
  return {
    question,
    meeting: meeting === null ? null : itemOf(meeting, meetingsById(snapshot)).id,
    source: source === null ? null : itemOf(source, snapshot.sources).id,
  };
}
