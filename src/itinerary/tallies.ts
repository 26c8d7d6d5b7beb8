/** Sums and averages of lengths, numbers in each place, days that have none, and bounds that a question of yes or no asks for. */
import {
  CARDINAL_WORDS,
  dateInWords,
  daysBetween,
  numberOf,
  shiftDate,
} from '../language/dates.ts';
import type { Asked, Found } from './asked.ts';
import { eventsThatFit } from './fits.ts';
import { isYesNo } from './query.ts';
import { MINUTES, NOTES, words } from './wording.ts';

/** "More than five ministers", in a question of yes or no. */
const NUMBER_BOUND = new RegExp(
  `\\b(more than|over|at least|fewer than|less than|exactly|only) (\\d+|${CARDINAL_WORDS.join('|')})\\b(?! ?(?:min|hour|day|night|week))`,
  'i',
);

/** "Did the lunch last more than an hour?": of one event whose length no source disputes. */
export function lengthSettled(asked: Asked): Found | null {
  const { query, filters, vocabulary } = asked;
  if (filters.minutes === null || !isYesNo(query) || query.anchor !== null) return null;
  const [event, ...others] = eventsThatFit({ ...filters, minutes: null }, vocabulary);
  const length = event?.meeting.durationMinutes ?? null;
  const isDisputed = event?.meeting.durationAlternativeMinutes !== undefined;
  if (event === undefined || others.length > 0 || length === null || isDisputed) return null;
  const [least, most] = filters.minutes;
  const note = words(`${length} minutes`, `${length}分`);
  const value = length >= least && length <= most ? 'yes' : 'no';
  return { kind: 'order', scope: [event.meeting.title], value, events: [event], note };
}

/** "Did she meet more than five ministers?" */
export function numberSettled(asked: Asked): Found | null {
  const { query, target } = asked;
  const [, bound = '', number = ''] = NUMBER_BOUND.exec(query.text) ?? [];
  const isPerDay = asked.has('day') && target !== 'days';
  if (number === '' || !isYesNo(query) || isPerDay || asked.filters.minutes !== null) return null;
  const groups = asked.groups(target, asked.pool(asked.events));
  const [count, limit] = [groups.length, numberOf(number)];
  const isSo = /^(?:more|over)/i.test(bound)
    ? count > limit
    : /^at least/i.test(bound)
      ? count >= limit
      : /^exactly|^only/i.test(bound)
        ? count === limit
        : count < limit;
  const which = words(`${bound.toLowerCase()} ${limit}`, `${bound}${limit}`);
  const note = words(`The itinerary has ${count}`, `日程では${count}`);
  return { ...asked.listed(groups, undefined), which, value: isSo ? 'yes' : 'no', items: [], note };
}

/** How long all of several meetings were, or one of them on average, so far as their lengths are known. */
export function timeSpent(asked: Asked): Found | null {
  const isTotal = asked.has('minutes') || (asked.has('long') && asked.has('total', 'all'));
  const isAverage = asked.has('average') && asked.has('long', 'minutes', 'meeting');
  const isOther =
    asked.has('longest', 'shortest', 'first', 'last', 'nth', 'clock') ||
    asked.query.anchor !== null;
  // "How long in Lima in all" is a stay.
  const isStay = !isAverage && !asked.has('minutes', 'meeting', 'meet') && asked.isPlain;
  if (!(isTotal || isAverage) || isOther || isStay) return null;
  const met = asked.events.filter(({ others, group }) => others.length > 0 || group !== null);
  const timed = met.filter(({ meeting }) => meeting.durationMinutes !== null);
  if (met.length < 2 || timed.length === 0) return null;
  const sum = timed.reduce((all, { meeting }) => all + (meeting.durationMinutes ?? 0), 0);
  const open = met.length - timed.length;
  return {
    kind: 'meetings',
    label: isAverage
      ? words('Average length of meetings', '会談の平均時間')
      : words('Time in meetings', '会談の合計時間'),
    value: isAverage ? Math.round(sum / timed.length) : sum,
    unit: MINUTES,
    events: timed,
    note: open === 0 ? null : NOTES.noLength(open, met.length),
  };
}

/** Days of the tour without what is asked for: "days without meetings". */
export function freeDays(asked: Asked): Found | null {
  const { query, vocabulary } = asked;
  const { span, events: all } = vocabulary.timeline;
  const isAsked =
    /\b(?:without|with no|no) (?:any )?(?:meetings?|events?|appointments?|engagements?)\b|(?:会談|予定)の?(?:ない|なかった)日/i;
  if (
    span === null ||
    !isAsked.test(query.text) ||
    !asked.has('day', 'when') ||
    query.entities.length > 0
  )
    return null;
  const busy = all.filter(
    ({ others, group }) => !asked.has('meeting') || others.length > 0 || group !== null,
  );
  const length = daysBetween(span.first, span.last) + 1;
  const days = Array.from({ length }, (_, i) => shiftDate(span.first, i));
  const free = days.filter((day) => !busy.some(({ meeting }) => meeting.date === day));
  const items = free.map((day) => dateInWords(day, 'en'));
  const events = all.filter(({ meeting: { date } }) => date !== null && free.includes(date));
  return {
    kind: 'days',
    label: words('Days without', '該当のない日'),
    value: items.length === 0 ? 0 : items.join(', '),
    events,
    items,
    note: null,
  };
}

/** How many there are in each: "meetings per country". */
export function breakdown(asked: Asked): Found | null {
  const { items } = asked.query;
  const at = items.findIndex(({ classes }) => classes.has('each'));
  if (at < 0) return null;
  const beside = items[at + (asked.query.language === 'ja' ? -1 : 1)];
  const target = (
    [
      ['country', 'countries'],
      ['city', 'cities'],
      ['place', 'cities'],
      ['day', 'days'],
    ] as const
  ).find(([noun]) => [items[at], beside].some((item) => item?.classes.has(noun)))?.[1];
  if (
    target === undefined ||
    !asked.has('meeting', 'event', 'count', 'all', 'meet') ||
    asked.has('who')
  )
    return null;
  const { home } = asked.vocabulary.timeline;
  const pool = asked.events.filter(({ others, group, country }) =>
    asked.has('meeting', 'meet') ? others.length > 0 || group !== null : country !== home,
  );
  const groups = asked.groups(target, pool);
  const counted = groups.map(({ name, events }) => `${name}: ${events.length}`);
  return {
    kind: asked.has('meeting', 'meet') ? 'meetings' : 'events',
    value: counted.join(', '),
    events: pool,
    items: counted,
    note: null,
  };
}
