import { type Filters, isFiltered, isWord, type Item, type Language, NO_FILTERS } from './items.ts';
import { classList, type Place } from './lexicon.ts';
import { listingOf } from './listing.ts';
import { isLocation } from './premises.ts';
import { isYesNo, type Query, readQuery, targetOf } from './query.ts';
import { covers, eventsThatFit, peopleAmong, type TourEvent } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Person } from '../corpus/types.ts';
import { dateInWords, shiftDate } from '../language/dates.ts';
import { languageOf } from '../language/words.ts';

/**
 * What was spoken of before a follow-up: people, a place, days, a list, a meeting; and the words of the follow-up that mean
 * them: "there", "the next day", "his president".
 */

/** What was spoken of before. */
export interface Conversation {
  /** The question before, one that can be asked alone. */
  readonly question: string;
  /** Id of the meeting that its answer was about. */
  readonly meeting: string | null;
  /** Whether questions are about that meeting only. */
  readonly isChosen?: boolean;
}

/** A follow-up and what was spoken of before it. */
export type Talk = Readonly<ReturnType<typeof talkOf>>;

export function talkOf(
  question: string,
  { question: asked, meeting, isChosen = false }: Conversation,
  vocabulary: Vocabulary,
) {
  const typed = question.replace(/\s+/g, ' ').trim().replace(CORRECTION, '');
  const { events } = vocabulary.timeline;
  const last = events.find((event) => event.meeting.id === meeting);
  const said = readQuery(asked, vocabulary);
  const language = languageOf(typed);
  // Where questions are about a chosen meeting, there may be none before.
  const isSwitched = asked !== '' && language !== said.language;
  const translated = isSwitched ? inLanguage(said, language, vocabulary) : null;
  const old = translated === null ? said : readQuery(translated, vocabulary);
  const listing = listingOf(old, vocabulary);
  const ids = new Set(listing?.meetings.map(({ id }) => id));
  const several = ids.size > 1 ? events.filter((event) => ids.has(event.meeting.id)) : null;
  const about = several ?? (last === undefined ? [] : [last]);
  const people = peopleSpokenOf(old, last, vocabulary, typed);
  const held = withOffice(typed, people, vocabulary);
  const { days } = old.filters;
  const dates = about.flatMap(({ meeting }) => meeting.date ?? []).toSorted();
  // "And the one after that?" of a day.
  const isOfDay = days?.length === 1 && isPlainDay(old);
  const next = isOfDay ? held.replace(/\bthe one (after|before)(?: that)?\b/i, 'the day $1') : held;
  const dated = withDays(next, days?.length === 1 ? days : dates);
  const query = readQuery(dated, vocabulary);
  const place = placeSpokenOf(old, about, vocabulary);
  return {
    typed,
    core: coreOf(typed),
    /** The follow-up read, with the days and offices that it means. */
    query,
    /** The question before, in the language of the follow-up so far as that goes. */
    before: translated ?? asked,
    old,
    /** What it listed. */
    listing,
    /** Whether it listed several meetings. */
    isOfSeveral: several !== null,
    /** The meeting that its answer was about. */
    last,
    vocabulary,
    /** Where "there" is. */
    place,
    /** The follow-up with that place. */
    placed: withPlace(dated, query, place, vocabulary),
    /** Who "he" is. */
    person: people.length === 0 ? null : people.map(({ name }) => name).join(' and '),
    /** Whether the follow-up names a day by the one spoken of. */
    isDated: dated !== held,
    /** Whether the question before was in another language. */
    isSwitched,
    /** Whether questions are about one meeting only. */
    isChosen,
  };
}

/** Nobody and no place is named beside the day. */
const isPlainDay = ({ filters: { places, people, offices, kinds } }: Query): boolean =>
  places.length + people.length + offices.length + kinds.length === 0;

/** "No wait, I meant the second one": what is meant. */
const CORRECTION =
  /^(?:(?:no+|nope|nah|sorry|oops|ah|oh|wait|actually|hm+)\b[,.! ]*)*(?:i (?:meant|mean)|meant|rather)\b[,: ]*(?=\S+(?: \S+){0,4}$)/i;

/** A text without "and", "so", では and the like before it, and the marks after it. */
export function coreOf(text: string): string {
  return text
    .replace(/[?!.？。！ ]+$/u, '')
    .replace(/^(?:(?:and|but|so|ok|okay)[, ]+)*(?=.)/i, '')
    .replace(/^(?:それで|では|じゃあ|じゃ|で|あと)、?(?=.)/, '');
}

/** Opens a question or a request. */
const OPENS =
  /^(?:who|whom|what|when|where|why|how|which|tell|list|show|give|explain|describe|(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would))\b(?! (?:about|else|more)\b)/i;

/** Words that point to what was said before, or leave something out. */
const POINTS_BACK =
  /\b(?:he|him|his|they|them|their|theirs|it|its|that|this|those|these|there|then|else|too|also|ones?|same|the two|instead|both|other|others)\b|[そこ](?:れ|の|こ|ちら)|彼|同(?:じ|地|日)|他|ほか|[前次]の|翌/i;

/** The fewest words, or characters of Japanese, that name a subject, a verb and what is asked about. */
const LEAST_WHOLE = { en: 4, ja: 7 };

/** Whether a question can be one of its own: it is a sentence, and nothing in it points back. */
export function isWhole(question: string): boolean {
  const core = coreOf(question.replace(/\s+/g, ' ').trim());
  if (core !== question.replace(/[?!.？。！ ]+$/u, '').trim() || POINTS_BACK.test(core))
    return false;
  return languageOf(core) === 'ja'
    ? core.length >= LEAST_WHOLE.ja && /[うくぐすつぬぶむるただすい]か?$|[か誰何]$/u.test(core)
    : OPENS.test(core) && core.split(' ').length >= LEAST_WHOLE.en;
}

export const either = (language: Language, en: string, ja: string): string =>
  language === 'ja' ? ja : en;

export const isSomewhere = ({ filters: { places } }: Item): boolean => places.length > 0;

export const isSomebody = ({ people, offices }: Filters): boolean =>
  people.length + offices.length > 0;

export const isLike = ({ filters: a }: Item, { filters: b }: Item): boolean =>
  (isSomebody(a) && isSomebody(b)) ||
  (a.clock !== null && b.clock !== null) ||
  (['places', 'days', 'organisations', 'kinds', 'genders'] as const).some(
    (one) => (a[one]?.length ?? 0) > 0 && (b[one]?.length ?? 0) > 0,
  );

// What the words of a follow-up point to

const THERE = /(?<!\b(?:was|were|is|are) )\b(?:in |over )?there\b(?! (?:was|were|is|are)\b)/i;

const TO_THERE = /\b(go(?:ing)?|went|gone|c[ao]me|travel\w*|fl[ey]w?|return\w*|get|got) there\b/i;

const THERE_JA = /そこ(?=[でにへをは])|そちら|現地(?!時間)|同地/;

/** The place in place of "there"; as typed where the question names a place, or none is known. */
function withPlace(
  typed: string,
  { language, filters }: Query,
  place: string | null,
  vocabulary: Vocabulary,
): string {
  if (place === null || filters.places.length > 0) return typed;
  if (language === 'ja') return typed.replace(THERE_JA, vocabulary.nameIn('ja', place));
  return typed
    .replace(TO_THERE, `$1 to ${place}`)
    .replace(THERE, `in ${place}`)
    .replace(/\bleave(?=\W*$)/i, `$& ${place}`)
    .replace(/(?<=when .*)\barrive(?=\W*$)/i, `$& in ${place}`);
}

/** Where the question before was about, else where the meetings were. Nobody asks what was done "there" of home. */
function placeSpokenOf(
  old: Query,
  about: readonly TourEvent[],
  vocabulary: Vocabulary,
): string | null {
  const place = old.entities
    .filter((item) => isLocation(item, old))
    .flatMap(({ filters }) => filters.places)
    .findLast((one) => isAway(one, vocabulary));
  if (place !== undefined) return place.name;
  // "What did she tell him about Lima?", and she had been there.
  const told = old.entities
    .flatMap(({ filters }) => filters.places)
    .findLast(
      (one) =>
        one.kind === 'city' &&
        isAway(one, vocabulary) &&
        vocabulary.timeline.events.some((event) => covers(one, event)),
    );
  if (told !== undefined) return told.name;
  const [event, ...others] = about;
  const isOne = others.every(({ meeting }) => meeting.city === event?.meeting.city);
  return event === undefined || !isOne || event.country === vocabulary.timeline.home
    ? null
    : event.meeting.city;
}

/** Nobody asks what was done "there" of home; a region may hold it. */
export function isAway({ kind, countries }: Place, { timeline }: Vocabulary): boolean {
  return kind === 'region' || !countries.has(timeline.home ?? '');
}

/** More than two names make a question that nobody reads. */
export const MOST_NAMED = 2;

/** Those whom filters name, by people or offices. */
function peopleNamed({ people, offices }: Filters, vocabulary: Vocabulary): readonly Person[] {
  const filters = { ...NO_FILTERS, people, offices };
  return isSomebody(filters)
    ? peopleAmong(eventsThatFit(filters, vocabulary), filters, vocabulary)
    : [];
}

/** Whom the pronouns of a text may mean: no woman is "he", no man 彼女; of many people the documents do not say. */
export function meantBy(text: string): (person: Person) => boolean {
  const isHer = /\bher\b|彼女/i.test(text) ? 'male' : null;
  const other = /\b(?:he|him|his)\b/i.test(text) ? 'female' : isHer;
  return ({ gender }) => other === null || gender !== other;
}

/** Whom the question before names, else who was at the meeting: one or two, or nobody. */
function peopleSpokenOf(
  { filters }: Query,
  last: TourEvent | undefined,
  vocabulary: Vocabulary,
  typed: string,
): readonly Person[] {
  return (
    [peopleNamed(filters, vocabulary), last?.others ?? []]
      .map((some) => some.filter(meantBy(typed)))
      .find(({ length }) => length > 0 && length <= MOST_NAMED) ?? []
  );
}

/** What somebody's country has one of. */
const OFFICE_OF =
  /\b(?:his|her|their) (?:own )?(?<what>(?:foreign |prime |defen[cs]e |finance )?minister|president|chancellor|king|queen|boss|government|country)\b(?! of\b)/i;

const OFFICE_OF_JA =
  /(?:彼女?|その人|相手)の(?:国の)?(?=大統領|首相|総理|外相|外務大臣|大臣|政府|上司)/;

/** "Who is its president?" */
const ITS_HEAD =
  /\bits ((?:foreign |prime )?(?:president|head|chief|leader|director|minister))\b|\bthe (president|head|chief|leader|director) there\b/i;

/** "And his president?": the president of the country of whoever was spoken of, whom the office alone does not tell. */
function withOffice(
  typed: string,
  [person, ...others]: readonly Person[],
  vocabulary: Vocabulary,
): string {
  if (person === undefined || others.length > 0) return typed;
  const code = vocabulary.countryOf(person);
  const event = vocabulary.timeline.events.find(({ country }) => country === code);
  // A court, a university: of no country.
  const body = event?.meeting.country ?? person.organisation;
  const whole = body === null ? typed : typed.replace(ITS_HEAD, `the $1$2 of ${body}`);
  if (event === undefined) return whole;
  const { country } = event.meeting;
  return whole
    .replace(OFFICE_OF_JA, () => `${vocabulary.nameIn('ja', country)}の`)
    .replace(OFFICE_OF, (_, what: string) => {
      if (/^country$/i.test(what)) return country;
      return `the ${/^boss$/i.test(what) ? 'leader' : what.toLowerCase()} of ${country}`;
    });
}

/** Words for a day: by how many days it comes after the last day spoken of, or before the first. */
const DAYS: readonly (readonly [RegExp, Language, shift: number])[] = [
  [
    /\b(?:on )?(?:the )?(?:next|following) (?:day|(?<part>morning|afternoon|evening))\b|\b(?:on )?the day after\b(?! \w)/i,
    'en',
    1,
  ],
  [/\b(?:on )?the (?:day before|previous day)\b(?! \w)/i, 'en', -1],
  [/\b(?:on )?(?:that|the same) day\b/i, 'en', 0],
  [/翌日|次の日/, 'ja', 1],
  [/前日|前の日/, 'ja', -1],
  [/その日|同日|同じ日/, 'ja', 0],
];

/** The days that are named by those spoken of, in order: "the next day", 翌日. */
function withDays(typed: string, days: readonly string[]): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return typed;
  return DAYS.reduce((text, [pattern, language, shift]) => {
    // Of several days none is "that day".
    if (shift === 0 && first !== last) return text;
    const day = dateInWords(shiftDate(shift > 0 ? last : first, shift), language);
    const part = pattern.exec(text)?.groups?.['part'];
    const of = part === undefined ? '' : ` in the ${part}`;
    return text.replace(pattern, either(language, `on ${day}${of}`, day));
  }, typed);
}

// Names of what was spoken of

/** "The meeting with" whoever was met at this event alone, else the event by its title. */
export function meetingName(
  { old, isChosen, vocabulary }: Pick<Talk, 'old' | 'isChosen' | 'vocabulary'>,
  { meeting: { title }, others }: TourEvent,
  language: Language,
): string {
  const { people } = old.filters;
  const first = others.find(({ name }) => people.includes(name)) ?? others[0];
  const isHere = (event: TourEvent): boolean =>
    event.others.some(({ name }) => name === first?.name);
  // A title in Japanese is no quotation: all of its words are searched for. A chosen meeting needs none to be found.
  const isOnly =
    (isChosen && language === 'ja') || vocabulary.timeline.events.filter(isHere).length === 1;
  const person = isOnly ? first : undefined;
  const name = vocabulary.nameIn(language, person?.name ?? title);
  if (person === undefined) return either(language, `“${name}”`, name);
  return either(language, `the meeting with ${name}`, `${name}との会談`);
}

/** "In Lima", "on May 4" as a question has it: the one place and the one day that a question names; else empty. */
export function scopeOf(
  { filters: { places, days } }: Query,
  language: Language,
  vocabulary: Vocabulary,
): string {
  const [place, ...otherPlaces] = places;
  const [day, ...otherDays] = days ?? [];
  const name = otherPlaces.length > 0 ? '' : vocabulary.nameIn(language, place?.name ?? '');
  const date = day === undefined || otherDays.length > 0 ? '' : dateInWords(day, language);
  const where = name === '' ? '' : either(language, ` in ${name}`, `${name}で`);
  const when = date === '' ? '' : either(language, ` on ${date}`, `${date}に`);
  return either(language, where + when, when + where);
}

// What its answer chose of two things

/** Opens a question of yes or no. */
export const AUXILIARY = /^(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would)\b/i;

/** What two things are compared by. */
const DEGREE =
  '(?:more often|most often|more|fewer|less|most|least|first|last|earlier|later|sooner|longer|longest|shorter|shortest)';

const DEGREES = new RegExp(` ${DEGREE}\\b|(?:より|もっと)?(?:長く|短く|多く|先に|早く|遅く)`, 'i');

/**
 * What the answer chose of two things, in words that follow "why": "did she visit Lima first" after "which did she visit
 * first, Lima or Quito?"; null for another question, or where it chose neither.
 *
 * @param isCompared whether by what they are compared is asked about too
 */
export function choiceMade({ old, listing }: Talk, isCompared: boolean): string | null {
  const { value, kind, items } = listing ?? { value: null, kind: '', items: [] };
  const at = items.findIndex((item) => item === value || item.startsWith(`${value ?? ''}: `));
  if (kind !== 'order' || items.length !== 2 || value === null || at < 0) return null;
  const choice = old.language === 'ja' ? chosenInJapanese(old.text, at) : chosenInEnglish(old, at);
  return isCompared ? choice : (choice?.replace(DEGREES, '') ?? null);
}

function chosenInJapanese(text: string, at: number): string | null {
  const [, sides = '', rest = ''] =
    /^(.+?と.+?)(?:のうち)?(?:では?|は)?、?(?:どちら|どっち)(?:の方|のほう)?(.+)$/u.exec(text) ??
    [];
  const side = sides.split(/と(?!の)、?/)[at];
  return side === undefined || rest === '' ? null : side + rest;
}

const LAST_DEGREE = new RegExp(`^(.*?)((?: ${DEGREE})?)$`, 'i');

function chosenInEnglish({ text, items, entities }: Query, at: number): string | null {
  const or = items.find((item) => isWord(item, 'or'));
  const right = entities.filter(({ start }) => start > (or?.start ?? Infinity));
  const [like, end = 0] = [right[0], right.at(-1)?.end];
  if (or === undefined || like === undefined) return null;
  const left = entities.findLast((item) => item.end <= or.start && isLike(item, like));
  if (left === undefined) return null;
  // "Which …, Lima or Quito?", else "… Lima or Quito first?"
  const lead = text
    .slice(0, left.start)
    .replace(/,.*$|(?: (?:in|with|at|to|from|on))?(?: the)? $/i, '');
  const first = text.slice(lead.length, or.start).replace(/^\W+|\W+$/g, '');
  const second = text.slice(or.end, end).trim();
  const [noun = 'the one'] = /^the \w+/i.exec(first) ?? [];
  const side = at === 0 ? first : second.replace(/^the one\b/i, noun);
  const tail = text.slice(end).replace(/\W+$/, '');
  if (AUXILIARY.test(lead))
    return `${lead.slice(0, 1).toLowerCase()}${lead.slice(1)} ${side}${tail}`;
  const [, asked = '', rest = ''] =
    /^(?:which|whom?|what|where)\b.*? (was|were|is|are|did|does) (.+)$/i.exec(lead) ?? [];
  if (/^d/i.test(asked) || /^(?:she|he|they)\b/i.test(rest))
    return rest.replace(LAST_DEGREE, `${asked} $1 ${side}$2${tail}`);
  return asked === '' ? null : `${asked} ${side} ${rest}${tail}`;
}

// The question before in the language of the follow-up

/**
 * Words of a question by its kind: about somebody's meeting, and about a place, a day or all of the tour; English, then
 * Japanese.
 */
const QUESTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  `
long: How long was the meeting with {who}? | How long did they stay{in}? | {who}との会談は何分でしたか | {to}にはどのくらい滞在しましたか
clock: What time was the meeting with {who}? | | {who}との会談は何時からでしたか |
topic: What was discussed at the meeting with {who}? | | {who}との会談で何を話しましたか |
yes: Was there a meeting with {who}? | Did they go to {to}? | {who}に会いましたか | {to}に行きましたか
days: When was the meeting with {who}? | When were they in {to}? | {who}との会談はいつでしたか | {to}にはいつ行きましたか
places: Where was the meeting with {who}? | {which} places did they visit{in}? | {who}との会談はどこでしたか | {in}{which}か所を訪問しましたか
countries: | {which} countries did they visit{in}? | | {in}{which}国を訪問しましたか
cities: | {which} cities did they visit{in}? | | {in}{which}都市を訪問しましたか
people: | {who did} they meet{in}? | | {in}{who did}に会いましたか
meetings: | {which} meetings did they have{in}? | | {in}どのような会談がありましたか
events: | What did they do{in}? | | {in}何をしましたか
`
    .trim()
    .split('\n')
    .map((row) => {
      const [kind = '', texts = ''] = row.split(/:(.*)/);
      return [kind, texts.split('|').map((text) => text.trim())] as const;
    }),
);

/**
 * What a question asks and names, in words of the other language; null where it says more than its kind, people, places
 * and days.
 */
function inLanguage(before: Query, language: Language, vocabulary: Vocabulary): string | null {
  const { has, filters, unknown, anchor, excluded } = before;
  const { places, days } = filters;
  const rest: Filters = { ...filters, places: [], people: [], offices: [], days: null };
  const isMore =
    unknown.length + excluded.length > 0 ||
    anchor !== null ||
    isFiltered(rest) ||
    has(...classList('other about act first nth longest shortest most fewest'));
  if (isMore || places.length > 1) return null;
  const isNamed = isSomebody(filters);
  const names = peopleNamed(filters, vocabulary).map(({ name }) =>
    vocabulary.nameIn(language, name),
  );
  if (isNamed && (names.length === 0 || names.length > MOST_NAMED)) return null;
  const [about, all] = QUESTIONS.get(kindOf(before))?.slice(language === 'ja' ? 2 : 0) ?? [];
  const words = (isNamed ? about : all) ?? '';
  const [place] = places;
  const [which, who] = has('count')
    ? [either(language, 'How many', '何か'), either(language, 'How many people did', '何人')]
    : [either(language, 'Which', 'どの'), either(language, 'Who did', '誰')];
  const parts: Readonly<Record<string, string>> = {
    who: names.join(either(language, ' and ', 'と')),
    in: scopeOf(before, language, vocabulary),
    to: place === undefined ? '' : vocabulary.nameIn(language, place.name),
    which,
    'who did': who,
  };
  if (words === '' || (days?.length ?? 0) > 1) return null;
  if (words.includes('{to}') && place === undefined) return null;
  return words.replace(/\{([\w ]+)\}/g, (_, part: string) => parts[part] ?? '');
}

function kindOf(query: Query): string {
  if (query.has('long', 'minutes')) return 'long';
  if (query.has('clock')) return 'clock';
  if (query.has('say')) return 'topic';
  return isYesNo(query) ? 'yes' : targetOf(query);
}
