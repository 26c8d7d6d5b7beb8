import { eventsThatFit, peopleAt } from './timeline.ts';
import { type Filters, isEntity, type Language, NO_FILTERS } from './items.ts';
import { classList } from './lexicon.ts';
import { listingOf } from './listing.ts';
import { isYesNo, type Query, readQuery, targetOf } from './query.ts';
import { type TourEvent, uniqueBy } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { kindAskedInJapanese } from '../language/answer-kinds.ts';
import { dateInWords } from '../language/dates.ts';

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
  /** Whether it was in another language. */
  readonly isSwitched: boolean;
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
  { typed, placed, person, before, old, last, vocabulary, isSwitched }: Spoken,
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
  if (place !== null && (isBoth || isTooShort(query, typed, { vocabulary, isSwitched })))
    return typed.replace(/\?*$/, ` in ${place}?`);
  const isElse = query.has('else') && query.has('who');
  const isShort = isTooShort(query, typed, { vocabulary, isSwitched }) && !query.has('traveller');
  if (!isElse && !(isBoth && !isSeveral && !isTaken('they')) && !isShort) return null;
  return isElse
    ? typed.replace(/\?*$/, ` was at ${meeting}?`).replace(/\b(?:was|were) (?=was at)/, '')
    : typed.replace(/\?*$/, ` at ${meeting}?`);
}

function meetingInJapanese(
  query: Query,
  { typed, placed, before, old, last, vocabulary, isSwitched }: Spoken,
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
  if (!isTooShort(query, typed, { vocabulary, isSwitched }) && !query.has('else')) return null;
  const isSeveral = (listingOf(old, vocabulary)?.meetings.length ?? 0) > 1;
  const isOfOne = query.has('long', 'minutes', 'clock', 'when');
  if (!isSeveral || isOfOne) return `${meeting}で${typed}`;
  const scope = scopeOf(old, 'ja', vocabulary);
  return scope === '' ? null : `${scope}${typed}`;
}

/** 「何について話しましたか」 is not yet too long. */
const LONG_JA = 14;

/** Words of a question about the whole tour. */
const OF_TOUR = classList(
  'country city place continent court meeting event tour route traveller all total each average overview first last nth longest shortest most fewest',
);

/** "What was discussed?": too little to be about anything but the meeting before. */
function isTooShort(
  query: Query,
  typed: string,
  { vocabulary, isSwitched }: Pick<Spoken, 'vocabulary' | 'isSwitched'>,
): boolean {
  const isLong = query.language === 'ja' ? typed.length > LONG_JA : typed.split(' ').length > 4;
  // Whoever changes to English rather begins anew, and so does who names something: "What is NATO?"
  const most = isSwitched && query.language === 'en' ? 0 : 1;
  const isNew = query.unknown.some(({ capitalised, start }) => capitalised && start > 0);
  // A Japanese question leaves out whom and where it is about: 「どこで会いましたか」 is no question about the whole tour.
  const isWhole = query.language === 'en' || query.has(...OF_TOUR);
  const isListed = isWhole && listingOf(query, vocabulary) !== null;
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

// The question before in the language of the follow-up

/** Words of a question by its kind, in both languages: about somebody's meeting, and about a place, a day or all of the tour. */
const QUESTIONS: Readonly<Record<string, Readonly<Record<Language, readonly [string, string]>>>> = {
  long: {
    en: ['How long was the meeting with {who}?', 'How long did they stay{in}?'],
    ja: ['{who}との会談は何分でしたか', '{to}にはどのくらい滞在しましたか'],
  },
  clock: {
    en: ['What time was the meeting with {who}?', ''],
    ja: ['{who}との会談は何時からでしたか', ''],
  },
  topic: {
    en: ['What was discussed at the meeting with {who}?', ''],
    ja: ['{who}との会談で何を話しましたか', ''],
  },
  yes: {
    en: ['Was there a meeting with {who}?', 'Did they go to {to}?'],
    ja: ['{who}に会いましたか', '{to}に行きましたか'],
  },
  days: {
    en: ['When was the meeting with {who}?', 'When were they in {to}?'],
    ja: ['{who}との会談はいつでしたか', '{to}にはいつ行きましたか'],
  },
  places: {
    en: ['Where was the meeting with {who}?', '{which} places did they visit{in}?'],
    ja: ['{who}との会談はどこでしたか', '{in}{which}か所を訪問しましたか'],
  },
  countries: {
    en: ['', '{which} countries did they visit{in}?'],
    ja: ['', '{in}{which}国を訪問しましたか'],
  },
  cities: {
    en: ['', '{which} cities did they visit{in}?'],
    ja: ['', '{in}{which}都市を訪問しましたか'],
  },
  people: {
    en: ['', '{who did} they meet{in}?'],
    ja: ['', '{in}{who did}に会いましたか'],
  },
  meetings: {
    en: ['', '{which} meetings did they have{in}?'],
    ja: ['', '{in}どのような会談がありましたか'],
  },
  events: { en: ['', 'What did they do{in}?'], ja: ['', '{in}何をしましたか'] },
};

/**
 * What a question asks and names, in words of the other language; null where it says more than its kind, people, places
 * and days.
 */
export function inLanguage(
  before: Query,
  language: Language,
  vocabulary: Vocabulary,
): string | null {
  const { has, filters, unknown, anchor, excluded } = before;
  const { places, people, offices, days } = filters;
  const rest: Filters = { ...filters, places: [], people: [], offices: [], days: null };
  const isMore =
    unknown.length + excluded.length > 0 ||
    anchor !== null ||
    Object.values(rest).some((list: readonly unknown[] | null) => (list?.length ?? 0) > 0) ||
    has(...classList('other about act first nth longest shortest most fewest'));
  if (isMore || places.length > 1) return null;
  const asked = { ...NO_FILTERS, people, offices };
  const isNamed = people.length + offices.length > 0;
  const named = isNamed
    ? eventsThatFit(asked, vocabulary).flatMap((event) => peopleAt(event, asked, vocabulary))
    : [];
  const names = uniqueBy(named, ({ name }) => name).map(({ name }) =>
    vocabulary.nameIn(language, name),
  );
  if (isNamed && (names.length === 0 || names.length > MOST_NAMED)) return null;
  const [about, all] = QUESTIONS[kindOf(before)]?.[language] ?? [];
  const words = isNamed ? about : all;
  const [place] = places;
  const isCount = has('count');
  const parts: Readonly<Record<string, string>> = {
    who: names.join(language === 'ja' ? 'と' : ' and '),
    in: scopeOf(before, language, vocabulary),
    to: place === undefined ? '' : vocabulary.nameIn(language, place.name),
    which: language === 'ja' ? (isCount ? '何か' : 'どの') : isCount ? 'How many' : 'Which',
    'who did':
      language === 'ja' ? (isCount ? '何人' : '誰') : isCount ? 'How many people did' : 'Who did',
  };
  if (words === undefined || words === '' || (days?.length ?? 0) > 1) return null;
  if (words.includes('{to}') && place === undefined) return null;
  return words.replace(/\{([\w ]+)\}/g, (_, part: string) => parts[part] ?? '');
}

function kindOf(query: Query): string {
  if (query.has('long', 'minutes')) return 'long';
  if (query.has('clock')) return 'clock';
  if (query.has('say')) return 'topic';
  return isYesNo(query) ? 'yes' : targetOf(query);
}

/** "In Lima", "on May 4" as a question has it: the one place and the one day that a question names; else empty. */
export function scopeOf(
  { filters: { places, days } }: Query,
  language: Language,
  vocabulary: Vocabulary,
): string {
  const [place, ...others] = places;
  const [day, ...more] = days ?? [];
  const where =
    place === undefined || others.length > 0 ? '' : vocabulary.nameIn(language, place.name);
  const when = day === undefined || more.length > 0 ? '' : dateInWords(day, language);
  return language === 'ja'
    ? `${when === '' ? '' : `${when}に`}${where === '' ? '' : `${where}で`}`
    : `${where === '' ? '' : ` in ${where}`}${when === '' ? '' : ` on ${when}`}`;
}

// Follow-ups of a question word alone: "why?", "when was that?", "how many?", 「いつ？」

const ADVERB = '(?:why|where|when|how long|how often|what time|how)';

const QUESTION_WORD = `(?:how many|how much|with whom|to whom|from where|where from|who with|who|whom|${ADVERB}|what|which)`;

const BARE = new RegExp(
  `^(?:and |but |so |ok |okay )?(${QUESTION_WORD})(?: (?:was|is|were|are) (?:that|it|this))?(?: so| not)?[?!. ]*$`,
  'i',
);

const LEADING = new RegExp(
  `^(?:and |so )?(?:in |at |on |to |with )?(${QUESTION_WORD})\\b( (?:\\p{L}+s|people)\\b)?`,
  'iu',
);

const AUXILIARY = /^(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would)\b/i;

/** "When did she …": another adverb may stand there as well. */
const ABOUT_TRAVELLER = new RegExp(`^${ADVERB} (?:did|was|has|had) (?:she|he|they)\\b`, 'i');

/** 「で、」 and the like before a follow-up. */
export const LEAD_JA = '(?:(?:それで|では|じゃあ|じゃ|で|あと)、?)?';

const REASON_JA = '(?:なぜ|何故|なんで|何で|どうして)';

const WORDS_JA = `${REASON_JA}|いつ|どこ(?:で|から|に|へ)?|(?:誰|だれ)(?:と|に|が)?|何分(?:間)?|何時(?:から|に|まで)?|何人|何回|何件|何日|何[かカヶ]国|いくつ|ど[のれ][くぐ]らい`;

const BARE_JA = new RegExp(
  `^${LEAD_JA}(${WORDS_JA})(?:(?:です|でした|だった|なん?|会った|行った)?(?:です)?(?:か|の|かな)*)[?？。]*$`,
  'u',
);

const WORD_JA = new RegExp(`${WORDS_JA}|何時|どの\\p{Script=Han}+を?|何(?:を|が)?`, 'u');

const CIRCUMSTANCE_JA =
  /いつ|どこ(?:で|から|に|へ)?|何分(?:間)?|何時(?:から|に)?|ど[のれ][くぐ]らい/;

/** 「何をしましたか」: the verb goes with its object. */
const DOES_JA = /何を(?:し|やり|やっ|な).*$/;

const VERBS_JA: readonly (readonly [RegExp, string])[] = [
  [/^(?:誰|だれ)/, '誰に会いましたか'],
  [/^何人/, '何人に会いましたか'],
  [/^どこ/, 'どこにいましたか'],
  [/^何時/, '何時に始まりましたか'],
];

/** "Why?", "when was that?": another question word over the question before, or over the meeting spoken of. */
export function withOtherQuestionWord(
  question: string,
  before: string,
  spoken: Topic | null,
): string | null {
  const [, japanese] = BARE_JA.exec(question) ?? [];
  if (japanese !== undefined) return japaneseWord(japanese, before, spoken) ?? question;
  const [, word] = BARE.exec(question) ?? [];
  if (word === undefined) return null;
  const asked = word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
  const isAdverb = new RegExp(`^${ADVERB}$`, 'i').test(word);
  const isReason = /^(?:why|how)$/i.test(word);
  if (AUXILIARY.test(before) && (isAdverb || spoken === null))
    return `${asked} ${before.slice(0, 1).toLowerCase()}${before.slice(1)}`;
  if (isAdverb && ABOUT_TRAVELLER.test(before) && !/^how long$/i.test(word))
    return before.replace(new RegExp(`^${ADVERB}`, 'i'), asked);
  const isOfMany = spoken === null || isAboutMany(before, spoken);
  if (/^why$/i.test(word) && !isOfMany && /^(?:how long|when|where|what time) /i.test(before))
    return `Why was ${meetingName(spoken.last, spoken, 'en')} held?`;
  const [, noun, deed] =
    /^(?:which|how many) (\p{L}+) ((?:did|has|was|had) .+)$/iu.exec(before) ?? [];
  if (/^why$/i.test(word) && noun !== undefined && deed !== undefined)
    return `Why ${deed.replace(/\?*$/, '')} these ${noun}?`;
  if (isReason) return (/^why$/i.test(word) ? reasonFor(before) : null) ?? question;
  const isOfOne = spoken !== null && !/\b(?:which|how many) /i.test(before);
  if (isOfOne && /^(?:who|whom|who with|with whom)$/i.test(word))
    return `Who was at ${meetingName(spoken.last, spoken, 'en')}?`;
  if (isAdverb && spoken !== null && !isOfMany)
    return `${asked} was ${meetingName(spoken.last, spoken, 'en')}?`;
  if (!LEADING.test(before)) return `${asked}: ${before}`;
  // "How many?" after "which countries" counts the countries.
  return before.replace(LEADING, (_, lead: string, noun: string | undefined) => {
    if (!/^how many$/i.test(word)) return asked;
    return asked + (noun ?? (/^who/i.test(lead) ? ' people' : ''));
  });
}

/** "Why did Silva say this about Peru?" after "what did …"; null where no such sentence reads well. */
function reasonFor(before: string): string | null {
  if (/^why /i.test(before)) return before;
  const said = /^what (did .+? )(say|tell|mention|promise|pledge|announce|ask for|offer)\b/i;
  return said.test(before) ? before.replace(said, 'Why $1$2 this') : null;
}

function japaneseWord(typed: string, before: string, spoken: Topic | null): string | null {
  const isReason = new RegExp(`^${REASON_JA}`).test(typed);
  const word = isReason ? 'なぜ' : typed;
  const plain = before.replace(new RegExp(`^${REASON_JA}、`), '');
  const isAboutOne = spoken !== null && !isAboutMany(plain, spoken);
  const meeting = spoken === null ? '' : meetingName(spoken.last, spoken, 'ja');
  // Of a question in another language only its meeting can be taken over.
  const isForeign = !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(plain);
  if (isReason) {
    if (isAboutOne && (isForeign || CIRCUMSTANCE_JA.test(plain)))
      return `${meeting}はなぜ行われましたか`;
    const isOther = CIRCUMSTANCE_JA.test(plain) && !/でした/.test(plain);
    if (isOther) return plain.replace(CIRCUMSTANCE_JA, word);
    return /どの\p{Script=Han}+/u.test(plain)
      ? plain.replace(/どの(?=\p{Script=Han})/u, 'なぜこれらの')
      : WORD_JA.test(plain) || isForeign
        ? null
        : `なぜ、${plain}`;
  }
  const isWho = /^(?:誰|だれ)/.test(word);
  if (isWho && isAboutOne && !/会い|会っ/.test(plain)) return `${meeting}には誰がいましたか`;
  const does = DOES_JA.test(plain) ? VERBS_JA.find(([asked]) => asked.test(word))?.[1] : undefined;
  if (does !== undefined) return plain.replace(DOES_JA, does);
  const isTopic = spoken !== null && kindAskedInJapanese(plain) === 'topic';
  const isReplaced = WORD_JA.test(plain) && !/直[前後]/.test(plain) && !isTopic;
  if (!isForeign && isReplaced) {
    return plain.replace(WORD_JA, (old) => {
      if (word === 'いくつ' && old.startsWith('どの')) return `いくつの${old.slice(2)}`;
      return old.endsWith('を') && word.startsWith('何') ? `${word}を` : word;
    });
  }
  const noun = word.replace(/^(どこ)[でにへ]$/, '$1');
  return spoken === null ? `${word}、${plain}` : `${meeting}は${noun}でしたか`;
}

/** Whether a question is about a place or a day rather than about one meeting. Home is no place of the tour. */
function isAboutMany(before: string, { vocabulary }: Pick<Spoken, 'vocabulary'>): boolean {
  const { people, offices, kinds, meetings, places, days } = readQuery(before, vocabulary).filters;
  const isOne = people.length + offices.length + kinds.length + meetings.length > 0;
  const home = vocabulary.timeline.home ?? '';
  const isAway = places.some(({ kind, countries }) => kind === 'region' || !countries.has(home));
  return !isOne && (isAway || days !== null);
}
