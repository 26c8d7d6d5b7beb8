/** `/meeting`; what is offered while a meeting or a question is typed, and the choice among several that fit, with the question kept. */
import { exampleQuestions } from '../../answer/meeting-texts.ts';
import type { Meeting } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine.ts';
import { shortDate } from '../../language/dates.ts';
import { meetingsMeant as meetingsMeantIn } from '../../language/finder.ts';
import { fold, isJapanese } from '../../language/words.ts';
import { answerNow } from '../buttons/answer.ts';
import { fillCard, meetingChoice, meetingLabel } from '../buttons/card.ts';
import {
  QUESTION_MARK,
  codeOf,
  decodeRequest,
  defineControl,
  encodeRequest,
  fieldsOf,
  itemOf,
  numberField,
  requestOf,
  type RequestFields,
} from '../custom-ids.ts';
import {
  AUTOCOMPLETED,
  QUESTION,
  SWITCH,
  slashCommand,
  type Autocomplete,
  type ChatCommand,
} from '../register.ts';
import { chosenFrom, type ClickInteraction } from '../reply.ts';
import { directoryOf, type AskRequest, type InteractionContext, type Reader } from '../services.ts';
import { escapeLine, weekdayName } from '../text.ts';
import {
  CHOICES,
  CHOICE_TEXT,
  SELECT_OPTIONS,
  distinct,
  framed,
  menuRows,
  type MenuChoice,
  type View,
} from '../view.ts';
import { questionFromInput } from './help.ts';

/** The meetings that a text means, found as in the terminal. */
export function meetingsMeant(snapshot: Snapshot, input: string): readonly Meeting[] {
  return meetingsMeantIn(snapshot, directoryOf(snapshot).meetings, input);
}

/** While nothing is typed, the days; a day that is chosen leads to its meetings. */
export const meetingChoices: Autocomplete = (typed, reader) => {
  const { snapshot, directory } = reader;
  const { days, meetings } = directory;
  const isEmpty = typed.trim() === '';
  if (isEmpty && snapshot.meetings.length > CHOICES) {
    return distinct(days.map((day) => ({ name: dayLabel(day, reader), value: day })));
  }
  const meant = isEmpty ? snapshot.meetings : meetingsMeant(snapshot, typed);
  const more = meetings.find(typed, CHOICES).map(({ value }) => value);
  // Beyond what is meant, only what the same words begin: "silva" is not "july".
  const others = meant.length > 0 ? meetings.holding(typed) : more;
  return distinct(
    [...new Set([...meant, ...others])]
      .slice(0, CHOICES)
      .map((meeting) => ({ name: meetingLabel(meeting, reader), value: meeting.id })),
  );
};

/** Questions that were answered before: asked in public on this server, or expected by the documents. */
export const questionChoices: Autocomplete = (typed, { snapshot, directory, locale, asked }) => {
  const isEmpty = typed.trim() === '';
  const inJapanese = isJapanese(typed) || (isEmpty && locale === 'ja');
  const known = [...asked, ...exampleQuestions(snapshot, locale), ...directory.questions];
  const partsOf = (text: string): string[] => fold(text).split(/[^\p{L}\p{N}]+/u);
  const words = partsOf(typed).filter(Boolean);
  const fits = (question: string): boolean => {
    if (isEmpty) return isJapanese(question) === inJapanese;
    if (inJapanese)
      return isJapanese(question) && words.every((word) => fold(question).includes(word));
    const own = partsOf(question);
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

export const meeting: ChatCommand = {
  needsMeetings: true,
  data: slashCommand('meeting', {
    meeting: { ...AUTOCOMPLETED, required: true },
    question: QUESTION,
    private: SWITCH,
  }),
  isQuestion: ({ options }) => options.getString('question') !== null,
  autocomplete: { meeting: meetingChoices, question: questionChoices },
  async execute(context) {
    const { options } = context.interaction;
    const isPrivate = options.getBoolean('private') ?? context.isPrivateByDefault;
    const questionInput = options.getString('question');
    const question = questionInput === null ? null : questionFromInput(questionInput);
    const wanted = { question, meeting: null, source: null, isPrivate };
    const found = await oneMeeting(context, options.getString('meeting', true), wanted);
    if (found != null) await proceed(context, { ...wanted, meeting: found.id });
  },
};

/** What is asked once a meeting or a source is chosen; without a question, the meeting's card is shown. */
export interface Wanted extends Omit<AskRequest, 'question'> {
  readonly question: string | null;
  readonly isPrivate: boolean;
  /** The id of each menu, where a choice leads to something else. */
  readonly menuId?: (part: number) => string;
}

interface ChoiceFields {
  /** The number of the menu, which only keeps the ids of one message apart. */
  readonly part: number;
  readonly what: 'meeting' | 'source';
  readonly isPrivate: boolean;
  readonly request: RequestFields;
}

export const choose = defineControl({
  kind: 'choose',
  isQuestion: true,
  letter: 'c',
  encode: ({ part, what, isPrivate, request }: ChoiceFields) =>
    encodeRequest(request, [part, (what === 'source' ? 2 : 0) + (isPrivate ? 1 : 0)]),
  decode([partField, flagsField, ...rest]): ChoiceFields | null {
    const [part, flags] = [numberField(partField), numberField(flagsField)];
    const request = decodeRequest(rest);
    if (part === null || flags === null || flags > 3 || request === null) return null;
    return { part, what: flags > 1 ? 'source' : 'meeting', isPrivate: flags % 2 === 1, request };
  },
  async run(context, { what, isPrivate, request }) {
    const { snapshot, directory } = context;
    const code = chosenFrom(context.interaction);
    const asked =
      request.question === NO_QUESTION
        ? { question: null, meeting: null, source: null }
        : requestOf(context, request);
    const wanted = { ...asked, isPrivate };
    if (isDay(code)) return chooseOnDay(context, code, wanted);
    const chosen =
      what === 'source'
        ? { source: itemOf(code, snapshot.sources).id }
        : { meeting: itemOf(code, directory.meetingById).id };
    return proceed(context, { ...wanted, ...chosen });
  },
});

const NO_QUESTION = '';
const DAY = '#';

export function isDay(code: string): boolean {
  return code.startsWith(DAY);
}

/** Offers the meetings of the day that was chosen, in place of the days. */
export async function chooseOnDay(
  context: InteractionContext<ClickInteraction>,
  code: string,
  wanted: Wanted,
): Promise<void> {
  const { interaction, snapshot, reply } = context;
  const ofDay = snapshot.meetings.filter(({ date }) => date === code.slice(DAY.length));
  await reply.deferUpdate(interaction);
  await reply.fill(choiceView(context, ofDay, wanted, null));
}

const MOST_NEAR = 5;

/**
 * The meeting that a text means, null for no text; undefined when it means none or several: then the user was asked which,
 * and `wanted` follows once one is chosen.
 */
export async function oneMeeting(
  context: InteractionContext,
  input: string | null,
  wanted: Wanted,
): Promise<Meeting | null | undefined> {
  if (input === null) return null;
  const { snapshot, directory, reply, texts } = context;
  const meant = meetingsMeant(snapshot, input);
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return only;
  const typed = escapeLine(input, 100);
  const near = directory.meetings.related(input, MOST_NEAR);
  const view =
    only === undefined
      ? choiceView(context, near, wanted, texts.talk.none(typed))
      : choiceView(context, meant, wanted, texts.talk.several(meant.length, typed));
  await reply.send(view, { isPrivate: true });
  return undefined;
}

/** The meetings in menus; where they are too many, or none, the days of the tour first. */
export function choiceView(
  reader: Reader,
  meetings: readonly Meeting[],
  wanted: Wanted,
  sentence: string | null,
): View {
  const { talk } = reader.texts;
  const isByDay = meetings.length === 0 || meetings.length > SELECT_OPTIONS;
  const choices = isByDay
    ? reader.directory.days.map((day) => ({ label: dayLabel(day, reader), value: DAY + day }))
    : meetings.map((meeting) => meetingChoice(meeting, reader));
  const placeholder = isByDay ? talk.pickDay : talk.pickMeeting;
  return menusView(sentence ?? talk.pickMeeting, choices, wanted, { what: 'meeting', placeholder });
}

/** "Fri 12 Jan · Lima · 3": a day of the tour with its places and the number of its meetings. */
function dayLabel(day: string, { snapshot, directory: { names }, locale }: Reader): string {
  const ofDay = snapshot.meetings.filter(({ date }) => date === day);
  const cities = [...new Set(ofDay.map((meeting) => names.city(meeting, locale)))];
  const weekday = weekdayName(day, locale);
  const date = shortDate(day, locale);
  const when = locale === 'ja' ? `${date}(${weekday})` : `${weekday} ${date}`;
  return `${when} · ${cities.join(locale === 'ja' ? '、' : ', ')} · ${ofDay.length}`;
}

export function menusView(
  sentence: string,
  choices: readonly MenuChoice[],
  { question, meeting, source, isPrivate, menuId }: Wanted,
  { what, placeholder }: { what: ChoiceFields['what']; placeholder: string },
): View {
  const request = fieldsOf({ question: question ?? NO_QUESTION, meeting, source });
  const idOf = (part: number): string =>
    menuId?.(part) ?? choose.encode({ part, what, isPrivate, request });
  const rows = menuRows(idOf, placeholder, choices);
  const asked = question === null ? '' : `${QUESTION_MARK}${escapeLine(question)}\n`;
  return framed([asked + sentence, ...rows]);
}

async function proceed(
  context: InteractionContext,
  { question, meeting, source, isPrivate }: Wanted,
): Promise<void> {
  if (question !== null) {
    return answerNow(context, { question, meeting, source }, { isPrivate });
  }
  const found = itemOf(codeOf(meeting ?? ''), context.directory.meetingById);
  await context.reply.defer({ isPrivate });
  await fillCard(context, found);
}
