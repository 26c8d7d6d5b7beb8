/** Blocks into a document: lines into paragraphs, headings that are not marked, title and date, text with its sections. */
import { firstIsoDate, isDateline } from '../../language/dates.ts';
import { foldedWords, UNSPACED } from '../../language/words.ts';
import {
  grouped,
  placeInFile,
  type BlockSpan,
  type Document,
  type Section,
  type Span,
} from '../types.ts';
import {
  BlockBuilder,
  flattened,
  joinBlocks,
  softLines,
  type Block,
  type ParsedBody,
} from './block.ts';

/**
 * Paragraphs of a text file: one a line, or lines wrapped at a width, with or without empty lines between paragraphs; the
 * widths of the lines tell which. A form feed ends a line.
 */
export function readPlainText(body: string, bodyStart = 0): Block[] {
  const lines = readLines(body, bodyStart);
  return paragraphsOf(lines, wrapWidth(lines));
}

const SEPARATOR = /^\s*(?:([-=_*~#.•])(?:\s*\1){2,}|([-–—]) ?\d{1,4} ?\2)\s*$/u;
/** The number and the times of a line of subtitles. */
const CUE = /(?:\d+[ \t]*\r?\n)?(?:\d+:)?\d\d:\d\d[.,]\d{3}[ \t]+-->[^\r\n]*\r?\n/.source;
/** Sentences go on from one line of subtitles to the next, so what is between them is one end of a line. */
const LINE_END = new RegExp(
  `(?:^(?:WEBVTT[^\\n]*\\n(?:[^\\n]+\\n)*)?|\\r?\\n)(?:\\r?\\n){0,3}${CUE}|\\r\\n|\\n|\\r|\\f|$`,
  'g',
);

/** Lines of a text, each a block; empty lines are blocks without text. */
function readLines(body: string, bodyStart: number): Block[] {
  const blocks: Block[] = [];
  let start = 0;
  let depth = 0;
  for (const ending of body.matchAll(LINE_END)) {
    const block = new BlockBuilder();
    const line = body.slice(start, ending.index);
    // Mails mark the lines that they quote.
    const [marks = ''] = /^(?:> ?)+/.exec(line) ?? [];
    const quoted = marks.replaceAll(' ', '').length;
    // A full-width space indents the first line of a Japanese paragraph.
    if (line.startsWith('\u3000') || quoted !== depth)
      blocks.push(new BlockBuilder().build('paragraph'));
    // Rows of dashes and the like are separators, not text, and so is the number of a page between dashes.
    depth = quoted;
    if (!SEPARATOR.test(line))
      block.append(line.slice(marks.length), bodyStart + start + marks.length);
    blocks.push(block.build('paragraph'));
    start = ending.index + ending[0].length;
  }
  return blocks;
}

/** A longer line was not wrapped: the file has one paragraph a line. */
const LONGEST_WRAPPED_LINE = 130;
/** From this share of lines that end a sentence, lines are paragraphs: wrapped lines end anywhere. */
const PARAGRAPH_ENDS_SHARE = 0.7;

const LIST_MARKER = /^(?:[•·▪●○■◦‣*+-]\s|[([]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)\]]\s|[([]\p{Lu})/u;
/** Beginnings of lines that stand for themselves where the one above begins likewise: a name or time and what is said, values. */
const ALIKE: readonly RegExp[] = [
  /^[\p{Lu}\p{Lo}][\p{L}\p{N} .'’()（）_-]{0,40}(?<!https?)[:：]{1,2}\s*\S/u,
  /^\[?\d{1,4}[-:./]\d{2}/,
  /^[^,;\t\s][^,;\t]*(?:[,;\t]\S[^,;\t]*){2,}$/,
];
const ENDS_SENTENCE = /[.!?:。！？…]["'”’)\]]*$/u;

/** Width at which the lines were wrapped, in UTF-16 characters; null where each line is a paragraph. */
function wrapWidth(lines: readonly Block[]): number | null {
  const longest = lines.reduce((most, { text }) => Math.max(most, text.length), 0);
  if (longest > LONGEST_WRAPPED_LINE || longest === 0) return null;
  let followed = 0;
  let ended = 0;
  for (const [index, { text }] of lines.entries()) {
    if (text.length < longest * 0.6 || (lines[index + 1]?.text ?? '') === '') continue;
    followed += 1;
    if (ENDS_SENTENCE.test(text)) ended += 1;
  }
  return followed >= 2 && ended >= followed * PARAGRAPH_ENDS_SHARE ? null : longest;
}

/**
 * Joins lines into paragraphs, which empty lines always separate.
 *
 * @param width from `wrapWidth`
 */
function paragraphsOf(lines: readonly Block[], width: number | null): Block[] {
  const begins = (line: Block, first: Block, before: Block): boolean =>
    [line.text, before.text].includes('') ||
    ALIKE.some((form) => form.test(first.text) && form.test(line.text)) ||
    !continues(before.text, line.text, width);
  return grouped(lines, begins).flatMap((group) =>
    group[0]?.text === '' ? [] : [flattened(joinBlocks(group))],
  );
}

function continues(before: string, line: string, width: number | null): boolean {
  if (LIST_MARKER.test(line)) return false;
  if (/^\p{Ll}/u.test(line)) return true;
  if (width === null) return false;
  // In a script without spaces a line ends after any letter.
  const firstWord = UNSPACED.test(line) ? 2 : (/^\S+/.exec(line)?.[0].length ?? 0);
  // A wrapped line ends where the next word did not fit. With some slack: by eye, or by printed width.
  const isFull = before.length + 1 + firstWord > width * 0.85;
  return isFull || (before.length > width * 0.6 && !ENDS_SENTENCE.test(before));
}

const MAX_HEADING_CHARS = 90;
const MAX_HEADING_WORDS = 14;
const MAX_GUESSED_TITLE_CHARS = 180;
/** UTF-16 characters. */
const LONGEST_TITLE = 200;

function wordCount(text: string): number {
  return text.split(' ').length;
}

/** Whether a line can only be a heading: short, with a capital first, not the end of a sentence, not a list. */
function looksLikeHeading(text: string, maxChars: number): boolean {
  if (text.length > maxChars || !/\p{L}{2}/u.test(text)) return false;
  if (!/^(?:[([]?(?:\d{1,2}|[IVX]{1,4})[.)\]:]?\s+)?["“‘']?[\p{Lu}\p{N}]/u.test(text)) return false;
  const endsSentence = /[.!,;:。、…–—-]["'”’)]*$/u.test(text);
  if (endsSentence && !/\b(?:U\.S|D\.C|U\.N|Jr|Inc)\.$/.test(text)) return false;
  if (/[|•·]|\s[>»›]\s|^[[“"]/u.test(text) || isDateline(text)) return false;
  return !/[.!?]\s+\p{Lu}\p{Ll}+\s+\p{Ll}+\s+\p{Ll}/u.test(text);
}

function isProse(block: Block | undefined): boolean {
  if (block === undefined || block.kind === 'heading') return false;
  return block.text.length >= 60 && wordCount(block.text) >= 8;
}

/**
 * Headings of a file that marks none: the longest line above its first running text that looks like a title, and each
 * short line right above running text. They stay text, so that a wrong guess loses no sentence.
 *
 * @param hasTitle whether the file names its title otherwise
 */
function guessHeadings(blocks: readonly Block[], hasTitle = false): Block[] {
  const titleIndex = hasTitle ? -1 : guessTitle(blocks);
  return blocks.map((block, index): Block => {
    if (block.kind !== 'paragraph' || index < titleIndex) return block;
    if (index === titleIndex) return { ...block, kind: 'heading', level: 1, guessed: true };
    const [next, second] = blocks.slice(index + 1, index + 3);
    const opens = isProse(next) || (isDateline(next?.text ?? '') && isProse(second));
    const isHeading =
      opens &&
      wordCount(block.text) <= MAX_HEADING_WORDS &&
      looksLikeHeading(block.text, MAX_HEADING_CHARS);
    return isHeading ? { ...block, kind: 'heading', level: 2, guessed: true } : block;
  });
}

/** Lines above a text that may be its title: pasted pages have the site's section or buttons there too. */
const MAX_LINES_ABOVE = 8;

/** A shorter line is a title at the top alone. */
const FEWEST_WORDS_BELOW_TOP = 4;

function guessTitle(blocks: readonly Block[]): number {
  const first = blocks.findIndex(({ text }) => !isDateline(text));
  let title = -1;
  for (const [index, block] of blocks.slice(0, MAX_LINES_ABOVE).entries()) {
    const isTitle =
      block.kind === 'paragraph' &&
      blocks[index + 1] !== undefined &&
      (index === first || wordCount(block.text) >= FEWEST_WORDS_BELOW_TOP) &&
      !/^\d+(?:\.\d+)+\s/.test(block.text) &&
      looksLikeHeading(block.text, MAX_GUESSED_TITLE_CHARS);
    if (isTitle && block.text.length > (blocks[title]?.text.length ?? 0)) title = index;
    if (!isTitle && isProse(block)) break;
  }
  return title;
}

/**
 * Title of a document: the given one (of its front matter or format), else its first heading, else its first line that
 * is more than a date, else the fallback. On a saved page deeper headings may come before the title, so it is the first
 * heading of the highest level near the top.
 *
 * @returns the title, and the heading that it is, if any
 */
export function titleOf(
  blocks: readonly Block[],
  { given, fallback }: { given: string | null; fallback: string },
): { title: string; block: Block | null } {
  const top = blocks.slice(0, 12).filter(({ kind }) => kind === 'heading');
  const [heading = null] = top.sort((a, b) => a.level - b.level);
  if (given !== null) {
    const same = heading !== null && foldedWords(heading.text) === foldedWords(given);
    return { title: cut(given), block: same ? heading : null };
  }
  if (heading !== null) return { title: cut(heading.text), block: heading };
  const line = blocks.find(({ text }) => /\p{L}/u.test(text) && !isDateline(text));
  return { title: line === undefined ? fallback : cut(line.text), block: null };
}

/** The first sentence of a text, or as many of its words as fit. */
function cut(text: string): string {
  if (text.length <= LONGEST_TITLE) return text;
  const sentence = /^.{20,200}?[.!?](?=\s)/su.exec(text)?.[0];
  return sentence ?? `${text.slice(0, LONGEST_TITLE).replace(/\s+\S*$/u, '')} …`;
}

const NAMES_OF_FILES =
  /\.(?:docx?|odt|rtf|pdf|tex|dvi|indd|qx[dp]|pptx?|xlsx?|html?|txt|wpd|pmd|fm|e?ps)\b/i;
const NAMES_OF_PROGRAMS =
  /^(?:microsoft |untitled|document\s?\d*$|layout \d|slide \d|no title|\(anonymous\)|print|新規 microsoft |無題)/i;

/**
 * The title in a file's own data; null where it says nothing, such as the name of a file or of a program. One word says
 * something only where somebody chose it.
 */
export function titleThatSays(given: unknown, isChosen = false): string | null {
  const title = typeof given === 'string' ? given.replace(/\s+/g, ' ').trim() : '';
  const saysSomething =
    (isChosen && /\p{L}/u.test(title)) ||
    /\p{L}{2}.*\s.*\p{L}{2}/u.test(title) ||
    /[\p{Script=Han}\p{Script=Katakana}]{4}/u.test(title);
  if (!saysSomething || NAMES_OF_FILES.test(title) || NAMES_OF_PROGRAMS.test(title)) return null;
  return title;
}

/**
 * Joins blocks into the document's text, one line each with headings, and groups the blocks below each heading into
 * sections, with the heading itself where it is guessed. A section of datelines or guessed headings only is not a passage,
 * so its lines and the heading after it become the beginning of the next section.
 *
 * @param titleBlock the heading that is the document's title: it stays in the text but is not a heading of the sections
 * @param opens whether a line belongs to what follows it, even across a heading: a dateline
 */
export function assemble(
  blocks: readonly Block[],
  lineStarts: readonly number[],
  titleBlock: Block | null,
  opens: (block: Block) => boolean,
): Pick<Document, 'text' | 'sections' | 'footnotes'> & Pick<Block, 'runs'> {
  const { text, runs, marks } = joinBlocks(blocks, () => false);
  const sections: Section[] = [];
  const path: Block[] = [];
  let headings: readonly string[] = [];
  let open: BlockSpan[] = [];
  let onlyOpenings = true;
  let head: Span | null = null;
  let wasHead = false;
  let start = 0;
  for (const block of blocks) {
    const { kind, level } = block;
    const span = { start, end: start + block.text.length };
    start = span.end + 1;
    const isHead = kind === 'row' && level > 0;
    // A head may have several rows.
    if (isHead) head = { start: wasHead && head !== null ? head.start : span.start, end: span.end };
    else if (kind !== 'row') head = null;
    wasHead = isHead;
    if (kind !== 'heading') {
      const code = kind === 'code' ? { code: true as const } : {};
      open.push({ ...span, ...(isHead || head === null ? {} : { head }), ...code });
      onlyOpenings &&= opens(block);
      continue;
    }
    if (open.length > 0 && onlyOpenings) open.push(span);
    else {
      if (open.length > 0) sections.push({ headings, blocks: open });
      open = block.guessed === true ? [span] : [];
    }
    onlyOpenings = true;
    if (block !== titleBlock) {
      while ((path.at(-1)?.level ?? 0) >= level) path.pop();
      path.push(block);
    }
    headings = path.map((heading) => heading.text);
  }
  if (open.length > 0) sections.push({ headings, blocks: open });
  const footnotes = marks.map(({ offset, sourceId, fileOffset }) => {
    return { offset, sourceId, line: placeInFile(lineStarts, fileOffset).line };
  });
  return { text, sections, footnotes, runs };
}

/** UTF-16 characters. Headings are read with each passage below them, so a text that is marked as one is none. */
const LONGEST_HEADING = 400;

export function withoutEndlessHeading(block: Block): Block {
  const isEndless = block.kind === 'heading' && block.text.length > LONGEST_HEADING;
  return isEndless ? { ...block, kind: 'paragraph', level: 0 } : block;
}

/** UTF-16 characters. A longer row is a layout table: a page in one cell. */
const LONGEST_ROW = 200;

/** Blocks of a file without this corpus's front matter: in paragraphs, with guessed headings. */
export function inParagraphs({ blocks: raw, marksHeadings = false, title }: ParsedBody): Block[] {
  const width = wrapWidth(
    raw.flatMap((block) => (block.text.includes('\n') ? softLines(block) : [])),
  );
  const paragraphs = raw.flatMap((block) => {
    const isLayout = block.kind === 'row' && block.text.length > LONGEST_ROW;
    const isLoose = block.kind === 'paragraph' || block.kind === 'item' || isLayout;
    if (!isLoose || !block.text.includes('\n')) return [flattened(block)];
    const lines = softLines(isLayout ? { ...block, kind: 'paragraph' } : block);
    return paragraphsOf(lines, width);
  });
  const marked = paragraphs.filter(({ kind }) => kind === 'heading').length;
  // Who marks one heading marks the others: a short line without a full stop is then a sentence.
  return marksHeadings || marked > 0 ? paragraphs : guessHeadings(paragraphs, title != null);
}

const NOTE_MARKS = /(?:\[\d{1,3}\])+$/;

/** The date that the name of a file begins with, as those of diaries do; else that in the dateline among its first lines. */
export function dateOf(name: string, blocks: readonly Block[]): string | null {
  const [dated] = /^(?:19|20)\d\d-\d\d-\d\d(?!\d)/.exec(name) ?? [];
  if (dated !== undefined && !Number.isNaN(Date.parse(dated))) return dated;
  const top = blocks.slice(0, 15).map(({ text }) => text);
  // A sentence tells when something was, a line when the text is from.
  const isLine = (text: string): boolean =>
    text.length < 160 &&
    (isDateline(text) || wordCount(text) < 8 || !ENDS_SENTENCE.test(text.replace(NOTE_MARKS, '')));
  const line = top.find((text) => isLine(text) && firstIsoDate(text) !== null);
  const opening = top.find((text) => text.length >= 160);
  return firstIsoDate(line ?? '') ?? firstIsoDate(opening?.slice(0, 60) ?? '');
}
