/**
 * Follow-up questions put so that they can be asked alone: "and in Lima?" after "Who was met in Quito?" becomes "Who was
 * met in Lima?". Words of the question before and names of the meeting that was spoken of take the place of what the
 * follow-up leaves out; nothing else is added, so the asker can see what was understood.
 */
import { dateInWords, shiftDate } from '../language/dates.ts';
import { isEntity, type Item, type Language } from './items.ts';
import type { WordClass } from './lexicon.ts';
import { listingOf } from './listing.ts';
import { readQuery, type Query } from './query.ts';
import type { TourEvent } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What was spoken of before. */
export interface Conversation {
  /** The question before, one that can be asked alone. */
  readonly question: string;
  /** Id of the meeting that its answer was about. */
  readonly meeting: string | null;
}

/** The question in words that can be asked alone; as it is when it needs nothing from the conversation. */
export function standaloneQuestion(
  question: string,
  { question: before, meeting }: Conversation,
  vocabulary: Vocabulary,
): string {
  const typed = question.replace(/\s+/g, ' ').trim();
  const query = readQuery(typed, vocabulary);
  const last = vocabulary.timeline.events.find((event) => event.meeting.id === meeting);
  return (
    withOtherName(query, readQuery(before, vocabulary)) ??
    withOtherRank(query, readQuery(before, vocabulary)) ??
    withOtherQuestionWord(typed, before) ??
    (last === undefined ? null : withMeeting(query, { typed, before, last, vocabulary })) ??
    typed
  );
}

const RANKS: readonly WordClass[] = ['first', 'last', 'longest', 'shortest', 'next', 'most'];
const OWN: readonly WordClass[] = [
  ...(['count', 'often', 'which', 'what', 'who', 'where', 'when', 'long', 'overview'] as const),
  ...(['meet', 'see', 'go', 'move', 'do', 'say', 'act', 'start', 'end', 'tour', 'route'] as const),
];

/** "And in Lima?", "what about the 9th?": the names of the follow-up in place of those before. */
function withOtherName(query: Query, before: Query): string | null {
  const names = query.items.filter(isEntity);
  const isBare = query.unknown.length === 0 && names.length > 0;
  const asks = OWN.some((one) => query.has(one) && !(one === 'what' && /about/i.test(query.text)));
  if (!isBare || asks || query.has('before', 'after', 'next')) return null;
  const edits = names.map((name) => {
    const alike = before.items.findLast((item) => isLike(item, name));
    const other = alike ?? before.items.findLast(isSomebodyOrSomewhere);
    return { name, old: other, isAlike: alike !== undefined };
  });
  if (edits.some(({ name, isAlike }) => !isAlike && name.filters.kinds.length > 0)) return null;
  let text = before.text;
  const inOrder = edits.toSorted((a, b) => (b.old?.start ?? Infinity) - (a.old?.start ?? Infinity));
  for (const { name, old, isAlike } of inOrder) {
    const added = `${prepositionOf(name, query.language)} ${bare(name.text)}`;
    if (old === undefined) {
      text = query.language === 'ja' ? `${name.text}、${text}` : text.replace(/\??$/, ` ${added}?`);
      continue;
    }
    const head = text.slice(0, old.start);
    const tail = text.slice(old.end);
    const isDated = /^(?:on|in|during) /i.test(old.text);
    text =
      isAlike || query.language === 'ja'
        ? head + (isDated ? added : bare(name.text)) + tail
        : head.replace(/\b(?:with|in|at|on|to|from|of|by|near) (?:the )?$/i, '') + added + tail;
  }
  return text;
}

/** "And the last?" after "what was the first meeting?". */
function withOtherRank(query: Query, before: Query): string | null {
  const rankOf = ({ items }: Query): Item | undefined =>
    items.find(({ classes }) => RANKS.some((rank) => classes.has(rank)));
  const [rank, old] = [rankOf(query), rankOf(before)];
  const isBare = query.unknown.length === 0 && !OWN.some((one) => query.has(one));
  if (rank === undefined || old === undefined || !isBare || query.items.some(isEntity)) return null;
  return before.text.slice(0, old.start) + rank.text + before.text.slice(old.end);
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
    (a.kinds.length > 0 && b.kinds.length > 0)
  );
}

function isSomebodyOrSomewhere({ filters: { places, people } }: Item): boolean {
  return places.length + people.length > 0;
}

const QUESTION_WORD =
  '(?:why|where|when|how long|how many|how often|how much|with whom|who|whom|how|what|which)';
const BARE = new RegExp(
  `^(?:and |but |so |ok |okay )?(${QUESTION_WORD})(?: (?:was|is|were|are) (?:that|it|this))?(?: so)?[?!. ]*$`,
  'i',
);
const LEADING = new RegExp(
  `^(?:and |so )?(?:in |at |on |to |with )?(how many|which|what|${QUESTION_WORD})\\b( \\p{L}+s\\b)?`,
  'iu',
);
const AUXILIARY = /^(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would)\b/i;
const BARE_JA =
  /^(なぜ|何故|どうして|いつ|どこ(?:で)?|誰(?:と|に|が)?|何分(?:間)?|何人|どのくらい|どれくらい)(?:です|でした)?か?[?？。]*$/;
const WORD_JA =
  /何(?:分間?|人|回|時|日)|誰(?:と|に|が)?|いつ|どこ(?:で|に)?|なぜ|何故|どうして|ど(?:の|れ)くらい|何(?:を|が)?/;

/** "Why?", "when was that?": another question word over the question before. */
function withOtherQuestionWord(question: string, before: string): string | null {
  const [, japanese] = BARE_JA.exec(question) ?? [];
  if (japanese !== undefined) {
    const isReplaced = WORD_JA.test(before) && !/^(?:なぜ|何故|どうして)/.test(japanese);
    return isReplaced ? before.replace(WORD_JA, japanese) : `${japanese}、${before}`;
  }
  const [, word] = BARE.exec(question) ?? [];
  if (word === undefined) return null;
  const asked = word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
  if (AUXILIARY.test(before)) {
    return `${asked} ${before.slice(0, 1).toLowerCase()}${before.slice(1)}`;
  }
  if (!LEADING.test(before)) return `${asked}: ${before}`;
  // "How many?" after "which countries" counts the countries.
  return before.replace(LEADING, (_, __: string, noun: string | undefined) =>
    /^how many$/i.test(word) ? asked + (noun ?? '') : asked,
  );
}

interface Spoken {
  readonly typed: string;
  readonly before: string;
  readonly last: TourEvent;
  readonly vocabulary: Vocabulary;
}

/** "Who else was there?", "how long did it last?", "what did he say?": the meeting in place of the pronouns. */
function withMeeting(query: Query, spoken: Spoken): string | null {
  // A question that names something itself, or that the itinerary answers alone, is not about the meeting before.
  const isOwn = query.items.some((item) => isEntity(item) && item.filters.parts.length === 0);
  if (isOwn || query.has('tour', 'route')) return null;
  return query.language === 'ja'
    ? meetingInJapanese(query, spoken)
    : meetingInEnglish(query, spoken);
}

function meetingInEnglish(
  query: Query,
  { typed, before, last, vocabulary }: Spoken,
): string | null {
  const meeting = meetingName(last, { before, vocabulary }, 'en');
  const { city, date } = last.meeting;
  const names = last.others.map(({ name }) => name);
  const somebody = names.length > 0 && names.length <= MOST_NAMED ? names.join(' and ') : null;
  // A pronoun that the question before has too still means whom it meant there.
  const isTaken = (pronoun: string): boolean => new RegExp(`\\b${pronoun}\\b`, 'i').test(before);
  const day = (days: number): string =>
    date === null ? '' : `on ${dateInWords(shiftDate(date, days), 'en')}`;
  let text = typed;
  const put = (pattern: RegExp, words: string): void => {
    if (words !== '') text = text.replace(pattern, words);
  };
  put(
    /\b(?:that|this|the) (?:meeting|conversation|talks?|call|visit|event|encounter|stop|discussion)\b(?! (?:with|of|in|at|on)\b)/i,
    meeting,
  );
  put(
    /^(?:and )?(?:what )?(?:then|next|after that|afterwards)\??$/i,
    `What came next after ${meeting}?`,
  );
  put(/\b(?:on )?(?:the )?(?:next|following) day\b|\bthe day after\b/i, day(1));
  put(/\b(?:on )?the (?:day before|previous day)\b(?! \w)/i, day(-1));
  put(/\b(?:on )?(?:that|the same) day\b/i, day(0));
  put(
    /(?<=\b(?:was|were|been|be|is|are) )(?:present |in attendance )?there\b(?=\W*$)|(?<=\b(?:was|were) )(?:present|in attendance)\b(?=\W*$)/i,
    `at ${meeting}`,
  );
  put(
    /(?<!\b(?:was|were|is|are) )\b(?:in |over )?there\b(?! (?:was|were|is|are)\b)/i,
    `in ${city}`,
  );
  put(
    /(?<=\b(?:was|is|did|does|of|about|after|before|during|for|at|like|when|where|how) )(?:it|that|this)\b(?! (?:true|possible|right)\b)/i,
    meeting,
  );
  if (somebody !== null) {
    if (!isTaken('(?:he|him|his)')) {
      put(/\b(?:he|him)\b/i, somebody);
      put(/\bhis\b/i, `${somebody}'s`);
    }
    if (!isTaken('them')) put(/\bthem\b/i, somebody);
  }
  if (text !== typed) return text;
  const isBoth = /\b(?:they|both (?:sides|of them|ministers)|the two|their)\b/i.test(typed);
  const isElse = query.has('else') && query.has('who');
  const isShort = isTooShort(query, typed, vocabulary) && !query.has('traveller');
  if (!isElse && !(isBoth && !isTaken('they')) && !isShort) return null;
  return isElse
    ? typed.replace(/\?*$/, ` was at ${meeting}?`).replace(/\b(?:was|were) (?=was at)/, '')
    : typed.replace(/\?*$/, ` at ${meeting}?`);
}

function meetingInJapanese(
  query: Query,
  { typed, before, last, vocabulary }: Spoken,
): string | null {
  const meeting = meetingName(last, { before, vocabulary }, 'ja');
  const { city, date } = last.meeting;
  const [person] = last.others.map(({ name }) => vocabulary.nameIn('ja', name));
  const day = (days: number): string | undefined =>
    date === null ? undefined : dateInWords(shiftDate(date, days), 'ja');
  const swaps: readonly (readonly [RegExp, string | undefined])[] = [
    [/翌日|次の日/, day(1)],
    [/前日|前の日/, day(-1)],
    [/その日|同日|同じ日/, day(0)],
    [/(?:そ|こ)の(?:会談|会合|面会|訪問|話し合い)|それ(?=[はがの])/, meeting],
    [/そこ|そちら|現地|同地/, vocabulary.nameIn('ja', city)],
    [/彼女?(?!ら)|その人|相手/, person],
  ];
  const swapped = swaps.reduce(
    (text, [pattern, words]) => (words === undefined ? text : text.replace(pattern, words)),
    typed,
  );
  if (swapped !== typed) return swapped;
  return isTooShort(query, typed, vocabulary) || query.has('else') ? `${meeting}で${typed}` : null;
}

/** "What was discussed?": too little to be about anything but the meeting before. */
function isTooShort(query: Query, typed: string, vocabulary: Vocabulary): boolean {
  const isLong = query.language === 'ja' ? typed.length > 10 : typed.split(' ').length > 4;
  return !isLong && query.unknown.length <= 1 && listingOf(query, vocabulary) === null;
}

/** More than two names make a question that nobody reads. */
const MOST_NAMED = 2;

/** "The meeting with" whoever was met at this event alone, else the event by its title. */
function meetingName(
  { meeting, others }: TourEvent,
  { before, vocabulary }: Pick<Spoken, 'before' | 'vocabulary'>,
  language: Language,
): string {
  const { people } = readQuery(before, vocabulary).filters;
  const first = others.find(({ name }) => people.includes(name)) ?? others[0];
  const isOnly =
    first !== undefined &&
    vocabulary.timeline.events.filter((event) =>
      event.others.some(({ name }) => name === first.name),
    ).length === 1;
  const { title } = meeting;
  if (language === 'ja') {
    return isOnly
      ? `${vocabulary.nameIn('ja', first.name)}との会談`
      : vocabulary.nameIn('ja', title);
  }
  return isOnly ? `the meeting with ${first.name}` : `“${title}”`;
}
