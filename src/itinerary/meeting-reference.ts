import { isEntity, type Language } from './items.ts';
import { listingOf } from './listing.ts';
import { type Query, readQuery } from './query.ts';
import type { TourEvent } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { kindAskedInJapanese } from '../language/answer-kinds.ts';

/** The meeting that a follow-up question leaves out: "who else was there?", "how long did it last?", "what did he say?" */

/** A follow-up and what was spoken of before it. */
export interface Spoken {
  readonly typed: string;
  readonly before: string;
  readonly last: TourEvent;
  readonly vocabulary: Vocabulary;
  /** The question with the place of "there". */
  readonly placed: string;
  /** Who "he" is. */
  readonly person: string | null;
  /** The question before, read. */
  readonly old: Query;
}
/** What is known before the follow-up is read. */
export type Topic = Pick<Spoken, 'before' | 'last' | 'vocabulary'>;

/** "Who else was there?", "how long did it last?", "what did he say?": the meeting in place of the pronouns. */
export function withMeeting(query: Query, spoken: Spoken): string | null {
  // A question that names something itself, or that the itinerary answers alone, is not about the meeting before.
  const isOwn = query.items.some((item) => isEntity(item) && item.filters.parts.length === 0);
  if (isOwn || query.has('tour', 'route')) return null;
  return query.language === 'ja'
    ? meetingInJapanese(query, spoken)
    : meetingInEnglish(query, spoken);
}

function meetingInEnglish(
  query: Query,
  { typed, placed, person, before, old, last, vocabulary }: Spoken,
): string | null {
  const meeting = meetingName(last, { before, vocabulary }, 'en');
  const names = last.others.map(({ name }) => name);
  const all = names.length > 0 && names.length <= MOST_NAMED ? names.join(' and ') : null;
  // "They" of a list of meetings are all of these.
  const isSeveral = (listingOf(old, vocabulary)?.meetings.length ?? 0) > 1;
  // A pronoun that the question before has too still means whom it meant there.
  const isTaken = (pronoun: string): boolean => new RegExp(`\\b${pronoun}\\b`, 'i').test(before);
  let text = placed;
  const put = (pattern: RegExp, words: string): void => {
    if (words !== '') text = text.replace(pattern, words);
  };
  put(
    /\b(?:that|this|the) (?:meeting|conversation|talks?|call|visit|event|encounter|stop|discussion)\b(?! (?:with|of|in|at|on)\b)/i,
    meeting,
  );
  put(
    /(?<=\b(?:was|were|been|be|is|are) )(?:present |in attendance )?there\b(?=\W*$)|(?<=\b(?:was|were) )(?:present|in attendance)\b(?=\W*$)/i,
    `at ${meeting}`,
  );
  put(
    /(?<=\b(?:was|is|did|does|of|about|after|before|during|for|at|like|when|where|how) )(?:it|that|this)\b(?! (?:true|possible|right)\b)/i,
    meeting,
  );
  if (person !== null && !isTaken('(?:he|him|his)')) {
    put(/\b(?:he|him)\b/i, person);
    put(/\bhis\b/i, `${person}'s`);
  }
  if (all !== null && !isSeveral && !isTaken('them')) put(/\bthem\b/i, all);
  if (text !== typed) return text;
  const isBoth = /\b(?:they|both (?:sides|of them|ministers)|the two|their)\b/i.test(typed);
  // Of several, all that they have in common is where they were.
  const isOfOne = query.has('long', 'minutes', 'clock', 'when');
  const place = isSeveral && !isOfOne ? placeIn(old) : null;
  if (place !== null && (isBoth || isTooShort(query, typed, { old, vocabulary })))
    return typed.replace(/\?*$/, ` in ${place}?`);
  const isElse = query.has('else') && query.has('who');
  const isShort = isTooShort(query, typed, { old, vocabulary }) && !query.has('traveller');
  if (!isElse && !(isBoth && !isSeveral && !isTaken('they')) && !isShort) return null;
  return isElse
    ? typed.replace(/\?*$/, ` was at ${meeting}?`).replace(/\b(?:was|were) (?=was at)/, '')
    : typed.replace(/\?*$/, ` at ${meeting}?`);
}

function meetingInJapanese(
  query: Query,
  { typed, placed, before, old, last, vocabulary }: Spoken,
): string | null {
  const meeting = meetingName(last, { before, vocabulary }, 'ja');
  const [person] = last.others.map(({ name }) => vocabulary.nameIn('ja', name));
  const swaps: readonly (readonly [RegExp, string | undefined])[] = [
    [/(?:そ|こ)の(?:会談|会合|面会|訪問|話し合い)|それ(?=[はがの])/, meeting],
    [/彼女?(?!ら)|その人|相手/, person],
  ];
  const swapped = swaps.reduce(
    (text, [pattern, words]) => (words === undefined ? text : text.replace(pattern, words)),
    placed,
  );
  if (swapped !== typed) return swapped;
  const isShort = isTooShort(query, typed, { old, vocabulary });
  return isShort || query.has('else') ? `${meeting}で${typed}` : null;
}

/** 「何について話しましたか」 is not yet too long. */
const LONG_JA = 14;

/** "What was discussed?": too little to be about anything but the meeting before. */
function isTooShort(
  query: Query,
  typed: string,
  { old, vocabulary }: Pick<Spoken, 'old' | 'vocabulary'>,
): boolean {
  const isLong = query.language === 'ja' ? typed.length > LONG_JA : typed.split(' ').length > 4;
  // Whoever changes the language rather begins anew, and so does who names something: "What is NATO?"
  const most = query.language === old.language ? 1 : 0;
  const isNew = query.unknown.some(({ capitalised, start }) => capitalised && start > 0);
  const isListed = listingOf(query, vocabulary) !== null;
  const isScrap = query.unknown.some(({ text }) => text.length < 2 && /[a-z]/i.test(text));
  return (
    !isLong && !isNew && !isScrap && query.unknown.length <= most && !isListed && !query.isUnplaced
  );
}

/** The one place that a question names. */
function placeIn({ filters: { places } }: Query): string | null {
  const [place, ...others] = places;
  return others.length === 0 ? (place?.name ?? null) : null;
}

/** More than two names make a question that nobody reads. */
export const MOST_NAMED = 2;

/** "The meeting with" whoever was met at this event alone, else the event by its title. */
export function meetingName(
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

// Follow-ups of a question word alone: "why?", "when was that?", "how many?", 「いつ？」

const ADVERB = '(?:why|where|when|how long|how often|how)';

const QUESTION_WORD = `(?:how many|how much|with whom|who with|who|whom|what|which|${ADVERB})`;

const BARE = new RegExp(
  `^(?:and |but |so |ok |okay )?(${QUESTION_WORD})(?: (?:was|is|were|are) (?:that|it|this))?(?: so)?[?!. ]*$`,
  'i',
);

const LEADING = new RegExp(
  `^(?:and |so )?(?:in |at |on |to |with )?(how many|which|what|${QUESTION_WORD})\\b( (?:\\p{L}+s|people)\\b)?`,
  'iu',
);

const AUXILIARY = /^(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would)\b/i;

/** "When did she …": another adverb may stand there as well. */
const ABOUT_TRAVELLER = new RegExp(`^${ADVERB} (?:did|was|has|had) (?:she|he|they)\\b`, 'i');

const BARE_JA =
  /^(?:で、?|では、?|じゃあ、?)?(なぜ|何故|どうして|いつ|どこ(?:で)?|誰(?:と|に|が)?|何分(?:間)?|何人|何回|何件|何日|何[かカヶ]国|どのくらい|どれくらい)(?:です|でした)?か?[?？。]*$/;

const WORD_JA =
  /何(?:分間?|人|回|時|日|件|[かカヶ]国)|誰(?:と|に|が)?|いつ|どこ(?:で|に)?|なぜ|何故|どうして|ど(?:の|れ)くらい|どの\p{Script=Han}+|何(?:を|が)?/u;

/** "Why?", "when was that?": another question word over the question before, or over the meeting spoken of. */
export function withOtherQuestionWord(
  question: string,
  before: string,
  spoken: Topic | null,
): string | null {
  const [, japanese] = BARE_JA.exec(question) ?? [];
  if (japanese !== undefined) return japaneseWord(japanese, before, spoken);
  const [, word] = BARE.exec(question) ?? [];
  if (word === undefined) return null;
  const asked = word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
  const isAdverb = new RegExp(`^${ADVERB}$`, 'i').test(word);
  const isReason = /^(?:why|how)$/i.test(word);
  if (AUXILIARY.test(before) && (isAdverb || spoken === null))
    return `${asked} ${before.slice(0, 1).toLowerCase()}${before.slice(1)}`;
  if (isAdverb && ABOUT_TRAVELLER.test(before) && !/^how long$/i.test(word))
    return before.replace(new RegExp(`^${ADVERB}`, 'i'), asked);
  if (isReason) return `${asked}: ${before.replace(/^(?:why|how): /i, '')}`;
  const isOfOne = spoken !== null && !/\b(?:which|how many) /i.test(before);
  if (isOfOne && /^(?:who|whom|who with|with whom)$/i.test(word))
    return `Who was at ${meetingName(spoken.last, spoken, 'en')}?`;
  const isOfMany = spoken === null || isAboutMany(before, spoken);
  if (isAdverb && spoken !== null && !isOfMany)
    return `${asked} was ${meetingName(spoken.last, spoken, 'en')}?`;
  if (!LEADING.test(before)) return `${asked}: ${before}`;
  // "How many?" after "which countries" counts the countries.
  return before.replace(LEADING, (_, lead: string, noun: string | undefined) => {
    if (!/^how many$/i.test(word)) return asked;
    return asked + (noun ?? (/^who/i.test(lead) ? ' people' : ''));
  });
}

function japaneseWord(word: string, before: string, spoken: Topic | null): string {
  const isReason = /^(?:なぜ|何故|どうして)/.test(word);
  const plain = before.replace(/^(?:なぜ|何故|どうして)、/, '');
  const isTopic = spoken !== null && kindAskedInJapanese(plain) === 'topic';
  const isReplaced = WORD_JA.test(plain) && !/直[前後]/.test(plain) && !isTopic;
  if (!isReason && isReplaced) return plain.replace(WORD_JA, word);
  if (isReason || spoken === null) return `${word}、${plain}`;
  return `${meetingName(spoken.last, spoken, 'ja')}は${word}でしたか`;
}

/** Whether a question is about a place or a day rather than about one meeting. */
function isAboutMany(before: string, { vocabulary }: Pick<Spoken, 'vocabulary'>): boolean {
  const { people, offices, kinds, meetings, places, days } = readQuery(before, vocabulary).filters;
  const isOne = people.length + offices.length + kinds.length + meetings.length > 0;
  return !isOne && (places.length > 0 || days !== null);
}
