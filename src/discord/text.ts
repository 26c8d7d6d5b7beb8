/**
 * Text as a reader of Discord sees it: the fixed texts and dates in his language (ISO dates come in), and text of documents
 * and users, cut to a length and escaped: shown letter for letter, never as Markdown, mention, link or
 * emoji, and without invisible characters. `unescapeMarkdown` undoes the escaping exactly, so that a button can read
 * a question from its message.
 */
import { sentencesOf } from '../corpus/sentences.ts';
import { en, type Texts } from './texts/en.ts';
import { ja } from './texts/ja.ts';

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

export function visible(text: string): string {
  return text.replace(LINE_ENDS, '\n').replace(INVISIBLE, '').replace(STACKED_MARKS, '$1');
}

export function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim();
}

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

/** In small print; nothing for an empty text. */
export function small(text: string): string {
  return text === '' ? '' : `-# ${text}`;
}

/** The texts that are not empty, joined. */
export function joinTexts(texts: readonly string[], separator: string): string {
  return texts.filter((text) => text !== '').join(separator);
}

/** Cuts a text to a length, between words where possible, with an ellipsis for what is left out. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const room = text.slice(0, Math.max(0, length - 1));
  const space = room.lastIndexOf(' ');
  const cut = space > length * 0.6 ? room.slice(0, space) : room;
  // Half of a surrogate pair is not a character.
  return `${cut.replace(/[\ud800-\udbff]$/, '').replace(/[\s,;:·、]+$/u, '')}…`;
}

/** An http or https address as a link target; null for any other, or for one longer than `length` characters. */
export function safeUrl(address: string, length: number): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '') return null;
  // Brackets and angle brackets would end a masked link early.
  const href = url.href.replace(/[()<>\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return href.length <= length ? href : null;
}

type Range = readonly [start: number, end: number];

/**
 * The part of a text to show when a quotation of the whole takes more than `budget` characters: the `highlight`, then
 * whole sentences around it, alternating between those after and before. A single sentence longer than the budget is
 * cut between words. The text itself never changes.
 */
export function stretchWithin(text: string, highlight: Range | null, budget: number) {
  // Characters that a part of the text takes as a quotation.
  const fits = (start: number, end: number): boolean =>
    quotation(text.slice(start, end), within(highlight, start, end)).length <= budget;
  if (fits(0, text.length)) return stretch(text, 0, text.length);
  const sentences = sentencesOf(text);
  const [first] = sentences;
  let [start, end] = highlight ?? [first?.start ?? 0, first?.end ?? text.length];
  if (!fits(start, end)) {
    const cut = cutBetweenWords(text, start, end, (at) => fits(start, at));
    return stretch(text, start, cut);
  }
  const after = sentences.filter((sentence) => sentence.start >= end);
  const before = sentences.filter((sentence) => sentence.end <= start);
  // Whole sentences only: one that does not fit ends the growth on its side.
  while (after.length > 0 || before.length > 0) {
    const next = after.shift();
    if (next !== undefined && fits(start, next.end)) end = next.end;
    else after.length = 0;
    const previous = before.pop();
    if (previous !== undefined && fits(previous.start, end)) start = previous.start;
    else before.length = 0;
  }
  return stretch(text, start, end);
}

/**
 * A text as Discord's quotation, with stretches of it in bold: `> ` before each line, the words escaped. Without this
 * markup it is the text letter for letter, except for invisible characters.
 */
export function quotation(text: string, bold: readonly Range[]): string {
  let at = 0;
  let quoted = '';
  for (const [from, to] of bold) {
    quoted += escapeMarkdown(text.slice(at, from)) + inBold(escapeMarkdown(text.slice(from, to)));
    at = to;
  }
  quoted += escapeMarkdown(text.slice(at));
  return `> ${quoted.replaceAll('\n', '\n> ')}`;
}

/** Bold ends with the line, and cannot begin or end with a space. */
function inBold(escaped: string): string {
  return escaped.replace(/[^\s](?:[^\n]*[^\s])?/g, '**$&**');
}

function stretch(text: string, start: number, end: number) {
  return {
    start,
    end,
    cutBefore: text.slice(0, start).trim() !== '',
    cutAfter: text.slice(end).trim() !== '',
  };
}

/** A range of a text as a range of its part; none where they do not meet. */
export function within(range: Range | null, start: number, end: number): Range[] {
  if (range === null || range[0] >= end || range[1] <= start) return [];
  return [[Math.max(range[0], start) - start, Math.min(range[1], end) - start]];
}

/** The last place before `end` where a part from `start` may be cut. */
function cutBetweenWords(
  text: string,
  start: number,
  end: number,
  fits: (cut: number) => boolean,
): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  const space = text.lastIndexOf(' ', low);
  const cut = space > start + (low - start) / 2 ? space : low;
  // Half of a surrogate pair is not a character.
  return /[\ud800-\udbff]/.test(text.charAt(cut - 1)) ? cut - 1 : cut;
}

/** As many items as fit `budget` characters, then the number of those left out; empty where not even that fits. */
export function joinWithin(
  items: readonly string[],
  separator: string,
  { budget, rest }: { budget: number; rest: (left: number) => string },
): string {
  for (let kept = items.length; kept > 0; kept--) {
    const left = items.length - kept;
    const joined = [...items.slice(0, kept), ...(left === 0 ? [] : [rest(left)])].join(separator);
    if (joined.length <= budget) return joined;
  }
  const none = rest(items.length);
  return items.length > 0 && none.length <= budget ? none : '';
}

export type { Texts };

export type Locale = 'en' | 'ja';

/** Discord sends `ja`, `en-GB`, `pt-BR`; readers of any other language get English. */
export function localeOf(discordLocale: string | undefined): Locale {
  return discordLocale?.toLowerCase().split('-')[0] === 'ja' ? 'ja' : 'en';
}

export function textsIn(locale: Locale): Texts {
  return locale === 'ja' ? ja : en;
}

/** The commands that texts point to. */
export type Mentioned = 'ask' | 'meeting' | 'tour' | 'sources' | 'about' | 'help';

/** Names of commands as readers can tap them: `</ask:ID>`, with Discord's ids once they are known. */
export class CommandMentions {
  readonly #ids = new Map<string, string>();

  learn(registered: readonly { readonly id: string; readonly name: string }[]): void {
    for (const { id, name } of registered) this.#ids.set(name, id);
  }

  /** The name in code where the id is not known. */
  of(name: Mentioned, locale: Locale): string {
    const id = this.#ids.get(name);
    return id === undefined ? `\`/${textsIn(locale).commands[name].name}\`` : `</${name}:${id}>`;
  }
}

const TAGS: Readonly<Record<Locale, string>> = { en: 'en-GB', ja: 'ja-JP' };

/** Formats ISO dates, and returns anything else unchanged. Making a formatter takes longer than a thousand uses of it. */
function dateFormat(options: Intl.DateTimeFormatOptions): (iso: string, locale: Locale) => string {
  const formatters: Partial<Record<Locale, Intl.DateTimeFormat>> = {};
  return (iso, locale) => {
    const time = Date.parse(`${iso}T00:00:00Z`);
    if (Number.isNaN(time)) return iso;
    formatters[locale] ??= new Intl.DateTimeFormat(TAGS[locale], { ...options, timeZone: 'UTC' });
    return formatters[locale].format(time);
  };
}

/** "12 January 2024", "2024年1月12日". */
export const longDate = dateFormat({ day: 'numeric', month: 'long', year: 'numeric' });

/** "Friday 12 January 2024", "2024年1月12日金曜日". */
export const dayName = dateFormat({
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** "Fri", "金". */
export const weekdayName = dateFormat({ weekday: 'short' });

export const monthName = dateFormat({ month: 'short' });

export function dayOfMonth(iso: string): number {
  return Number(iso.slice(8, 10));
}

export function monthOf(iso: string): string {
  return iso.slice(0, 7);
}

/** A span of days, such as "5–18 January 2024" or 2024年1月5日〜18日. */
export function dateSpan(first: string, last: string, locale: Locale): string {
  if (first === last) return longDate(first, locale);
  if (monthOf(first) !== monthOf(last)) {
    return `${longDate(first, locale)}${locale === 'ja' ? '〜' : ' – '}${longDate(last, locale)}`;
  }
  return locale === 'ja'
    ? `${longDate(first, locale)}〜${dayOfMonth(last)}日`
    : `${dayOfMonth(first)}–${longDate(last, locale)}`;
}

/** An ISO time that Discord shows on the reader's clock: `f` date and time, `R` relative ("5 minutes ago"). */
export function timestamp(iso: string, style: 'f' | 'R' = 'f'): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? escapeLine(iso) : `<t:${Math.floor(time / 1000)}:${style}>`;
}

/** Mentions of users, roles and channels, emoji of servers, and times, as Discord writes them into a text. */
const DISCORD_MARK = '<(?:@[!&]?\\d+|#\\d+|a?:\\w+:\\d+|t:-?\\d+(?::\\w)?|id:\\w+)>';
const MARKS = new RegExp(DISCORD_MARK, 'g');
/** Left out, these would leave a space before punctuation. */
const MARKS_BEFORE_PUNCTUATION = new RegExp(`\\s*${DISCORD_MARK}(?=\\s*[,.;:!?、。？！])`, 'g');

/** Markdown that somebody wrote: starts of lines and fences, masked links, and marks around words. */
const MARKUP: readonly (readonly [RegExp, string])[] = [
  [/^[ \t]*(?:>>>|>|#{1,3}|-#|[-*])[ \t]+|^[ \t]*```\w*$|```/gm, ''],
  [/\[([^\][]+)\]\(<?https?:\/\/[^\s)]+\)/g, '$1'],
  [/(\*{2,3}|__|~~|\|\||`{1,2})(?=\S)([^\n]*?\S)\1/g, '$2'],
  // Neither "5*2 and 3*4" nor "a_name_of_a_file" is Markdown.
  [/(?<![\d*])\*(?=[^\s\d])([^*\n]*[^*\s])\*(?![\d*])/g, '$1'],
  [/(?<![\p{L}\p{N}_])_(?=\S)([^_\n]*[^_\s])_(?![\p{L}\p{N}_])/gu, '$1'],
];

/** What somebody wrote, on one line, as it is read: without mentions and the like, and without Markdown. */
export function withoutMarks(text: string): string {
  const left = text.replace(MARKS_BEFORE_PUNCTUATION, '').replace(MARKS, ' ');
  const plain = MARKUP.reduce((shown, [mark, words]) => shown.replace(mark, words), left);
  return oneLine(plain.replace(/^\s*[,;:、]/, ''));
}
