import { fold } from './fold.ts';

/** The kind of thing a question asks for. `time` is a date or a clock time, whichever is told. */
export type AnswerKind =
  'person' | 'time' | 'clock' | 'duration' | 'money' | 'percentage' | 'amount' | 'place' | 'reason';

const MONTH =
  '(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)';
const NUMBER_WORD =
  '(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|half|quarter|fifteen|twenty|thirty|forty|fifty)';

/** In order: the first that matches wins ("how long" before "how much"). */
const QUESTION_PATTERNS: readonly (readonly [AnswerKind, RegExp])[] = [
  [
    'duration',
    /\bhow (?:long|short|lengthy)\b|\bduration\b|\blength of (?:the|her|their|his)\b|\bhow many (?:minutes|hours|days|weeks)\b|\bfor how long\b|\blast(?:ed)? how long\b/,
  ],
  ['percentage', /\bper ?cent(?:age)?\b|%|\bwhat share\b|\bby how much\b|\bhow (?:steep|sharp)/],
  [
    'money',
    /\bhow much (?:money|cash|aid|funding|did .{1,40} (?:cost|pay|give|pledge|promise|spend|contribute))\b|\bwhat (?:sum|price|cost)\b|\bhow (?:much|many) (?:dollars|yen|euros)\b|\bworth\b|\bhow (?:big|large) (?:is|was) the (?:budget|contribution|sum)\b/,
  ],
  [
    'amount',
    /\bhow (?:many|much|big|large|high|strong|often|far|old|fast|soon)\b|\bnumber of\b|\b(?:what|which) (?:amount|number|magnitude)\b|\bhow .{1,20} times\b|\bsize of\b|\btotal\b/,
  ],
  [
    'clock',
    /\b(?:what|which) (?:time|hour)\b|\bo'?clock\b|\bhow (?:early|late)\b|\bstart(?:ing)? time\b/,
  ],
  [
    'time',
    /\bwhen\b|\bwhat (?:day|date|year|month)\b|\bwhich (?:day|date|year|month)\b|\bsince when\b|\bdate of\b|\bbirth ?date\b/,
  ],
  [
    'place',
    /\bwhere\b|\b(?:what|which) (?:city|town|towns|country|countries|place|places|capital|capitals|venue|building|cities|monument|part of)\b|\bin (?:what|which) (?:city|town|country|place)\b/,
  ],
  [
    'person',
    /\bwho\b|\bwhose\b|\bwhom\b|\b(?:what|which) (?:\w+ ){0,2}(?:person|minister|ministers|politician|politicians|official|officials|judge|president|leader|leaders|people|women|woman|man|men|lawmakers?|congresswom[ae]n|cabinet member|ambassador)\b|\bname of\b|\bwhat(?:'s| is| was) the name\b|^(?:head|chief|boss|leader) of\b/,
  ],
  ['reason', /\bwhy\b|\bwhat (?:for|reason|caused)\b|\bhow come\b|\breason\b|\bpurpose\b/],
];

const CLOCK = /\b\d{1,2}[:.]\d{2}\b|\b\d{1,2} ?[ap]\.?m\b|\bnoon\b|\bmidnight\b/i;
const DATE = new RegExp(
  `\\b${MONTH}\\.? \\d{1,2}\\b|\\b\\d{1,2} ${MONTH}\\b|\\b${MONTH} (?:19|20)\\d{2}\\b|\\b(?:in|since|of|from|until) (?:19|20)\\d{2}\\b|\\b(?:morning|evening|afternoon|night)\\b|\\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\\b`,
  'i',
);
const DURATION = new RegExp(
  `\\b(?:\\d+|an?|one|${NUMBER_WORD})[ -](?:\\w+ )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\\b`,
  'i',
);
const MONEY = /[$€£¥]|\b(?:dollars?|yen|euros?|pounds?)\b|\b(?:million|billion|trillion)\b/i;
const PERCENTAGE = /\d ?%|\bper ?cent\b|\bpercentage\b/i;
const NUMBER = new RegExp(`\\d|\\b${NUMBER_WORD}\\b|\\b(?:million|billion|trillion)\\b`, 'i');
const REASON =
  /\b(?:because|so that|in order to|due to|owing to|reason|purpose|aim|aims|aimed|meant to|for fear|danger|therefore|to (?:show|discuss|confirm|mark|thank|help|honour|restate|strengthen|prepare|learn|block|stop))\b/i;

/** Two or three capitalised words in a row, none of them of an institution, a title or a calendar. */
const FULL_NAME =
  /\b(?!(?:The|A|In|On|At|Of|And|For|From|To|With|By|When|After|Before|Japan|Japanese)\b)(?:\p{Lu}\p{Ll}[\p{L}'’-]+ )(?:\p{Lu}\. )?(?:\p{Lu}[\p{L}'’-]+)/gu;
const NOT_OF_A_PERSON =
  /\b(?:Minist\w+|Foreign|Prime|Affairs|Court|Tribunal|United|Nations|States|Security|Council|Peace|Women|International|Initiative|Fund|University|Press|House|White|Conference|Department|Agency|Party|Union|Institute|Committee|Embassy|Government|President|Secretary|Representative|January|February|March|April|May|June|July|August|September|October|November|December|New|North|South|East|West|Middle|Red|Sea|Pacific|Asia|Street|Square|Church|Airport|Airlines|Coast|Guard|Force|Forces|Tokyo|Kyiv|Warsaw|General|Assembly|Expo|Summit|Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|National|Central|Trust|World|Nordic|European|Free|Indo)\b/u;

/** What the question asks for, or null when its form does not tell. */
export function kindAsked(question: string): AnswerKind | null {
  const folded = fold(question);
  return QUESTION_PATTERNS.find(([, pattern]) => pattern.test(folded))?.[0] ?? null;
}

/**
 * Whether a text holds something of the kind, by its form alone. Persons and places are better known by the
 * names that the corpus tells (see search/answer-names.ts); here a capital letter must do.
 */
export function holdsKind(text: string, kind: AnswerKind): boolean {
  switch (kind) {
    case 'time':
      return DATE.test(text) || CLOCK.test(text);
    case 'clock':
      return CLOCK.test(text);
    case 'duration':
      return DURATION.test(text);
    case 'money':
      return MONEY.test(text);
    case 'percentage':
      return PERCENTAGE.test(text);
    case 'amount':
      return NUMBER.test(withoutTimes(text));
    case 'person':
      return [...text.matchAll(FULL_NAME)].some(([name]) => !NOT_OF_A_PERSON.test(name));
    case 'place':
      return /\b(?:in|at|to|from|near) (?:the )?\p{Lu}[\p{L}'’-]+/u.test(text);
    case 'reason':
      return REASON.test(text);
  }
}

/** Figures of dates, years and clock times count nothing. */
function withoutTimes(text: string): string {
  return text
    .replace(new RegExp(`\\b${MONTH}\\.? \\d{1,2}(?:, (?:19|20)\\d{2})?\\b`, 'gi'), ' ')
    .replace(/\b(?:19|20)\d{2}\b|\b\d{1,2}:\d{2}\b/g, ' ');
}
