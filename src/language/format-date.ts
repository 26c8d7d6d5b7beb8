import { MONTHS } from './dates.ts';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * An ISO date in English words: "January 12, 2024", or with its weekday "Friday, January 12, 2024". Anything else is
 * returned unchanged.
 */
export function dateInWords(
  iso: string,
  { weekday = false }: { readonly weekday?: boolean } = {},
): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso) ?? [];
  const monthName = MONTHS[Number(month) - 1];
  const weekdayName = WEEKDAYS[new Date(iso).getUTCDay()];
  if (year === undefined || monthName === undefined || weekdayName === undefined) return iso;
  return `${weekday ? `${weekdayName}, ` : ''}${monthName} ${Number(day)}, ${year}`;
}
