/**
 * Discord's Markdown as HTML: what its client shows of a text, as far as the bot uses it. Blocks: headings,
 * subtext, quotes, lists. Inside lines: bold, italic, underline, strike, spoiler, code, links, timestamps, escapes.
 */
export interface Reader {
  /** The client's language. */
  readonly locale: string;
  /** The reader's clock, as an IANA zone. */
  readonly timeZone: string;
  /** Milliseconds since 1970; "2 years ago" is counted from here. */
  readonly now: number;
}

const MARKS: readonly (readonly [mark: string, tag: string])[] = [
  ['**', 'b'],
  ['__', 'u'],
  ['~~', 's'],
  ['||', 'span'],
  ['*', 'i'],
  ['_', 'i'],
];

const ESCAPED = /^\\([!-/:-@[-`{-~])/;
const CODE = /^`([^`\n]+)`/;
/** A command to tap: `</sources:123>`. */
const COMMAND_MENTION = /^<\/([^:>]{1,100}):\d+>/;
const TIMESTAMP = /^<t:(-?\d+)(?::([tTdDfFR]))?>/;
const MASKED_LINK = /^\[((?:\\.|[^\]\\])+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/;
const BARE_LINK = /^<?(https?:\/\/[^\s<>]+)>?/;
const PLAIN = /^[\p{L}\p{N} ,.;]+/u;
const ITEM = /^[-*] /;

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function markdownHtml(text: string, reader: Reader): string {
  const lines = text.split('\n');
  const blocks: string[] = [];
  let at = 0;
  /** The following lines that a block takes, without what makes them its own. */
  const take = (own: RegExp): string[] => {
    const taken: string[] = [];
    for (let line = lines[at]; line !== undefined && own.test(line); line = lines[++at]) {
      taken.push(line.replace(own, ''));
    }
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const heading = /^(#{1,3}) (.+)/.exec(line);
    if (heading !== null) {
      const level = heading[1]?.length ?? 1;
      blocks.push(`<h${level}>${inlineHtml(heading[2] ?? '', reader)}</h${level}>`);
      at += 1;
    } else if (line.startsWith('-# ')) {
      blocks.push(`<small>${inlineHtml(line.slice(3), reader)}</small>`);
      at += 1;
    } else if (line.startsWith('> ')) {
      blocks.push(`<blockquote>${markdownHtml(take(/^> /).join('\n'), reader)}</blockquote>`);
    } else if (ITEM.test(line)) {
      const items: string[] = [];
      while (ITEM.test(lines[at] ?? '')) {
        const first = (lines[at] ?? '').replace(ITEM, '');
        at += 1;
        const item = [first, ...take(/^ {2}/)].join('\n');
        items.push(`<li>${markdownHtml(item, reader)}</li>`);
      }
      blocks.push(`<ul>${items.join('')}</ul>`);
    } else {
      blocks.push(`<p>${inlineHtml(line, reader)}</p>`);
      at += 1;
    }
  }
  return blocks.join('');
}

function inlineHtml(text: string, reader: Reader): string {
  let html = '';
  for (let rest = text; rest !== '';) {
    const [part, length] = span(rest, reader);
    html += part;
    rest = rest.slice(length);
  }
  return html;
}

/** The HTML of the first element of a text, and how many of its characters that is. */
function span(text: string, reader: Reader): readonly [html: string, length: number] {
  const plain = PLAIN.exec(text);
  if (plain !== null) return [escapeHtml(plain[0]), plain[0].length];
  const escaped = ESCAPED.exec(text);
  if (escaped !== null) return [escapeHtml(escaped[1] ?? ''), 2];
  const code = CODE.exec(text);
  if (code !== null) return [`<code>${escapeHtml(code[1] ?? '')}</code>`, code[0].length];
  const time = TIMESTAMP.exec(text);
  if (time !== null) {
    const shown = timestampText(Number(time[1]), time[2] ?? 'f', reader);
    return [`<time>${escapeHtml(shown)}</time>`, time[0].length];
  }
  const mention = COMMAND_MENTION.exec(text);
  if (mention !== null) {
    return [`<span class="command">/${escapeHtml(mention[1] ?? '')}</span>`, mention[0].length];
  }
  const masked = MASKED_LINK.exec(text);
  if (masked !== null) {
    return [`<a>${inlineHtml(masked[1] ?? '', reader)}</a>`, masked[0].length];
  }
  const bare = BARE_LINK.exec(text);
  if (bare !== null) return [`<a>${escapeHtml(bare[1] ?? '')}</a>`, bare[0].length];
  for (const [mark, tag] of MARKS) {
    const end = text.startsWith(mark) ? closing(text, mark) : -1;
    if (end < 0) continue;
    const inner = inlineHtml(text.slice(mark.length, end), reader);
    return [`<${tag}>${inner}</${tag}>`, end + mark.length];
  }
  const [first = ''] = text;
  return [escapeHtml(first), first.length];
}

/** Where the mark that opens a text closes again, beyond at least one character; -1 when it does not. */
function closing(text: string, mark: string): number {
  // "2 * 3 * 4" is arithmetic.
  if (mark === '*' && text[1] === ' ') return -1;
  for (let at = mark.length; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (at > mark.length && text.startsWith(mark, at)) return at;
  }
  return -1;
}

const TIME_STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
};

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 365.25 * 86_400],
  ['month', 30.44 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** A timestamp of Discord's Markdown as its client writes it. `seconds` since 1970. */
export function timestampText(seconds: number, style: string, reader: Reader): string {
  if (style === 'R') return relative(seconds - reader.now / 1000, reader.locale);
  const format = new Intl.DateTimeFormat(reader.locale, {
    ...(TIME_STYLES[style] ?? TIME_STYLES['f']),
    timeZone: reader.timeZone,
  });
  return format.format(seconds * 1000);
}

function relative(fromNow: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const [unit, length] = UNITS.find(([, each]) => Math.abs(fromNow) >= each) ?? ['second', 1];
  return format.format(Math.round(fromNow / length), unit);
}
