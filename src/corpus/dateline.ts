import { daysIn } from './dates.ts';

const WEEKDAY = /\b(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b\.?/gi;
const TIME =
  /\b\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?\s?m\b\.?|hrs?\b|(?:local|Japan) time)|\b\d{1,2}:\d{2}\b|\b(?:JST|GMT|UTC|EST|ET|CET|EET)\b/gi;

/**
 * True for a line of its own that says when, and perhaps where: "Friday, January 12, 2024, 3:47 p.m.,
 * Washington, D.C.". A title that ends in a date is none.
 */
export function isDateline(text: string): boolean {
  if (text.length > 110) return false;
  const [day] = daysIn(text);
  if (day === undefined) return false;
  const lead = text.slice(0, day.start).replace(WEEKDAY, '').replace(TIME, '');
  const leadWords = lead.match(/[\p{L}\p{N}]+/gu) ?? [];
  // Before the date only a place ("KYIV, Ukraine, Jan. 7"), with its comma.
  if (leadWords.length > 3 || (leadWords.length > 0 && !/[,(:–—-]\s*$/u.test(lead))) return false;
  const rest = text.slice(day.end).replace(WEEKDAY, '').replace(TIME, '');
  const restWords = rest.match(/[\p{L}\p{N}]+/gu) ?? [];
  return (
    restWords.length <= 5 &&
    !restWords.some(
      (word) => /^\p{Ll}{2,}$/u.test(word) && !/^(?:local|time|at|in|the|of)$/.test(word),
    )
  );
}
