import { isEntity, isPlaceTarget, type Item, type Language, NO_FILTERS } from './items.ts';
import { OFFICES, type WordClass } from './lexicon.ts';
import { type Listing, listingOf } from './listing.ts';
import {
  inLanguage,
  LEAD_JA,
  meetingName,
  MOST_NAMED,
  scopeOf,
  type Topic,
  withMeeting,
  withOtherQuestionWord,
} from './meeting-reference.ts';
import { isYesNo, type Query, readQuery } from './query.ts';
import { isLocation } from './premises.ts';
import { covers, eventsThatFit, peopleAt, type TourEvent, uniqueBy } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Person } from '../corpus/types.ts';
import { dateInWords, numberOf, shiftDate } from '../language/dates.ts';
import { fold } from '../language/words.ts';

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
  const last = vocabulary.timeline.events.find((event) => event.meeting.id === meeting);
  const said = readQuery(asked, vocabulary);
  const held = withOffice(typed, personSpokenOf(said, last, vocabulary, typed), vocabulary);
  // "The next day" is a day like any other that takes the place of the one before.
  const dated = withDays(held, daysSpokenOf(said, last, vocabulary));
  const query = readQuery(dated, vocabulary);
  const other =
    query.language === said.language ? null : inLanguage(said, query.language, vocabulary);
  const before = other ?? asked;
  const old = other === null ? said : readQuery(other, vocabulary);
  const spoken = last === undefined ? null : { before, last, vocabulary };
  const place = placeSpokenOf(old, last, vocabulary);
  const placed = withPlace(dated, query, place, vocabulary);
  const person = namesOf(personSpokenOf(old, last, vocabulary, typed));
  return (
    withListed(typed, old, vocabulary) ??
    withReason(typed, place, vocabulary) ??
    withOtherTopic(query, old, { spoken, isChosen }) ??
    (dated === held ? null : withNeighbouringDay(query, old)) ??
    withoutSome(query, old) ??
    withOtherName(query, old, vocabulary) ??
    withUnknownPlace(typed, old) ??
    withOtherRank(query, old, vocabulary) ??
    (query.entities.length > 0 ? null : withNeighbour(typed, old, spoken)) ??
    withMore(typed, old, spoken) ??
    withOtherQuestionWord(typed, before, spoken) ??
    withOtherSubject(query, before) ??
    (spoken === null
      ? null
      : withMeeting(query, {
          ...{ ...spoken, typed: dated, placed, person, old },
          isSwitched: query.language !== said.language,
        })) ??
    withSpeaker(query, placed, person, before) ??
    withTalks(query, old, spoken) ??
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
  before: Query,
  last: TourEvent | undefined,
  vocabulary: Vocabulary,
): string | null {
  const { home } = vocabulary.timeline;
  const located = before.entities.filter(
    (item) => item.filters.places.length > 0 && isLocation(item, before),
  );
  const place = located
    .flatMap(({ filters }) => filters.places)
    .findLast(({ kind, countries }) => kind === 'region' || !countries.has(home ?? ''));
  if (place !== undefined) return place.name;
  const listed = listedEvents(before, vocabulary);
  const [only, ...others] = new Set(listed.map(({ meeting: { city } }) => city));
  if (only !== undefined && listed.length > 1) {
    return others.length > 0 || listed[0]?.country === home ? null : only;
  }
  return last === undefined || last.country === home ? null : last.meeting.city;
}

function listedEvents(query: Query, vocabulary: Vocabulary): readonly TourEvent[] {
  const ids = new Set(listingOf(query, vocabulary)?.meetings.map(({ id }) => id));
  return vocabulary.timeline.events.filter(({ meeting }) => ids.has(meeting.id));
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
  const named = isNamed
    ? eventsThatFit(filters, vocabulary).flatMap((event) => peopleAt(event, filters, vocabulary))
    : [];
  // No woman is "he"; of many people the documents do not say.
  const isHer = /\bher\b|彼女/i.test(typed) ? 'male' : null;
  const other = /\b(?:he|him|his)\b/i.test(typed) ? 'female' : isHer;
  const all = [uniqueBy(named, ({ name }) => name), last?.others ?? []].map((people) =>
    people.filter(({ gender }) => other === null || gender !== other),
  );
  return all.find(({ length }) => length > 0 && length <= MOST_NAMED) ?? [];
}

function namesOf(people: readonly Person[]): string | null {
  return people.length === 0 ? null : people.map(({ name }) => name).join(' and ');
}

/** What somebody's country has one of. */
const OFFICE_OF =
  /\b(?:his|her|their) (?:own )?(?<what>(?:foreign |prime |defen[cs]e |finance )?minister|president|chancellor|king|queen|boss|government|country)\b(?! of\b)/i;

const OFFICE_OF_JA =
  /(?:彼女?|その人|相手)の(?:国の)?(?=(?<what>大統領|首相|総理|外相|外務大臣|大臣|政府|上司|国))/;

/** "And his president?": the president of the country of whoever was spoken of, whom the office alone does not tell. */
function withOffice(
  typed: string,
  [person, ...others]: readonly Person[],
  vocabulary: Vocabulary,
): string {
  const match = OFFICE_OF.exec(typed) ?? OFFICE_OF_JA.exec(typed);
  const code = person === undefined || others.length > 0 ? null : vocabulary.countryOf(person);
  const event = vocabulary.timeline.events.find(({ country }) => country === code);
  if (match === null || event === undefined) return typed;
  const { country } = event.meeting;
  const what = match.groups?.['what'] ?? '';
  const isJapanese = OFFICE_OF_JA.test(typed);
  if (isJapanese && what === '国') {
    return typed.replace(new RegExp(`${OFFICE_OF_JA.source}国`), vocabulary.nameIn('ja', country));
  }
  if (isJapanese) return typed.replace(OFFICE_OF_JA, `${vocabulary.nameIn('ja', country)}の`);
  if (/^country$/i.test(what)) return typed.replace(OFFICE_OF, country);
  const office = /^boss$/i.test(what) ? 'leader' : what.toLowerCase();
  return typed.replace(OFFICE_OF, `the ${office} of ${country}`);
}

/** "Why there?" */
function withReason(typed: string, place: string | null, vocabulary: Vocabulary): string | null {
  if (/^(?:and |but |so )?why (?:on )?(?:then|(?:that|this) (?:day|date|time))\W*$/i.test(typed))
    return typed;
  const isEnglish = /^(?:and |but |so )?why (?:in |over )?there\W*$/i.test(typed);
  if (
    !isEnglish &&
    !/^(?:なぜ|何故|なんで|どうして)(?:そこ|そちら)(?:に|へ|で)?(?:です)?か?[?？。]*$/.test(typed)
  )
    return null;
  if (place === null) return typed;
  return isEnglish
    ? `Why did they go to ${place}?`
    : `${vocabulary.nameIn('ja', place)}にはなぜ行きましたか`;
}

/**
 * "What about Peru?" after "how long was it?": what they said about it, where no place of the question before can be
 * replaced by it, or where all questions are about one meeting.
 */
function withOtherTopic(
  query: Query,
  before: Query,
  { spoken, isChosen }: { readonly spoken: Topic | null; readonly isChosen: boolean },
): string | null {
  if (spoken === null) return null;
  const { last, vocabulary } = spoken;
  const { people, offices, days, kinds, places } = query.filters;
  const [, about] =
    /^(?:and |but |so |ok )*(?:what|how) about (.+?)\W*$/i.exec(query.text) ??
    new RegExp(`^${LEAD_JA}(.+?)(?:について|に関して)は?[?？。]*$`, 'u').exec(query.text) ??
    [];
  const [only, ...more] = query.items;
  const isPlain = more.length === 0 && /[^でに]は[?？。]*$/.test(query.text);
  const isTopicAlone = isPlain && (places.length > 0 || (isChosen && query.unknown.length > 0));
  const topic = about ?? (isTopicAlone ? only?.text : undefined);
  // A question about what was said keeps its own words.
  const isSaid = before.has('say', 'about');
  const isOther = people.length + offices.length + kinds.length > 0 || days !== null;
  if (topic === undefined || isSaid || isOther) return null;
  if (/^(?:it|that|this|them|him|her|there|the (?:next|other|first|last)\b.*)$/i.test(topic))
    return null;
  const isVisited = places.some((place) =>
    vocabulary.timeline.events.some((event) => covers(place, event)),
  );
  const isReplaced =
    places.length > 0 && before.items.some((item) => isSomewhere(item) && isLocation(item, before));
  // Somebody unknown rather than a topic.
  const isName = query.unknown.some(({ text }) => /^\p{Lu}\p{Ll}/u.test(text));
  if (
    !isChosen &&
    (isReplaced || isVisited || isName || listedEvents(before, vocabulary).length > 1)
  )
    return null;
  if (query.language === 'ja') {
    return isChosen
      ? `${topic}について何を話しましたか`
      : `${meetingName(last, spoken, 'ja')}で${topic}について何を話しましたか`;
  }
  const where = isChosen ? '' : ` at ${meetingName(last, spoken, 'en')}`;
  return `what did they say about ${topic}${where}?`;
}

/** "And the day after?" of a question that names neither day nor place asks what happened then. */
function withNeighbouringDay(query: Query, before: Query): string | null {
  const [day, ...others] = query.items.filter(isEntity);
  const isBare = query.unknown.length === 0 && !OWN.some((one) => query.has(one));
  const isKept = before.filters.days !== null || before.items.some(isSomewhere);
  if (day?.filters.days == null || others.length > 0 || !isBare || isKept) return null;
  return query.language === 'ja'
    ? `${day.text}には何がありましたか`
    : `What happened on ${bare(day.text)}?`;
}

/** "Did she mention the earthquake?" after a question about one person: at the meeting with that person. */
function withTalks(query: Query, before: Query, spoken: Topic | null): string | null {
  const { people, offices, days, kinds, organisations } = query.filters;
  const named = people.length + offices.length + kinds.length + organisations.length;
  if (spoken === null || query.language === 'ja' || named > 0 || days !== null) return null;
  const { vocabulary, last } = spoken;
  const isSpeech =
    query.has('say') && /^(?:(?:and|but|so|what) )*did (?:she|they)\b/i.test(query.text);
  const isPlaced = query.items.some((item) => isSomewhere(item) && isLocation(item, query));
  const isOfOne =
    before.filters.people.length + before.filters.offices.length > 0 &&
    listedEvents(before, vocabulary).length <= 1;
  if (!isSpeech || isPlaced || !isOfOne) return null;
  return query.text.replace(/\W*$/, ` at ${meetingName(last, spoken, 'en')}?`);
}

/** "Did he mention Peru?" names something itself, but not who "he" is. */
function withSpeaker(
  { language, filters, has }: Query,
  typed: string,
  person: string | null,
  before: string,
): string | null {
  const isNamed = filters.people.length + filters.offices.length > 0;
  if (language === 'ja' || person === null || isNamed || !has('say')) return null;
  if (/\b(?:he|him|his)\b/i.test(before)) return null;
  const text = typed.replace(/\bhe\b/i, person);
  return text === typed ? null : text;
}

const RANKS: readonly WordClass[] = ['first', 'last', 'longest', 'shortest', 'next', 'most'];

/** Somebody whom a question leaves unnamed: a name takes the place. */
const UNNAMED = /\b(to|with) (?:him|her|them|the \w+ (?:one|person))\b/i;

/** "And in Lima?", "what about the 9th?": the names of the follow-up in place of those before. */
function withOtherName(query: Query, before: Query, vocabulary: Vocabulary): string | null {
  const names = query.items.filter(isEntity);
  const isBare = query.unknown.length === 0 && names.length > 0;
  const isComplete =
    query.language === 'en' && (isYesNo(query) || (query.has('other') && query.has('be', 'aux')));
  const asks =
    isComplete ||
    OWN.some((one) => query.has(one) && !(one === 'what' && /about/i.test(query.text)));
  if (!isBare || asks || query.has('before', 'after', 'next')) return null;
  const edits = names.map((name) => {
    const alike = before.items.findLast((item) => isLike(item, name));
    // A day takes the place of a place, not of somebody.
    const isDay = name.filters.days !== null;
    const other = alike ?? before.items.findLast(isDay ? isSomewhere : isSomebodyOrSomewhere);
    return { name, old: other, isAlike: alike !== undefined };
  });
  if (edits.some(({ name, isAlike }) => !isAlike && name.filters.kinds.length > 0)) return null;
  const [only, ...more] = edits;
  if (only !== undefined && more.length === 0 && isTopic(only.name, query, before, vocabulary)) {
    const { text } = only.name;
    return query.language === 'ja'
      ? `${text}について、${before.text}`
      : before.text.replace(/\??$/, ` about ${text}?`);
  }
  // A place cannot say anything: it is what somebody spoke about.
  const isSubject = edits.some(
    ({ name, old, isAlike }) =>
      old !== undefined &&
      !isAlike &&
      isSomewhere(name) &&
      /\b(?:did|does|do|has|had|was|is) (?:the )?$/i.test(before.text.slice(0, old.start)),
  );
  if (isSubject && only !== undefined) {
    const added = ` about ${placeNameOf(only.name)}?`;
    return before.has('say') ? before.text.replace(/(?: about .+)?\?*$/i, added) : null;
  }
  // What came before or after something has no day of its own.
  const [day] = names;
  if (before.anchor !== null && day?.filters.days != null && edits[0]?.old === undefined)
    return query.language === 'ja'
      ? `${day.text}には何がありましたか`
      : `What happened on ${bare(day.text)}?`;
  let text = before.text;
  const inOrder = edits.toSorted((a, b) => (b.old?.start ?? Infinity) - (a.old?.start ?? Infinity));
  for (const { name, old, isAlike } of inOrder) {
    const holder = holderOf(name, old, vocabulary);
    const spelt = holder ?? withArticle(name, query, placeNameOf(name));
    const added = `${prepositionOf(name, query.language)} ${spelt}`;
    const isPerson = name.filters.people.length + name.filters.offices.length > 0;
    if (old === undefined && isPerson && UNNAMED.test(text)) {
      text = text.replace(UNNAMED, (_, preposition: string) => `${preposition} ${spelt}`);
      continue;
    }
    if (old === undefined) {
      text = query.language === 'ja' ? `${name.text}、${text}` : text.replace(/\??$/, ` ${added}?`);
      continue;
    }
    const title = titleAround(before.text, old);
    if (title !== null) {
      // Part of a title in the place of another names no meeting.
      const meeting = query.language === 'ja' ? `${spelt}の会談` : `the meeting ${added}`;
      text = text.slice(0, title.start) + meeting + text.slice(title.end);
      continue;
    }
    const start = text.slice(0, old.start);
    const head = /^the /i.test(spelt) ? start.replace(/\bthe $/i, '') : start;
    // The talks with somebody become those of a place.
    const isMoved = query.language === 'ja' && !isAlike && isSomewhere(name);
    const tail = text.slice(old.end).replace(isMoved ? /^と(?=の)/ : /^$/, '');
    const isDated = /^(?:on|in|during) /i.test(old.text);
    text =
      isAlike || holder !== null || query.language === 'ja'
        ? head + (isDated ? added : spelt) + tail
        : head.replace(/\b(?:with|in|at|on|to|from|of|by|near) (?:the )?$/i, '') + added + tail;
  }
  return withoutOtherDay(text, names, vocabulary);
}

/** The quoted title of a meeting that a name of the question is part of. */
function titleAround(text: string, { start, end }: Item): Pick<Item, 'start' | 'end'> | null {
  const titles = [...text.matchAll(/“[^”]*”/g)].map(({ index, 0: title }) => ({
    start: index,
    end: index + title.length,
  }));
  return titles.find((title) => title.start < start && end < title.end) ?? null;
}

/** 「ベルリンでは？」: a place that nobody knows, in the place of the one before. */
function withUnknownPlace(typed: string, before: Query): string | null {
  const [, name] =
    new RegExp(`^${LEAD_JA}([\\p{Script=Katakana}ー・]{2,})(?:では|には|は)[?？]*$`, 'u').exec(
      typed,
    ) ?? [];
  const old = before.entities.findLast(isSomewhere);
  if (name === undefined || old === undefined) return null;
  return before.text.slice(0, old.start) + name + before.text.slice(old.end);
}

/** An office without its article reads badly: "with Dutch minister". */
function withArticle({ start, filters: { offices } }: Item, { text }: Query, name: string): string {
  const isOffice = offices.length > 0 && /^\p{Script=Latin}/u.test(name);
  return isOffice && /\bthe $/i.test(text.slice(0, start)) ? `the ${name}` : name;
}

/** "And the Swedish one?": the country. */
function placeNameOf({ text, filters: { places } }: Item): string {
  const [place] = places;
  const isName = place?.kind !== 'country' || !/^[\p{Script=Latin}\s.-]+$/u.test(text);
  return isName || fold(bare(text)) === fold(place.name) ? bare(text) : place.name;
}

/** "And the Swedish one?" after a question about a minister: whoever holds the same office there; null for anything else. */
function holderOf(name: Item, old: Item | undefined, { timeline }: Vocabulary): string | null {
  const [before] = old?.filters.people ?? [];
  const people = timeline.events.flatMap(({ others }) => others);
  const title = people.find((person) => person.name === before)?.title ?? '';
  const office = OFFICES.find(({ value }) => value.pattern.test(title));
  const isAdjective = placeNameOf(name) !== bare(name.text);
  return isAdjective && office !== undefined ? `the ${bare(name.text)} ${office.phrases[0]}` : null;
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
  { language, text }: Query,
  before: Query,
  { timeline: { events } }: Vocabulary,
): boolean {
  if (places.length === 0 || !before.has('meeting', 'meet', 'say')) return false;
  const isAbout = (item: Item, whole: string): boolean =>
    /^(?:について|に関し)/.test(whole.slice(item.end));
  if (before.items.some((item) => isSomewhere(item) && isAbout(item, before.text))) return false;
  if (language === 'ja' && /^(?:について|に関し)/.test(text.slice(end))) return true;
  const isVisited = places.some((place) => events.some((event) => covers(place, event)));
  return !isVisited && !before.items.some(isSomewhere);
}

/** "And the last?" after "what was the first meeting?", "which was first?" after "which cities did she see?". */
function withOtherRank(query: Query, before: Query, vocabulary: Vocabulary): string | null {
  const rankOf = ({ items }: Query): Item | undefined =>
    items.find(({ classes }) => RANKS.some((rank) => classes.has(rank)));
  const [rank, old] = [rankOf(query), rankOf(before)];
  const verbs = OWN.filter((one) => one !== 'which' && one !== 'what' && one !== 'who');
  const isBare = query.unknown.length === 0 && !verbs.some((one) => query.has(one));
  if (rank === undefined || !isBare || query.items.some(isEntity)) return null;
  if (query.has('meeting', 'event', 'people', 'country', 'city', 'place', 'day')) return null;
  if (old !== undefined)
    return before.text.slice(0, old.start) + rank.text + before.text.slice(old.end);
  if (query.has('longest', 'shortest')) {
    const scope = scopeOf(before, query.language, vocabulary);
    const isLongest = query.has('longest');
    const isStay = isPlaceTarget(listingOf(before, vocabulary)?.kind ?? '');
    if (query.language === 'ja') {
      const order = isLongest ? '一番長' : '一番短';
      return isStay
        ? `${scope}${order}く滞在した場所はどこですか`
        : `${scope}${order}かった会談は何ですか`;
    }
    return `${isStay ? 'Where' : 'What'} was the ${isLongest ? 'longest' : 'shortest'} ${isStay ? 'stay' : 'meeting'}${scope}?`;
  }
  if (!query.has('first', 'last') || listingOf(before, vocabulary) === null) return null;
  return before.language === 'ja'
    ? `${rank.text}に${before.text}`
    : before.text.replace(/\??$/, ` ${rank.text}?`);
}

function bare(text: string): string {
  return text.replace(/^(?:on|in|during|at) /i, '');
}

function prepositionOf({ filters: { people, offices, days } }: Item, language: Language): string {
  if (language === 'ja') return '';
  if (days !== null) return 'on';
  return people.length + offices.length > 0 ? 'with' : 'in';
}

function isLike({ filters: a }: Item, { filters: b }: Item): boolean {
  const isPerson = ({ people, offices }: Item['filters']): boolean =>
    people.length + offices.length > 0;
  return (
    (a.places.length > 0 && b.places.length > 0) ||
    (a.days !== null && b.days !== null) ||
    (isPerson(a) && isPerson(b)) ||
    (a.organisations.length > 0 && b.organisations.length > 0) ||
    (a.kinds.length > 0 && b.kinds.length > 0)
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
function withNeighbour(typed: string, before: Query, spoken: Topic | null): string | null {
  if (spoken === null) return null;
  const japanese = NEXT_JA.exec(typed)?.groups;
  const match = NEXT.exec(typed);
  const english =
    match === null || /\w/.test(typed.slice(match[0].length)) ? undefined : match.groups;
  const found = japanese ?? english;
  if (found === undefined) return null;
  const language = japanese === undefined ? 'en' : 'ja';
  const isNext = found['then'] !== undefined;
  const { vocabulary, last } = spoken;
  const several = (listingOf(before, vocabulary)?.meetings.length ?? 0) > 1;
  const { places, days } = before.filters;
  const [day] = days ?? [];
  if (several && places.length === 0 && day !== undefined) {
    const date = dateInWords(shiftDate(day, isNext ? 1 : -1), language);
    return language === 'ja' ? `${date}は何をしましたか` : `What happened on ${date}?`;
  }
  const [asked] = several && places.length === 1 ? places : [];
  if (asked !== undefined || found['place'] !== undefined) {
    const place = vocabulary.nameIn(language, asked?.name ?? last.meeting.city);
    return language === 'ja'
      ? `${place}の${isNext ? '後' : '前'}はどこへ行きましたか`
      : `Where did they go ${isNext ? 'after' : 'before'} ${place}?`;
  }
  const name = meetingName(last, spoken, language);
  return language === 'ja'
    ? `${name}の直${isNext ? '後' : '前'}の予定は何ですか`
    : `What came ${isNext ? 'next after' : 'right before'} ${name}?`;
}

const MORE =
  /^(?:and |ok |so )?(?:(?:can you |please )*(?:tell me|give me|show me)? ?(?:(?:some |a bit |a little )?more(?: details?| info(?:rmation)?)?|(?:the )?details)(?: about (?:it|that|this|them))?|what else|anything else|go on|(?<who>(?:who else|anyone else|anybody else)(?: (?:was|were) (?:there|present)| there| did (?:she|he|they) meet| came)?))(?: please)?[.?! ]*$/i;

const MORE_JA = new RegExp(
  `^${LEAD_JA}(?:(?:もっと|もう少し|より)?(?:詳し[くい]|詳細|くわしく)(?:は|を|に)?(?:教えて.*|お願い.*|知りたい.*|話して.*)?|(?:他|ほか)に?(?:は|も)?(?:何か.*|あ[るり].*)?|続き(?:は|を)?|(?<who>(?:他|ほか)に?(?:は|も)?(?:誰か?|だれか?)(?:は|が|に|と)?(?:い(?:ました|た|る|ます)|会い(?:ました)|会った)?(?:か|の)*))[?？。]*$`,
  'u',
);

/** "Tell me more", "anyone else?": about the meeting, the place or the day; a list is whole, and so is shown again. */
function withMore(typed: string, before: Query, spoken: Topic | null): string | null {
  const found = MORE.exec(typed) ?? MORE_JA.exec(typed);
  if (found === null) return null;
  const isJapanese = before.language === 'ja' || MORE_JA.test(typed);
  const language = isJapanese ? 'ja' : 'en';
  const isElse = found.groups?.['who'] !== undefined || /else|他|ほか/i.test(typed);
  const vocabulary = spoken?.vocabulary;
  const listing = vocabulary === undefined ? null : listingOf(before, vocabulary);
  const isSeveral = (listing?.meetings.length ?? 0) > 1;
  const isWho = found.groups?.['who'] !== undefined;
  if (isSeveral && isElse && (!isWho || listing?.kind === 'people')) return before.text;
  if (spoken === null || vocabulary === undefined) return null;
  const scope = scopeOf(before, language, vocabulary);
  // A list of events names nobody yet.
  if (isSeveral && isWho)
    return isJapanese ? `${scope}誰に会いましたか` : `Who did they meet${scope}?`;
  if (isSeveral) {
    if (scope === '') return isJapanese ? '日程の概要を教えて' : 'Give me an overview of the tour';
    return isJapanese ? `${scope}何をしましたか` : `What happened${scope}?`;
  }
  const name = meetingName(spoken.last, spoken, language);
  if (isWho) return isJapanese ? `${name}で他に誰がいましたか` : `who else was at ${name}?`;
  return isJapanese ? `${name}について教えて` : `Tell me about ${name}`;
}

/** "What about NATO?", "and for schools?": what stands behind the same word of the question before, or at its end. */
function withOtherSubject(query: Query, before: string): string | null {
  const [, word = '', subject] =
    /^(?:and |what |how |but |so )+(about|for|to|from|by|on) (.+?)\??$/i.exec(query.text) ?? [];
  if (subject === undefined || query.unknown.length === 0) return null;
  const same = new RegExp(` ${word} .+$`, 'i');
  if (same.test(before)) return before.replace(same, ` ${word} ${subject}?`);
  return word === 'about' && / (?:for|on|to) \S+\?$/i.test(before)
    ? before.replace(/( (?:for|on|to)) \S+\?$/i, `$1 ${subject}?`)
    : null;
}

/** The first and last day spoken of: that of the question before or of what it listed, else the meeting's. */
function daysSpokenOf(
  before: Query,
  last: TourEvent | undefined,
  vocabulary: Vocabulary,
): readonly string[] {
  const { days } = before.filters;
  if (days?.length === 1) return days;
  const listed = listedEvents(before, vocabulary);
  const events = listed.length > 1 ? listed : last === undefined ? [] : [last];
  return events.flatMap(({ meeting: { date } }) => date ?? []).toSorted();
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

// Follow-ups on what the question before listed: "which of them …?", "and the last one?", "and outside Lima?"

/** Words of a question that asks for something itself. */
export const OWN: readonly WordClass[] = [
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
  if (items.length < 2 || !ITEMISED.includes(kind)) return null;
  const inEnglish = NTH_ONE.exec(typed);
  const match = inEnglish ?? NTH_ONE_JA.exec(typed);
  if (match === null) return null;
  const language = inEnglish === null ? 'ja' : 'en';
  const { nth, number, pair, end } = match.groups ?? {};
  const isOther = kind === 'people' ? /の(?:国|都市|街|場所)$/ : /の(?:人物|人|方)$| person$/i;
  if (isOther.test(match[0])) return null;
  const isLast = [nth, pair, end].some((word) => /^(?:last|latter|最後)$/i.test(word ?? ''));
  const isFirst = [pair, end].some((word) => /^(?:former|最初)$/i.test(word ?? ''));
  const at = isFirst ? 1 : numberOf((nth ?? number ?? '').normalize('NFKC').toLowerCase());
  const item = isLast ? items.at(-1) : items[at - 1];
  // No item of the list: the words mean nothing else either.
  if (item === undefined) return typed;
  const name = vocabulary.nameIn(language, item);
  const rest = typed.replace(match[0], '');
  const isBare = /^(?:and|what about|how about|so|ok|では?|じゃあ?|[はも、,\s?？。.!])*$/i.test(
    rest,
  );
  if (!isBare) return typed.replace(match[0], () => name);
  if (kind !== 'people')
    return language === 'ja' ? `${name}では何をしましたか` : `What happened in ${name}?`;
  return language === 'ja' ? `${name}は誰ですか` : `Who is ${name}?`;
}

const OF_THEM_JA = /(?:その|この)(?:うち|中|なか)(?:で|の|に|、)?/;

/** Lists whose title names what they are of. */
const NAMED_LISTS = ['people', 'countries', 'cities', 'places', 'courts', 'meetings', 'events'];

/** What the question before listed in place of "them": "which of the people met in Lima …". */
export function withListed(typed: string, before: Query, vocabulary: Vocabulary): string | null {
  const isItem = NTH_ONE.test(typed) || NTH_ONE_JA.test(typed);
  const isOfAll = OF_THEM.test(typed) || ONE.test(typed) || OF_THEM_JA.test(typed);
  const listing = isItem || isOfAll ? listingOf(before, vocabulary) : null;
  if (listing === null) return null;
  const item = isItem ? withItem(typed, listing, vocabulary) : null;
  if (item !== null || !isOfAll) return item;
  if (listing.meetings.length < 2 || !NAMED_LISTS.includes(listing.kind)) return null;
  const [name = ''] = listing.title.split(/: |：/);
  if (OF_THEM_JA.test(typed)) return typed.replace(OF_THEM_JA, () => `${name}のうち`);
  // "The countries in Europe" would be all that there are.
  const visited = isPlaceTarget(listing.kind) ? ' visited' : '';
  const listed = `the ${name.slice(0, 1).toLowerCase()}${name.slice(1)}${visited}`;
  return typed
    .replace(OF_THEM, () => `of ${listed}`)
    .replace(ONE, (_, rank: string) => {
      return /^which/i.test(rank) ? `which of ${listed}` : `the ${rank} of ${listed}`;
    });
}

/** "And outside Lima?", 「リマ以外では？」: what is left out comes after the question before, which then names no such place. */
export function withoutSome(query: Query, before: Query): string | null {
  const { text, language, excluded, entities, unknown, has } = query;
  const isOwn = entities.length + unknown.length > 0 || OWN.some((one) => has(one));
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
