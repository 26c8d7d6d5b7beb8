/** Takes out of a text what could tell who wrote it or whom it is about: the journal must not keep it. */

/** Discord's mentions of users, roles and channels, and names after an @. */
const MENTION = /<(?:@[!&]?|#)\d+>|(?<![\p{L}\p{N}])@[\p{L}\p{N}_.-]{2,}/gu;
/** The part before the @ has at most 64 characters (RFC 5321), which bounds the work on text without any. */
const MAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** Digits of any script in groups, as telephone numbers are written. */
const DIGITS =
  /(?<![\p{L}\p{N}])[+(]?\p{Nd}(?:[ ().\-/\u2010-\u2015]{0,2}\p{Nd})+(?![\p{L}\p{N}])/gu;
/** The shortest national number is written with seven digits, "555-0123"; longer ones need no separator. */
const FEWEST_DIGITS = 9;
const SHORT_NUMBER = /^\p{Nd}{3}[-.]\p{Nd}{4}$/u;
/** "2024-01-12", "12/01/2024", "1 000 000": dates, spans of years and amounts are what questions are about. */
const DATE =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}[-/ \u2010-\u2015]+\d{4})$/;
const AMOUNT = /^\d{1,3}(?:[ .]\d{3})+$/;

export function scrubbed(text: string): string {
  return text
    .replace(MAIL, '[mail]')
    .replace(MENTION, '[name]')
    .replace(DIGITS, (found) => (isTelephone(found) ? '[number]' : found));
}

function isTelephone(written: string): boolean {
  if (DATE.test(written) || AMOUNT.test(written)) return false;
  const digits = written.match(/\p{Nd}/gu)?.length ?? 0;
  return digits >= FEWEST_DIGITS || written.startsWith('+') || SHORT_NUMBER.test(written);
}
