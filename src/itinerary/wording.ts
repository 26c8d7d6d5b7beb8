import { dateInWords, firstIsoDate, shiftDate } from '../language/dates.ts';
import { fold } from '../language/words.ts';
import type { Person } from '../corpus/types.ts';
import type { TourEvent } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { type Filters, isTitle, type Language } from './items.ts';
import type { Query } from './query.ts';

export type Words = Readonly<Record<Language, string>>;
export const words = (en: string, ja: string): Words => ({ en, ja });

/** What a listing counts or names, by its kind. */
const LABELS: Readonly<Record<string, Words>> = {
  people: words('People met', '面会者'),
  places: words('Places', '訪問地'),
  cities: words('Cities', '訪問都市'),
  countries: words('Countries', '訪問国'),
  continents: words('Continents', '大陸'),
  days: words('Days', '日付'),
  clock: words('Start', '開始時刻'),
  courts: words('Courts', '裁判所'),
  meetings: words('Meetings', '会談'),
  events: words('Events', '予定'),
  visits: words('Visits', '訪問'),
  route: words('Route', '行程'),
  duration: words('Length of stay', '滞在期間'),
};
export const WHICH: Readonly<Record<string, Words>> = {
  first: words('first', '最初'),
  last: words('last', '最後'),
  longest: words('longest', '最長'),
  shortest: words('shortest', '最短'),
  once: words('more than once', '複数回'),
};
const ENGLISH_DATE = /\b(?:[A-Z][a-z]+day, )?[A-Z][a-z]+ \d{1,2}, \d{4}\b/g;
const SHORT_ANSWERS: Readonly<Record<string, string>> = {
  yes: 'はい',
  no: 'いいえ',
  before: '前',
  after: '後',
  equal: '同じ',
};
export const DAYS = words('days', '日');
export const NIGHTS = words('nights', '泊');
export const MINUTES = words('minutes', '分');
export const KILOMETRES = words('km', 'km');

const titles = (events: readonly TourEvent[], language: Language, vocabulary: Vocabulary): string =>
  events
    .map(({ meeting }) => vocabulary.nameIn(language, meeting.title))
    .join(language === 'ja' ? '、' : '; ');
export const NOTES = {
  unknownTimes: words(
    'The itinerary does not have the times that would tell their order',
    '時刻が不明のため、順序は確定できません',
  ),
  nights: words(
    'Only nights between events in one city are known',
    '同じ都市の予定に挟まれた夜のみ数えています',
  ),
  ungendered: (people: readonly Person[], vocabulary: Vocabulary): Words => {
    const names = people.map(({ name }) => name);
    const inJapanese = names.map((name) => vocabulary.nameIn('ja', name));
    return words(`Not known of: ${names.join(', ')}`, `不明：${inJapanese.join('、')}`);
  },
  lastEvent: words('By the last event of that day', 'その日の最後の予定による'),
  ended: words('By its start and its length', '開始時刻と長さによる'),
  noLengths: words(
    'The itinerary does not have both lengths, or sources differ',
    '両方の長さは確定できません',
  ),
  topics: words(
    'By the topics that the itinerary gives for each; it may have come up elsewhere too',
    '日程に記された話題による。ほかでも話題になった可能性があります',
  ),
  noHours: words(
    'The itinerary has the days, not the hours of arrival and departure',
    '日程には日付のみで、到着・出発の時刻はありません',
  ),
  straightLine: words('In a straight line, from city to city', '都市間の直線距離'),
  noEvent: words(
    'Nothing on this day; the nearest before and after',
    'この日の予定はありません。前後の予定です',
  ),
  nobodyNamed: words(
    'The itinerary names nobody, or nobody else, who was met there',
    '日程には（ほかに）会った人の記載がありません',
  ),
  untimed: (events: readonly TourEvent[], vocabulary: Vocabulary): Words =>
    words(
      `No known time: ${titles(events, 'en', vocabulary)}`,
      `時刻不明：${titles(events, 'ja', vocabulary)}`,
    ),
  undated: (events: readonly TourEvent[], vocabulary: Vocabulary): Words =>
    words(
      `Without a known time or date: ${titles(events, 'en', vocabulary)}`,
      `日時不明：${titles(events, 'ja', vocabulary)}`,
    ),
  nobodyMet: (count: number): Words =>
    words(`Not counted: ${count} at which nobody was met`, `会談相手のいない予定${count}件を除く`),
  noHour: (count: number, all: number): Words =>
    words(`${count} of ${all} have no known hour`, `${all}件中${count}件は時刻不明`),
  noLength: (count: number, all: number): Words =>
    words(`${count} of ${all} have no known length`, `${all}件中${count}件は長さ不明`),
};

/** What is found, as the title of a list needs it. */
export interface Titled {
  readonly kind: string;
  readonly label?: Words | undefined;
  /** Which of them: "first", "longest". */
  readonly which?: Words | undefined;
  readonly unit?: Words | undefined;
  /** Instead of the places, days and people of the question. */
  readonly scope?: readonly string[] | undefined;
  readonly value: string | number | null;
  readonly items?: readonly string[] | undefined;
}

/** "Meetings in Lima: 5", "Foreign ministers, first: …". */
export function titleOf(found: Titled, query: Query, vocabulary: Vocabulary): string {
  const { kind, label, which, unit, value, items = [] } = found;
  const { language } = query;
  const isJapanese = language === 'ja';
  const name = value === 1 ? unit?.[language].replace(/s$/, '') : unit?.[language];
  const shown = typeof value === 'string' ? inLanguage(value, items, query, vocabulary) : value;
  const plain = shown ?? words('not settled by the itinerary', '確定できません')[language];
  const measured = name === undefined ? plain : `${plain}${isJapanese ? '' : ' '}${name}`;
  const isListed = typeof value === 'number' && items.length > 0 && items.length < 12;
  const list = isListed ? inLanguage(items.join(', '), items, query, vocabulary) : '';
  const answer = isListed
    ? isJapanese
      ? `${measured}（${list}）`
      : `${measured} (${list})`
    : measured;
  const what = (label ?? LABELS[kind] ?? words('', ''))[language];
  const scope =
    found.scope?.map((one) => vocabulary.nameIn(language, one)).join(' / ') ??
    scopeOf(query, vocabulary);
  return isJapanese
    ? `${scope}${what}${which === undefined ? '' : `（${which.ja}）`}：${answer}`
    : `${what}${scope}${which === undefined ? '' : `, ${which.en}`}: ${answer}`;
}

/** A value in the asker's language: names so far as they are known in it, dates, short answers. */
function inLanguage(
  value: string,
  items: readonly string[],
  { language }: Query,
  vocabulary: Vocabulary,
): string {
  if (language === 'en') return value;
  const nameOf = (text: string): string =>
    vocabulary
      .nameIn('ja', text)
      .replace(
        /^(.+)(: \d+)$/,
        (_, name: string, number: string) => vocabulary.nameIn('ja', name) + number,
      )
      .replace(ENGLISH_DATE, (date) =>
        dateInWords(firstIsoDate(date) ?? date, 'ja', { weekday: /day, /.test(date) }),
      );
  const joint = ['; ', ', ', ' → ', ' – '].find(
    (one) => items.length > 0 && value === items.join(one),
  );
  if (joint !== undefined) return items.map(nameOf).join(joint.replace(/[,;] /, '、'));
  const [place = ''] = items;
  return SHORT_ANSWERS[value] ?? nameOf(value.replace(place, nameOf(place)));
}

/** With whom, where, when, before or after what: " in Lima on January 7, 2024". */
function scopeOf(
  { language, anchor, entities, filters, excluded }: Query,
  vocabulary: Vocabulary,
): string {
  const join = (names: readonly string[]): string =>
    names.map((name) => vocabulary.nameIn(language, name)).join(language === 'ja' ? '・' : ', ');
  const relation = anchor?.relation ?? 'before';
  const straight = anchor?.straight === true;
  const japanese: Readonly<Record<string, string>> = {
    before: straight ? 'の直前の' : 'の前の',
    after: straight ? 'の直後の' : 'の後の',
  };
  const titleOfMeeting = (id: string): string =>
    vocabulary.nameIn(
      language,
      vocabulary.timeline.events.find(({ meeting }) => meeting.id === id)?.meeting.title ?? id,
    );
  const anchors = anchor?.entities.map(({ text, filters: { days, meetings, places } }) => {
    if (days !== null) return daysInWords(days, language);
    const [place] = places.filter(({ name }) => fold(name) === fold(text));
    return meetings.map(titleOfMeeting)[0] ?? place?.name ?? text;
  });
  const isUndated = entities.some((one) => one.filters.meetings.length > 0 && !isTitle(one));
  const titles = entities.flatMap((one) =>
    isTitle(one) ? one.filters.meetings.map((id) => `“${titleOfMeeting(id)}”`) : [],
  );
  const parts = [
    [titles.join(', '), ' of ', 'の'],
    [isUndated ? words('date', '日付')[language] : '', ' without a known ', '不明の'],
    [
      entities.flatMap((item) => (item.filters.topics.length > 0 ? item.text : [])).join(', '),
      ' on ',
      'についての',
    ],
    [join(filters.people), ' with ', 'との'],
    [join(filters.nations.map(({ place }) => place.name)), ' from ', 'の'],
    [join(filters.places.map(({ name }) => name)), ' in ', 'の'],
    [daysInWords(filters.days ?? [], language), ' on ', 'の'],
    [join(excluded.flatMap((one) => namesOf(one, language))), ' except ', '以外の'],
    [clockInWords(filters.clock, language), ' ', 'の'],
    [minutesInWords(filters.minutes, language), ' of ', 'の'],
    [filters.parts.join(', '), /^before/.test(filters.parts[0] ?? '') ? ' ' : ' in the ', 'の'],
    [
      anchors?.join(', ') ?? '',
      ` ${straight ? 'right ' : ''}${relation} `,
      japanese[relation] ?? 'の',
    ],
  ] as const;
  return parts
    .filter(([part]) => part !== '')
    .map(([part, en, ja]) => (language === 'ja' ? `${part}${ja}` : `${en}${part}`))
    .join('');
}

/** What is left out, by name. */
function namesOf({ places, people, kinds, offices }: Filters, language: Language): string[] {
  const sorts = [...kinds, ...offices.map(({ sort }) => sort)].map(({ label }) => label[language]);
  return [...places.map(({ name }) => name), ...people, ...sorts.map((one) => one.toLowerCase())];
}

export const clockAt = (minute: number): string =>
  `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;

/** The last minute of a day. */
const END_OF_DAY = 1439;

/** "from 15:00 on", "before 12:00". */
function clockInWords(clock: Filters['clock'], language: Language): string {
  if (clock === null) return '';
  const [earliest, latest] = clock;
  if (earliest > 0 && latest < END_OF_DAY) {
    const [from, to] = [clockAt(earliest), clockAt(latest)];
    if (from === to) return language === 'ja' ? from : `at ${from}`;
    return language === 'ja' ? `${from}〜${to}` : `between ${from} and ${to}`;
  }
  if (earliest > 0)
    return language === 'ja' ? `${clockAt(earliest)}以降` : `from ${clockAt(earliest)} on`;
  return language === 'ja' ? `${clockAt(latest)}まで` : `until ${clockAt(latest)}`;
}

/** Lengths are told in fives. In minutes. */
const ROUND = 5;

/** "More than 60 minutes", "45 minutes". */
function minutesInWords(minutes: Filters['minutes'], language: Language): string {
  if (minutes === null) return '';
  const [least, most] = minutes;
  const isJapanese = language === 'ja';
  if (least === most) return isJapanese ? `${least}分` : `${least} minutes`;
  // A known length, whatever it is.
  if (least === 0 && most === Infinity) return isJapanese ? '所要時間の分かる長さ' : 'known length';
  if (most === Infinity) {
    // A round number is what was asked, "more than an hour".
    if (least % ROUND === 1)
      return isJapanese ? `${least - 1}分超` : `more than ${least - 1} minutes`;
    return isJapanese ? `${least}分以上` : `${least} minutes or more`;
  }
  if (least === 0) {
    if (most % ROUND === ROUND - 1)
      return isJapanese ? `${most + 1}分未満` : `less than ${most + 1} minutes`;
    return isJapanese ? `${most}分以下` : `${most} minutes or less`;
  }
  return isJapanese ? `${least}〜${most}分` : `${least} to ${most} minutes`;
}

/** "January 7, 2024", or the first and the last of days in a row. */
function daysInWords(days: readonly string[], language: Language): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return '';
  const isRow = days.length > 2 && days.every((day, i) => day === shiftDate(first, i));
  const shown = isRow ? [first, last] : days;
  return shown.map((day) => dateInWords(day, language)).join(isRow ? ' – ' : ', ');
}

/** Stands for the traveller. */
export const PRONOUN = /\b(?:she|her|he|his|him|they|their)\b/i;

const PRONOUNS = {
  female: { typed: /\b(?:she|her)\b/i, said: ['she', 'her'] },
  male: { typed: /\b(?:he|his|him)\b/i, said: ['he', 'his'] },
} as const;

/** Those of the question, the traveller's before others' ("when he welcomed her"), else the traveller's. */
export function pronounsOf(
  text: string,
  [traveller]: readonly Person[],
): readonly [string, string] {
  const own = traveller?.gender === undefined ? null : PRONOUNS[traveller.gender];
  const [typed = ''] = PRONOUN.exec(text) ?? [];
  if (own !== null && (typed === '' || own.typed.test(text))) return own.said;
  if (PRONOUNS.female.typed.test(typed)) return PRONOUNS.female.said;
  return PRONOUNS.male.typed.test(typed) ? PRONOUNS.male.said : ['they', 'their'];
}
