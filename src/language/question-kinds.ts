import type { AnswerKind } from './answer-kinds.ts';
import { fold } from './fold.ts';

const PERSON =
  "(?:person|ministers?|premiers?|politicians?|officials?|judges?|prosecutors?|presidents?|leaders?|people|wom[ae]n|m[ae]n|lawmakers?|lawyers?|congresswom[ae]n|congressm[ae]n|senators?|cabinet members?|ambassadors?|envoys?|diplomats?|mayors?|rectors?|advis[eo]rs?|secretary|secretaries|journalists?|reporters?|writers?|experts?)(?!['\\w-])";
const PLACE =
  '(?:city|cities|towns?|villages?|suburbs?|countr(?:y|ies)|places?|capitals?|venues?|buildings?|monuments?|locations?|sites?|regions?|provinces?|prefectures?|hotels?|rooms?|halls?|church(?:es)?|squares?|streets?|airports?|stations?|ports?|museums?|islands?|destinations?|continents?|stops?)\\b';

/** Up to two words of description: "which Japanese judge", but not "what did the judge". */
const DESCRIPTION =
  "(?:(?!(?:did|does|do|is|was|were|are|has|had|have|will|would|can|could|should|the|an?|her|his|their|she|he|they|it|kind|sort|of|about)\\b)[\\w'-]+ ){0,2}";

/** In order: of those that match earliest in the question, the first wins ("how long ago" before "how long"). */
const PATTERNS: readonly (readonly [AnswerKind, RegExp])[] = [
  [
    'time',
    /\bhow long ago\b|\bhow recently\b|\b(?:what|which)(?:'s| is| was)?(?: the)? (?:\w+ )?(?:day|date|year|month|week|weekday|season)s?\b|^(?:the )?(?:day|date|year|month) of\b|\b(?:birth ?date|date of|birthday)\b/,
  ],
  [
    'duration',
    /\bhow (?:long|short|lengthy|soon|fast|quickly)\b|\bhow much time\b|\bduration\b|\blength of (?:the|her|their|his|a)\b|\bhow many (?:seconds|minutes|hours|days|weeks|months)\b|^(?:time|minutes|hours|days) spent\b/,
  ],
  [
    'percentage',
    /\bpercentage\b|\b(?:what|how many) per ?cent\b|\bwhat share\b|\bby how much\b|\bhow (?:steep|sharp)/,
  ],
  [
    'money',
    /\bhow (?:much|many) (?:\w+ )?(?:money|cash|aid|funding|dollars|yen|euros)\b|\bhow much .{0,60}\b(?:cost|pay|paid|give|gave|given|pledged?|promised?|spend|spent|contributed?|donated?|worth)\b|\bwhat (?:\w+ )?(?:sum|price|cost|budget)\b|\bwhat (?:did|does|do|will|would) .{1,60} cost\b|\bhow (?:expensive|costly)\b|\bworth(?: over| in| of| by|\W*$)|\bhow (?:big|large) (?:is|was) the (?:\w+ )?(?:budget|contribution|sum|fund|loan|grant)\b|^(?:the )?(?:cost|price) of\b|\bin (?:dollars|yen|euros)\W*$/,
  ],
  [
    'amount',
    /\bhow (?:many|much|big|large|high|strong|often|far|old|tall|heavy|wide|deep|near)\b|^(?:the |what was the |what is the )?(?:\w+ )?(?:number|quantity|size|total|amount|count|population)\b|\b(?:what|which) (?:amount|number|magnitude|quantity)\b/,
  ],
  [
    'clock',
    /\b(?:what|which) (?:exact )?(?:times?|hours?|o'?clock)\b|\bhow (?:early|late)\b|^start(?:ing)? time\b/,
  ],
  [
    'place',
    new RegExp(
      `\\b(?:what|which) ${DESCRIPTION}${PLACE}|\\b(?:what|which) part of (?:(?!the\\b)\\w+|the (?:world|country|city|town|capital|building))\\b|\\bwhereabouts\\b`,
    ),
  ],
  [
    'person',
    new RegExp(
      `\\b(?:what|which) ${DESCRIPTION}${PERSON}|\\bwhich of (?:her|his|their|the) (?:\\w+ )?(?:predecessors|successors|colleagues|counterparts)\\b|\\b(?:name|identity) of (?:the |her |his |their )?(?:[\\w'-]+ ){0,2}${PERSON}|\\bwhat(?:'s| is| was) (?:her|his) name\\b|^(?:the )?(?:head|chief|boss|leader|founder) of\\b`,
    ),
  ],
  [
    'reason',
    /\bwhat (?:reason|caused|motive)\b|\bwhat for\W*$|\bhow come\b|\b(?:reason|purpose)\b/,
  ],
];

/** Words that ask, or begin a relative clause: "who met her?" but "what did the man who met her say?". */
const ASKING: readonly (readonly [AnswerKind, RegExp])[] = [
  ['time', /\bwhen\b/g],
  ['place', /\bwhere\b/g],
  ['person', /\b(?:who|whom|whose)\b/g],
  ['reason', /\bwhy\b/g],
];

/** A question already begun: what follows "who" or "when" then is mostly a clause of it. */
const BEGUN =
  /\b(?:what|which|how|who|whom|whose|when|where|why)\b|^\W*(?:(?:and|so|but|also|then|please|ok|hi|hello|hey)\W+)*(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would)\b/;
const STILL_ASKING =
  /(?:^|[;:.!?] *| - *|\b(?:and|or|but|know|tell|me|us|say|remember|wonder|wondering|asking|explain|since|from|until) )$/;

/** What the question asks for, or null when its form does not tell. */
export function kindAsked(question: string): AnswerKind | null {
  const folded = fold(question).trim();
  let best: AnswerKind | null = null;
  let bestAt = Infinity;
  const offer = (kind: AnswerKind, at: number): void => {
    if (at >= bestAt) return;
    best = kind;
    bestAt = at;
  };
  for (const [kind, pattern] of PATTERNS) offer(kind, pattern.exec(folded)?.index ?? Infinity);
  for (const [kind, pattern] of ASKING) {
    for (const match of folded.matchAll(pattern)) {
      if (asks(folded, match.index, match[0].length)) offer(kind, match.index);
    }
  }
  return best;
}

function asks(folded: string, at: number, length: number): boolean {
  const before = folded.slice(0, at);
  if (!BEGUN.test(before) || STILL_ASKING.test(before)) return true;
  return /^\W*$/.test(folded.slice(at + length));
}
