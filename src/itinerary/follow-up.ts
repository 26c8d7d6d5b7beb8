import {
  type Conversation,
  coreOf,
  either,
  isLike,
  isSomebody,
  isSomewhere,
  meetingName,
  scopeOf,
  type Talk,
  talkOf,
} from './conversation.ts';
import {
  isEntity,
  isPlaceTarget,
  isTitle,
  isWord,
  type Item,
  type Language,
  NO_FILTERS,
} from './items.ts';
import { classList, type Place } from './lexicon.ts';
import * as same from './meeting-reference.ts';
import { isLocation } from './premises.ts';
import { isYesNo, type Query, readQuery } from './query.ts';
import { covers, eventsThatFit, holdsOffice } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { dateInWords, shiftDate } from '../language/dates.ts';

/**
 * Follow-up questions put so that they can be asked alone: "and in Lima?" after "Who was met in Quito?" becomes "Who was
 * met in Lima?". Words of the question before and names of the meeting that was spoken of take the place of what the
 * follow-up leaves out; nothing else is added, so the asker can see what was understood.
 */

const AND_SHE = /^(?:what about |how about )?(she|he|her|him)$/i;

/** "And she?" after "what did Silva say about Peru?": the other one said. */
function otherSpeaker({ core, old }: Talk): string | null {
  const [, pronoun] = AND_SHE.exec(core) ?? [];
  const speaker = old.entities.find(
    ({ filters, start }) => isSomebody(filters) && IS_SUBJECT.test(old.text.slice(0, start)),
  );
  if (pronoun === undefined || speaker === undefined) return null;
  const subject = /^(?:she|her)$/i.test(pronoun) ? 'she' : 'he';
  return swapped(old, speaker, subject).replace(/\b(did|does|has|was) the (?=(?:she|he)\b)/, '$1 ');
}

/** The kinds of follow-up, the first that fits before the others: each gives the whole question, or null for another kind. */
const KINDS: readonly ((talk: Talk) => string | null)[] = [
  ...[
    same.countedNames,
    otherSpeaker,
    same.whoSomebodyIs,
    same.beforeOrAfter,
    same.aboutTopic,
    same.ofListed,
    same.listedEvent,
    neighbour,
    same.whyThere,
    otherTopic,
    neighbouringDay,
    withoutSome,
  ],
  ...[narrowed, otherName, unknownPlace, otherRank, same.more],
  ...[same.otherQuestionWord, otherSubject, same.ofMeeting, same.speech],
];

/** The question in words that can be asked alone; as it is when it needs nothing from the conversation. */
export function standaloneQuestion(
  question: string,
  conversation: Conversation,
  vocabulary: Vocabulary,
): string {
  const talk = talkOf(question, conversation, vocabulary);
  for (const kind of KINDS) {
    const whole = kind(talk);
    if (whole !== null) return whole;
  }
  return talk.placed;
}

/** Words of a question that asks for something itself. */
const OWN = classList(
  'count often which what who where when long far minutes clock all overview meet see go move do say act start end tour route',
);

const LEADING_PREPOSITION = /^(?:on|in|during|at) /i;

/** A question with something else in the place of one of its items. */
const swapped = ({ text }: Query, { start, end }: Item, other: string): string =>
  text.slice(0, start) + other + text.slice(end);

// The same question about another name: "and in Lima?", "what about the 9th?", "and outside Lima?"

/** A name of the follow-up, and what it takes the place of. */
interface Edit {
  readonly name: Item;
  /** Undefined for nothing. */
  readonly old: Item | undefined;
  /** Both are places, or both people … */
  readonly isAlike: boolean;
}

/** "And in Lima?", "what about the 9th?": the names of the follow-up in place of those before. */
function otherName(talk: Talk): string | null {
  const { query, old: before, vocabulary } = talk;
  const { language, unknown, text: typed } = query;
  const names = query.items.filter(isEntity).map((item) => ofSameCountry(item, talk));
  const [name] = names;
  const isComplete =
    language === 'en'
      ? isYesNo(query) || (query.has('other') && query.has('be', 'aux'))
      : /[いあ](?:る|た|った|ます|ました)[かの]?[?。]?$/.test(typed);
  const asks = OWN.some((one) => query.has(one) && !(one === 'what' && /about/i.test(typed)));
  const isOwn = isComplete || asks || query.has('before', 'after', 'next');
  // "What about the Dutch one?" in the place of another holder of the office.
  const holder = before.items.findLast(({ filters }) => filters.offices.length > 0);
  const other =
    holder !== undefined && name !== undefined && isSomewhere(name) ? THE_ONE.exec(typed) : null;
  if (holder !== undefined && name !== undefined && other !== null) {
    const own = other.groups?.['own'];
    if (own !== undefined)
      return `the ${name.text} ${holder.text.replace(/^[\p{L}-]+ (?=\p{L})/u, '')}, ${own}`;
    if (unknown.length === 0) {
      const rest = before.text.slice(holder.end).replace(/^ one\b/i, '');
      return `${before.text.slice(0, holder.start)}${name.text} one${rest}`;
    }
  }
  if (name === undefined || unknown.length > 0 || isOwn) return null;
  const edits = names.map((one) => editOf(one, before));
  if (edits.some((edit) => !edit.isAlike && edit.name.filters.kinds.length > 0))
    return names.length === 1 ? otherEvent(name, talk) : null;
  if (names.length === 1 && isTopic(name, query, before, vocabulary)) {
    const [asked, topic] = [before.text.replace(/(?: about(?: .+)?)?\??$/i, ''), name.text];
    return either(language, `${asked} about ${topic}?`, `${topic}について、${before.text}`);
  }
  // A place cannot say anything: it is what somebody spoke about.
  const isSubject = edits.some(
    ({ name: one, old, isAlike }) =>
      old !== undefined &&
      !isAlike &&
      isSomewhere(one) &&
      !isTitle(old) &&
      IS_SUBJECT.test(before.text.slice(0, old.start)),
  );
  if (isSubject) {
    const added = ` about ${speltIn(query, name)}?`;
    return before.has('say') ? before.text.replace(/(?: about .+)?\?*$/i, added) : null;
  }
  // What came before or after something has no day of its own, nor has a meeting with somebody another one.
  const isOfOne = before.anchor !== null || isSomebody(before.filters);
  if (isOfOne && name.filters.days !== null && edits[0]?.old === undefined)
    return whatHappenedOn(name, language);
  // "What did she and Silva say" in another place: what she said there.
  const joint = edits.find(
    ({ name: one, old }) =>
      old !== undefined && isSomewhere(one) && JOINT.test(before.text.slice(0, old.start)),
  )?.old;
  if (joint !== undefined) {
    const head = before.text.slice(0, joint.start).replace(/ and $/i, '');
    const alone = head + before.text.slice(joint.end);
    return alone.replace(/\??$/, ` in ${speltIn(query, name)}?`);
  }
  const text = edits
    .toSorted((a, b) => (b.old?.start ?? Infinity) - (a.old?.start ?? Infinity))
    .reduce((now, edit) => edited(now, edit, query), before.text);
  return withoutOtherDay(text, names, vocabulary);
}

/** "And the foreign minister?" of a meeting with a president: the one of that country, where there was a meeting with both. */
function ofSameCountry(name: Item, { query, last, vocabulary }: Talk): Item {
  const [office] = name.filters.offices;
  const [person, ...others] = last?.others ?? [];
  const isBare =
    office?.country === null && office.organisation === null && office.stems.length === 0;
  if (!isBare || office.plural || query.language === 'ja') return name;
  if (person === undefined || others.length > 0) return name;
  const code = vocabulary.countryOf(person);
  const event = vocabulary.timeline.events.find(({ others: met }) =>
    met.some((one) => vocabulary.countryOf(one) === code && holdsOffice(one, office.sort, true)),
  );
  return code === null || event === undefined
    ? name
    : { ...name, text: `${name.text} of ${event.meeting.country}` };
}

/** "The Swedish one", with a question of its own after it or none. */
const THE_ONE = /\bthe [\p{L}-]+ one(?:\W*$|,? +(?<own>(?:wh|how|did|was|were).*)$)/iu;

const JOINT = /\b(?:she|he|they) and $/i;

/** What stands before the subject of a question. */
const IS_SUBJECT = /\b(?:did|does|do|has|had|was|is) (?:the )?$/i;

function editOf(name: Item, { items, text }: Query): Edit {
  const alike = items.findLast((item) => isLike(item, name));
  // A day takes the place of a place, not of somebody, nor of a country that did something.
  const isDay = name.filters.days !== null;
  const other = items.findLast(({ filters, start }) => {
    const isSubject = IS_SUBJECT.test(text.slice(0, start));
    return isDay
      ? filters.places.length > 0 && !isSubject
      : filters.places.length + filters.people.length + filters.meetings.length > 0;
  });
  return { name, old: alike ?? other, isAlike: alike !== undefined };
}

const MEETING_WITH =
  /\b(?:the|her|his|their) (?:meeting|talks|conversation|call|visit) with (?:the )?$/i;

const MEETING_WITH_JA = /^(?:外相|大臣|大統領|首相)?との(?:会談|会合|面会)/;

/** "And the lunch?": in the place of the meeting that was asked about, else all of the lunch. */
function otherEvent({ text: kind, filters }: Item, { query, old, vocabulary }: Talk): string {
  const { language } = query;
  const { places, days } = old.filters;
  const whom = old.entities.find((item) => isSomebody(item.filters));
  const [head, rest] = [old.text.slice(0, whom?.start ?? 0), old.text.slice(whom?.end ?? 0)];
  const held = head.replace(MEETING_WITH, `the ${kind}`);
  // "What was discussed with Silva?"
  const said = old.has('say') ? held.replace(/ with (?:the )?$/i, ` at the ${kind}`) : held;
  const asked = either(language, said + rest, head + rest.replace(MEETING_WITH_JA, kind));
  if (asked !== head + rest) return asked;
  const there = eventsThatFit({ ...NO_FILTERS, kinds: filters.kinds, places, days }, vocabulary);
  const scope = there.length > 0 ? scopeOf(old, language, vocabulary) : '';
  return either(language, `Tell me about the ${kind}${scope}`, `${scope}${kind}について教えて`);
}

/** Somebody whom a question leaves unnamed: a name takes the place. */
const UNNAMED = /\b(to|with) (?:him|her|them|the \w+ (?:one|person))\b/i;

/** A question whose text up to the end of the edit is still as it was before all edits. */
function edited(text: string, { name, old, isAlike }: Edit, query: Query): string {
  const { language } = query;
  const spelt = speltIn(query, name);
  const added = either(language, `${prepositionOf(name)} ${spelt}`, spelt);
  if (old === undefined) {
    if (isSomebody(name.filters) && UNNAMED.test(text)) return text.replace(UNNAMED, `$1 ${spelt}`);
    return either(language, text.replace(/\??$/, ` ${added}?`), `${name.text}、${text}`);
  }
  const start = text.slice(0, old.start);
  const rest = text.slice(old.end);
  if (isTitle(old))
    return start + either(language, `the meeting ${added}`, `${spelt}の会談`) + rest;
  const head = /^the /i.test(spelt) ? start.replace(/\bthe $/i, '') : start;
  // The talks with somebody become those of a place.
  if (language === 'ja')
    return head + spelt + (!isAlike && isSomewhere(name) ? rest.replace(/^と(?=の)/, '') : rest);
  if (isAlike) return head + (/^(?:on|in|during) /i.test(old.text) ? added : spelt) + rest;
  return head.replace(/\b(?:with|in|at|on|to|from|of|by|near) (?:the )?$/i, '') + added + rest;
}

function prepositionOf({ filters }: Item): string {
  if (filters.days !== null) return 'on';
  if (filters.parts.length > 0) return 'in the';
  return isSomebody(filters) ? 'with' : 'in';
}

/** A name as it stands in a sentence: the country for "the Swedish one", an office with its article. */
function speltIn(
  { text }: Query,
  { text: name, start, filters: { places, offices } }: Item,
): string {
  const [place] = places;
  if (place?.kind === 'country' && /^[\p{Script=Latin}\s.-]+$/u.test(name)) return place.name;
  const isOffice = offices.length > 0 && /^\p{Script=Latin}/u.test(name);
  const the = isOffice && /\bthe $/i.test(text.slice(0, start)) ? 'the ' : '';
  return the + name.replace(LEADING_PREPOSITION, '');
}

/** The question without a day of the one before on which nothing was in the place that takes the other's place. */
function withoutOtherDay(text: string, names: readonly Item[], vocabulary: Vocabulary): string {
  const query = readQuery(text, vocabulary);
  const { places, days } = query.filters;
  const day = query.items.find(({ filters }) => filters.days !== null);
  const isOwn = names.some(({ filters }) => filters.days !== null);
  if (day === undefined || isOwn || places.length === 0) return text;
  if (eventsThatFit({ ...NO_FILTERS, places, days }, vocabulary).length > 0) return text;
  const head = query.text.slice(0, day.start).replace(/\b(?:on|at|in) (?:the )?$/i, '');
  return `${head}${query.text.slice(day.end).replace(/^(?:には?|の)/, '')}`.replace(
    / +(?=[ ?])/g,
    '',
  );
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
  if (/^(?:in|at) /i.test(coreOf(text))) return false;
  if (somewhere.some((item) => isAbout(item.end, before.text))) return false;
  const isVisited = places.some((place) => wasVisited(place, vocabulary));
  return isAbout(end, text) || (!isVisited && somewhere.length === 0);
}

const ABOUT =
  /^(?:what|how) about (?!(?:it|that|this|them|him|her|there|the (?:next|other|first|last)\b.*)$)(?<topic>.+)$/i;

const ABOUT_JA = /^(?<topic>.+?)(?:について|に関して)は?$/u;

/**
 * "What about Peru?" after "how long was it?": what they said about it, where no place of the question before can be
 * replaced by it, or where all questions are about one meeting.
 */
function otherTopic(talk: Talk): string | null {
  const { query, old, last, vocabulary, isChosen, isOfSeveral } = talk;
  const { days, kinds, places } = query.filters;
  const core = coreOf(query.text);
  const about = (ABOUT.exec(core) ?? ABOUT_JA.exec(core))?.groups?.['topic'];
  const [only, ...others] = query.items;
  const isAlone =
    others.length === 0 &&
    /[^でに]は$/.test(core) &&
    (places.length > 0 || (isChosen && query.unknown.length > 0));
  const topic = about ?? (isAlone ? only?.text : undefined);
  const isOther = isSomebody(query.filters) || kinds.length > 0 || days !== null;
  // A question about what was said keeps its own words.
  if (last === undefined || topic === undefined || isOther || old.has('say', 'about')) return null;
  const isReplaced =
    places.length > 0 && old.items.some((item) => isSomewhere(item) && isLocation(item, old));
  // Somebody unknown rather than a topic.
  const isName = query.unknown.some(({ text }) => /^\p{Lu}\p{Ll}/u.test(text));
  const isVisited = places.some((place) => wasVisited(place, vocabulary));
  if (!isChosen && (isReplaced || isVisited || isName || isOfSeveral)) return null;
  const { language } = query;
  const meeting = meetingName(talk, last, language);
  const where = isChosen ? '' : either(language, ` at ${meeting}`, `${meeting}で`);
  return either(
    language,
    `what did they say about ${topic}${where}?`,
    `${where}${topic}について何を話しましたか`,
  );
}

const wasVisited = (place: Place, { timeline }: Vocabulary): boolean =>
  timeline.events.some((event) => covers(place, event));

/** 「ベルリンでは？」: a place that nobody knows, in the place of the one before. */
function unknownPlace({ core, old }: Talk): string | null {
  const [, name] = /^([\p{Script=Katakana}ー・]{2,})(?:では|には|は)$/u.exec(core) ?? [];
  const place = old.entities.findLast(isSomewhere);
  return name === undefined || place === undefined ? null : swapped(old, place, name);
}

/** "What about NATO?", "and for schools?": what stands behind the same word of the question before. */
function otherSubject({ query, before }: Talk): string | null {
  const [, word = '', subject] =
    /^(?:and |what |how |but |so )+(about|for|to|from|by|on) (.+?)\??$/i.exec(query.text) ?? [];
  const same = new RegExp(` ${word} .+$`, 'i');
  return subject === undefined || query.unknown.length === 0 || !same.test(before)
    ? null
    : before.replace(same, ` ${word} ${subject}?`);
}

/** "And outside Lima?", 「リマ以外では？」: what is left out comes after the question before, which then names no such place. */
function withoutSome({ query, old: before }: Talk): string | null {
  const { text, language, excluded, entities, unknown, has } = query;
  const isOwn = entities.length + unknown.length > 0 || has(...OWN);
  if (excluded.length === 0 || isOwn) return null;
  const isPlace = excluded.some(({ places }) => places.length > 0);
  const old = isPlace ? before.entities.find(isSomewhere) : undefined;
  const kept =
    old === undefined
      ? before.text
      : before.text
          .slice(0, old.start)
          .replace(/\b(?:in|at|to|from|of) (?:the )?$/i, '')
          .trimEnd() + before.text.slice(old.end).replace(/^(?:では?|にも?|の)/, '');
  const left = coreOf(text).replace(/^(?:what|how) about /i, '');
  return either(
    language,
    `${kept.replace(/\?+$/, '')} ${left}?`,
    `${left.replace(/(?:では|は|で)$/, '')}で、${kept}`,
  );
}

/** "Before lunch only", "only after the 9th" of a list. */
function narrowed({ core, query, old, isOfSeveral }: Talk): string | null {
  const [, bound] =
    /^(?:only |just )?(?:the ones? )?((?:before|after|until|since) .+?)(?: only)?$/i.exec(core) ??
    [];
  const isOwn = query.unknown.length > 0 || query.has(...OWN) || query.language === 'ja';
  return bound === undefined ||
    isOwn ||
    !isOfSeveral ||
    old.anchor !== null ||
    query.entities.some(({ filters }) => filters.clock !== null)
    ? null
    : `${old.text.replace(/\?+$/, '')} ${bound}?`;
}

// The next, the last: "and then?", "the day after?", "and the first?"

const whatHappenedOn = ({ text }: Item, language: Language): string =>
  either(
    language,
    `What happened on ${text.replace(LEADING_PREPOSITION, '')}?`,
    `${text}には何がありましたか`,
  );

/** "And the day after?" of a question that names neither day nor place asks what happened then. */
function neighbouringDay({ query, old, isDated }: Talk): string | null {
  const [day, ...others] = query.items.filter(isEntity);
  const isBare = query.unknown.length === 0 && !query.has(...OWN);
  const isKept = old.filters.days !== null || old.items.some(isSomewhere);
  if (!isDated || day?.filters.days == null || others.length > 0 || !isBare || isKept) return null;
  return whatHappenedOn(day, query.language);
}

const NEXT =
  /^(?:what )?(?:(?:came|was|happened) )?(?:(?<then>then|next|after(?: that)?|afterwards)|before(?: that| then)?)$/i;

const NEXT_JA =
  /^(?:(?<then>(?:その|この)(?:すぐ)?(?:後|あと|次)|次|それから|それで|で$)|(?:その|この)(?:すぐ)?前)(?:の予定|の会談|(?=の(?:訪問|行き|国|都市|街|場所)))?(?:は|に)?(?:何(?:を|が)?.*|どう.*|(?<place>(?:の(?:訪問|行き|国|都市|街|場所)|どこ|どの(?:国|都市|街)).*))?$/u;

/** "And then?", "before that?", 「その後は？」: of a question about one place what came after it, of a day the next. */
function neighbour(talk: Talk): string | null {
  const { typed, core, query, old, last, isOfSeveral, isChosen, vocabulary } = talk;
  const inJapanese = NEXT_JA.exec(core);
  const found = inJapanese ?? NEXT.exec(core);
  if (query.entities.length > 0 || last === undefined || found === null) return null;
  // Nothing about the chosen meeting tells of another.
  if (isChosen) return typed;
  const language = inJapanese === null ? 'en' : 'ja';
  const isNext = found.groups?.['then'] !== undefined;
  const { places, days } = old.filters;
  const [day] = days ?? [];
  if (isOfSeveral && places.length === 0 && day !== undefined) {
    const date = dateInWords(shiftDate(day, isNext ? 1 : -1), language);
    return either(language, `What happened on ${date}?`, `${date}は何をしましたか`);
  }
  const [asked] = isOfSeveral && places.length === 1 ? places : [];
  if (asked !== undefined || found.groups?.['place'] !== undefined) {
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

const RANKS = classList('first last nth longest shortest next most');

/** "And the last?" after "what was the first meeting?", "which was first?" after "which cities did she see?". */
function otherRank({ query, old: before, listing, vocabulary }: Talk): string | null {
  const { language } = query;
  const [rank, old] = [query, before].map(({ items }) =>
    items.find((item) => isWord(item, ...RANKS)),
  );
  const verbs = OWN.filter((one) => one !== 'which' && one !== 'what' && one !== 'who');
  const isOwn = query.unknown.length > 0 || query.has(...verbs) || query.items.some(isEntity);
  if (rank === undefined || isOwn) return null;
  if (query.has('meeting', 'event', 'people', 'country', 'city', 'place', 'day')) return null;
  const isNumbered = language === 'ja' && query.has('nth');
  if (old !== undefined && !isNumbered) return swapped(before, old, rank.text);
  // "And the second?" of nothing that has an order; 二番目 is no other word for 一番.
  if (query.has('nth')) return query.text;
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
