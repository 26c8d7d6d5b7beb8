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
import { isEntity, isPlaceTarget, isWord, type Item, type Language, NO_FILTERS } from './items.ts';
import type { Place, WordClass } from './lexicon.ts';
import {
  more,
  neighbour,
  otherQuestionWord,
  ofMeeting,
  speaker,
  talks,
  whyThere,
} from './meeting-reference.ts';
import { isLocation } from './premises.ts';
import { isYesNo, type Query, readQuery } from './query.ts';
import { covers, eventsThatFit } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { numberOf } from '../language/dates.ts';
import { languageOf } from '../language/words.ts';

/**
 * Follow-up questions put so that they can be asked alone: "and in Lima?" after "Who was met in Quito?" becomes "Who was
 * met in Lima?". Words of the question before and names of the meeting that was spoken of take the place of what the
 * follow-up leaves out; nothing else is added, so the asker can see what was understood.
 */

/** The kinds of follow-up, the first that fits before the others: each gives the whole question, or null for another kind. */
const KINDS: readonly ((talk: Talk) => string | null)[] = [
  ...[ofListed, neighbour, whyThere, otherTopic, neighbouringDay, withoutSome],
  ...[otherName, unknownPlace, otherRank, more],
  ...[otherQuestionWord, otherSubject, ofMeeting, speaker, talks],
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
const OWN: readonly WordClass[] = [
  ...(['count', 'often', 'which', 'what', 'who', 'where', 'when', 'long', 'overview'] as const),
  ...(['meet', 'see', 'go', 'move', 'do', 'say', 'act', 'start', 'end', 'tour', 'route'] as const),
];

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
function otherName({ query, old: before, vocabulary }: Talk): string | null {
  const { language, unknown, text: typed } = query;
  const names = query.items.filter(isEntity);
  const [name] = names;
  const isComplete =
    language === 'en' && (isYesNo(query) || (query.has('other') && query.has('be', 'aux')));
  const asks = OWN.some((one) => query.has(one) && !(one === 'what' && /about/i.test(typed)));
  const isOwn = isComplete || asks || query.has('before', 'after', 'next');
  if (name === undefined || unknown.length > 0 || isOwn) return null;
  const edits = names.map((one) => editOf(one, before));
  if (edits.some((edit) => !edit.isAlike && edit.name.filters.kinds.length > 0)) return null;
  if (names.length === 1 && isTopic(name, query, before, vocabulary)) {
    const [asked, topic] = [before.text.replace(/\??$/, ''), name.text];
    return either(language, `${asked} about ${topic}?`, `${topic}について、${before.text}`);
  }
  // A place cannot say anything: it is what somebody spoke about.
  const isSubject = edits.some(
    ({ name: one, old, isAlike }) =>
      old !== undefined &&
      !isAlike &&
      isSomewhere(one) &&
      /\b(?:did|does|do|has|had|was|is) (?:the )?$/i.test(before.text.slice(0, old.start)),
  );
  if (isSubject) {
    const added = ` about ${placeNameOf(name)}?`;
    return before.has('say') ? before.text.replace(/(?: about .+)?\?*$/i, added) : null;
  }
  // What came before or after something has no day of its own.
  if (before.anchor !== null && name.filters.days !== null && edits[0]?.old === undefined)
    return whatHappenedOn(name, language);
  const text = edits
    .toSorted((a, b) => (b.old?.start ?? Infinity) - (a.old?.start ?? Infinity))
    .reduce((now, edit) => edited(now, edit, before.text, query), before.text);
  return withoutOtherDay(text, names, vocabulary);
}

function editOf(name: Item, { items }: Query): Edit {
  const alike = items.findLast((item) => isLike(item, name));
  // A day takes the place of a place, not of somebody.
  const isDay = name.filters.days !== null;
  const other = items.findLast(
    (item) => isSomewhere(item) || (!isDay && item.filters.people.length > 0),
  );
  return { name, old: alike ?? other, isAlike: alike !== undefined };
}

/** Somebody whom a question leaves unnamed: a name takes the place. */
const UNNAMED = /\b(to|with) (?:him|her|them|the \w+ (?:one|person))\b/i;

/** A question whose text up to the end of the edit is still as it was before all edits. */
function edited(text: string, { name, old, isAlike }: Edit, before: string, query: Query): string {
  const { language } = query;
  const spelt = withArticle(name, query);
  const added = either(language, `${prepositionOf(name)} ${spelt}`, spelt);
  if (old === undefined) {
    if (isSomebody(name.filters) && UNNAMED.test(text)) return text.replace(UNNAMED, `$1 ${spelt}`);
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

const bare = (text: string): string => text.replace(/^(?:on|in|during|at) /i, '');

function prepositionOf({ filters }: Item): string {
  if (filters.days !== null) return 'on';
  return isSomebody(filters) ? 'with' : 'in';
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

const whatHappenedOn = ({ text }: Item, language: Language): string =>
  either(language, `What happened on ${bare(text)}?`, `${text}には何がありましたか`);

/** "And the day after?" of a question that names neither day nor place asks what happened then. */
function neighbouringDay({ query, old, isDated }: Talk): string | null {
  const [day, ...others] = query.items.filter(isEntity);
  const isBare = query.unknown.length === 0 && !query.has(...OWN);
  const isKept = old.filters.days !== null || old.items.some(isSomewhere);
  if (!isDated || day?.filters.days == null || others.length > 0 || !isBare || isKept) return null;
  return whatHappenedOn(day, query.language);
}

// On what the question before listed: "which of them …?", "and the last?", "the second one"

const RANKS: readonly WordClass[] = ['first', 'last', 'longest', 'shortest', 'next', 'most'];

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
  if (old !== undefined) return swapped(before, old, rank.text);
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

/** "The second one", "number two", 2番目の人: one item of what was listed. */
const NTH_ONE =
  /\bthe (?<nth>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)|last)(?: (?:one|person)\b(?! (?:she|he|they|who|that|to|met|in|on|at)\b)| of (?:them|these|those)\b)|\b(?:number|no\.|#) ?(?<number>\d+|one|two|three|four|five|six|seven|eight|nine|ten)\b|\bthe (?<pair>former|latter)\b/i;

const NTH_ONE_JA =
  /(?:(?<nth>[0-9０-９一二三四五六七八九十]+)(?:番目|人目|つ目))(?:の(?:人物|人|方|国|都市|街|場所)|(?![にの]))|(?<pair>最初|最後)の(?:人物|人|方|国|都市|街|場所)/;

/** Lists whose items are shown one by one, in an order. */
const ITEMISED = ['people', 'countries', 'cities', 'places'];

/** "How long did she talk to the second one?" after a list of people: the second of that list. */
function itemOfList({ typed, listing, vocabulary }: Talk): string | null {
  const { kind = '', items = [] } = listing ?? {};
  const match = NTH_ONE.exec(typed) ?? NTH_ONE_JA.exec(typed);
  if (match === null || items.length < 2 || !ITEMISED.includes(kind)) return null;
  const [nthOne] = match;
  const language = languageOf(nthOne);
  const { nth, number, pair } = match.groups ?? {};
  const isOther = kind === 'people' ? /の(?:国|都市|街|場所)$/ : /の(?:人物|人|方)$| person$/i;
  if (isOther.test(nthOne)) return null;
  const word = nth ?? number ?? pair ?? '';
  const isLast = /^(?:last|latter|最後)$/i.test(word);
  const isFirst = /^(?:former|最初)$/i.test(word);
  const at = isFirst ? 1 : numberOf(word.normalize('NFKC').toLowerCase());
  const item = isLast ? items.at(-1) : items[at - 1];
  // No item of the list: the words mean nothing else either.
  if (item === undefined) return typed;
  const name = vocabulary.nameIn(language, item);
  const isBare = /^(?:and|what about|how about|so|ok|では?|じゃあ?|[はも、,\s?？。.!])*$/i.test(
    typed.replace(nthOne, ''),
  );
  if (!isBare) return typed.replace(nthOne, () => name);
  return kind === 'people'
    ? either(language, `Who is ${name}?`, `${name}は誰ですか`)
    : either(language, `What happened in ${name}?`, `${name}では何をしましたか`);
}

/** "Of them", "the last one", そのうち: of what was listed. */
const OF_THEM = /\b(?:of|among) (?:them|those|these)\b/i;

const OF_THEM_JA = /(?:その|この)(?:うち|中|なか)(?:で|の|に|、)?/;

const ONE = /\b(?:the |in )?(?<rank>first|last|longest|shortest|which) ones?\b/i;

/** Lists whose title names what they are of. */
const NAMED_LISTS = [...ITEMISED, 'courts', 'meetings', 'events'];

/** What the question before listed in place of "them": "which of the people met in Lima …". */
function ofListed(talk: Talk): string | null {
  const { typed, listing, isOfSeveral } = talk;
  const item = itemOfList(talk);
  const isOfAll = OF_THEM.test(typed) || ONE.test(typed) || OF_THEM_JA.test(typed);
  if (item !== null || !isOfAll) return item;
  if (listing === null || !isOfSeveral || !NAMED_LISTS.includes(listing.kind)) return null;
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
