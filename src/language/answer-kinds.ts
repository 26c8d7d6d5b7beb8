export { kindAsked } from './question-kinds.ts';

/** The kind of thing a question asks for. `time` is a date or a clock time, whichever is told. */
export type AnswerKind =
  'person' | 'time' | 'clock' | 'duration' | 'money' | 'percentage' | 'amount' | 'place' | 'reason';

const MONTH =
  '(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)';
const DAY = '\\d{1,2}(?:st|nd|rd|th)?';
const NUMBER_WORD =
  '(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|half|quarter|fifteen|twenty|thirty|forty|fifty)';

const CLOCK = /\b\d{1,2}[:.]\d{2}\b|\b\d{1,2} ?[ap]\.?m\b|\bnoon\b|\bmidnight\b/i;
const DATE = new RegExp(
  `\\b${MONTH}\\.? ${DAY}\\b|\\b${DAY} (?:of )?${MONTH}\\b|\\b(?:19|20)\\d{2}-\\d{2}-\\d{2}\\b|\\b${MONTH} (?:19|20)\\d{2}\\b|\\b(?:in|since|of|from|until|spring|summer|autumn|winter) (?:19|20)\\d{2}\\b|\\b(?:morning|evening|afternoon|night)\\b|\\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\\b`,
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
  /(?<!\p{L})(?!(?:The|A|In|On|At|Of|And|For|From|To|With|By|When|After|Before|Japan|Japanese)\b)(?:\p{Lu}\p{Ll}[\p{L}'’-]+ )(?:\p{Lu}\. )?(?:\p{Lu}[\p{L}'’-]+)/gu;
const NOT_OF_A_PERSON =
  /\b(?:Minist\w+|Foreign|Prime|Affairs|Court|Tribunal|United|Nations|States|Security|Council|Peace|Women|International|Initiative|Fund|University|Press|House|White|Conference|Department|Agency|Party|Union|Institute|Committee|Embassy|Government|President|Secretary|Representative|January|February|March|April|May|June|July|August|September|October|November|December|New|North|South|East|West|Middle|Red|Sea|Pacific|Asia|Street|Square|Church|Airport|Airlines|Coast|Guard|Force|Forces|Tokyo|Kyiv|Warsaw|General|Assembly|Expo|Summit|Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|National|Central|Trust|World|Nordic|European|Free|Indo)\b/u;

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
    .replace(
      new RegExp(
        `\\b${MONTH}\\.? ${DAY}\\b|\\b${DAY} (?:of )?${MONTH}\\b|\\b(?:19|20)\\d{2}-\\d{2}-\\d{2}\\b`,
        'gi',
      ),
      ' ',
    )
    .replace(/\b(?:19|20)\d{2}\b|\b\d{1,2}:\d{2}\b/g, ' ');
}
