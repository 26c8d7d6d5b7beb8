/** Questions: read from what users write and from messages of the bot, and those that are offered. */
import { exampleQuestions, MeetingNames } from '../answer/meeting-texts.ts';
import type { Answer } from '../answer/types.ts';
import {
  type ControlInteraction,
  itemOf,
  repeatedRequest,
  type RequestFields,
} from './custom-ids.ts';
import { CHOICE_TEXT, CHOICES, directoryOf, distinct, meetingsById } from './lookup.ts';
import type { Autocomplete } from './registry.ts';
import { askAgain, NoQuestion, Refusal } from './reply.ts';
import type { AskRequest, InteractionContext } from './services.ts';
import { clip, oneLine, unescapeMarkdown } from './text.ts';
import { textsIn } from './texts/index.ts';
import { QUESTION_MARK } from './views/answer.ts';
import { LONGEST_QUESTION, type Snapshot } from '../engine.ts';
import { smallTalkOf } from '../language/answer-kinds.ts';
import { fold, isStopWord, stem, wordsOf } from '../language/words.ts';

/**
 * A question as it is asked and shown: on one line, without invisible characters.
 *
 * @throws NoQuestion when it is empty or small talk; Refusal when it is too long
 */
export function questionFromInput(input: string): string {
  const question = oneLine(input);
  const length = Array.from(question).length;
  const talk = length === 0 ? 'greeting' : smallTalkOf(question);
  if (talk !== null) throw new NoQuestion(talk);
  if (length > LONGEST_QUESTION) {
    throw new Refusal((texts) => texts.longQuestion(length, LONGEST_QUESTION));
  }
  return question;
}

/** The beginning of somebody's text as a question; null when it has no visible text. */
export function questionFromText(text: string): { question: string; isCut: boolean } | null {
  const whole = withoutMarks(text);
  if (whole === '') return null;
  return { question: clip(whole, LONGEST_QUESTION), isCut: whole.length > LONGEST_QUESTION };
}

/** Mentions of users, roles and channels, emoji of servers, and times, as Discord writes them into a text. */
const DISCORD_MARK = '<(?:@[!&]?\\d+|#\\d+|a?:\\w+:\\d+|t:-?\\d+(?::\\w)?|id:\\w+)>';
const MARKS = new RegExp(DISCORD_MARK, 'g');
/** Left out, these would leave a space before punctuation. */
const MARKS_BEFORE_PUNCTUATION = new RegExp(`\\s*${DISCORD_MARK}(?=\\s*[,.;:!?、。？！])`, 'g');

function withoutMarks(text: string): string {
  const left = text.replace(MARKS_BEFORE_PUNCTUATION, '').replace(MARKS, ' ');
  return oneLine(left.replace(/^\s*[,;:、]/, ''));
}

/** Whether a text has the form of a question. */
export function isLikeQuestion(text: string): boolean {
  return /[?？]|^(?:who|whom|whose|what|when|where|why|which|how|did|does|do|was|were|is|are|has|have|can|could|will|would|tell me)\b|か[。.！!]*$/iu.test(
    text,
  );
}

/** What has texts of a message: the message itself, or one that was forwarded in it. */
interface MessageText {
  readonly content?: string | undefined;
  readonly embeds?:
    | readonly {
        readonly title?: string | null | undefined;
        readonly description?: string | null | undefined;
      }[]
    | undefined;
  readonly components?: readonly unknown[] | undefined;
  readonly message_snapshots?: readonly { readonly message: MessageText }[] | undefined;
}

/**
 * The text of a message: its own, else that of the message forwarded in it, of its embeds or of its components. Of an answer
 * of the bot, the question.
 */
export function textOfMessage({
  content = '',
  embeds = [],
  components = [],
  message_snapshots: forwarded = [],
}: MessageText): string {
  const own = withoutMarks(content);
  if (own !== '') return own;
  const [first] = forwarded;
  if (first !== undefined) return textOfMessage(first.message);
  const inEmbeds = embeds.map(({ title, description }) => description ?? title ?? '').join(' ');
  if (oneLine(inEmbeds) !== '') return oneLine(inEmbeds);
  const asked = fieldsIn(components);
  const question = asked === null ? null : (asked.question ?? questionFromMessage(components));
  return question ?? withoutMarks(textsOf(components).join(' '));
}

/** Messages of earlier versions have the question as a heading. */
const EARLIER_MARK = '### ';

/** The question that an answer of the bot repeats in its first text; null when there is none. */
export function questionFromMessage(components: readonly unknown[]): string | null {
  const [content = null] = textsOf(components);
  const mark = [QUESTION_MARK, EARLIER_MARK].find((each) => content?.startsWith(each) === true);
  if (content === null || mark === undefined) return null;
  const [line = ''] = content.split('\n');
  const question = unescapeMarkdown(line.slice(mark.length)).trim();
  return question === '' ? null : question;
}

/** Texts of components, nested ones too, in reading order. */
function textsOf(components: readonly unknown[]): string[] {
  return everyComponent(components).flatMap((component) =>
    'content' in component && typeof component.content === 'string' ? [component.content] : [],
  );
}

function everyComponent(components: readonly unknown[]): object[] {
  return components.flatMap((component) => {
    if (typeof component !== 'object' || component === null) return [];
    const inner =
      'components' in component && Array.isArray(component.components) ? component.components : [];
    return [component, ...everyComponent(inner)];
  });
}

/**
 * The request that an answer of the bot answers, from the ids of its controls; null for any other message, and where its
 * meeting or source no longer exists.
 */
export function requestIn(components: readonly unknown[], snapshot: Snapshot): AskRequest | null {
  const fields = fieldsIn(components);
  try {
    return fields === null ? null : requestFrom(fields, components, snapshot);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** The request that an answer of the bot repeats in its controls; null for any other message. */
function fieldsIn(components: readonly unknown[]): RequestFields | null {
  const ids = everyComponent(components).flatMap((component) =>
    'custom_id' in component && typeof component.custom_id === 'string'
      ? [component.custom_id]
      : [],
  );
  return ids.map(repeatedRequest).find((fields) => fields !== null) ?? null;
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
  return requestFrom(fields, components, snapshot);
}

function requestFrom(
  fields: RequestFields,
  components: readonly unknown[],
  snapshot: Snapshot,
): AskRequest {
  const question = fields.question ?? questionFromMessage(components);
  if (question === null) throw askAgain();
  const { meeting, source } = fields;
  return {
    question,
    meeting: meeting === null ? null : itemOf(meeting, meetingsById(snapshot)).id,
    source: source === null ? null : itemOf(source, snapshot.sources).id,
  };
}

/** Near questions are tried before they are offered, and each try costs as much as the question itself. */
const MOST_TRIED = 3;
/** Longer labels leave no room in the row, each and together. */
const NEAR_LABEL = 24;
const NEAR_LABELS = 26;

/**
 * What to tap below an answer: questions that these documents answer where nothing was found; where the answer is uncertain,
 * questions about the topics of the closest passages, so far as they have a clear answer.
 */
export async function offeredQuestions(
  answer: Answer,
  { services, snapshot, locale }: Pick<InteractionContext, 'services' | 'snapshot' | 'locale'>,
): Promise<OfferedQuestion[]> {
  const { verdict, listing, versions } = answer;
  if (verdict === 'answered' || listing !== null || versions !== null) return [];
  if (verdict === 'not_found') {
    return exampleQuestions(snapshot, locale).map((question) => ({ label: question, question }));
  }
  const names = new MeetingNames(snapshot);
  const near = nearTopics(answer, snapshot)
    .map((topic) => names.named(topic, locale))
    // A question in Japanese about a topic without a Japanese name would be half in English.
    .filter((topic) => locale === 'en' || UNSPACED.test(topic))
    .map((topic) => ({ label: `${topic}?`, question: textsIn(locale).reply.topic(topic) }))
    .filter(({ label }) => label.length <= NEAR_LABEL);
  const tried = await Promise.all(
    near.slice(0, MOST_TRIED).map(async (one) => {
      const request = { question: one.question, meeting: null, source: null };
      const found = await services.answers.answer(snapshot, request).catch(() => null);
      return found?.verdict === 'answered' ? [one] : [];
    }),
  );
  const [first, second] = tried.flat();
  if (first === undefined) return [];
  const fits = second !== undefined && first.label.length + second.label.length <= NEAR_LABELS;
  return fits ? [first, second] : [first];
}

/** Topics of the closest passages' documents that share words with the question or with those passages, nearest first. */
function nearTopics({ question, excerpts }: Answer, { documents }: Snapshot): string[] {
  const asked = wordsIn(question);
  const closest = excerpts.slice(0, MOST_TRIED);
  const sentences = closest.map(({ text, highlight }) => text.slice(...(highlight ?? [0, 0])));
  const said = wordsIn(sentences.join(' '));
  const topics = closest.flatMap(({ document }) => documents.get(document.id)?.topics ?? []);
  const shared = (topic: string, words: ReadonlySet<string>): number =>
    [...wordsIn(topic)].filter((word) => words.has(word)).length;
  return [...new Set(topics)]
    .map((topic) => ({ topic, score: 2 * shared(topic, asked) + shared(topic, said) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ topic }) => oneLine(topic));
}

function wordsIn(text: string): Set<string> {
  const words = wordsOf(text).map(({ folded }) => folded);
  return new Set(words.filter((word) => !isStopWord(word)).map(stem));
}

export interface OfferedQuestion {
  readonly label: string;
  readonly question: string;
}

/** Questions that were answered before: asked in public on this server, or expected by the documents. */
export const questionChoices: Autocomplete = (typed, { snapshot, locale, asked }) => {
  const { questions } = directoryOf(snapshot);
  const isEmpty = typed.trim() === '';
  const isJapanese = UNSPACED.test(typed) || (isEmpty && locale === 'ja');
  const known = [...asked, ...exampleQuestions(snapshot, locale), ...questions];
  const words = fold(typed)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const fits = (question: string): boolean => {
    const own = fold(question).split(/[^\p{L}\p{N}]+/u);
    if (isJapanese)
      return UNSPACED.test(question) && words.every((word) => fold(question).includes(word));
    if (isEmpty) return !UNSPACED.test(question);
    return words.every((word) => own.some((each) => each.startsWith(word)));
  };
  const seen = new Set<string>();
  const isNew = (question: string): boolean => {
    const key = fold(question).replace(/[^\p{L}\p{N}]/gu, '');
    return !seen.has(key) && seen.add(key).has(key);
  };
  return distinct(
    known
      .filter((question) => question.length <= CHOICE_TEXT && fits(question) && isNew(question))
      .slice(0, CHOICES)
      .map((question) => ({ name: question, value: question })),
  );
};

const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff]/;
