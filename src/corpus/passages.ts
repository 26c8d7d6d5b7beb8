/**
 * Splits documents into sentences and passages.
 *
 * Passages are whole sentences of one section. The cuts of a section are chosen together, by dynamic programming over a
 * cost: lengths near the target, cuts between blocks rather than inside one, no dateline or label alone, no passage that
 * begins with a bare "She".
 *
 * Sentences: `Intl.Segmenter` knows no English: it breaks after "Dr.", "No." and initials. Each of its breaks is accepted or
 * rejected here. A break rejected wrongly gives a longer quotation, one accepted wrongly cuts a sentence, so doubtful ones
 * are rejected. An endless sentence is cut: nobody could read it, and everything that shows or embeds one relies on its
 * length.
 */
import { DragomanError } from '../errors.ts';
import { isDateline } from '../language/dates.ts';
import { headerOf, MeetingTies, sourcesOf } from './ties.ts';
import {
  linesOf,
  type Document,
  type Meeting,
  type Passage,
  type Section,
  type Span,
} from './types.ts';

/** Raise when the same document would give other passages: an index is built again when it differs. */
export const CHUNKER_VERSION = 4;

/** UTF-16 characters. Long enough to be read alone, short enough that three passages fit a message. */
const DEFAULT_TARGET_CHARACTERS = 650;

/** UTF-16 characters. Twice the longest sentence of ordinary prose; what is longer is a list, a table or no prose. */
export const LONGEST_SENTENCE = 1200;
/** UTF-16 characters that no passage exceeds, whatever the target: whoever shows one relies on it. */
export const LONGEST_PASSAGE = LONGEST_SENTENCE;
/** Sentences of a passage at most, so that the time for a text of one-letter lines stays linear. */
const MOST_SENTENCES = 150;

/**
 * Passages of a document, in order. Together they hold every block of its sections exactly once.
 *
 * @param options target in UTF-16 characters
 */
export function passagesOf(
  document: Document,
  meetings: readonly Meeting[] | MeetingTies,
  { targetCharacters: target = DEFAULT_TARGET_CHARACTERS } = {},
): Passage[] {
  const allTies = meetings instanceof MeetingTies ? meetings : new MeetingTies(meetings);
  const ties = allTies.of(document);
  const passages: Passage[] = [];
  for (const section of document.sections) {
    for (const sentences of groupSentences(document.text, section, target)) {
      const start = sentences[0]?.start ?? 0;
      const end = sentences.at(-1)?.end ?? start;
      const text = document.text.slice(start, end);
      const head = sentences[0]?.head;
      const columns =
        head && document.text.slice(head.start, Math.min(head.end, head.start + LONGEST_HEAD));
      // The header row of the table in whose middle a passage begins is its innermost heading.
      const headings = [...section.headings, ...(columns ? [columns.replaceAll('\n', ' ')] : [])];
      const tied = ties.forPassage(text, headings);
      passages.push({
        documentId: document.id,
        headings,
        start,
        end,
        lines: linesOf(document, start, end),
        text,
        sentences: sentences.map((span) => ({ start: span.start - start, end: span.end - start })),
        meetings: tied.map(({ id }) => id),
        sources: sourcesOf(document, section, { start, end }),
        header: headerOf(
          document,
          headings,
          ties.subject ?? (tied.length > 1 ? undefined : tied[0]),
        ),
      });
    }
  }
  return passages;
}

/** UTF-16 characters of a table's header row that are enough to know its columns. */
const LONGEST_HEAD = 200;

/** A sentence as an offset range of the document's text. */
interface Sentence extends Span {
  readonly opensBlock: boolean;
  /** A label, a dateline or the introduction of a list, which belongs to the next sentence. */
  readonly leads: boolean;
  readonly head: Span | undefined;
  readonly code: boolean;
}

function sentencesIn(text: string, section: Section): Sentence[] {
  return section.blocks.flatMap((block) => {
    const { head, code } = block;
    const spans = sentencesOf(text.slice(block.start, block.end));
    return spans.map((span, index) => {
      const start = block.start + span.start;
      const end = block.start + span.end;
      // A row of a table is not a label, however short.
      const isLead = spans.length === 1 && head === undefined && leads(text.slice(start, end));
      return { start, end, opensBlock: index === 0, leads: isLead, head, code: code === true };
    });
  });
}

/** True for a dateline, a line that ends in a colon and a short line without the end of a sentence. */
function leads(sentence: string): boolean {
  return (
    /[:：]$/u.test(sentence) ||
    (sentence.length < 90 && !/[.!?。！？…]["'”’)\]]*$/u.test(sentence)) ||
    isDateline(sentence)
  );
}

/** Beginnings of sentences that cannot be understood without the sentence before. */
const DEPENDENT =
  /^["'“‘]?(?:She|He|It|They|This|These|That|Those|Her|His|Their|Its|However|But|And|Also|Moreover|Furthermore|In addition|Besides|Meanwhile|Both|The two|Then)\b/u;

/** Costs of a cut, in units of the cost of a passage's length. */
const CUT_IN_BLOCK = 0.08;
const CUT_IN_CODE = 4;
const CUT_BEFORE_DEPENDENT = 0.3;
const CUT_BEFORE_ANSWER = 1;
const CUT_AFTER_LEAD = 4;

function groupSentences(text: string, section: Section, target: number): Sentence[][] {
  const sentences = sentencesIn(text, section);
  const count = sentences.length;
  const longest = Math.min(2 * target, LONGEST_PASSAGE);
  // best[i]: lowest cost of sentences 0..i-1 in whole passages; from[i]: the first sentence of the last of them.
  const best = new Float64Array(count + 1).fill(Infinity);
  const from = new Int32Array(count + 1);
  best[0] = 0;
  for (const [i, sentence] of sentences.entries()) {
    const soFar = (best[i] ?? Infinity) + cutCost(text, sentences[i - 1], sentence);
    for (let j = i + 1; j <= count; j++) {
      const length = (sentences[j - 1]?.end ?? 0) - sentence.start;
      if (j > i + 1 && (length > longest || j - i > MOST_SENTENCES)) break;
      const cost = soFar + lengthCost(length, target);
      if (cost < (best[j] ?? Infinity)) {
        best[j] = cost;
        from[j] = i;
      }
    }
  }
  const groups: Sentence[][] = [];
  for (let end = count; end > 0; end = from[end] ?? 0) {
    groups.push(sentences.slice(from[end] ?? 0, end));
  }
  return groups.reverse();
}

/** Too long costs more than too short, and a very short passage most: it says too little to be found or quoted. */
function lengthCost(length: number, target: number): number {
  const ratio = length / target;
  if (ratio > 1) return (ratio - 1) ** 2 * 1.5 + 0.02;
  return (1 - ratio) ** 2 + 0.02 + (ratio < 0.2 ? 0.3 : 0);
}

function cutCost(text: string, before: Sentence | undefined, after: Sentence): number {
  if (before === undefined) return 0;
  if (before.leads) return CUT_AFTER_LEAD;
  if (after.code && !after.opensBlock) return CUT_IN_CODE;
  if (after.opensBlock && text[before.end - 1] === '?') return CUT_BEFORE_ANSWER;
  const isDependent = DEPENDENT.test(text.slice(after.start, after.start + 24));
  return (isDependent ? CUT_BEFORE_DEPENDENT : 0) + (after.opensBlock ? 0 : CUT_IN_BLOCK);
}

/** The heading under which a document tells what its sources leave open. */
const OPEN_QUESTIONS = /^(?:open questions?|未確認の?事項)(?:$| )/i;

/** Whether a passage tells what is not known: an answer only where nothing else is one. */
export function isOpenQuestion(passage: Pick<Passage, 'headings'> | undefined): boolean {
  return passage?.headings.some((heading) => OPEN_QUESTIONS.test(heading)) ?? false;
}

/** The error of a corpus without any passage. */
export function withoutText(): DragomanError {
  return new DragomanError('CORPUS', 'The corpus has no text to build an index from.', {
    hint: 'Put documents into the corpus folder, or point CORPUS_DIR to a folder with documents.',
  });
}

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
  let last = 0;
  for (const offset of [...proposed].sort((a, b) => a - b)) {
    if (endsSentence(text, last, offset)) {
      accepted.push(offset);
      last = offset;
    }
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
