/**
 * Removes what a saved page has besides its text: navigation, share buttons, bylines, captions, adverts, pull quotes.
 * None of it may be quoted. Only whole blocks are removed, by the form of the line; a doubtful line stays, because an
 * odd passage does less harm than a lost one.
 */
import { isDateline } from '../../language/dates.ts';
import type { Block } from './block.ts';

const SHARE_WORDS =
  /^(?:share|tweet|e-?mail|print|save|for|later|copy|link|facebook|twitter|x|linkedin|line|whatsapp|telegram|pinterest|reddit|instagram|youtube|bluesky|threads|pocket|hatena|this|on|article|page|story|via|and|post|send|like|pin|it|to|a|friend|comments?|bookmark|listen|gift|full|screen|rss|follow|us)$/i;

/** Forms of boilerplate lines of at most `SHORT` characters. */
const SIGNS: readonly RegExp[] = [
  /^(?:back|return|go(?: back)?|jump|up) to\b[^.]*$/i,
  /^skip to\b/i,
  /^[>»▶►→\s]*(?:read (?:more|also|next|on|the full|our)|related(?:$|:| (?:articles?|stories|links?|content|posts?|topics?|pages?|news))|see also|also read|more (?:from|on|stories|news|about)|recommended(?:$|:| )|you (?:may|might) also|most (?:read|popular|viewed)|trending|latest (?:news|stories)|(?:story|article) continues|continue reading|don['’]t miss|editor['’]s picks?|what to read next|up next|watch(?: now)?:|listen(?: now)?:|click here|learn more|show more|load more|view (?:all|more|gallery)|table of contents$|contents$|on this page$|in this (?:article|story)$)/i,
  /^(?:previous|next)(?:$| (?:article|post|page|story))/i,
  /^(?:advertisement|advertising|sponsored|promoted|ad)\b[^.]{0,30}$/i,
  /^(?:subscribe|sign up|sign in|log ?in|log ?out|register|join us|follow us|download (?:the|our) app|get the app|support (?:us|our)|donate|become a member|create an account)\b/i,
  /\b(?:newsletter|our (?:telegram |youtube |whatsapp )?channel)s?\b[^.]{0,40}$/i,
  /^(?:comments?(?:$|\s*\(|:)|\d+ comments?$|leave a (?:comment|reply)|post a comment|no comments)/i,
  /^(?:menu|search|home|close|open menu|toggle navigation|navigation|main menu|site map|sitemap|contact(?: us)?|about us|breadcrumbs?|font size\b.*|text size\b.*|change font\b.*|language\b.{0,40}|english|日本語|tags?:.*|keywords:.*|topics?:.*|categor(?:y|ies):.*|filed under\b.*|more)$/i,
  /^(?:©|\(c\)\s|copyright\b)/i,
  /\b(?:all rights reserved|terms (?:of (?:use|service)|and conditions)|privacy policy|cookie policy|legal (?:matters|notice)|about this (?:web)?site)\b/i,
  /\bprovisional (?:english )?(?:rendering|translation|version)\b|\bfor reference purposes? only\b/i,
  /^(?:by|text by|words by|written by|reported by|reporting by|report by|edited by|editing by|author|authors|photos? by|source|from our)(?::\s|\s)(?=[^.!?]*$)(?:\S+\s*){1,14}$/i,
  /^(?:reporting|additional reporting|writing|editing) by\b/i,
  /^(?:published|updated|posted|last (?:updated|modified)|first published|issued|created|reading time|date)\b(?:\s*(?:on|at))?\s*[:\s]\s*(?=[^.!?]*$)/i,
  /^\d+[- ]min(?:ute)?s?(?: read)?$/i,
  /^(?:photo|photograph|image|picture|photo caption|caption|file photo|video|graphic|illustration|credit|photo credit|pictured)s?\b\s*(?:[:(/]|by\b|caption\b|courtesy\b)/i,
  /\((?:photo|image|picture|file photo|handout|©|ap photo)[^()]{0,60}\)\.?$/i,
  /[.!?]["”’)]*\s*\((?:file|ap|afp|reuters|kyodo|getty|jiji|pool)\b[^()]{0,40}\)$/i,
  /(?:\bgetty images|\bAP photo|\/\s?(?:afp|reuters|kyodo|pool|jiji|ap))\W*$/i,
];
/** UTF-16 characters. Captions and bylines are short; a longer line that looks like one is running text. */
const SHORT = 240;

/** Lines after which short lines are links to other pages. */
const OPENS_LIST_OF_LINKS =
  /^[>»\s]*(?:related|read (?:more|also|next)|see also|also read|recommended|most (?:read|popular|viewed)|trending|latest (?:news|stories)|more (?:from|on|stories|news)|you (?:may|might) also|editor['’]s picks?|links?$|tags?$|share(?: this)?(?:$|:)|follow us)/i;

/** Whether a line is boilerplate by its form. */
export function isBoilerplateLine(text: string): boolean {
  if (isCookieNotice(text)) return true;
  if (text.length > SHORT) return false;
  if (!/[\p{L}\p{N}]/u.test(text)) return true;
  return isNavigation(text) || isShareLine(text) || SIGNS.some((sign) => sign.test(text));
}

function isCookieNotice(text: string): boolean {
  return (
    text.length < 500 &&
    /\bcookies?\b/i.test(text) &&
    /\b(?:accept|consent|we use|uses? cookies|preferences|settings|cookie policy|this (?:web)?site)\b/i.test(
      text,
    )
  );
}

/** "Home > World > Europe", "Facebook · X · LINE", "Previous article | Next article". */
function isNavigation(text: string): boolean {
  const parts = text
    .split(/\s+[>»›→/]\s+|\s*[|•·]\s*|\s+-\s+(?=\p{Lu})/u)
    .filter((part) => part !== '');
  if (parts.length < 2 || /[.!?]["”’)]*$/u.test(text)) return false;
  const separators = /\s[>»›]\s|[|•·]/u.test(text.slice(1));
  if (!separators) return false;
  return (
    parts.every((part) => part.split(' ').length <= 6) &&
    (parts.length >= 3 || /[|>»›·]/u.test(text))
  );
}

function isShareLine(text: string): boolean {
  const words = text.match(/[\p{L}\p{N}-]+/gu) ?? [];
  if (words.length === 0 || words.length > 14) return false;
  if (/^share (?:this|on|via|article)\b/i.test(text)) return true;
  const known = words.filter((word) => SHARE_WORDS.test(word));
  return (
    known.length === words.length &&
    /share|tweet|print|e-?mail|copy link|facebook|listen|follow/i.test(text)
  );
}

/** The words of a line without its list number, to compare copies of one line. */
function comparable(text: string): string {
  return text
    .toLowerCase()
    .replace(/^\W*(?:\d{1,2}|[ivx]{1,4})[.)\]]\s+/u, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * Blocks without boilerplate and repeated lines: pull quotes of the running text, entries of a table of contents,
 * paragraphs that occur twice. Datelines stay, because they belong to the passage that they begin.
 */
export function withoutBoilerplate(blocks: readonly Block[]): Block[] {
  const kept: Block[] = [];
  let inLinks = false;
  for (const block of blocks) {
    const { text, kind } = block;
    if (kind === 'caption') continue;
    const isLinkish = text.length < 120 && !/[.!?]["”’)]*$/u.test(text) && !isDateline(text);
    if (OPENS_LIST_OF_LINKS.test(text) && text.length < 120) {
      inLinks = !text.includes(': ') && (kind === 'heading' || text.split(' ').length <= 5);
      continue;
    }
    if (kind === 'heading' || !isLinkish) inLinks = false;
    if (inLinks) continue;
    if (kind !== 'row' && kind !== 'code' && !isDateline(text) && isBoilerplateLine(text)) continue;
    kept.push(block);
  }
  return withoutRepeats(kept);
}

function withoutRepeats(blocks: readonly Block[]): Block[] {
  const lines = blocks.map(({ text }) => comparable(text));
  const last = new Map<string, number>();
  for (const [index, words] of lines.entries()) last.set(words, index);
  const seen = new Set<string>();
  const long = lines.filter((words) => words.length > 45).map((words) => ` ${words} `);
  const titleIndex = blocks.findIndex(({ text }) => !isDateline(text));
  return blocks.filter((block, index) => {
    const words = lines[index] ?? '';
    const isShort = block.text.length < 120;
    const isLine = isShort && !/[.!?]["'”’)]*$/u.test(block.text);
    const isFirst = !seen.has(words);
    seen.add(words);
    if (block.kind === 'heading' || block.kind === 'row') return true;
    // A line that occurs again below is an entry of a table of contents.
    if (isLine && index !== titleIndex && (last.get(words) ?? index) > index) return false;
    if (words.length > 30 && !isFirst && !isLine) return false;
    // A pull quote ends a sentence or has quotation marks; a line without either may be a heading.
    const fewestWords = isLine && !/^["“«]/u.test(block.text) ? 9 : 4;
    const isQuotable = block.text.length < 300 && words.split(' ').length >= fewestWords;
    if (!isQuotable || index === titleIndex) return true;
    return !long.some((text) => text.length > words.length + 12 && text.includes(` ${words} `));
  });
}
