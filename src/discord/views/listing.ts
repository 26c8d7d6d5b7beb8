import { MeetingNames } from '../../answer/meeting-texts.ts';
import type { Listing } from '../../answer/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import { flagOf } from '../../language/places.ts';
import { shortDate } from '../dates.ts';
import { escapeLine } from '../escape.ts';
import { textsIn, type Locale } from '../texts/index.ts';

/** Lines that leave room for the sentence on a phone's screen; all meetings are in the menu below. */
const MOST_LINES = 5;
/** Characters that fit a line on a phone. */
const LINE = 34;
/** Characters of names in a row. */
const NAMES = 200;

/** What joins the names of a list, but not the year to its date. */
const JOINTS = /, (?!\d{4}\b)|、| → | – /;

/** A list in lines: what and how many as a heading, then the names, or meeting by meeting. */
export function listingText(
  listing: Listing,
  { snapshot, locale }: { snapshot: Pick<Snapshot, 'meetings' | 'documents'>; locale: Locale },
): string[] {
  const texts = textsIn(locale);
  const { title, value, note, meetings } = listing;
  const { head, names } = namesOf(listing);
  const isCounted = typeof value === 'number';
  const heading = names.length > 1 ? `${head}${names.length}` : title;
  const lines =
    names.length > 1
      ? [namesLine(listing, names, texts.andMore)]
      : isCounted
        ? meetingLines(listing, { snapshot, locale })
        : [];
  const dated = snapshot.meetings.filter(({ date }) => date !== null).length;
  return [
    `### ${escapeLine(heading, 160)}`,
    ...lines,
    ...(note === null || note === title ? [] : [`-# ${escapeLine(note, 160)}`]),
    ...(names.length > 1 || (isCounted && meetings.length > 0)
      ? [`-# ${texts.reply.fromEvents(dated)}`]
      : []),
  ];
}

/** "Countries: 2 (Chile, Peru)" and "Countries: Chile, Peru" in their parts. */
function namesOf({ title, value }: Listing): { head: string; names: string[] } {
  const [, head = '', rest = ''] = /^(.*?(?:: |：))(.*)$/.exec(title) ?? [];
  const list = typeof value === 'number' ? (/[(（](.*)[)）]$/.exec(rest)?.[1] ?? '') : rest;
  return { head, names: list === '' ? [] : list.split(JOINTS) };
}

function namesLine(
  { value, title }: Listing,
  names: readonly string[],
  andMore: (left: number) => string,
): string {
  // Flags are known by English names, which the value has whatever language the title has.
  const english = typeof value === 'string' ? value.split(JOINTS) : names;
  const shown = names.map((name, at) => {
    const flag = english.length === names.length ? flagOf(english[at] ?? '') : '';
    return `${flag === '' ? '' : `${flag} `}${escapeLine(name, 60)}`;
  });
  const joint = title.includes(' → ') ? ' → ' : ' · ';
  let kept = shown.length;
  while (kept > 1 && shown.slice(0, kept).join(joint).length > NAMES) kept -= 1;
  const left = shown.length - kept;
  return [shown.slice(0, kept).join(joint), ...(left === 0 ? [] : [andMore(left)])].join(joint);
}

function meetingLines(
  { meetings }: Listing,
  { snapshot, locale }: { snapshot: Pick<Snapshot, 'meetings' | 'documents'>; locale: Locale },
): string[] {
  const names = new MeetingNames(snapshot);
  const byId = new Map(snapshot.meetings.map((meeting) => [meeting.id, meeting]));
  const shown = meetings.slice(0, MOST_LINES).map(({ id, title, date }) => {
    const meeting = byId.get(id);
    const name = meeting === undefined ? title : names.headline(meeting, locale);
    const when = date === null ? '' : `**${escapeLine(shortDate(date, locale))}** `;
    return `${when}${escapeLine(name, LINE)}`;
  });
  const left = meetings.length - shown.length;
  return [...shown, ...(left === 0 ? [] : [`-# ${textsIn(locale).reply.inMenu(left)}`])];
}
