import { type Filters, isEntity, isFiltered, type Language, NO_FILTERS } from './items.ts';
import { classList, type Place } from './lexicon.ts';
import { type Listing, listingOf } from './listing.ts';
import { isYesNo, type Query, targetOf } from './query.ts';
import { eventsThatFit, peopleAmong, type TourEvent } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { kindAskedInJapanese } from '../language/answer-kinds.ts';
import { dateInWords } from '../language/dates.ts';

/** The meeting that a follow-up question leaves out: "who else was there?", "how long did it last?", "what did he say?" */

/** A follow-up and what was spoken of before it. */
export interface Talk {
  readonly typed: string;
  /** The follow-up read, with the days and offices that it means: "the next day", "his president". */
  readonly query: Query;
  /** The question before, in the language of the follow-up so far as that goes. */
  readonly before: string;
  readonly old: Query;
  /** What it listed. */
  readonly listing: Listing | null;
  /** The meeting that its answer was about. */
  readonly last: TourEvent | undefined;
  readonly vocabulary: Vocabulary;
  /** Where "there" is. */
  readonly place: string | null;
  /** The follow-up with that place. */
  readonly placed: string;
  /** Who "he" is. */
  readonly person: string | null;
  /** Whether the question before was in another language. */
  readonly isSwitched: boolean;
  /** Whether questions are about one meeting only. */
  readonly isChosen: boolean;
}

export const either = (language: Language, en: string, ja: string): string =>
  language === 'ja' ? ja : en;

/** Whether the question before listed several meetings. */
export const isOfSeveral = ({ listing }: Talk): boolean => (listing?.meetings.length ?? 0) > 1;

/** "Who else was there?", "how long did it last?", "what did he say?": the meeting in place of the pronouns. */
export function withMeeting(talk: Talk): string | null {
  const { query, last } = talk;
  // A question that names something itself, or that the itinerary answers alone, is not about the meeting before.
  const isOwn = query.items.some((item) => isEntity(item) && item.filters.parts.length === 0);
  if (last === undefined || isOwn || query.has('tour', 'route')) return null;
  return query.language === 'ja' ? meetingInJapanese(talk, last) : meetingInEnglish(talk, last);
}

/** Of several meetings, questions for these are each of one. */
const OF_ONE = classList('long minutes clock when');

function meetingInEnglish(talk: Talk, last: TourEvent): string | null {
  const { query, typed, placed, person, before, old } = talk;
  const meeting = meetingName(talk, last, 'en');
  // A pronoun that the question before has too still means whom it meant there.
  const isTaken = (pronoun: string): boolean => new RegExp(`\\b${pronoun}\\b`, 'i').test(before);
  let text = placed
    .replace(
      /\b(?:that|this|the) (?:meeting|conversation|talks?|call|visit|event|encounter|stop|discussion)\b(?! (?:with|of|in|at|on)\b)/i,
      meeting,
    )
    .replace(
      /(?<=\b(?:was|were|been|be|is|are) )(?:present |in attendance )?there\b(?=\W*$)|(?<=\b(?:was|were) )(?:present|in attendance)\b(?=\W*$)/i,
      `at ${meeting}`,
    )
    .replace(
      /(?<=\b(?:was|is|did|does|of|about|after|before|during|for|at|like|when|where|how) )(?:it|that|this)\b(?! (?:true|possible|right)\b)/i,
      meeting,
    );
  if (person !== null && !isTaken('(?:he|him|his)'))
    text = text.replace(/\b(?:he|him)\b/i, person).replace(/\bhis\b/i, `${person}'s`);
  const names = last.others.map(({ name }) => name);
  // "They" of a list of meetings are all of these.
  const isSeveral = isOfSeveral(talk);
  if (names.length > 0 && names.length <= MOST_NAMED && !isSeveral && !isTaken('them'))
    text = text.replace(/\bthem\b/i, names.join(' and '));
  if (text !== typed) return text;
  const isBoth = /\b(?:they|both (?:sides|of them|ministers)|the two|their)\b/i.test(typed);
  const isShort = isTooShort(talk);
  // Of several, all that they have in common is where they were.
  const [place, ...others] = isSeveral && !query.has(...OF_ONE) ? old.filters.places : [];
  if (place !== undefined && others.length === 0 && (isBoth || isShort))
    return typed.replace(/\?*$/, ` in ${place.name}?`);
  if (query.has('else') && query.has('who'))
    return typed.replace(/\?*$/, ` was at ${meeting}?`).replace(/\b(?:was|were) (?=was at)/, '');
  return (isBoth && !isSeveral) || (isShort && !query.has('traveller'))
    ? typed.replace(/\?*$/, ` at ${meeting}?`)
    : null;
}

function meetingInJapanese(talk: Talk, last: TourEvent): string | null {
  const { query, typed, placed, old, vocabulary } = talk;
  const meeting = meetingName(talk, last, 'ja');
  const [person] = last.others.map(({ name }) => vocabulary.nameIn('ja', name));
  const named = placed.replace(
    /(?:そ|こ)の(?:会談|会合|面会|訪問|話し合い)|それ(?=[はがの])/,
    meeting,
  );
  const swapped = person === undefined ? named : named.replace(/彼女?(?!ら)|その人|相手/, person);
  if (swapped !== typed) return swapped;
  if (!isTooShort(talk) && !query.has('else')) return null;
  if (!isOfSeveral(talk) || query.has(...OF_ONE)) return `${meeting}で${typed}`;
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
function isTooShort({ query, typed, vocabulary, isSwitched }: Talk): boolean {
  const { unknown, language } = query;
  const isLong = language === 'ja' ? typed.length > LONG_JA : typed.split(' ').length > 4;
  // Whoever changes to English rather begins anew, and so does who names something: "What is NATO?"
  const most = isSwitched && language === 'en' ? 0 : 1;
  const isNew = unknown.some(
    ({ capitalised, start, text }) => (capitalised && start > 0) || /^[a-z]$/i.test(text),
  );
  if (isLong || isNew || unknown.length > most || query.isUnplaced) return false;
  // A Japanese question leaves out whom and where it is about: 「どこで会いましたか」 is no question about the whole tour.
  const isWhole = language === 'en' || query.has(...OF_TOUR);
  return !isWhole || listingOf(query, vocabulary) === null;
}

/** More than two names make a question that nobody reads. */
export const MOST_NAMED = 2;

/** "The meeting with" whoever was met at this event alone, else the event by its title. */
export function meetingName(
  { old, vocabulary }: Pick<Talk, 'old' | 'vocabulary'>,
  { meeting: { title }, others }: TourEvent,
  language: Language,
): string {
  const { people } = old.filters;
  const first = others.find(({ name }) => people.includes(name)) ?? others[0];
  const isHere = (event: TourEvent): boolean =>
    event.others.some(({ name }) => name === first?.name);
  const isOnly = vocabulary.timeline.events.filter(isHere).length === 1;
  const person = isOnly ? first : undefined;
  const name = vocabulary.nameIn(language, person?.name ?? title);
  if (person === undefined) return either(language, `“${name}”`, name);
  return either(language, `the meeting with ${name}`, `${name}との会談`);
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
    isFiltered(rest) ||
    has(...classList('other about act first nth longest shortest most fewest'));
  if (isMore || places.length > 1) return null;
  const isNamed = people.length + offices.length > 0;
  const asked = { ...NO_FILTERS, people, offices };
  const named = isNamed ? peopleAmong(eventsThatFit(asked, vocabulary), asked, vocabulary) : [];
  const names = named.map(({ name }) => vocabulary.nameIn(language, name));
  if (isNamed && (names.length === 0 || names.length > MOST_NAMED)) return null;
  const [about, all] = QUESTIONS[kindOf(before)]?.[language] ?? [];
  const words = isNamed ? about : all;
  const [place] = places;
  const isCount = has('count');
  const parts: Readonly<Record<string, string>> = {
    who: names.join(either(language, ' and ', 'と')),
    in: scopeOf(before, language, vocabulary),
    to: place === undefined ? '' : vocabulary.nameIn(language, place.name),
    which: isCount ? either(language, 'How many', '何か') : either(language, 'Which', 'どの'),
    'who did': isCount
      ? either(language, 'How many people did', '何人')
      : either(language, 'Who did', '誰'),
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
  const name = places.length === 1 ? vocabulary.nameIn(language, places[0]?.name ?? '') : '';
  const day = days?.length === 1 ? dateInWords(days[0] ?? '', language) : '';
  const where = name === '' ? '' : either(language, ` in ${name}`, `${name}で`);
  const when = day === '' ? '' : either(language, ` on ${day}`, `${day}に`);
  return either(language, where + when, when + where);
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
export function withOtherQuestionWord(talk: Talk): string | null {
  const { typed, before, last } = talk;
  const [, japanese] = BARE_JA.exec(typed) ?? [];
  if (japanese !== undefined) return japaneseWord(japanese, talk) ?? typed;
  const [, word] = BARE.exec(typed) ?? [];
  if (word === undefined) return null;
  const asked = word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
  const isAdverb = new RegExp(`^${ADVERB}$`, 'i').test(word);
  const isWhy = /^why$/i.test(word);
  if (AUXILIARY.test(before) && (isAdverb || last === undefined))
    return `${asked} ${before.slice(0, 1).toLowerCase()}${before.slice(1)}`;
  if (isAdverb && ABOUT_TRAVELLER.test(before) && !/^how long$/i.test(word))
    return before.replace(new RegExp(`^${ADVERB}`, 'i'), asked);
  const meeting = last === undefined ? null : meetingName(talk, last, 'en');
  const ofOne = isAboutMany(talk) ? null : meeting;
  if (isWhy && ofOne !== null && /^(?:how long|when|where|what time) /i.test(before))
    return `Why was ${ofOne} held?`;
  const [, noun, deed = ''] =
    /^(?:which|how many) (\p{L}+) ((?:did|has|was|had) .+)$/iu.exec(before) ?? [];
  if (isWhy && noun !== undefined) return `Why ${deed.replace(/\?*$/, '')} these ${noun}?`;
  if (isWhy) return reasonFor(before) ?? typed;
  if (/^how$/i.test(word)) return typed;
  const isOfOne = !/\b(?:which|how many) /i.test(before);
  if (meeting !== null && isOfOne && /^(?:who|whom|who with|with whom)$/i.test(word))
    return `Who was at ${meeting}?`;
  if (isAdverb && ofOne !== null) return `${asked} was ${ofOne}?`;
  if (!LEADING.test(before)) return `${asked}: ${before}`;
  // "How many?" after "which countries" counts the countries.
  return before.replace(LEADING, (_, lead: string, counted: string | undefined) => {
    if (!/^how many$/i.test(word)) return asked;
    return asked + (counted ?? (/^who/i.test(lead) ? ' people' : ''));
  });
}

/** "Why did Silva say this about Peru?" after "what did …"; null where no such sentence reads well. */
function reasonFor(before: string): string | null {
  const said = /^what (did .+? )(say|tell|mention|promise|pledge|announce|ask for|offer)\b/i;
  return said.test(before) ? before.replace(said, 'Why $1$2 this') : null;
}

function japaneseWord(typed: string, talk: Talk): string | null {
  const plain = talk.before.replace(new RegExp(`^${REASON_JA}、`), '');
  const isAboutOne = talk.last !== undefined && !isAboutMany(talk);
  const meeting = talk.last === undefined ? '' : meetingName(talk, talk.last, 'ja');
  // Of a question in another language only its meeting can be taken over.
  const isForeign = !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(plain);
  if (new RegExp(`^${REASON_JA}`).test(typed)) {
    if (isAboutOne && (isForeign || CIRCUMSTANCE_JA.test(plain)))
      return `${meeting}はなぜ行われましたか`;
    if (CIRCUMSTANCE_JA.test(plain) && !/でした/.test(plain))
      return plain.replace(CIRCUMSTANCE_JA, 'なぜ');
    if (/どの\p{Script=Han}+/u.test(plain))
      return plain.replace(/どの(?=\p{Script=Han})/u, 'なぜこれらの');
    return WORD_JA.test(plain) || isForeign ? null : `なぜ、${plain}`;
  }
  if (/^(?:誰|だれ)/.test(typed) && isAboutOne && !/会い|会っ/.test(plain))
    return `${meeting}には誰がいましたか`;
  const does = DOES_JA.test(plain) ? VERBS_JA.find(([asked]) => asked.test(typed))?.[1] : undefined;
  if (does !== undefined) return plain.replace(DOES_JA, does);
  const isTopic = talk.last !== undefined && kindAskedInJapanese(plain) === 'topic';
  if (!isForeign && WORD_JA.test(plain) && !/直[前後]/.test(plain) && !isTopic) {
    return plain.replace(WORD_JA, (old) => {
      if (typed === 'いくつ' && old.startsWith('どの')) return `いくつの${old.slice(2)}`;
      return old.endsWith('を') && typed.startsWith('何') ? `${typed}を` : typed;
    });
  }
  const noun = typed.replace(/^(どこ)[でにへ]$/, '$1');
  return talk.last === undefined ? `${typed}、${plain}` : `${meeting}は${noun}でしたか`;
}

/** Whether the question before is about a place or a day rather than about one meeting. Home is no place of the tour. */
function isAboutMany({ old, vocabulary }: Talk): boolean {
  const { people, offices, kinds, meetings, places, days } = old.filters;
  const isOne = people.length + offices.length + kinds.length + meetings.length > 0;
  return !isOne && (days !== null || places.some((place) => isAway(place, vocabulary)));
}

/** Nobody asks what was done "there" of home; a region may hold it. */
export function isAway({ kind, countries }: Place, { timeline }: Vocabulary): boolean {
  return kind === 'region' || !countries.has(timeline.home ?? '');
}
