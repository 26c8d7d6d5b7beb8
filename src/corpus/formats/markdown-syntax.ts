/**
 * The grammar of Markdown: Lezer's, with tables, task lists, strikethrough and footnotes. Its time is linear in the length
 * of ordinary texts, and its tree has the offsets of every mark.
 */
import type { Tree } from '@lezer/common';
import {
  parser,
  Strikethrough,
  Table,
  TaskList,
  type BlockContext,
  type Line,
  type MarkdownConfig,
} from '@lezer/markdown';

const FOOTNOTE_MARK = /^\[\^([^\]\s]{1,200})\]/;
export const FOOTNOTE_OPENING = /^\[\^([^\]\s]{1,200})\]:/;

/** Footnote marks, and definitions as containers of blocks that go on while lines are indented. */
const Footnotes: MarkdownConfig = {
  defineNodes: [
    {
      name: 'FootnoteDefinition',
      block: true,
      composite: (_context: BlockContext, line: Line) =>
        line.next < 0 || line.indent >= line.baseIndent + 4,
    },
    { name: 'FootnoteLabel' },
    { name: 'FootnoteMark' },
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
/** The parser for a body with such a block: the marks are text. */
const BLOCKS_ONLY = MARKDOWN.configure({
  remove: ['Emphasis', 'Strikethrough', 'Link', 'LinkEnd', 'Image', 'InlineCode', 'HTMLTag'],
});

function hasTooManyMarks(body: string): boolean {
  return body.split(/\n[ \t>]*\n/).some((block) => {
    if (block.length <= MOST_MARKS) return false;
    let marks = 0;
    for (let i = 0; i < block.length; i++) if ('*_~[]`<'.includes(block.charAt(i))) marks += 1;
    return marks > MOST_MARKS && marks * 20 > block.length;
  });
}

const DEFINITION = /^[ \t>]{0,40}(\[[^[\]\n]{1,300}\]):/gm;
/** Brackets with plain words, which are no link by themselves. */
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
  const labels = new Set<string>();
  for (const [, label = ''] of body.matchAll(DEFINITION)) labels.add(normalLabel(label));
  return labels;
}

/** @returns a parser for texts with the labels and the marks of `body` */
export function parserFor(body: string, labels: ReadonlySet<string>): (text: string) => Tree {
  const markdown = hasTooManyMarks(body)
    ? BLOCKS_ONLY
    : MARKDOWN.configure(bracketsWithout(labels));
  return (text) => markdown.parse(text);
}

/** As two labels of one link compare: "[Foo\n bar]" and "[foo bar]". */
export function normalLabel(label: string): string {
  return label.slice(1, -1).trim().replace(/\s+/gu, ' ').toLowerCase();
}
