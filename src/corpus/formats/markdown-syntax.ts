/**
 * The grammar of Markdown, and what it does not know: markup of note programs and site generators. The grammar is Lezer's,
 * with tables, task lists, strikethrough and footnotes. Its time is linear in the length of ordinary texts, and its tree
 * has the offsets of every mark.
 */
import type { Tree } from '@lezer/common';
import {
  parser,
  Strikethrough,
  Table,
  TaskList,
  type MarkdownConfig,
  type MarkdownParser,
} from '@lezer/markdown';
import type { Span } from '../types.ts';
import { BLANK, type LeftOutSpan } from './block.ts';

const FOOTNOTE_MARK = /^\[\^([^\]\s]{1,200})\]/;
export const FOOTNOTE_OPENING = /^\[\^([^\]\s]{1,200})\]:/;

/** Footnote marks, and definitions as containers of blocks that go on while lines are indented. */
const Footnotes: MarkdownConfig = {
  defineNodes: [
    {
      name: 'FootnoteDefinition',
      block: true,
      composite: (_context, line) => line.next < 0 || line.indent >= line.baseIndent + 4,
    },
    'FootnoteLabel',
    'FootnoteMark',
  ],
  parseBlock: [
    {
      name: 'FootnoteDefinition',
      before: 'LinkReference',
      parse(context, line) {
        const opening = FOOTNOTE_OPENING.exec(line.text.slice(line.pos))?.[0];
        if (opening === undefined || line.indent >= line.baseIndent + 4) return false;
        const from = context.lineStart + line.pos;
        context.startComposite('FootnoteDefinition', line.pos);
        context.addElement(context.elt('FootnoteLabel', from, from + opening.length));
        line.moveBase(line.skipSpace(line.pos + opening.length));
        return null;
      },
      endLeaf: (_context, line) => FOOTNOTE_OPENING.test(line.text.slice(line.pos)),
    },
  ],
  parseInline: [
    {
      name: 'FootnoteMark',
      before: 'Link',
      parse(context, next, pos) {
        if (next !== 0x5b || context.char(pos + 1) !== 0x5e) return -1;
        const found = FOOTNOTE_MARK.exec(context.slice(pos, Math.min(context.end, pos + 210)));
        if (found === null) return -1;
        return context.addElement(context.elt('FootnoteMark', pos, pos + found[0].length));
      },
    },
  ],
};

/** Passes over spaces at once; the library's own rule for hard breaks reads a row of them again at each space. */
const Spaces: MarkdownConfig = {
  parseInline: [
    {
      name: 'Spaces',
      before: 'HardBreak',
      parse(context, next, pos) {
        if (next !== 0x20) return -1;
        let end = pos + 1;
        while (context.char(end) === 0x20) end += 1;
        return context.char(end) === 0x0a ? -1 : end;
      },
    },
  ],
};

const MARKDOWN = parser.configure([Table, TaskList, Strikethrough, Footnotes, Spaces]);

/** More marks in one block than any text has. The parser's time grows with the square of their number. */
const MOST_MARKS = 2000;
const LINKS = ['Emphasis', 'Strikethrough', 'Link', 'LinkEnd', 'Image'];
/** The parser for a text with such a block: the marks are text. */
const BLOCKS_ONLY = MARKDOWN.configure({ remove: [...LINKS, 'InlineCode', 'HTMLTag'] });
/** Finds code, which binds tighter than links and emphasis. */
const CODE_ONLY = MARKDOWN.configure({ remove: [...LINKS, 'FootnoteMark'] });

/** Empty lines, and lines before an item of a list or a heading. */
const BLOCK_ENDS = /\n(?=[ \t>]{0,99}(?:\n|[-*+]\s|\d{1,9}[.)]\s|#{1,6}\s))/;

function hasTooManyMarks(text: string): boolean {
  return text.split(BLOCK_ENDS).some((block) => {
    if (block.length <= MOST_MARKS) return false;
    const marks = block.match(/[*_~[\]`<]/g)?.length ?? 0;
    return marks > MOST_MARKS && marks * 20 > block.length;
  });
}

/** UTF-16 characters that are parsed at once: a tree takes a hundred times the memory of its text. */
const PIECE = 64 * 1024;

/** A part of a text from the beginning of a block on, with its tree. */
interface ParsedPiece {
  readonly start: number;
  readonly text: string;
  readonly tree: Tree;
}

/** A text in pieces of whole blocks. A block that is longer than a piece, other than code, is cut between two lines. */
function* piecesOf(text: string, usual: MarkdownParser): Generator<ParsedPiece> {
  let size = PIECE;
  for (let start = 0; start < text.length;) {
    const piece = text.slice(start, lineNear(text, start, size));
    const isEnd = start + piece.length === text.length;
    const tree = (hasTooManyMarks(piece) ? BLOCKS_ONLY : usual).parse(piece);
    const last = tree.topNode.lastChild;
    if (!isEnd && last?.from === 0 && WHOLE.test(last.name)) {
      size *= 4;
      continue;
    }
    // What the last block goes on with is unknown.
    const length = isEnd ? piece.length : last?.from || piece.length;
    yield { start, text: piece.slice(0, length), tree };
    start += length;
    size = PIECE;
  }
}

/** Blocks that a cut would turn into something else. */
const WHOLE = /^(?:FencedCode|HTMLBlock|CommentBlock)$/;

/** Beginning of a line at most `size` behind `start`, rather of one that is not indented; else the end. */
function lineNear(text: string, start: number, size: number): number {
  if (start + size >= text.length) return text.length;
  let feed = text.lastIndexOf('\n', start + size);
  while (feed > start + size / 2 && /\s/.test(text.charAt(feed + 1))) {
    feed = text.lastIndexOf('\n', feed - 1);
  }
  if (feed > start + size / 2) return feed + 1;
  const any = text.lastIndexOf('\n', start + size);
  return any > start ? any + 1 : text.length;
}

/** Quotations and lists inside each other on one line; the reader goes as deep as they do. */
const DEEPEST_NESTING = 100;
const NESTING_MARK = String.raw`[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))`;
const DEEPER_MARKS = new RegExp(
  `^((?:${NESTING_MARK}){${DEEPEST_NESTING}}[ \\t]?)((?:${NESTING_MARK})+)(?=(.*))`,
  'gm',
);
/** A line of nothing but one mark is a rule across the text. */
const RULE = /^[ \t]*([-*])(?:[ \t]*\1)*[ \t]*$/;

/** Columns of a hundred lists; at each line the parser counts those of every list again. */
const DEEPER_INDENT = /(?<=^[ \t]{200})[ \t]+(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?/gm;

/** A body without the marks of quotations and lists that are nested deeper than any text is. As long as the body. */
export function withoutDeepNesting(body: string): string {
  return body
    .replace(DEEPER_MARKS, (marks: string, kept: string, deeper: string, rest: string) =>
      RULE.test(marks + rest) ? marks : kept + BLANK.repeat(deeper.length),
    )
    .replace(DEEPER_INDENT, (indent) => BLANK.repeat(indent.length));
}

const DEFINITION = /^[ \t>]{0,40}(\[[^[\]\n]{1,300}\]):/gm;
/** Brackets with plain words, which are not a link by themselves. */
const BRACKETS = /^\[[^[\]\\*_`&<~!\n]{0,250}\](?![([:])/;

/**
 * The parser takes any brackets for a link whose address is defined elsewhere, and with them loses a link around them,
 * as in `[[1]](notes.md)`. Brackets that the file does not define are text.
 */
function bracketsWithout(labels: ReadonlySet<string>): MarkdownConfig {
  return {
    parseInline: [
      {
        name: 'Brackets',
        before: 'Link',
        parse(context, next, pos) {
          if (next !== 0x5b) return -1;
          const [found] = BRACKETS.exec(context.slice(pos, Math.min(context.end, pos + 260))) ?? [];
          return found === undefined || labels.has(normalLabel(found)) ? -1 : pos + found.length;
        },
      },
    ],
  };
}

/** Normal labels of the links and footnotes that a body defines. */
export function definedLabels(body: string): Set<string> {
  return new Set(Array.from(body.matchAll(DEFINITION), ([, label = '']) => normalLabel(label)));
}

/** The pieces of a text with trees of all that it marks. */
export function parsedPieces(text: string, labels: ReadonlySet<string>): Generator<ParsedPiece> {
  return piecesOf(text, MARKDOWN.configure(bracketsWithout(labels)));
}

/** Spans of code in a body, in ascending order. */
export function codeIn(body: string): Span[] {
  const spans: Span[] = [];
  for (const { start, text, tree } of piecesOf(body, CODE_ONLY)) {
    tree.iterate({
      to: text.length,
      enter: ({ name, from, to }) => {
        if (from >= text.length || !/^(?:FencedCode|CodeBlock|InlineCode)$/.test(name)) return;
        spans.push({ start: start + from, end: start + to });
      },
    });
  }
  return spans;
}

/** As two labels of one link compare: "[Foo\n bar]" and "[foo bar]". */
export function normalLabel(label: string): string {
  return label.slice(1, -1).trim().replace(/\s+/gu, ' ').toLowerCase();
}

/** Signs of dialects; the lengths bound the work where one is opened and never closed. */
const SIGN = new RegExp(
  [
    /(?<!\d)%%/,
    /<!--/,
    /<[a-z]{1,10}(?:\s[\w-]{1,30}(?:=(?:"[^"<>]{0,300}"|'[^'<>]{0,300}'|[^\s"'<>]{1,100}))?){0,9}\s(?:hidden(?=[\s=>])|style=["'][^"'<>]{0,200}(?:display\s?:\s?none|visibility\s?:\s?hidden))[^<>]{0,300}>/,
    /\{%-?\s{0,9}comment\b[^%\n]{0,99}%\}/,
    /!?\[\[[^[\]\n]{1,300}\]\](?![([:])/,
    /\{\{[<%/](?:[^}]|\}(?!\})){0,300}\}\}/,
    /\{%[^%\n]{0,300}%\}/,
    // Attributes at the end of a line, and the fence of a container with its kind.
    /\{[:#.][^}\n]{1,200}\}(?=[^\S\n]{0,9}$)/,
    /^[^\S\n]{0,99}(?::{3,}[^\S\n]{0,9}[\w-]{0,60}|(?:!!!|\?\?\?\+?)[^\S\n]{1,9}[\w-]{1,60})/,
    /\^[\w-]{1,60}(?=[^\S\n]{0,9}$)/,
    /\[![A-Za-z][\w-]{0,40}\][+-]?/,
    /(?<![\w=])==(?=[^\s=])[^=\n]{1,300}(?<=[^\s=])==(?![\w=])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gmu',
);
/** What ends a comment, by the two characters that it begins with. A hidden element ends with its tag. */
const ENDS_OF_COMMENTS: Readonly<Record<string, RegExp>> = {
  '%%': /%%/g,
  '<!': /-->/g,
  '{%': /\{%-?\s*endcomment\s*-?%\}/g,
};

/**
 * Markup of note programs and site generators that CommonMark reads as text: comments, wiki links, embedded files,
 * callouts, block ids, highlights, shortcodes. It is blanked before the parser reads the body: each character of it
 * becomes one that blocks drop, so every other character keeps its offset.
 *
 * @param body of a Markdown file, without its front matter
 * @param code spans of code in it, in ascending order; nothing in them is markup
 * @param bodyStart offset of `body` in the decoded file, to which the spans left out refer
 */
export function withoutDialects(body: string, code: readonly Span[], bodyStart: number) {
  const blanks: [start: number, end: number][] = [];
  const leftOut: LeftOutSpan[] = [];
  const leaveOut = (start: number, end: number, why: string): void => {
    blanks.push([start, end]);
    leftOut.push({ start: bodyStart + start, end: bodyStart + end, why });
  };
  const unclosed = new Set<string>();
  let next = 0;
  const isCode = (offset: number): boolean => {
    while ((code[next]?.end ?? Infinity) <= offset) next += 1;
    return (code[next]?.start ?? Infinity) <= offset;
  };
  SIGN.lastIndex = 0;
  for (let found = SIGN.exec(body); found !== null; found = SIGN.exec(body)) {
    const [sign] = found;
    const start = found.index;
    if (isCode(start)) continue;
    const end = start + sign.length;
    if (/^(?:%%|<|\{%-?\s*comment)/.test(sign)) {
      const opening = /^<[a-z]+/i.exec(sign)?.[0].toLowerCase() ?? sign.slice(0, 2);
      const closing = unclosed.has(opening) ? null : endOfComment(opening, body, end);
      if (closing !== null) {
        leaveOut(start, closing, opening in ENDS_OF_COMMENTS ? 'a comment' : 'hidden');
        SIGN.lastIndex = closing;
        continue;
      }
      unclosed.add(opening);
      // Alone on its line it opens a comment that nobody closed; in a line it is text.
      const line = body.slice(end, end + 100);
      if (opening === '%%' && beginsLine(body, start) && /^[^\S\n]*(?:\n|$)/u.test(line)) {
        leaveOut(start, body.length, 'a comment without an end');
        break;
      }
    } else if (sign.startsWith('![[')) {
      leaveOut(start, end, 'an embedded file');
    } else if (sign.startsWith('[[')) {
      // "array[0][[1]]" and footnotes are not links.
      if (/\w/.test(body.charAt(start - 1)) || sign.startsWith('[[^')) continue;
      blanks.push(...markupOfLink(sign, start));
    } else if (/^\{[{%]/.test(sign)) {
      leaveOut(start, end, 'a shortcode');
    } else if (sign.startsWith('==')) {
      blanks.push([start, start + 2], [end - 2, end]);
    } else if (
      (!sign.startsWith('[') || opensCallout(body, start)) &&
      (!sign.startsWith('^') || isBlockId(sign, body, start))
    ) {
      blanks.push([start, end]);
    }
  }
  return { text: blanked(body, blanks), leftOut };
}

/** Offset behind the end of a comment; null where it has none. */
function endOfComment(opening: string, body: string, from: number): number | null {
  const closing = ENDS_OF_COMMENTS[opening] ?? new RegExp(`</${opening.slice(1)}\\s*>`, 'gi');
  closing.lastIndex = from;
  return closing.test(body) ? closing.lastIndex : null;
}

/** Whether only marks of quotations are before `[!note]` on its line. */
function opensCallout(body: string, start: number): boolean {
  return /(?:^|\n)[>\s]*>\s*$/.test(body.slice(Math.max(0, start - 100), start));
}

function beginsLine(body: string, start: number): boolean {
  return /(?:^|\n)[^\S\n]*$/.test(body.slice(Math.max(0, start - 100), start));
}

/** Whether `^word` at the end of a line is the id of a block: apart from the text, and no exponent. */
function isBlockId(sign: string, body: string, start: number): boolean {
  return /[A-Za-z]/.test(sign) && (start === 0 || /\s/.test(body.charAt(start - 1)));
}

/** All of `[[page#part|label]]` but its label; without one, all but the page and the part. */
function markupOfLink(sign: string, start: number): [number, number][] {
  const part = sign.indexOf('#');
  // In a table the bar before the label is escaped.
  const opening = sign.includes('|') ? sign.indexOf('|') + 1 : part === 2 ? 3 : 2;
  const isPartOfPage = part > 2 && opening === 2;
  const closing = sign.startsWith('[[#^') ? opening : isPartOfPage ? part : sign.length - 2;
  return [
    [start, start + opening],
    [start + closing, start + sign.length],
  ];
}

function blanked(body: string, blanks: readonly (readonly [number, number])[]): string {
  if (blanks.length === 0) return body;
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of blanks) {
    if (start < from) continue;
    parts.push(body.slice(from, start), body.slice(start, end).replace(/[^\r\n]/g, BLANK));
    from = end;
  }
  parts.push(body.slice(from));
  // A line of nothing else is an empty line, which ends a paragraph.
  return parts
    .join('')
    .replace(/^[^\S\n]*\u2060[\u2060 \t]*$/gmu, (line) => ' '.repeat(line.length));
}
