import { fold } from './fold.ts';

/** The kind of thing a question asks for. */
export type AnswerKind = 'person' | 'time' | 'duration' | 'amount' | 'place' | 'reason';

const MONTH =
  '(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)';
const NUMBER_WORD =
  '(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|half|third|quarter|fifteen|twenty|thirty|forty|fifty)';

/** In order: the first that matches wins ("how long" before "how"). */
const QUESTION_PATTERNS: readonly (readonly [AnswerKind, RegExp])[] = [
  ['duration', /\bhow long\b|\bduration\b|\blength of (?:the|her|their)\b|\bhow many (?:minutes|hours)\b/],
  ['amount', /\bhow (?:many|much|big|large|high|strong|often|far|old)\b|\bnumber of\b|\bwhat (?:amount|share|percentage|number|sum|price)\b|\bhow (?:fast|steep)/],
  ['time', /\bwhen\b|\bwhat (?:time|day|date|year|month|hour)\b|\bwhich (?:day|date|year|month)\b|\bat what (?:time|hour)\b|\bsince when\b|\bhow (?:early|late|soon)\b|\bo'?clock\b/],
  ['place', /\bwhere\b|\b(?:what|which) (?:city|town|country|countries|place|capital|capitals|venue|building|cities)\b|\bin (?:what|which) (?:city|town|country|place)\b/],
  ['person', /\bwho\b|\bwhose\b|\bwhom\b|\b(?:what|which) (?:person|minister|politician|official|officials|judge|president|leader|leaders|people|women|lawmakers)\b|\bname of\b|\bwhat(?:'s| is| was) the name\b/],
  ['reason', /\bwhy\b|\bwhat (?:for|reason|caused)\b|\bhow come\b|\breason\b|\bpurpose\b/],
];

const HOLDS: Readonly<Record<AnswerKind, RegExp>> = {
  person: /(?:\p{Lu}[\p{L}'’.-]+ ){1,3}\p{Lu}[\p{L}'’-]+/u,
  time: new RegExp(
    `\\b${MONTH}\\.? \\d{1,2}\\b|\\b\\d{1,2} ${MONTH}\\b|\\b\\d{1,2}[:.]\\d{2}\\b|\\b(?:19|20)\\d{2}\\b|\\b(?:morning|evening|afternoon|night|midnight|noon|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\\b`,
    'i',
  ),
  duration: new RegExp(
    `\\b(?:\\d+|an?|${NUMBER_WORD})[ -](?:\\w+ )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\\b`,
    'i',
  ),
  amount: new RegExp(`\\d|\\b${NUMBER_WORD}\\b|\\bper ?cent\\b|\\bmillion|\\bbillion|\\btrillion`, 'i'),
  place:
    /\b(?:in|at|to|from|near|of|through) (?:the )?\p{Lu}[\p{L}'’-]+|\b(?:church|station|shelter|basement|ministry|department|university|mausoleum|court|tribunal|bridge)\b/u,
  reason:
    /\b(?:because|since|so that|in order to|due to|owing to|reason|purpose|aim|aimed|meant|wanted|for fear|danger|therefore|why|to (?:show|discuss|confirm|mark|thank|help|honour|restate|strengthen|prepare))\b/i,
};

/** What the question asks for, or null when its form does not tell. */
export function kindAsked(question: string): AnswerKind | null {
  const folded = fold(question);
  return QUESTION_PATTERNS.find(([, pattern]) => pattern.test(folded))?.[0] ?? null;
}

/** Whether a text holds something of the kind. */
export function holdsKind(text: string, kind: AnswerKind): boolean {
  return HOLDS[kind].test(text);
}
