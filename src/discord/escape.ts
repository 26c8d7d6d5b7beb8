/**
 * Text of the corpus and of users, made harmless: shown letter for letter, never as markdown, mention, link,
 * emoji or invisible trick. Escaping is undone exactly by `plainOf`, which lets a button read a question back
 * from the message it hangs on.
 */

/** Line and paragraph separators count as line feeds. */
const LINE_ENDS = /\r\n?|[\u2028\u2029\u0085]/g;
/**
 * Characters that show nothing or turn the direction of what follows: zero-width, bidirectional controls,
 * fillers, tags, annotations and control characters except tab and line feed.
 */
const INVISIBLE =
  /(?![\t\n])[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2800\ufff9-\ufffb]/gu;
/** More marks on one letter than any script needs; they paint over the lines around. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** What Discord's markdown could act on inside a line. */
const ACTIVE = /[\\*_~`|<[\]@]|:(?=\/\/|[^\s:]+:)|\.(?=gg\/)/g;
/** What it acts on at the start of a line: headings, quotes, lists, small print. */
const ACTIVE_AT_START = /^([ \t]*)([#>+-]|\d+(?=\.))/gm;
const ESCAPED = /\\([^0-9A-Za-z\s])/g;

/** The text without characters that show nothing or deceive. Line feeds stay. */
export function visible(text: string): string {
  return text.replace(LINE_ENDS, '\n').replace(INVISIBLE, '').replace(STACKED_MARKS, '$1');
}

/** As `visible`, on one line. */
export function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim();
}

/** The visible text with everything that Discord would act on escaped. */
export function inert(text: string): string {
  return visible(text)
    .replace(ACTIVE, '\\$&')
    .replace(ACTIVE_AT_START, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    );
}

/** As `inert`, on one line. */
export function inertLine(text: string): string {
  return inert(oneLine(text));
}

/** Undoes `inert`: `plainOf(inert(text)) === visible(text)`. */
export function plainOf(escaped: string): string {
  return escaped.replace(ESCAPED, '$1');
}

/** Cuts a text to a length at a word's end where there is one near, with an ellipsis for what is gone. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const room = text.slice(0, Math.max(0, length - 1));
  const space = room.lastIndexOf(' ');
  const cut = space > length * 0.6 ? room.slice(0, space) : room;
  // Half of a surrogate pair is no character.
  return `${cut.replace(/[\ud800-\udbff]$/, '').trimEnd()}…`;
}

/** An address that is safe to link to, normalised; null for any other scheme, or one longer than `length`. */
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
