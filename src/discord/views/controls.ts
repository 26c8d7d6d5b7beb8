/** Buttons and menus that lead from one reply to another: to a card, to the tour, to an answer. */
import type { APIButtonComponent } from 'discord.js';
import { MeetingNames, meetingQuestions } from '../../answer/meeting-texts.ts';
import type { Meeting } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import {
  codeOf,
  customIdOf,
  decodeRequest,
  encodeRequest,
  numberField,
  type IdForm,
  type RequestFields,
} from '../custom-ids.ts';
import { shortDate } from '../dates.ts';
import { clip, oneLine } from '../escape.ts';
import { SELECT_OPTION_TEXT } from '../limits.ts';
import { textsIn, type Locale } from '../texts/index.ts';
import { button, menuRow, type Row } from './components.ts';

interface Reader {
  readonly snapshot: Pick<Snapshot, 'meetings' | 'documents'>;
  readonly locale: Locale;
}

/** An id of one field, a code of a meeting's id. */
function meetingForm(letter: string): IdForm<string> {
  return {
    letter,
    encode: (meeting) => [meeting],
    decode: ([meeting = '']) => (meeting === '' ? null : meeting),
  };
}

export const cardId = meetingForm('m');
export const askMeetingId = meetingForm('a');

/** The field only keeps the ids of one message apart. */
export const pickMeetingId: IdForm<number> = {
  letter: 'k',
  encode: (part) => [part],
  decode: ([part]) => numberField(part),
};

export const mapId: IdForm<true> = { letter: 'v', encode: () => [], decode: () => true };

/** The number only keeps the ids of one message apart. */
export const tappedId: IdForm<RequestFields, { question: string; number: number }> = {
  letter: 'q',
  encode: ({ question, number }) =>
    encodeRequest({ question, meeting: null, source: null }, [number]),
  decode([number, ...rest]) {
    const request = decodeRequest(rest);
    return numberField(number) === null || request?.question == null ? null : request;
  },
};

/** Opens the card of a meeting. */
export function cardButton({ id }: Meeting, locale: Locale): APIButtonComponent {
  const label = textsIn(locale).reply.card;
  return button({ customId: customIdOf(cardId, codeOf(id)), label });
}

/** Opens the tour. */
export function mapButton(locale: Locale): APIButtonComponent {
  return button({
    customId: customIdOf(mapId, true),
    label: textsIn(locale).reply.showMap,
    emoji: '🗺️',
  });
}

/** A menu of at most 25 meetings that opens a card: the day and who was met, then the title. `part`: its number in the message. */
export function meetingMenu(
  meetings: readonly Meeting[],
  { part, placeholder, snapshot, locale }: Reader & { part: number; placeholder: string },
): Row {
  const names = new MeetingNames(snapshot);
  return menuRow(
    customIdOf(pickMeetingId, part),
    placeholder,
    meetings.map((meeting) => {
      const when = meeting.date === null ? '' : `${shortDate(meeting.date, locale)} · `;
      return {
        label: oneLine(when + names.headline(meeting, locale)) || meeting.id,
        value: codeOf(meeting.id),
        description: oneLine(names.title(meeting, locale)) || meeting.id,
      };
    }),
  );
}

/** What a choice from a card's menu means that asks for a form. */
export const FREELY = '…';

/** A menu of what can be asked about a meeting; the last choice opens a form. */
export function questionMenu(meeting: Meeting, { snapshot, locale }: Reader): Row {
  const texts = textsIn(locale);
  const questions = meetingQuestions(meeting, { edition: snapshot, language: locale })
    .map((question) => clip(oneLine(question), SELECT_OPTION_TEXT))
    .filter((question) => question !== '' && question !== FREELY);
  return menuRow(customIdOf(askMeetingId, codeOf(meeting.id)), texts.reply.askMeeting, [
    ...[...new Set(questions)].map((question) => ({ label: question, value: question })),
    { label: texts.reply.somethingElse, value: FREELY },
  ]);
}

export interface OfferedQuestion {
  readonly label: string;
  readonly question: string;
}

/** A button for each question that a custom id can hold. */
export function questionButtons(offered: readonly OfferedQuestion[]): APIButtonComponent[] {
  return offered.flatMap(({ label, question }, number) => {
    const fields = tappedId.encode({ question, number }).map(String);
    if (tappedId.decode(fields) === null || oneLine(label) === '') return [];
    return [button({ customId: customIdOf(tappedId, { question, number }), label })];
  });
}
