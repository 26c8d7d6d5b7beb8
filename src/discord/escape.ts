/**
 * Text of documents and users, escaped for Discord: shown letter for letter, never as Markdown, mention, link or
 * emoji, and without invisible characters. `unescapeMarkdown` undoes the escaping exactly, so that a button can read
 * a question from its message.
 */

/** Line and paragraph separators count as line feeds. */
const LINE_ENDS = /\r\n?|[\u2028\u2029\u0085]/g;
/** Letters and marks of the scripts in which a joiner after them changes the form of the letters. */
const JOINED_SCRIPTS = ['Arab', 'Syrc', 'Mong', 'Nkoo', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya']
  .concat('Taml', 'Telu', 'Knda', 'Mlym', 'Sinh', 'Khmr', 'Mymr', 'Tibt')
  .map((script) => `\\p{scx=${script}}`)
  .join('');
/** A joiner that text needs (U+200C, U+200D): in those scripts, and between the parts of an emoji; its presentation. */
const NEEDED = [
  `(?<=[${JOINED_SCRIPTS}])[\\u200c\\u200d]`,
  '(?<=[\\p{ExtPict}\\p{EMod}\\ufe0f])\\u200d(?=\\p{ExtPict})',
  '(?<=\\p{ExtPict})\\ufe0f',
].join('|');
/**
 * Characters that show nothing or change the direction of the text after them: zero-width characters, bidirectional
 * controls, fillers, tags, annotations, and control characters except tab and line feed.
 */
const INVISIBLE = new RegExp(
  `(?!${NEEDED})(?![\\t\\n])` +
    '[\\p{Default_Ignorable_Code_Point}\\p{Cc}\\p{Cs}\\p{Noncharacter_Code_Point}\\u2800\\ufff9-\\ufffb]',
  'gu',
);
/** More combining marks on one letter than any script needs; they would cover the lines above and below. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** What Discord treats as Markdown inside a line. */
const MARKDOWN = /[\\*_~`|<[\]@]|:(?=\/\/|[^\s:]+:)|\.(?=gg\/|com\/invite\/)|(?<=\bwww)\./gi;
/** What it treats as Markdown at the start of a line: headings, quotations, lists, small print. */
const MARKDOWN_AT_START = /^([ \t]*)([#>+-]|\d+(?=\.))/gm;
const ESCAPED = /\\([^0-9A-Za-z\s])/g;

/** The text without invisible characters. Line feeds stay. */
export function visible(text: string): string {
  return text.replace(LINE_ENDS, '\n').replace(INVISIBLE, '').replace(STACKED_MARKS, '$1');
}

/** The visible text on one line. */
export function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim();
}

/** The visible text with all Markdown escaped. */
export function escapeMarkdown(text: string): string {
  return visible(text)
    .replace(MARKDOWN, '\\$&')
    .replace(MARKDOWN_AT_START, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    );
}

/** Undoes `escapeMarkdown`: `unescapeMarkdown(escapeMarkdown(text)) === visible(text)`. */
export function unescapeMarkdown(escaped: string): string {
  return escaped.replace(ESCAPED, '$1');
}

/** The text escaped on one line, cut to a length before escaping. */
export function escapeLine(text: string, length = Infinity): string {
  return escapeMarkdown(clip(oneLine(text), length));
}

/** Cuts a text to a length, between words where possible, with an ellipsis for what is left out. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const room = text.slice(0, Math.max(0, length - 1));
  const space = room.lastIndexOf(' ');
  const cut = space > length * 0.6 ? room.slice(0, space) : room;
  // Half of a surrogate pair is no character.
  return `${cut.replace(/[\ud800-\udbff]$/, '').trimEnd()}…`;
}

/** An http or https address as a link target; null for any other, or for one longer than `length` characters. */
export function safeUrl(address: string, length: number): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '') return null;
  // Brackets and angle brackets would end a masked link early.
  const href = url.href.replace(
    /[()<>\\]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return href.length <= length ? href : null;
}
