import { isEntity, isPlaceTarget, type Item, type Language, NO_FILTERS } from './items.ts';
import type { Place, WordClass } from './lexicon.ts';
import { type Listing, listingOf } from './listing.ts';
import {
  either,
  inLanguage,
  isAway,
  isOfSeveral,
  LEAD_JA,
  meetingName,
  MOST_NAMED,
  scopeOf,
  type Talk,
  withMeeting,
  withOtherQuestionWord,
} from './meeting-reference.ts';
import { isYesNo, type Query, readQuery } from './query.ts';
import { isLocation } from './premises.ts';
import { covers, eventsThatFit, peopleAmong, type TourEvent } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Person } from '../corpus/types.ts';
import { dateInWords, numberOf, shiftDate } from '../language/dates.ts';
import { languageOf } from '../language/words.ts';

/**
 * Follow-up questions put so that they can be asked alone: "and in Lima?" after "Who was met in Quito?" becomes "Who was
 * met in Lima?". Words of the question before and names of the meeting that was spoken of take the place of what the
 * follow-up leaves out; nothing else is added, so the asker can see what was understood.
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

/** The question in words that can be asked alone; as it is when it needs nothing from the conversation. */
export function standaloneQuestion(
  question: string,
  { question: asked, meeting, isChosen = false }: Conversation,
  vocabulary: Vocabulary,
): string {
  const typed = question.replace(/\s+/g, ' ').trim();
  const { events } = vocabulary.timeline;
  const last = events.find((event) => event.meeting.id === meeting);
  const said = readQuery(asked, vocabulary);
  const language = languageOf(typed);
  const isSwitched = language !== said.language;
  const other = isSwitched ? inLanguage(said, language, vocabulary) : null;
  const old = other === null ? said : readQuery(other, vocabulary);
  const listing = listingOf(old, vocabulary);
  const ids = new Set(listing?.meetings.map(({ id }) => id));
  const listed = events.filter((event) => ids.has(event.meeting.id));
  const people = personSpokenOf(old, last, vocabulary, typed);
  const held = withOffice(typed, people, vocabulary);
  // "The next day" is a day like any other that takes the place of the one before.
  const dated = withDays(held, daysSpokenOf(old, listed, last));
  const query = readQuery(dated, vocabulary);
  const place = placeSpokenOf(old, listed, last, vocabulary);
  const placed = withPlace(dated, query, place, vocabulary);
  const person = people.length === 0 ? null : people.map(({ name }) => name).join(' and ');
  const talk: Talk = {
    ...{ typed, query, before: other ?? asked, old, listing, last, vocabulary },
    ...{ place, placed, person, isSwitched, isChosen },
  };
  return (
    withListed(talk) ??
    withReason(talk) ??
    withOtherTopic(talk) ??
    (dated === held ? null : withNeighbouringDay(talk)) ??
    withoutSome(query, old) ??
    withOtherName(talk) ??
    withUnknownPlace(talk) ??
    withOtherRank(talk) ??
    (query.entities.length > 0 ? null : withNeighbour(talk)) ??
    withMore(talk) ??
    withOtherQuestionWord(talk) ??
    withOtherSubject(talk) ??
    withMeeting(talk) ??
    withSpeaker(talk) ??
    withTalks(talk) ??
    placed
  );
}

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
  return language === 'ja'
    ? typed.replace(THERE_JA, vocabulary.nameIn('ja', place))
    : typed
        .replace(TO_THERE, `$1 to ${place}`)
        .replace(THERE, `in ${place}`)
        .replace(/\b(leave|(?<=when .*)arrive)(?=\W*$)/i, (verb) =>
          /^a/i.test(verb) ? `${verb} in ${place}` : `${verb} ${place}`,
        );
}

/** Where the question before was about, else where the meeting was. Nobody asks what was done "there" of home. */
function placeSpokenOf(
  old: Query,
  listed: readonly TourEvent[],
  last: TourEvent | undefined,
  vocabulary: Vocabulary,
): string | null {
  const place = old.entities
    .filter((item) => isLocation(item, old))
    .flatMap(({ filters }) => filters.places)
    .findLast((one) => isAway(one, vocabulary));
  if (place !== undefined) return place.name;
  const cities = new Set(listed.map((event) => event.meeting.city));
  const [event] = listed.length > 1 ? listed : [last];
  return event === undefined || cities.size > 1 || event.country === vocabulary.timeline.home
    ? null
    : event.meeting.city;
}

/** Whom the question before names, else who was at the meeting: one or two, or nobody. */
function personSpokenOf(
  { filters: { people, offices } }: Query,
  last: TourEvent | undefined,
  vocabulary: Vocabulary,
  typed: string,
): readonly Person[] {
  const filters = { ...NO_FILTERS, people, offices };
  const isNamed = people.length + offices.length > 0;
  const named = isNamed ? peopleAmong(eventsThatFit(filters, vocabulary), filters, vocabulary) : [];
  // No woman is "he"; of many people the documents do not say.
  const isHer = /\bher\b|彼女/i.test(typed) ? 'male' : null;
  const other = /\b(?:he|him|his)\b/i.test(typed) ? 'female' : isHer;
  return (
    [named, last?.others ?? []]
      .map((some) => some.filter(({ gender }) => other === null || gender !== other))
      .find(({ length }) => length > 0 && length <= MOST_NAMED) ?? []
  );
}

/** The first and last day spoken of: that of the question before or of what it listed, else the meeting's. */
function daysSpokenOf(
  { filters: { days } }: Query,
  listed: readonly TourEvent[],
  last: TourEvent | undefined,
): readonly string[] {
  if (days?.length === 1) return days;
  const events = listed.length > 1 ? listed : [last];
  return events.flatMap((event) => event?.meeting.date ?? []).toSorted();
}

/** What somebody's country has one of. */
const OFFICE_OF =
  /\b(?:his|her|their) (?:own )?(?<what>(?:foreign |prime |defen[cs]e |finance )?minister|president|chancellor|king|queen|boss|government|country)\b(?! of\b)/i;

const OFFICE_OF_JA =
  /(?:彼女?|その人|相手)の(?:国の)?(?=大統領|首相|総理|外相|外務大臣|大臣|政府|上司)/;

/** "And his president?": the president of the country of whoever was spoken of, whom the office alone does not tell. */
function withOffice(
  typed: string,
  [person, ...others]: readonly Person[],
  vocabulary: Vocabulary,
): string {
  const code = person === undefined || others.length > 0 ? null : vocabulary.countryOf(person);
  const event = vocabulary.timeline.events.find(({ country }) => country === code);
  if (event === undefined) return typed;
  const { country } = event.meeting;
  return typed
    .replace(OFFICE_OF_JA, () => `${vocabulary.nameIn('ja', country)}の`)
    .replace(OFFICE_OF, (_, what: string) => {
      if (/^country$/i.test(what)) return country;
      return `the ${/^boss$/i.test(what) ? 'leader' : what.toLowerCase()} of ${country}`;
    });
}

/** The days that are named by those spoken of: "the next day", 翌日. */
function withDays(typed: string, days: readonly string[]): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return typed;
  const after = (language: Language): string => dateInWords(shiftDate(last, 1), language);
  const before = (language: Language): string => dateInWords(shiftDate(first, -1), language);
  const text = typed
    .replace(
      /\b(?:on )?(?:the )?(?:next|following) day\b|\bthe day after\b(?! \w)/i,
      `on ${after('en')}`,
    )
    .replace(/\b(?:on )?the (?:day before|previous day)\b(?! \w)/i, `on ${before('en')}`)
    .replace(/翌日|次の日/, after('ja'))
    .replace(/前日|前の日/, before('ja'));
  // Of several days none is "that day".
  if (first !== last) return text;
  return text
    .replace(/\b(?:on )?(?:that|the same) day\b/i, `on ${dateInWords(first, 'en')}`)
    .replace(/その日|同日|同じ日/, dateInWords(first, 'ja'));
}

const WHY_THEN = /^(?:and |but |so )?why (?:on )?(?:then|(?:that|this) (?:day|date|time))\W*$/i;

const WHY_THERE =
  /^(?:and |but |so )?why (?:in |over )?there\W*$|^(?:なぜ|何故|なんで|どうして)(?:そこ|そちら)(?:に|へ|で)?(?:です)?か?[?？。]*$/i;

/** "Why there?" */
function withReason({ typed, query, place, vocabulary }: Talk): string | null {
  if (WHY_THEN.test(typed)) return typed;
  if (!WHY_THERE.test(typed)) return null;
  if (place === null) return typed;
  const inJapanese = vocabulary.nameIn('ja', place);
  return either(
    query.language,
    `Why did they go to ${place}?`,
    `${inJapanese}にはなぜ行きましたか`,
  );
}

const ABOUT =
  /^(?:and |but |so |ok )*(?:what|how) about (?!(?:it|that|this|them|him|her|there|the (?:next|other|first|last)\b.*)\W*$)(.+?)\W*$/i;

const ABOUT_JA = new RegExp(`^${LEAD_JA}(.+?)(?:について|に関して)は?[?？。]*$`, 'u');

/**
 * "What about Peru?" after "how long was it?": what they said about it, where no place of the question before can be
 * replaced by it, or where all questions are about one meeting.
 */
function withOtherTopic(talk: Talk): string | null {
  const { query, old, last, vocabulary, isChosen } = talk;
  const { people, offices, days, kinds, places } = query.filters;
  const [, about] = ABOUT.exec(query.text) ?? ABOUT_JA.exec(query.text) ?? [];
  const [only, ...more] = query.items;
  const isAlone =
    more.length === 0 &&
    /[^でに]は[?？。]*$/.test(query.text) &&
    (places.length > 0 || (isChosen && query.unknown.length > 0));
  const topic = about ?? (isAlone ? only?.text : undefined);
  const isOther = people.length + offices.length + kinds.length > 0 || days !== null;
  // A question about what was said keeps its own words.
  if (last === undefined || topic === undefined || isOther || old.has('say', 'about')) return null;
  const isReplaced =
    places.length > 0 && old.items.some((item) => isSomewhere(item) && isLocation(item, old));
  // Somebody unknown rather than a topic.
  const isName = query.unknown.some(({ text }) => /^\p{Lu}\p{Ll}/u.test(text));
  const isVisited = places.some((place) => wasVisited(place, vocabulary));
  if (!isChosen && (isReplaced || isVisited || isName || isOfSeveral(talk))) return null;
  const { language } = query;
  const meeting = isChosen ? '' : meetingName(talk, last, language);
  return either(
    language,
    `what did they say about ${topic}${isChosen ? '' : ` at ${meeting}`}?`,
    `${isChosen ? '' : `${meeting}で`}${topic}について何を話しましたか`,
  );
}

const wasVisited = (place: Place, { timeline }: Vocabulary): boolean =>
  timeline.events.some((event) => covers(place, event));

const whatHappenedOn = ({ text }: Item, language: Language): string =>
  either(language, `What happened on ${bare(text)}?`, `${text}には何がありましたか`);

/** "And the day after?" of a question that names neither day nor place asks what happened then. */
function withNeighbouringDay({ query, old }: Talk): string | null {
  const [day, ...others] = query.items.filter(isEntity);
  const isBare = query.unknown.length === 0 && !query.has(...OWN);
  const isKept = old.filters.days !== null || old.items.some(isSomewhere);
  if (day?.filters.days == null || others.length > 0 || !isBare || isKept) return null;
  return whatHappenedOn(day, query.language);
}

/** "Did she mention the earthquake?" after a question about one person: at the meeting with that person. */
function withTalks(talk: Talk): string | null {
  const { query, old, last } = talk;
  const isSpeech =
    query.has('say') && /^(?:(?:and|but|so|what) )*did (?:she|they)\b/i.test(query.text);
  const isOwn = query.entities.some((item) => !isSomewhere(item) || isLocation(item, query));
  const isOfOne = old.filters.people.length + old.filters.offices.length > 0 && !isOfSeveral(talk);
  if (last === undefined || !isSpeech || isOwn || !isOfOne) return null;
  return query.text.replace(/\W*$/, ` at ${meetingName(talk, last, 'en')}?`);
}

/** "Did he mention Peru?" names something itself, but not who "he" is. */
function withSpeaker({ query, placed, person, before }: Talk): string | null {
  const { people, offices } = query.filters;
  const isNamed = people.length + offices.length > 0 || /\b(?:he|him|his)\b/i.test(before);
  if (person === null || isNamed || !query.has('say')) return null;
  const text = placed.replace(/\bhe\b/i, person);
  return text === placed ? null : text;
}

const RANKS: readonly WordClass[] = ['first', 'last', 'longest', 'shortest', 'next', 'most'];

/** Somebody whom a question leaves unnamed: a name takes the place. */
const UNNAMED = /\b(to|with) (?:him|her|them|the \w+ (?:one|person))\b/i;

/** "And in Lima?", "what about the 9th?": the names of the follow-up in place of those before. */
function withOtherName({ query, old: before, vocabulary }: Talk): string | null {
  const { language, unknown } = query;
  const names = query.items.filter(isEntity);
  const isComplete =
    language === 'en' && (isYesNo(query) || (query.has('other') && query.has('be', 'aux')));
  const asks =
    isComplete ||
    OWN.some((one) => query.has(one) && !(one === 'what' && /about/i.test(query.text)));
  const isBare = unknown.length === 0 && names.length > 0;
  if (!isBare || asks || query.has('before', 'after', 'next')) return null;
  const edits = names.map((name) => {
    const alike = before.items.findLast((item) => isLike(item, name));
    // A day takes the place of a place, not of somebody.
    const isDay = name.filters.days !== null;
    const other = alike ?? before.items.findLast(isDay ? isSomewhere : isSomebodyOrSomewhere);
    return { name, old: other, isAlike: alike !== undefined };
  });
  if (edits.some(({ name, isAlike }) => !isAlike && name.filters.kinds.length > 0)) return null;
  const [only] = edits;
  if (only === undefined) return null;
  if (edits.length === 1 && isTopic(only.name, query, before, vocabulary)) {
    const { text } = only.name;
    return either(
      language,
      before.text.replace(/\??$/, ` about ${text}?`),
      `${text}について、${before.text}`,
    );
  }
  // A place cannot say anything: it is what somebody spoke about.
  const isSubject = edits.some(
    ({ name, old, isAlike }) =>
      old !== undefined &&
      !isAlike &&
      isSomewhere(name) &&
      /\b(?:did|does|do|has|had|was|is) (?:the )?$/i.test(before.text.slice(0, old.start)),
  );
  if (isSubject) {
    const added = ` about ${placeNameOf(only.name)}?`;
    return before.has('say') ? before.text.replace(/(?: about .+)?\?*$/i, added) : null;
  }
  // What came before or after something has no day of its own.
  if (before.anchor !== null && only.name.filters.days !== null && only.old === undefined)
    return whatHappenedOn(only.name, language);
  const text = edits
    .toSorted((a, b) => (b.old?.start ?? Infinity) - (a.old?.start ?? Infinity))
    .reduce((now, edit) => edited(now, edit, before.text, query), before.text);
  return withoutOtherDay(text, names, vocabulary);
}

interface Edit {
  readonly name: Item;
  /** What it takes the place of; undefined for nothing. */
  readonly old: Item | undefined;
  /** Both are places, or both people … */
  readonly isAlike: boolean;
}

/** A question whose text up to the end of the edit is still as it was before all edits. */
function edited(text: string, { name, old, isAlike }: Edit, before: string, query: Query): string {
  const { language } = query;
  const spelt = withArticle(name, query);
  const added = either(language, `${prepositionOf(name)} ${spelt}`, spelt);
  if (old === undefined) {
    if (name.filters.people.length + name.filters.offices.length > 0 && UNNAMED.test(text))
      return text.replace(UNNAMED, (_, preposition: string) => `${preposition} ${spelt}`);
    return either(language, text.replace(/\??$/, ` ${added}?`), `${name.text}、${text}`);
  }
  // Part of a title in the place of another names no meeting.
  const title = [...before.matchAll(/“[^”]*”/g)]
    .map((match) => ({ start: match.index, end: match.index + match[0].length }))
    .find(({ start, end }) => start < old.start && old.end < end);
  if (title !== undefined) {
    const meeting = either(language, `the meeting ${added}`, `${spelt}の会談`);
    return text.slice(0, title.start) + meeting + text.slice(title.end);
  }
  const start = text.slice(0, old.start);
  const head = /^the /i.test(spelt) ? start.replace(/\bthe $/i, '') : start;
  const rest = text.slice(old.end);
  // The talks with somebody become those of a place.
  if (language === 'ja')
    return head + spelt + (!isAlike && isSomewhere(name) ? rest.replace(/^と(?=の)/, '') : rest);
  if (isAlike) return head + (/^(?:on|in|during) /i.test(old.text) ? added : spelt) + rest;
  return head.replace(/\b(?:with|in|at|on|to|from|of|by|near) (?:the )?$/i, '') + added + rest;
}

/** 「ベルリンでは？」: a place that nobody knows, in the place of the one before. */
function withUnknownPlace({ typed, old: before }: Talk): string | null {
  const [, name] =
    new RegExp(`^${LEAD_JA}([\\p{Script=Katakana}ー・]{2,})(?:では|には|は)[?？]*$`, 'u').exec(
      typed,
    ) ?? [];
  const old = before.entities.findLast(isSomewhere);
  if (name === undefined || old === undefined) return null;
  return before.text.slice(0, old.start) + name + before.text.slice(old.end);
}

/** The name of a place or a person; an office without its article reads badly: "with Dutch minister". */
function withArticle(item: Item, { text }: Query): string {
  const name = placeNameOf(item);
  const isOffice = item.filters.offices.length > 0 && /^\p{Script=Latin}/u.test(name);
  return isOffice && /\bthe $/i.test(text.slice(0, item.start)) ? `the ${name}` : name;
}

/** "And the Swedish one?": the country. */
function placeNameOf({ text, filters: { places } }: Item): string {
  const [place] = places;
  const isName = place?.kind !== 'country' || !/^[\p{Script=Latin}\s.-]+$/u.test(text);
  return isName ? bare(text) : place.name;
}

/** The question without a day of the one before on which nothing was in the place that takes the other's place. */
function withoutOtherDay(text: string, names: readonly Item[], vocabulary: Vocabulary): string {
  const { items, filters } = readQuery(text, vocabulary);
  const { places, days } = filters;
  const day = items.find((item) => item.filters.days !== null);
  const isOwn = names.some((name) => name.filters.days !== null);
  if (day === undefined || isOwn || places.length === 0) return text;
  if (eventsThatFit({ ...NO_FILTERS, places, days }, vocabulary).length > 0) return text;
  const head = text.slice(0, day.start).replace(/\b(?:on|at|in) (?:the )?$/i, '');
  return `${head}${text.slice(day.end).replace(/^(?:には?|の)/, '')}`.replace(/ +(?=[ ?])/g, '');
}

/** 「北朝鮮については？」: a place where nobody was met is what was spoken about, unless the question before has a place too. */
function isTopic(
  { filters: { places }, end }: Item,
  { text }: Query,
  before: Query,
  vocabulary: Vocabulary,
): boolean {
  const isAbout = (at: number, whole: string): boolean =>
    /^(?:について|に関し)/.test(whole.slice(at));
  const somewhere = before.items.filter(isSomewhere);
  if (places.length === 0 || !before.has('meeting', 'meet', 'say')) return false;
  if (somewhere.some((item) => isAbout(item.end, before.text))) return false;
  const isVisited = places.some((place) => wasVisited(place, vocabulary));
  return isAbout(end, text) || (!isVisited && somewhere.length === 0);
}

/** "And the last?" after "what was the first meeting?", "which was first?" after "which cities did she see?". */
function withOtherRank({ query, old: before, listing, vocabulary }: Talk): string | null {
  const { language } = query;
  const rankOf = ({ items }: Query): Item | undefined =>
    items.find(({ classes }) => RANKS.some((rank) => classes.has(rank)));
  const [rank, old] = [rankOf(query), rankOf(before)];
  const verbs = OWN.filter((one) => one !== 'which' && one !== 'what' && one !== 'who');
  const isBare = query.unknown.length === 0 && !query.has(...verbs);
  if (rank === undefined || !isBare || query.items.some(isEntity)) return null;
  if (query.has('meeting', 'event', 'people', 'country', 'city', 'place', 'day')) return null;
  if (old !== undefined)
    return before.text.slice(0, old.start) + rank.text + before.text.slice(old.end);
  if (query.has('longest', 'shortest')) {
    const scope = scopeOf(before, language, vocabulary);
    const isStay = isPlaceTarget(listing?.kind ?? '');
    const [which, order] = query.has('longest') ? ['longest', '一番長'] : ['shortest', '一番短'];
    return either(
      language,
      `${isStay ? 'Where' : 'What'} was the ${which} ${isStay ? 'stay' : 'meeting'}${scope}?`,
      `${scope}${order}${isStay ? 'く滞在した場所はどこですか' : 'かった会談は何ですか'}`,
    );
  }
  if (!query.has('first', 'last') || listing === null) return null;
  return either(
    before.language,
    before.text.replace(/\??$/, ` ${rank.text}?`),
    `${rank.text}に${before.text}`,
  );
}

function bare(text: string): string {
  return text.replace(/^(?:on|in|during|at) /i, '');
}

function prepositionOf({ filters: { people, offices, days } }: Item): string {
  if (days !== null) return 'on';
  return people.length + offices.length > 0 ? 'with' : 'in';
}

function isLike({ filters: a }: Item, { filters: b }: Item): boolean {
  const isPerson = ({ people, offices }: Item['filters']): boolean =>
    people.length + offices.length > 0;
  return (
    (isPerson(a) && isPerson(b)) ||
    (['places', 'days', 'organisations', 'kinds'] as const).some(
      (one) => (a[one]?.length ?? 0) > 0 && (b[one]?.length ?? 0) > 0,
    )
  );
}

function isSomewhere({ filters: { places } }: Item): boolean {
  return places.length > 0;
}

function isSomebodyOrSomewhere(item: Item): boolean {
  return isSomewhere(item) || item.filters.people.length > 0;
}

const NEXT =
  /^(?:and |so |ok )?(?:what )?(?:(?:came|was|happened) )?(?<then>then|next|after that|afterwards)|^(?:and |so )?(?:what )?(?:(?:came|was|happened) )?(?<former>before that|before then)/i;

const NEXT_JA = new RegExp(
  `^${LEAD_JA}(?:(?<then>(?:その|この)(?:すぐ)?(?:後|あと|次)|次|それから|それで|で(?=[?？]))|(?<former>(?:その|この)(?:すぐ)?前))` +
    '(?:の予定|の会談|(?=の(?:訪問|行き|国|都市|街|場所)))?(?:は|に)?(?:何(?:を|が)?.*|どう.*|(?<place>(?:の(?:訪問|行き|国|都市|街|場所)|どこ|どの(?:国|都市|街)).*))?[?？。]*$',
  'u',
);

/** "And then?", "before that?", 「その後は？」: of a question about one place what came after it, of a day the next. */
function withNeighbour(talk: Talk): string | null {
  const { typed, old, last, vocabulary } = talk;
  const japanese = NEXT_JA.exec(typed)?.groups;
  const match = NEXT.exec(typed);
  const english =
    match === null || /\w/.test(typed.slice(match[0].length)) ? undefined : match.groups;
  const found = japanese ?? english;
  if (last === undefined || found === undefined) return null;
  const language = japanese === undefined ? 'en' : 'ja';
  const isNext = found['then'] !== undefined;
  const isSeveral = isOfSeveral(talk);
  const { places, days } = old.filters;
  const [day] = days ?? [];
  if (isSeveral && places.length === 0 && day !== undefined) {
    const date = dateInWords(shiftDate(day, isNext ? 1 : -1), language);
    return either(language, `What happened on ${date}?`, `${date}は何をしましたか`);
  }
  const [asked] = isSeveral && places.length === 1 ? places : [];
  if (asked !== undefined || found['place'] !== undefined) {
    const place = vocabulary.nameIn(language, asked?.name ?? last.meeting.city);
    return either(
      language,
      `Where did they go ${isNext ? 'after' : 'before'} ${place}?`,
      `${place}の${isNext ? '後' : '前'}はどこへ行きましたか`,
    );
  }
  const name = meetingName(talk, last, language);
  return either(
    language,
    `What came ${isNext ? 'next after' : 'right before'} ${name}?`,
    `${name}の直${isNext ? '後' : '前'}の予定は何ですか`,
  );
}

const MORE =
  /^(?:and |ok |so )?(?:(?:can you |please )*(?:tell me|give me|show me)? ?(?:(?:some |a bit |a little )?more(?: details?| info(?:rmation)?)?|(?:the )?details)(?: about (?:it|that|this|them))?|what else|anything else|go on|(?<who>(?:who else|anyone else|anybody else)(?: (?:was|were) (?:there|present)| there| did (?:she|he|they) meet| came)?))(?: please)?[.?! ]*$/i;

const MORE_JA = new RegExp(
  `^${LEAD_JA}(?:(?:もっと|もう少し|より)?(?:詳し[くい]|詳細|くわしく)(?:は|を|に)?(?:教えて.*|お願い.*|知りたい.*|話して.*)?|(?:他|ほか)に?(?:は|も)?(?:何か.*|あ[るり].*)?|続き(?:は|を)?|(?<who>(?:他|ほか)に?(?:は|も)?(?:誰か?|だれか?)(?:は|が|に|と)?(?:い(?:ました|た|る|ます)|会い(?:ました)|会った)?(?:か|の)*))[?？。]*$`,
  'u',
);

/** "Tell me more", "anyone else?": about the meeting, the place or the day; a list is whole, and so is shown again. */
function withMore(talk: Talk): string | null {
  const { typed, old, listing, last, vocabulary } = talk;
  const found = MORE.exec(typed) ?? MORE_JA.exec(typed);
  if (found === null) return null;
  const language = old.language === 'ja' || MORE_JA.test(typed) ? 'ja' : 'en';
  const isWho = found.groups?.['who'] !== undefined;
  const isElse = isWho || /else|他|ほか/i.test(typed);
  const isSeveral = isOfSeveral(talk);
  if (isSeveral && isElse && (!isWho || listing?.kind === 'people')) return old.text;
  if (last === undefined) return null;
  if (isSeveral) {
    const scope = scopeOf(old, language, vocabulary);
    // A list of events names nobody yet.
    if (isWho) return either(language, `Who did they meet${scope}?`, `${scope}誰に会いましたか`);
    return scope === ''
      ? either(language, 'Give me an overview of the tour', '日程の概要を教えて')
      : either(language, `What happened${scope}?`, `${scope}何をしましたか`);
  }
  const name = meetingName(talk, last, language);
  return isWho
    ? either(language, `who else was at ${name}?`, `${name}で他に誰がいましたか`)
    : either(language, `Tell me about ${name}`, `${name}について教えて`);
}

/** "What about NATO?", "and for schools?": what stands behind the same word of the question before. */
function withOtherSubject({ query, before }: Talk): string | null {
  const [, word = '', subject] =
    /^(?:and |what |how |but |so )+(about|for|to|from|by|on) (.+?)\??$/i.exec(query.text) ?? [];
  const same = new RegExp(` ${word} .+$`, 'i');
  return subject === undefined || query.unknown.length === 0 || !same.test(before)
    ? null
    : before.replace(same, ` ${word} ${subject}?`);
}

// Follow-ups on what the question before listed: "which of them …?", "and the last one?", "and outside Lima?"

/** Words of a question that asks for something itself. */
const OWN: readonly WordClass[] = [
  ...(['count', 'often', 'which', 'what', 'who', 'where', 'when', 'long', 'overview'] as const),
  ...(['meet', 'see', 'go', 'move', 'do', 'say', 'act', 'start', 'end', 'tour', 'route'] as const),
];

/** "Of them", "the last one", そのうち: of what was listed. */
const OF_THEM = /\b(?:of|among) (?:them|those|these)\b/i;

const ONE = /\b(?:the |in )?(?<rank>first|last|longest|shortest|which) ones?\b/i;

/** "The second one", "number two", 2番目の人: one item of what was listed. */
const NTH_ONE =
  /\bthe (?<nth>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)|last)(?: (?:one|person)\b(?! (?:she|he|they|who|that|to|met|in|on|at)\b)| of (?:them|these|those)\b)|\b(?:number|no\.|#) ?(?<number>\d+|one|two|three|four|five|six|seven|eight|nine|ten)\b|\bthe (?<pair>former|latter)\b/i;

const NTH_ONE_JA =
  /(?:(?<nth>[0-9０-９一二三四五六七八九十]+)(?:番目|人目|つ目))(?:の(?:人物|人|方|国|都市|街|場所)|(?![にの]))|(?<end>最初|最後)の(?:人物|人|方|国|都市|街|場所)/;

/** Lists whose items are shown one by one, in an order. */
const ITEMISED = ['people', 'countries', 'cities', 'places'];

/** "How long did she talk to the second one?" after a list of people: the second of that list. */
function withItem(typed: string, listing: Listing, vocabulary: Vocabulary): string | null {
  const { kind, items } = listing;
  const match = NTH_ONE.exec(typed) ?? NTH_ONE_JA.exec(typed);
  if (match === null || items.length < 2 || !ITEMISED.includes(kind)) return null;
  const language = languageOf(match[0]);
  const { nth, number, pair, end } = match.groups ?? {};
  const isOther = kind === 'people' ? /の(?:国|都市|街|場所)$/ : /の(?:人物|人|方)$| person$/i;
  if (isOther.test(match[0])) return null;
  const word = nth ?? number ?? pair ?? end ?? '';
  const isFirst = /^(?:former|最初)$/i.test(word);
  const at = isFirst ? 1 : numberOf(word.normalize('NFKC').toLowerCase());
  const item = /^(?:last|latter|最後)$/i.test(word) ? items.at(-1) : items[at - 1];
  // No item of the list: the words mean nothing else either.
  if (item === undefined) return typed;
  const name = vocabulary.nameIn(language, item);
  const rest = typed.replace(match[0], '');
  const isBare = /^(?:and|what about|how about|so|ok|では?|じゃあ?|[はも、,\s?？。.!])*$/i.test(
    rest,
  );
  if (!isBare) return typed.replace(match[0], () => name);
  return kind === 'people'
    ? either(language, `Who is ${name}?`, `${name}は誰ですか`)
    : either(language, `What happened in ${name}?`, `${name}では何をしましたか`);
}

const OF_THEM_JA = /(?:その|この)(?:うち|中|なか)(?:で|の|に|、)?/;

/** Lists whose title names what they are of. */
const NAMED_LISTS = ['people', 'countries', 'cities', 'places', 'courts', 'meetings', 'events'];

/** What the question before listed in place of "them": "which of the people met in Lima …". */
function withListed({ typed, listing, vocabulary }: Talk): string | null {
  if (listing === null) return null;
  const item = withItem(typed, listing, vocabulary);
  const isOfAll = OF_THEM.test(typed) || ONE.test(typed) || OF_THEM_JA.test(typed);
  if (item !== null || !isOfAll) return item;
  if (listing.meetings.length < 2 || !NAMED_LISTS.includes(listing.kind)) return null;
  const [name = ''] = listing.title.split(/: |：/);
  // "The countries in Europe" would be all that there are.
  const visited = isPlaceTarget(listing.kind) ? ' visited' : '';
  const listed = `the ${name.slice(0, 1).toLowerCase()}${name.slice(1)}${visited}`;
  return typed
    .replace(OF_THEM_JA, () => `${name}のうち`)
    .replace(OF_THEM, () => `of ${listed}`)
    .replace(ONE, (_, rank: string) =>
      /^which/i.test(rank) ? `which of ${listed}` : `the ${rank} of ${listed}`,
    );
}

/** "And outside Lima?", 「リマ以外では？」: what is left out comes after the question before, which then names no such place. */
function withoutSome(query: Query, before: Query): string | null {
  const { text, language, excluded, entities, unknown, has } = query;
  const isOwn = entities.length + unknown.length > 0 || has(...OWN);
  if (excluded.length === 0 || isOwn) return null;
  const isPlace = excluded.some(({ places }) => places.length > 0);
  const [old] = before.entities.filter((item) => isPlace && item.filters.places.length > 0);
  const kept =
    old === undefined
      ? before.text
      : before.text
          .slice(0, old.start)
          .replace(/\b(?:in|at|to|from|of) (?:the )?$/i, '')
          .trimEnd() + before.text.slice(old.end).replace(/^(?:では?|にも?|の)/, '');
  if (language === 'ja') {
    return `${text.replace(/^(?:で、?|では、?|じゃあ、?)/, '').replace(/(?:では|は|で)?[?？。]*$/, '')}で、${kept}`;
  }
  const added = text
    .replace(/^(?:and|so|ok|but|what about|how about)[, ]+/i, '')
    .replace(/\?+$/, '');
  return `${kept.replace(/\?+$/, '')} ${added}?`;
}
