import type { CitedSource } from '../../answer/types.ts';
import { longDate, type Locale } from '../dates.ts';
import { clip, inertLine, oneLine, safeUrl } from '../escape.ts';
import { BUTTON_URL } from '../limits.ts';
import type { Texts } from '../texts/index.ts';

const TITLE = 110;
const PUBLISHER = 60;

/** Title, publisher, date and kind of a source on one line, with its link where asked for and safe. */
export function sourceLine(
  source: CitedSource,
  { texts, locale, linked }: { texts: Texts; locale: Locale; linked: boolean },
): string {
  return [titleOf(source, linked), ...detailsOf(source, { texts, locale })].join(' · ');
}

/** The same as an entry of a list: the title with its link, and the rest small below it. */
export function sourceEntry(
  source: CitedSource,
  { texts, locale }: { texts: Texts; locale: Locale },
): string {
  return `${titleOf(source, true)}\n-# ${detailsOf(source, { texts, locale }).join(' · ')}`;
}

function titleOf(source: CitedSource, linked: boolean): string {
  const title = inertLine(clip(oneLine(source.title), TITLE)) || inertLine(source.id);
  const url = linked ? safeUrl(source.url, BUTTON_URL) : null;
  return url === null ? `**${title}**` : `[${title}](<${url}>)`;
}

function detailsOf(
  source: CitedSource,
  { texts, locale }: { texts: Texts; locale: Locale },
): string[] {
  return [
    inertLine(clip(oneLine(source.publisher), PUBLISHER)),
    source.published === null ? texts.undated : inertLine(longDate(source.published, locale)),
    texts.sourceKind(source.kind),
  ].filter((part) => part !== '');
}

/** As many items as fit `budget` characters, then how many were left out. At least the first, if any fits at all. */
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

/** Shares `total` among needs so that small needs are met whole and large ones share the rest evenly. */
export function shares(needs: readonly number[], total: number): number[] {
  const granted = needs.map(() => 0);
  let left = total;
  const ascending = needs.map((need, at) => ({ need, at })).sort((a, b) => a.need - b.need);
  ascending.forEach(({ need, at }, done) => {
    const grant = Math.max(0, Math.min(need, Math.floor(left / (ascending.length - done))));
    granted[at] = grant;
    left -= grant;
  });
  return granted;
}
