/**
 * What people write around a question: greetings, thanks, apologies, how they came to ask. General English; a
 * pattern never reaches over a sentence's end.
 */
const FILLERS: readonly RegExp[] = [
  /(?<=[.?!,;\n]\s*)(?:(?:with )?(?:best|kind|kindest|warm) (?:regards|wishes)|regards|(?:yours )?sincerely)\b[,.!]?(?:\s+\p{L}+){0,3}[.!]?\s*$/giu,
  /(?<=\b(?:thanks|thank you|thx|cheers)[,!.\s-]{1,3})\p{Lu}\p{Ll}+[.!]?\s*$/gu,
  /\bwhat (?:do|can) you (?:know|say|tell (?:me|us)) (?:about|of|on)\b/giu,
  /\b(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody)(?: please| kindly)? (?=(?:give|send|get|show) (?:me|us)\b)/giu,
  /\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?/gu,
  /\b(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))(?: (?:all|everyone|everybody|guys|folks|team|there|bot))?(?: (?:my )?(?:friends?|buddy|mate))?\b[,!.]*/giu,
  /\b(?:many thanks|thanks|thank you|thx|cheers)\b(?: (?:a lot|a bunch|so much|very much|again|all|everyone))*(?: (?:in advance|for (?:any|the|your) help))?[,!.]*/giu,
  /\b(?:sorry|apologies|forgive me|excuse me)\b[^.?!:;]{0,60}?(?:[,.:;!]|(?= (?:but|and) ))/giu,
  /\b(?:i|we) (?:was|were|am|'m|have been|'ve been)(?: just)? (?:reading|wondering|watching|thinking|looking|listening|curious|trying)\b(?:[^.?!:;,]{0,60}(?:[,.:;]|(?= and (?:now )?i\b))|(?: (?:if|whether|about))?)/giu,
  /\b(?:and )?(?:now )?i(?: just)? (?:wonder|wondered|want|wanted|need|would like|'d like|would love|'d love)(?: (?:to know|to ask|to find out))?\b(?: (?:if|whether|about))?[,:]?/giu,
  /\b(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody)(?: please| kindly| perhaps)? (?:tell|explain|show|remind|inform|help|say)(?: (?:me|us))?\b(?: (?:if|whether|about|what you know about))?/giu,
  /\b(?:tell|show|remind|give) (?:me|us)(?: (?:more|something|everything|anything))?(?: (?:about|of|on)\b|(?= (?:who|whom|what|when|where|which|why|how|whether|if)\b))/giu,
  /\b(?:do|does) (?:you|anyone|anybody|someone) (?:happen to )?(?:know|remember|recall)\b(?: (?:if|whether))?/giu,
  /\b(?:give|send|get|show) (?:me|us) (?:an? |some |the |all (?:the )?)?(?:short |quick |brief |general )?(?:info(?:rmation)?|overview|summary|details?|facts?|rundown|background)\b(?: (?:on|about|of|for))?/giu,
  /\b(?:an? |the )?(?:short |quick |brief |general )?(?:overview|summary|rundown|info(?:rmation)?|details) (?:on|about|of)\b/giu,
  /\b(?:do|does|is there)(?: (?:the|your|any|anything|something|in|stuff|documents?|files?|sources?|notes|you|have|there))* (?:says?|mentions?|tells?|contains?|have)(?: (?:anything|something))?(?: (?:about|of|on)\b)/giu,
  /\bsummari[sz]e(?: for (?:me|us))?\b/giu,
  /\b(?:quick|small|short|stupid|simple|another|one more) question\b[,:.]?/giu,
  /\b(?:just curious|out of curiosity|asking for a friend|any (?:idea|clue|pointers?|help)(?: (?:if|whether)| (?:is|are|would be|will be)\b[^.?!]{0,30})?)\b[,:.]?/giu,
  /\b(?:please|pls|plz|kindly)\b/giu,
  /\bif (?:anything|at all)\b,?/giu,
  /\bhttps?:\/\/[^\s)\]>]+/giu,
];

/** What ends the sentence before the question; the point of "Mr. Silva" and "U.S. aid" does not. */
const BOUNDARY = /(?<!(?<!\p{L})(?:\p{L}|mr|mrs|ms|dr|st|prof|gen|sen|gov|no|vs))\. |[!:;] |\n/giu;

/** Words of a question's surroundings count this much of the question's own. */
export const CONTEXT_WEIGHT = 0.6;

/** The question proper, in offsets of the text, and the text with fillers blanked out (same offsets). */
export interface CoreQuestion {
  readonly cleaned: string;
  readonly start: number;
  readonly end: number;
}

/** Marks around the whole question; those within it belong to what is quoted. */
const QUOTED = /^(\s*)["“”„«'](.*[^\s"“”»'])["“”»']([.?!]?\s*)$/su;

export function coreQuestion(text: string): CoreQuestion {
  const blanked = FILLERS.reduce(
    (rest, filler) => rest.replace(filler, (match) => ' '.repeat(match.length)),
    text,
  );
  const cleaned = blanked.replace(QUOTED, '$1 $2 $3');
  const marks = Array.from(cleaned.matchAll(/\?/g), ({ index }) => index);
  const asked = marks.map((mark, at) => {
    const from = at === 0 ? 0 : (marks[at - 1] ?? 0) + 1;
    const before = cleaned.slice(from, mark);
    const boundary = Math.max(-1, ...Array.from(before.matchAll(BOUNDARY), ({ index }) => index));
    return { cleaned, start: from + boundary + 1, end: mark + 1 };
  });
  // "Lima? when did she arrive": what follows the last mark may be the question.
  const rest = (marks.at(-1) ?? -1) + 1;
  const said = ({ start, end }: CoreQuestion): number =>
    cleaned.slice(start, end).match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return [...asked, { cleaned, start: rest, end: text.length }].reduce((best, other) =>
    said(other) > said(best) ? other : best,
  );
}
