/**
 * Splits text into sentences. `Intl.Segmenter` knows no English: it breaks after "Dr.", "No." and initials. Each of its breaks is
 * accepted or rejected here. A break rejected wrongly gives a longer quotation, one accepted wrongly cuts a sentence, so
 * doubtful ones are rejected. An endless sentence is cut: nobody could read it, and everything that shows or embeds one
 * relies on its length.
 */
import type { Span } from './types.ts';

/** UTF-16 characters. Twice the longest sentence of ordinary prose; what is longer is a list, a table or no prose. */
export const LONGEST_SENTENCE = 1200;
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** A cut leaves at least this share of the longest sentence before it, so that no scrap is left. */
const LEAST_CUT = 0.5;
/** Where an endless sentence is cut, the best place first. */
const CUTS: readonly RegExp[] = [/[;:；：。]\s*/gu, /[,、，—–]\s*|\s[-|]\s/gu, /\s+/gu];

/**
 * UTF-16 characters around a break that decide on it, and length of the stretches that are given to `Intl.Segmenter`,
 * whose time for one text grows with the square of its length.
 */
const CONTEXT = 400;
const STRETCH = 4096;

/** Abbreviations that never end a sentence. */
const TITLES = words(
  'Dr Mr Mrs Ms Mx Prof Gen Lt Col Maj Capt Cmdr Adm Sgt Cpl Rev Fr Hon Amb Sen Rep Gov Pres St Ste Mt Ft vs cf ca approx viz Messrs Mme Mlle M Supt Insp Sec Min Dep Asst Assoc Brig Cdr Vol Fig Eq Art Arts para paras pp ed eds trans dept',
);
/** Abbreviations that do not end a sentence before a number. */
const BEFORE_NUMBERS = words(
  'No Nos Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec p pp Art Sec Ch Vol Fig Res para Mon Tue Tues Wed Thu Thurs Fri Sat Sun Rs US$',
);
/** Abbreviations that end a sentence only before one of the STARTERS. */
const DOUBTFUL = words(
  'U.S U.N U.K E.U D.C U.S.A U.A.E a.m p.m A.M P.M Inc Ltd Co Corp Jr Sr etc al e.g i.e Ph.D M.D B.A M.A H.E St Ave Blvd Rd Bros Univ Gov Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec approx est Dept',
);
/** Words that begin sentences. */
const STARTERS = words(
  'The This That These Those There Then They Their He She His Her It Its We Our You I In On At As By For From To After Before During While When Where If But And Or So Both Also However Meanwhile Moreover Although Because Since Until With Without An A Another Other Some Many Most All Each Every One Two No Not What Who Why How According Asked Speaking Following Earlier Later Now Today Yesterday',
);
const SPEECH =
  /^(?:\p{Lu}[\p{L}.'’-]*\s+){1,4}(?:said|says|told|asked|added|replied|answered|wrote|stated|declared|noted|warned|shouted)\b/u;

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

/**
 * Sentences of a text, in order. They cover all of it but the white space between them.
 *
 * @param text of one block; a line feed always ends a sentence
 */
export function sentencesOf(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const end of [...breaksIn(text), text.length]) {
    for (const cut of [...cutsIn(text, start, end), end]) {
      const found = SOLID.exec(text.slice(start, cut));
      const from = start + (found?.index ?? 0);
      if (found !== null) spans.push({ start: from, end: from + found[0].length });
      start = cut;
    }
  }
  return spans;
}

/** Offsets that cut `[start, end)` into pieces of at most the longest length, at clauses, else at words. */
function cutsIn(text: string, start: number, end: number): number[] {
  const cuts: number[] = [];
  let from = start;
  while (end - from > LONGEST_SENTENCE) {
    const piece = text.slice(from, from + LONGEST_SENTENCE);
    const least = LONGEST_SENTENCE * LEAST_CUT;
    const lastOf = (sign: RegExp): number => {
      let last = -1;
      for (const { index, 0: found } of piece.matchAll(sign)) last = index + found.length;
      return last;
    };
    const cut = CUTS.map(lastOf).find((offset) => offset >= least) ?? piece.length;
    // A character of two code units stays whole.
    const isSplit = /[\ud800-\udbff]/.test(text.charAt(from + cut - 1));
    from += isSplit ? cut - 1 : cut;
    cuts.push(from);
  }
  return cuts;
}

/** Without white space around it. */
const SOLID = /[^\0-\x20\xa0](?:.*[^\0-\x20\xa0])?/s;

/** What ends a sentence, with something after it. Most items and cells have none, and asking ICU costs as much as the rest. */
const ENDING = /[\p{Sentence_Terminal}\n\r\u0085\u2028\u2029]./su;

/** Ends that ICU misses: after numbered references ("…left.[2] The …"), after a stop without a space, before a quotation. */
const MISSED: readonly RegExp[] = [
  /[.!?]["'”’)]{0,4}(?:\[\d{1,3}\]){1,9}\s{1,9}(?=["'“‘(]?\p{Lu})/gu,
  /\p{Ll}{3}[.!?]["”’)]?(?=["“‘]?\p{Lu}\p{Ll}+\s)/gu,
  /[。！？](?=[「『])/gu,
];

/** Offsets at which a sentence ends and another begins. */
function breaksIn(text: string): number[] {
  if (!ENDING.test(text)) return [];
  const proposed = segmentStarts(text);
  for (const end of MISSED) {
    for (const { index, 0: found } of text.matchAll(end)) proposed.add(index + found.length);
  }
  const accepted: number[] = [];
  for (const offset of [...proposed].sort((a, b) => a - b)) {
    if (endsSentence(text, accepted.at(-1) ?? 0, offset)) accepted.push(offset);
  }
  return accepted;
}

/** Offsets at which segments of `Intl.Segmenter` begin, in time linear in the length of the text. */
function segmentStarts(text: string): Set<number> {
  const starts = new Set<number>();
  for (let from = 0; from < text.length;) {
    const isLast = from + STRETCH >= text.length;
    const stretch = text.slice(from, from + STRETCH);
    // What follows a break decides on it, so the last ones of a stretch are looked at again in the next.
    const sure = isLast ? stretch.length : stretch.length - CONTEXT;
    let next = 0;
    for (const { index } of segmenter.segment(stretch)) {
      if (index === 0 || index > sure) continue;
      starts.add(from + index);
      next = index;
    }
    from += isLast ? stretch.length : next === 0 ? sure : next;
  }
  return starts;
}

/** What goes on after a quoted sentence in Japanese: 「はい。」と述べた。 */
const AFTER_JAPANESE_QUOTE = /^(?:と|って|との|とい|など|の|を|が|は|に|で|も|、)/u;

function endsSentence(text: string, start: number, offset: number): boolean {
  if (text.charCodeAt(offset - 1) === 0x0a) return true;
  const whole = text.slice(Math.max(start, offset - CONTEXT), offset);
  const before = whole.trimEnd();
  const end = before.slice(-LAST_WORDS);
  const after = text.slice(offset, offset + CONTEXT).trimStart();
  if (before === '' || after === '') return false;
  if (before.length === whole.length) {
    if (isQuoted(before, after)) return false;
    if (/[。！？｡．]["'”’」』）)]+$/u.test(end)) return !AFTER_JAPANESE_QUOTE.test(after);
    return /[。！？｡．]$/u.test(end) || /\p{Ll}[.!?]["”’)]?$/u.test(end);
  }
  if (/^(?:["'”’)\]]*[,;:)\]–—-]|\p{Ll})/u.test(after)) return false;
  if (/[!?]["'”’]$/u.test(end) && SPEECH.test(after)) return false;
  if (offset - start < CONTEXT && isMarker(before)) return false;
  if (/[([](?:\.{3}|…)[)\]]$/u.test(end) || /^["'“‘]?(?:\.{3}|…)$/u.test(before)) return false;
  if (opensParenthesis(before, after)) return false;
  return !endsInAbbreviation(end, after);
}

/** Whether the break is inside a short quotation in Japanese, which is quoted as a whole. */
function isQuoted(before: string, after: string): boolean {
  const close = after.search(/[」』]/u);
  const last = (signs: readonly [string, string]): number =>
    Math.max(...signs.map((sign) => before.lastIndexOf(sign)));
  const isOpen = last(['「', '『']) > last(['」', '』']);
  return isOpen && close !== -1 && close < 200 && !/[「『]/u.test(after.slice(0, close));
}

/** Whether the text is the number or bullet of a list: "1.", "(2)", "a.", "iv.", "•". */
function isMarker(before: string): boolean {
  return /^(?:[("“]*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)]+|[•·▪*-]+|Q[.:]|A[.:])$/u.test(before);
}

/** Whether the break is inside a short parenthesis, which is quoted as a whole. */
function opensParenthesis(before: string, after: string): boolean {
  const open = before.lastIndexOf('(');
  if (open === -1 || before.indexOf(')', open) !== -1) return false;
  const close = after.indexOf(')');
  return close !== -1 && close < 200 && !after.slice(0, close).includes('(');
}

/** UTF-16 characters that hold an abbreviation and the word before it. */
const LAST_WORDS = 80;

function endsInAbbreviation(before: string, after: string): boolean {
  const word = /(?<![\p{L}\p{N}])((?:\p{L}\.)+\p{L}|\p{L}[\p{L}$.]*)\.$/u.exec(before)?.[1];
  if (word === undefined) return false;
  const next = /^["'“‘([]*([\p{L}\p{N}][\p{L}\p{N}'’-]*)/u.exec(after)?.[1] ?? '';
  if ((/^\d/u.test(next) && BEFORE_NUMBERS.has(word)) || TITLES.has(word)) return true;
  if (/^["“‘]/u.test(after) && word.length > 1) return false;
  const previous = /([\p{L}\p{N}.'’-]+)\s+\S+$/u.exec(before)?.[1] ?? '';
  if (/^\p{Lu}$/u.test(word)) {
    // An initial, unless a new sentence must follow: "as in Appendix B. The talks".
    return !(STARTERS.has(next) && next !== 'A' && next !== 'I' && previous !== '');
  }
  if (/^(?:[ap]\.m|[AP]\.M)$/u.test(word))
    return /^(?:on|in|at|local|JST|EST|ET|GMT|CET|UTC)$/u.test(next);
  const isDoubtful = DOUBTFUL.has(word) || /^(?:\p{Lu}\.)+\p{Lu}$/u.test(word);
  return isDoubtful && !STARTERS.has(next);
}
