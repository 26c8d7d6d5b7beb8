import {
  AUXILIARY,
  choiceMade,
  either,
  isAway,
  isSomebody,
  isSomewhere,
  isWhole,
  meantBy,
  meetingName,
  MOST_NAMED,
  scopeOf,
  type Talk,
} from './conversation.ts';
import { isEntity, isPlaceTarget, NO_FILTERS } from './items.ts';
import { classList } from './lexicon.ts';
import { listingOf } from './listing.ts';
import { isLocation } from './premises.ts';
import { eventsThatFit, peopleAt, type TourEvent } from './timeline.ts';
import { kindAskedInJapanese } from '../language/answer-kinds.ts';
import { numberOf } from '../language/dates.ts';
import { languageOf } from '../language/words.ts';

/**
 * Follow-ups with another question about the same, which they leave out: the meeting, the place, the day or the list that was
 * spoken of. "How long did it last?", "why?", "tell me more", "which of them …?"
 */

/** "Who else was there?", "how long did it last?", "what did he say?": the meeting in place of the pronouns. */
export function ofMeeting(talk: Talk): string | null {
  const { query, last } = talk;
  // A question that names something itself, or that the itinerary answers alone, is not about the meeting before.
  const isOwn = query.items.some((item) => isEntity(item) && item.filters.parts.length === 0);
  if (last === undefined || isOwn || query.has('tour', 'route') || isClear(talk)) return null;
  return query.language === 'ja' ? meetingInJapanese(talk, last) : meetingInEnglish(talk, last);
}

/**
 * Whether a chosen meeting is better left out: the question is about the traveller, or would name it by its title, whose words
 * are all searched for in Japanese.
 */
const isClear = ({ query, last, isChosen }: Talk): boolean =>
  isChosen && query.language === 'ja' && (last?.others.length === 0 || query.has('traveller'));

/** Of several meetings, questions for these are each of one. */
const OF_ONE = classList('long minutes clock when');

function meetingInEnglish(talk: Talk, last: TourEvent): string | null {
  const { query, typed, placed, person, before, old, isOfSeveral } = talk;
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
  if (names.length > 0 && names.length <= MOST_NAMED && !isOfSeveral && !isTaken('them'))
    text = text.replace(/\bthem\b/i, names.join(' and '));
  if (text !== typed) return text;
  // Of several, all that they have in common is where they were.
  const [place, ...others] = isOfSeveral && !query.has(...OF_ONE) ? old.filters.places : [];
  if (place !== undefined && others.length === 0 && (IS_BOTH.test(typed) || isTooShort(talk)))
    return typed.replace(/\?*$/, ` in ${place.name}?`);
  return query.has('else') && query.has('who')
    ? typed.replace(/\?*$/, ` was at ${meeting}?`).replace(/\b(?:was|were) (?=was at)/, '')
    : null;
}

const IS_BOTH = /\b(?:they|both (?:sides|of them|ministers)|the two|their)\b/i;

function meetingInJapanese(talk: Talk, last: TourEvent): string | null {
  const { query, typed, placed, old, isOfSeveral, vocabulary } = talk;
  const meeting = meetingName(talk, last, 'ja');
  const [person] = last.others
    .filter(meantBy(placed))
    .map(({ name }) => vocabulary.nameIn('ja', name));
  const named = placed.replace(
    /(?:そ|こ)の(?:会談|会合|面会|訪問|話し合い)|それ(?=[はがの])/,
    meeting,
  );
  const swapped = person === undefined ? named : named.replace(/彼女?(?!ら)|その人|相手/, person);
  if (swapped !== typed) return swapped;
  if (!isTooShort(talk) && !query.has('else')) return null;
  if (!isOfSeveral || query.has(...OF_ONE)) return `${meeting}で${typed}`;
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
    ({ capitalised, start, text }) =>
      (capitalised && start > 0) ||
      /^[a-z]$/i.test(text) ||
      // 「キヌアって?」 asks what it is.
      /(?:って|とは)(?:何|なに)?(?:です|でしょう)?か?[?？]?$/.test(typed) ||
      // 「リマには行きましたか」: a name that nobody knows, not what was spoken about.
      (query.has('go', 'meet') && /^\p{Script=Katakana}/u.test(text)) ||
      // 「タスクフォースはいつできましたか」
      (isWhole(typed) && /^[\p{Script=Katakana}ー]{4,}/u.test(text)),
  );
  if (isLong || isNew || unknown.length > most || query.isUnplaced) return false;
  // A Japanese question leaves out whom and where it is about: 「どこで会いましたか」 is no question about the whole tour.
  const isOfTour = language === 'en' || query.has(...OF_TOUR);
  return !isOfTour || listingOf(query, vocabulary) === null;
}

// More of it: "tell me more", "why there?"

const MORE =
  /^(?:(?:can you |please )*(?:tell me|give me|show me)? ?(?:(?:some |a bit |a little )?more(?: details?| info(?:rmation)?)?|(?:the )?details)(?: about (?:it|that|this|them))?|what else|anything else|go on|(?<who>(?:who else|anyone else|anybody else)(?: (?:was|were) (?:there|present)| there| did (?:she|he|they) meet| came)?))(?: please)?$/i;

const MORE_JA =
  /^(?:(?:もっと|もう少し|より)?(?:詳し[くい]|詳細|くわしく)(?:は|を|に)?(?:教えて.*|お願い.*|知りたい.*|話して.*)?|(?:他|ほか)に?(?:は|も)?(?:何か.*|あ[るり].*)?|続き(?:は|を)?|(?<who>(?:他|ほか)に?(?:は|も)?(?:誰か?|だれか?)(?:は|が|に|と)?(?:い(?:ました|た|る|ます)|会い(?:ました)|会った)?(?:か|の)*))$/u;

/** "Tell me more", "anyone else?": about the meeting, the place or the day; a list is whole, and so is shown again. */
export function more(talk: Talk): string | null {
  const { core, old, listing, last, isOfSeveral, vocabulary } = talk;
  const inJapanese = MORE_JA.exec(core);
  const found = inJapanese ?? MORE.exec(core);
  if (found === null || isClear(talk)) return null;
  const language = inJapanese === null ? old.language : 'ja';
  const isWho = found.groups?.['who'] !== undefined;
  const isElse = isWho || /else|他|ほか/i.test(core);
  if (isOfSeveral && isElse && (!isWho || listing?.kind === 'people')) return old.text;
  if (last === undefined) return null;
  if (isOfSeveral) {
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

const WHY_THEN = /^why (?:on )?(?:then|(?:that|this) (?:day|date|time))$/i;

const WHY_THERE =
  /^why (?:in |over )?there$|^(?:なぜ|何故|なんで|どうして)(?:そこ|そちら)(?:に|へ|で)?(?:です)?か?$/i;

/** "Why there?" */
export function whyThere({ typed, core, query, place, vocabulary }: Talk): string | null {
  const isThere = WHY_THERE.test(core);
  if (!isThere && !WHY_THEN.test(core)) return null;
  if (!isThere || place === null) return typed;
  const to = vocabulary.nameIn(query.language, place);
  return either(query.language, `Why did they go to ${to}?`, `${to}にはなぜ行きましたか`);
}

/** "Did he mention Peru?" names something itself, but not who "he" is, or at which meeting "she" did. */
export function speech(talk: Talk): string | null {
  const { query, placed, person, before, old, last, isOfSeveral } = talk;
  const isNamed = isSomebody(query.filters) || /\b(?:he|him|his)\b/i.test(before);
  const text = person === null || isNamed ? placed : placed.replace(/\bhe\b/i, person);
  if (text !== placed) return text;
  if (!query.has('say')) return null;
  const isTheirs = /^(?:(?:and|but|so|what) )*did (?:she|they)\b/i.test(query.text);
  const isOwn = query.entities.some((item) => !isSomewhere(item) || isLocation(item, query));
  const isOfOne = isSomebody(old.filters) && !isOfSeveral;
  if (last === undefined || !isTheirs || isOwn || !isOfOne) return null;
  return query.text.replace(/\W*$/, ` at ${meetingName(talk, last, 'en')}?`);
}

// On what was listed: "which of them …?", "the second one"

/** "The second one", "number two", 2番目の人: one item of what was listed. */
const NTH_ONE =
  /\bthe (first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)|last)(?: (?:one|person)\b(?! (?:she|he|they|who|that|to|met|in|on|at)\b)| of (?:them|these|those)\b)|\b(?:number|no\.|#) ?(\d+|one|two|three|four|five|six|seven|eight|nine|ten)\b|\bthe (former|latter)\b/i;

const NTH_ONE_JA =
  /(?:([0-9０-９一二三四五六七八九十]+)(?:番目|人目|つ目))(?:の(?:人物|人|方|国|都市|街|場所|会談|予定)|(?![にの]))|(最初|最後)の(?:人物|人|方|国|都市|街|場所|会談|予定|もの|(?=[はがも]))/;

/** Lists whose items are shown one by one, in an order. */
const ITEMISED = ['people', 'countries', 'cities', 'places', 'courts'];

/** Lists of events, in an order too. */
const EVENT_LISTS = ['meetings', 'events'];

/** "How long did she talk to the second one?" after a list of people: the second of that list. */
function itemOfList(talk: Talk): string | null {
  const { typed, listing, vocabulary } = talk;
  const { kind = '', items: names = [], meetings = [] } = listing ?? {};
  const match = NTH_ONE.exec(typed) ?? NTH_ONE_JA.exec(typed);
  const isOfEvents = EVENT_LISTS.includes(kind);
  const items = isOfEvents ? meetings.map(({ id }) => id) : names;
  if (match === null || items.length < 2 || !(isOfEvents || ITEMISED.includes(kind))) return null;
  const [nthOne, ...words] = match;
  const language = languageOf(nthOne);
  const isOther = kind === 'people' ? /の(?:国|都市|街|場所)$/ : /の(?:人物|人|方)$| person$/i;
  if (isOther.test(nthOne)) return null;
  const word = words.find(Boolean) ?? '';
  const isLast = /^(?:last|latter|最後)$/i.test(word);
  const isFirst = /^(?:former|最初)$/i.test(word);
  const at = isFirst ? 1 : numberOf(word.normalize('NFKC').toLowerCase());
  const item = isLast ? items.at(-1) : items[at - 1];
  // No item of the list: the words mean nothing else either.
  if (item === undefined) return typed;
  const event = vocabulary.timeline.events.find(({ meeting }) => isOfEvents && meeting.id === item);
  const name =
    event === undefined ? vocabulary.nameIn(language, item) : meetingName(talk, event, language);
  const isBare = /^(?:and|what about|how about|so|ok|では?|じゃあ?|[はも、,\s?？。.!])*$/i.test(
    typed.replace(nthOne, ''),
  );
  if (!isBare) return typed.replace(nthOne, () => name);
  if (isOfEvents) return either(language, `Tell me about ${name}`, `${name}について教えて`);
  if (kind === 'courts')
    return either(language, `Who was met at the ${name}?`, `${name}で誰に会いましたか`);
  return kind === 'people'
    ? either(language, `Who is ${name}?`, `${name}は誰ですか`)
    : either(language, `What happened in ${name}?`, `${name}では何をしましたか`);
}

/** Characters besides a name with which something is asked about it: とは何分. */
const LEAST_ASKED = 4;

/** "How long was the lunch?", 大統領とは何分？ after a list of meetings with one lunch or one president. */
export function listedEvent(talk: Talk): string | null {
  const { typed, core, query, listing, isOfSeveral, vocabulary } = talk;
  const [named, ...others] = query.entities;
  if (!isOfSeveral || named === undefined || others.length > 0) return null;
  // "What about the dinner?" has no question of its own.
  if (/^(?:what|how) about /i.test(core) || core.length < named.text.length + LEAST_ASKED)
    return null;
  const { kinds, offices } = named.filters;
  const isBare = offices.length === 1 && offices[0]?.country === null && !named.plural;
  if ((kinds.length === 0 && !isBare) || query.has('which', 'all', 'tour')) return null;
  const filters = { ...NO_FILTERS, kinds, offices };
  const ids = new Set(listing?.meetings.map(({ id }) => id));
  const [event, ...more] = eventsThatFit(filters, vocabulary).filter(({ meeting }) =>
    ids.has(meeting.id),
  );
  if (event === undefined || more.length > 0) return null;
  const [holder] = peopleAt(event, filters, vocabulary);
  const name = isBare
    ? vocabulary.nameIn(query.language, holder?.name ?? '')
    : meetingName(talk, event, query.language);
  const words = query.language === 'en' ? `the ${named.text}` : named.text;
  return typed.includes(words) ? typed.replace(words, () => name) : null;
}

/** "Of them", "the last one", そのうち: of what was listed. */
const OF_THEM = /\b(?:of|among) (?:them|those|these)\b/i;

const OF_THEM_JA = /(?:その|この)(?:うち|中|なか)(?:で|の|に|、)?/;

const ONE = /\b(?:the |in )?(?<rank>first|last|longest|shortest|which) ones?\b/i;

/** "Any from Peru?" */
const ANY =
  /^(?:and |but |so )?(?:(?:was|were) (?:there )?)?any(?:one|body)? (?:of (?:them|those|these) )?(?=(?:from|in|on|at|with) )/i;

/** Lists whose title names what they are of. */
const NAMED_LISTS = [...ITEMISED, ...EVENT_LISTS];

/** What the question before listed in place of "them": "which of the people met in Lima …". */
export function ofListed(talk: Talk): string | null {
  const { typed, listing, isOfSeveral } = talk;
  const item = itemOfList(talk);
  const isOfAll =
    OF_THEM.test(typed) || ONE.test(typed) || OF_THEM_JA.test(typed) || ANY.test(typed);
  if (item !== null || !isOfAll) return item;
  if (listing === null || !isOfSeveral || !NAMED_LISTS.includes(listing.kind)) return null;
  const [name = ''] = listing.title.split(/: |：/);
  // "The countries in Europe" would be all that there are.
  const visited = isPlaceTarget(listing.kind) ? ' visited' : '';
  const listed = `the ${name.slice(0, 1).toLowerCase()}${name.slice(1)}${visited}`;
  return typed
    .replace(ANY, () => `which of ${listed} were `)
    .replace(OF_THEM_JA, () => `${name}のうち`)
    .replace(OF_THEM, () => `of ${listed}`)
    .replace(ONE, (_, rank: string) =>
      /^which/i.test(rank) ? `which of ${listed}` : `the ${rank} of ${listed}`,
    );
}

/** "Who were they?", "name them" after "how many …". */
const WHICH_THEY =
  /^(?:(?:who|which(?: ones)?|what)(?: (?:were|are) (?:they|those|these))|which ones|(?:name|list|show) (?:them|those)|(?:their |the )?names)$/i;

/** What was counted, named. */
export function countedNames({ core, before, listing, isOfSeveral }: Talk): string | null {
  const isAsked = listing !== null && isOfSeveral && WHICH_THEY.test(core);
  return isAsked ? before.replace(/\bhow many\b/i, 'which') : null;
}

/** "Who came after her?", "was that before the lunch or after?" */
const BEFORE_OR_AFTER =
  /\b(?<relation>before|after) (?:her|him)\b|^(?:and )?(?:was|is) (?<it>that|it|this)(?= (?:before|after)\b)/i;

/** Whoever was met, or the meeting, in place of the pronoun that something came before or after, or that did. */
export function beforeOrAfter(talk: Talk): string | null {
  const { typed, last } = talk;
  const { relation, it } = BEFORE_OR_AFTER.exec(typed)?.groups ?? {};
  // "Where did she go after?"
  const [, bare] = / (after|before)(?:wards?| that| this)?\W*$/i.exec(typed) ?? [];
  const isDeed =
    talk.query.has('traveller', 'go', 'meet', 'see') && !/\b(?:had|has|have)\b/i.test(typed);
  if (bare !== undefined && last !== undefined && isDeed && !talk.isOfSeveral)
    return typed.replace(
      / (?:after|before)(?:wards?| that| this)?\W*$/i,
      () => ` ${bare} ${meetingName(talk, last, 'en')}?`,
    );
  const [person, ...others] = last?.others ?? [];
  if (last === undefined) return null;
  if (it !== undefined) return typed.replace(it, () => meetingName(talk, last, 'en'));
  if (relation === undefined || person === undefined || others.length > 0) return null;
  return typed.replace(BEFORE_OR_AFTER, () => `${relation} ${person.name}`);
}

const WHO_IS = /^who(?:['’]s| is| was) (?<pronoun>she|he)$/i;

/** "And who is she?" of a meeting with somebody whom the question before names: nobody asks who the traveller is then. */
export function whoSomebodyIs({ core, old, last }: Talk): string | null {
  const pronoun = WHO_IS.exec(core)?.groups?.['pronoun'];
  // Nobody asks who the traveller is, where there is somebody else.
  if (pronoun === undefined || (!isSomebody(old.filters) && old.has('traveller', 'who')))
    return null;
  const other = /^she$/i.test(pronoun) ? 'male' : 'female';
  const [person, ...others] = (last?.others ?? []).filter(({ gender }) => gender !== other);
  return person === undefined || others.length > 0 ? null : `Who is ${person.name}?`;
}

const WHAT_IS = /^what(?:['’]?s| (?:is|are|was|were)) (?:the )?([^?,]{2,40}?)\?*$/i;

const ABOUT_IT = /\babout (?:it|that|this)\b/i;
/** Of what somebody said: where "it" was, is no question about their meeting. */
const HAPPENED = /^(?:and )?(?:where|when|why|how) did (it|that)\b/i;

/** "What did Silva say about it?", "where did it happen?": the topic that was listed or asked about before. */
export function aboutTopic({ typed, before, listing, old }: Talk): string | null {
  const [listed, ...others] = listing?.topics ?? [];
  const [, asked] = /\babout (?!(?:it|that|this|her|him|them)\b)([^?,]+)\?*$/i.exec(before) ?? [];
  const [, introduced] = WHAT_IS.exec(before) ?? [];
  const topic = (others.length === 0 ? listed : undefined) ?? asked ?? introduced;
  if (topic === undefined) return null;
  if (ABOUT_IT.test(typed)) return typed.replace(ABOUT_IT, () => `about ${topic}`);
  const [, it = ''] = (old.has('say') ? HAPPENED.exec(typed) : null) ?? [];
  return it === '' ? null : typed.replace(new RegExp(`\\b${it}\\b`), () => topic);
}

// Follow-ups of a question word alone: "why?", "when was that?", "how many?", 「いつ？」

const ADVERB = '(?:why|where|when|how long|how often|what time|how)';

const QUESTION_WORD = `(?:how many|how much|with whom|to whom|from where|where from|who with|who|whom|${ADVERB}|what|which)`;

const BARE = new RegExp(
  `^(${QUESTION_WORD})(?: (?:was|is|were|are) (?:that|it|this))?(?: so| not| exactly| precisely| though| tho)?$`,
  'i',
);

/** The question word with what it counts. "Who else", "which others" are not asked after again. */
const LEADING = new RegExp(
  `^(?:and |so )?(?:in |at |on |to |with )?(${QUESTION_WORD})\\b(?: else| other)?( (?!(?:was|is|does|has)\\b)(?:\\p{L}+s|people)\\b)?`,
  'iu',
);

/** "When did she …": another adverb may stand there as well. */
const ABOUT_TRAVELLER = new RegExp(`^${ADVERB} (?:did|was|has|had) (?:she|he|they)\\b`, 'i');

/** "Why did Silva say this about Peru?" after "what did …". */
const SAID = /^what (did .+? )(say|tell|mention|promise|pledge|announce|ask for|offer)\b/i;

const REASON_JA = '(?:なぜ|何故|なんで|何で|どうして)';

const WORDS_JA = `${REASON_JA}|いつ|どこ(?:で|から|に|へ)?|(?:誰|だれ)(?:と|に|が)?|何分(?:間)?|何時(?:から|に|まで)?|何人|何回|何件|何日|何[かカヶ]国|いくつ|ど[のれ][くぐ]らい|どれ`;

const BARE_JA = new RegExp(
  `^(${WORDS_JA})(?:(?:です|でした|だった|なん?|会った|行った)?(?:です)?(?:か|の|かな)*)$`,
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
export function otherQuestionWord(talk: Talk): string | null {
  const { typed, core, before, last } = talk;
  const [, japanese] = BARE_JA.exec(core) ?? [];
  if (japanese !== undefined)
    return isClear(talk) ? typed : (japaneseWord(japanese, talk) ?? typed);
  const [, word] = BARE.exec(core) ?? [];
  if (word === undefined) return null;
  const asked = word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
  const isAdverb = new RegExp(`^${ADVERB}$`, 'i').test(word);
  const isWhy = /^why$/i.test(word);
  const isHow = /^how$/i.test(word);
  const meeting = last === undefined ? null : meetingName(talk, last, 'en');
  const ofOne = isAboutMany(talk) ? null : meeting;
  const choice = isAdverb && !isHow ? choiceMade(talk, isWhy) : null;
  if (choice !== null) return `${asked} ${isWhy || ofOne === null ? choice : `was ${ofOne}`}?`;
  if (AUXILIARY.test(before) && (isAdverb || last === undefined))
    return `${asked} ${before.slice(0, 1).toLowerCase()}${before.slice(1)}`;
  if (isAdverb && ABOUT_TRAVELLER.test(before) && !/^how long$/i.test(word))
    return before.replace(new RegExp(`^${ADVERB}`, 'i'), asked);
  const isOfMeeting = /^(?:how long|when|where|what time|who else|what else) /i.test(before);
  if (isWhy && ofOne !== null && isOfMeeting) return `Why was ${ofOne} held?`;
  const [, noun, deed = ''] =
    /^(?:which|how many) (?:other )?(\p{L}+) ((?:did|has|was|had) .+)$/iu.exec(before) ?? [];
  if (isWhy && noun !== undefined) return `Why ${deed.replace(/\?*$/, '')} these ${noun}?`;
  if (isWhy) return SAID.test(before) ? before.replace(SAID, 'Why $1$2 this') : typed;
  // How she came says nothing of how long.
  if (isHow || /^how (?!long|many|often|much)/i.test(before)) return typed;
  const isOfOne = !/\b(?:which|how many) /i.test(before);
  if (meeting !== null && isOfOne && /^(?:who|whom|who with|with whom)$/i.test(word))
    return `Who was at ${meeting}?`;
  if (isAdverb && ofOne !== null) return `${asked} was ${ofOne}?`;
  if (!LEADING.test(before)) return `${asked}: ${before}`;
  // "How many?" after "which countries" counts the countries.
  return (
    before
      .replace(LEADING, (_, lead: string, counted: string | undefined) => {
        if (!/^how many$/i.test(word)) return asked;
        return (
          asked +
          (counted ?? (/^who/i.test(lead) && !/^who (?:was|is) /i.test(before) ? ' people' : ''))
        );
      })
      .replace(/^(How many people) was (?=in )/, '$1 did they meet ')
      // What was done or held has no place beside the other word.
      .replace(
        /^(When|Where|How long) did (she|he|they) (?:do|have)(?= (?:in|on|at) )/,
        (_, now: string, who: string) => `${now} ${who === 'they' ? 'were' : 'was'} ${who}`,
      )
  );
}

function japaneseWord(typed: string, talk: Talk): string | null {
  const isAboutOne = talk.last !== undefined && !isAboutMany(talk);
  const isOfMeeting = isAboutOne && talk.old.has('else') && CIRCUMSTANCE_JA.test(typed);
  const isWhy = new RegExp(`^${REASON_JA}`).test(typed);
  const choice = choiceMade(talk, isWhy);
  const plain = (choice ?? talk.before)
    .replace(new RegExp(`^${REASON_JA}、`), '')
    .replace(/(?:他|ほか)に[はも]?/, '');
  const meeting = talk.last === undefined ? '' : meetingName(talk, talk.last, 'ja');
  // Of a question in another language only its meeting can be taken over.
  const isForeign = !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(plain);
  if (isWhy) {
    if (isAboutOne && (isForeign || talk.old.has('else') || CIRCUMSTANCE_JA.test(plain)))
      return `${meeting}はなぜ行われましたか`;
    if (CIRCUMSTANCE_JA.test(plain) && !/でした/.test(plain))
      return plain.replace(CIRCUMSTANCE_JA, 'なぜ');
    if (/どの\p{Script=Han}+/u.test(plain))
      return plain.replace(/どの(?=\p{Script=Han})/u, 'なぜこれらの');
    return WORD_JA.test(plain) || isForeign ? null : `なぜ、${plain}`;
  }
  if (/^(?:誰|だれ)/.test(typed) && isAboutOne && !/会い|会っ/.test(plain))
    return `${meeting}には誰がいましたか`;
  const does =
    DOES_JA.test(plain) && !isOfMeeting
      ? VERBS_JA.find(([asked]) => asked.test(typed))?.[1]
      : undefined;
  if (does !== undefined) return plain.replace(DOES_JA, does);
  const isTopic =
    talk.last !== undefined && (kindAskedInJapanese(plain) === 'topic' || talk.old.has('say'));
  if (!isForeign && WORD_JA.test(plain) && !/直[前後]/.test(plain) && !isTopic && !isOfMeeting) {
    return plain.replace(WORD_JA, (old) => {
      if (typed === 'いくつ' && old.startsWith('どの')) return `いくつの${old.slice(2)}`;
      return old.endsWith('を') && /^何(?:人|件|日|回|.国)/.test(typed) ? `${typed}を` : typed;
    });
  }
  // Of a day or a place, not of the one of its meetings that was quoted.
  const [, asked] = VERBS_JA.find(([word]) => word.test(typed)) ?? [];
  const scope = isAboutMany(talk) ? scopeOf(talk.old, 'ja', talk.vocabulary) : '';
  if (asked !== undefined && scope !== '') return `${scope}${asked}`;
  const noun = typed.replace(/^(どこ)[でにへ]$/, '$1');
  const isOfPlace = choice !== null && !isAboutOne;
  return talk.last === undefined || isOfPlace
    ? `${typed}、${plain}`
    : `${meeting}は${noun}でしたか`;
}

/** Whether the question before is about a place or a day rather than about one meeting. Home is no place of the tour. */
function isAboutMany({ old, listing, vocabulary }: Talk): boolean {
  // Who else somebody met is told of one meeting, unless there is a list of them.
  if (old.has('else') && listing === null) return false;
  const { kinds, meetings, places, days } = old.filters;
  const isOne = isSomebody(old.filters) || kinds.length + meetings.length > 0;
  return !isOne && (days !== null || places.some((place) => isAway(place, vocabulary)));
}
