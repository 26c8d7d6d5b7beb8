/**
 * What a button, a menu or a form does, written into its custom id: `1|letter|field|field…`. Nothing is stored in the
 * process, so controls keep working after a restart and after a rebuild. A question that does not fit into the hundred
 * characters is left out and read from the message that carries the control, as every question of an earlier message is.
 */
import { createHash } from 'node:crypto';
import type { ModalSubmitInteraction } from 'discord.js';
import { SOURCE_KINDS, type SourceKind } from '../corpus/types.ts';
import type { Snapshot } from '../engine.ts';
import { askAgain, componentsOf, type ClickInteraction } from './reply.ts';
import { directoryOf, type AskRequest, type InteractionContext } from './services.ts';
import { oneLine, unescapeMarkdown } from './text.ts';

/** Length of a custom id: https://docs.discord.com/developers/components/reference. */
const CUSTOM_ID = 100;

/** Changes with the meaning of the fields; ids of another version are answered with "ask again". */
const VERSION = '1';
const SEPARATOR = '|';

export type ControlInteraction = ClickInteraction | ModalSubmitInteraction;

/** A kind of button, menu or form. `Input` is what its id is made of, `Value` what is read from the id. */
interface ControlDefinition<I extends ControlInteraction, Value, Input> {
  /** Its name in the log. */
  readonly kind: string;
  /** Its letter in custom ids. Messages keep it for years, so it is never reused for another control. */
  readonly letter: string;
  /** Whether it works in channels where the bot does not answer too. */
  readonly worksEverywhere?: true;
  /** Whether it searches for a question, which the rate limit counts for more than turning a page. */
  readonly isQuestion?: true;
  /** The fields of a custom id; without a question at most 95 characters. */
  readonly encode: (input: Input) => readonly (string | number)[];
  /** Null for fields that `encode` does not write. */
  readonly decode: (fields: readonly string[]) => Value | null;
  readonly run: (context: InteractionContext<I>, value: Value) => Promise<void>;
}

/** How the id of a control is written and read, for messages that lead to the control without depending on what it does. */
export type IdForm<Value, Input = Value> = Pick<
  ControlDefinition<ControlInteraction, Value, Input>,
  'letter' | 'encode' | 'decode'
>;

export function customIdOf<Input>(
  { letter, encode }: Pick<IdForm<unknown, Input>, 'letter' | 'encode'>,
  input: Input,
): string {
  return joined(letter, encode(input));
}

export interface Control<
  I extends ControlInteraction = ControlInteraction,
  Value = unknown,
  Input = never,
> extends Omit<ControlDefinition<I, Value, Input>, 'encode' | 'decode' | 'run'> {
  /** Whether it is a form that was sent, not a click. */
  readonly isForm: boolean;
  readonly encode: (input: Input) => string;
  /** Null for an id that `encode` does not write. */
  readonly decode: (customId: string) => Value | null;
  /** @throws Refusal when the custom id is not understood */
  handle(context: InteractionContext<I>): Promise<void>;
}

/** A button or a menu. */
export function defineControl<Value, Input = Value>(
  definition: ControlDefinition<ClickInteraction, Value, Input>,
): Control<ClickInteraction, Value, Input> {
  return controlFrom(definition, false);
}

/** A form, as it is sent. */
export function defineForm<Value, Input = Value>(
  definition: ControlDefinition<ModalSubmitInteraction, Value, Input>,
): Control<ModalSubmitInteraction, Value, Input> {
  return controlFrom(definition, true);
}

function controlFrom<I extends ControlInteraction, Value, Input>(
  definition: ControlDefinition<I, Value, Input>,
  isForm: boolean,
): Control<I, Value, Input> {
  const decode = (customId: string): Value | null => {
    const [version, letter, ...fields] = customId.split(SEPARATOR);
    const isOwn = version === VERSION && letter === definition.letter;
    return isOwn ? definition.decode(fields) : null;
  };
  return {
    ...definition,
    isForm,
    encode: (input) => customIdOf(definition, input),
    decode,
    handle: async (context) => {
      const value = decode(context.interaction.customId);
      if (value === null) throw askAgain();
      await definition.run(context, value);
    },
  };
}

/** The control that a custom id belongs to; undefined when it is none of these. */
export function controlOf<C extends { readonly letter: string }>(
  customId: string,
  controls: readonly C[],
): C | undefined {
  const [version, letter] = customId.split(SEPARATOR);
  return version === VERSION ? controls.find((control) => control.letter === letter) : undefined;
}

/** Components of a message without the buttons of some controls, and without rows that are empty then. */
export function withoutControls<T extends object>(
  components: readonly T[],
  controls: readonly { readonly letter: string }[],
): T[] {
  return components.flatMap((component) => {
    if ('custom_id' in component && typeof component.custom_id === 'string') {
      return controlOf(component.custom_id, controls) === undefined ? [component] : [];
    }
    if (!('components' in component) || !Array.isArray(component.components)) return [component];
    const left = withoutControls(component.components as object[], controls);
    return left.length === 0 ? [] : [{ ...component, components: left }];
  });
}

function joined(letter: string, fields: readonly (string | number)[]): string {
  return [VERSION, letter, ...fields].join(SEPARATOR);
}

/** A request in a custom id. Ids of meeting and source are codes, see `codeOf`. */
export interface RequestFields {
  /** Null: it is in the message. */
  readonly question: string | null;
  readonly meeting: string | null;
  readonly source: string | null;
}

const QUESTION_FOLLOWS = '=';
const QUESTION_IN_MESSAGE = '^';
const ONE_LETTER = 'x';

/** The fields of a control that repeats a request. `first` are its fields before the request. */
export function encodeRequest(
  { question, meeting, source }: RequestFields,
  first: readonly (string | number)[] = [],
): (string | number)[] {
  const start = [...first, meeting ?? '', source ?? ''];
  const whole = [...start, QUESTION_FOLLOWS + (question ?? '')];
  const fits = question !== null && joined(ONE_LETTER, whole).length <= CUSTOM_ID;
  return fits ? whole : [...start, QUESTION_IN_MESSAGE];
}

/** The question comes last because it may contain the separator. */
export function decodeRequest(fields: readonly string[]): RequestFields | null {
  const [meeting, source, ...rest] = fields;
  const question = rest.join(SEPARATOR);
  if (question !== QUESTION_IN_MESSAGE && !question.startsWith(QUESTION_FOLLOWS)) return null;
  return {
    question: question === QUESTION_IN_MESSAGE ? null : question.slice(QUESTION_FOLLOWS.length),
    meeting: textField(meeting),
    source: textField(source),
  };
}

/** How the id of a control for an answer is written: its request is all that it needs. */
export function requestForm(letter: string): IdForm<RequestFields> {
  return { letter, encode: (request) => encodeRequest(request), decode: decodeRequest };
}

/** An id that says no more than which control it belongs to. */
export function plainForm(letter: string): IdForm<object> {
  return { letter, encode: () => [], decode: () => ({}) };
}

/** An id with a number, which only keeps the ids of one message apart. */
export function numberForm(letter: string): IdForm<number> {
  return { letter, encode: (number) => [number], decode: ([field]) => numberField(field) };
}

export function meetingForm(letter: string): IdForm<string> {
  return { letter, encode: (meeting) => [meeting], decode: ([field]) => textField(field) };
}

/** Of the button that goes on from an answer; every answer has it. */
export const askOnId = requestForm('n');

export interface SourcesPage {
  /** From 0. */
  readonly page: number;
  /** A code of the meeting's id. */
  readonly meeting: string | null;
  readonly sourceKind: SourceKind | null;
}

/** How the id of a button is written that opens a list of sources, or turns it to another page. */
export function sourcesForm(letter: string): IdForm<SourcesPage> {
  return {
    letter,
    encode: ({ page, meeting, sourceKind }) => [page, meeting ?? '', sourceKind ?? ''],
    decode([pageField, meeting, kindField]) {
      const page = numberField(pageField);
      if (page === null) return null;
      const sourceKind = SOURCE_KINDS.find((kind) => kind === kindField) ?? null;
      return { page, meeting: textField(meeting), sourceKind };
    },
  };
}

export const listSourcesId = sourcesForm('l');

/** A whole number of at most nine digits, or null. */
export function numberField(field: string | undefined): number | null {
  return field !== undefined && /^\d{1,9}$/.test(field) ? Number(field) : null;
}

function textField(field: string | undefined): string | null {
  return field === undefined || field === '' ? null : field;
}

const LONGEST_PLAIN_CODE = 24;
const PLAIN = new RegExp(`^[\\w.-]{1,${LONGEST_PLAIN_CODE}}$`);
const HASHED = '~';

/** An id short enough for a custom id: itself, or a digest of it. */
export function codeOf(id: string): string {
  if (PLAIN.test(id)) return id;
  return HASHED + createHash('sha256').update(id).digest('base64url').slice(0, 12);
}

/** The id with a code, among those known; null when there is none. */
export function idOf(code: string, known: ReadonlyMap<string, unknown>): string | null {
  if (!code.startsWith(HASHED)) return known.has(code) ? code : null;
  for (const id of known.keys()) if (codeOf(id) === code) return id;
  return null;
}

/**
 * What has an id with this code.
 *
 * @throws Refusal when it no longer exists
 */
export function itemOf<T>(code: string, known: ReadonlyMap<string, T>): T {
  const item = known.get(idOf(code, known) ?? '');
  if (item === undefined) throw askAgain();
  return item;
}

export function fieldsOf({ question, meeting, source }: AskRequest): RequestFields {
  return {
    question: oneLine(question),
    meeting: meeting === null ? null : codeOf(meeting),
    source: source === null ? null : codeOf(source),
  };
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
export function textsOf(components: readonly unknown[]): string[] {
  return fieldsNamed('content', components);
}

/** The texts with a name in components, nested ones too. */
export function fieldsNamed(name: string, components: readonly unknown[]): string[] {
  return components.flatMap((component) => {
    if (typeof component !== 'object' || component === null) return [];
    const fields = new Map<string, unknown>(Object.entries(component));
    const [own, inner] = [fields.get(name), fields.get('components')];
    return [
      ...(typeof own === 'string' ? [own] : []),
      ...(Array.isArray(inner) ? fieldsNamed(name, inner) : []),
    ];
  });
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
  const { message } = interaction;
  return requestFrom(fields, message === null ? [] : componentsOf({ message }), snapshot);
}

/** @throws Refusal as `requestOf` */
export function requestFrom(
  fields: RequestFields,
  components: readonly unknown[],
  snapshot: Snapshot,
): AskRequest {
  const question = fields.question ?? questionFromMessage(components);
  if (question === null) throw askAgain();
  const { meeting, source } = fields;
  return {
    question,
    meeting: meeting === null ? null : itemOf(meeting, directoryOf(snapshot).meetingById).id,
    source: source === null ? null : itemOf(source, snapshot.sources).id,
  };
}

/** The question follows this mark in the first text; `questionFromMessage` relies on it. */
export const QUESTION_MARK = '-# ';
