import { CARDINAL_WORDS, daysIn, monthAndDay, TENS_WORDS } from './dates.ts';
import type { AnswerKind } from './answer-kinds.ts';
import { stem, wordsOf } from './words.ts';

/** A time, a length, a sum or a number that a sentence states. */
export interface Value {
  /** As written. */
  readonly text: string;
  /** UTF-16 offsets into the sentence, half open. */
  readonly start: number;
  readonly end: number;
  /** What the number counts: values are compared within one unit. Null where the sentence leaves it out ("…, the UN three"). */
  readonly unit: string | null;
  /** Equal for equal values, however they are written: minutes, minutes after midnight, "01-12", a number. */
  readonly key: string;
}

const ONES = ['zero', ...CARDINAL_WORDS.slice(0, 19)];
const SCALES: Readonly<Record<string, number>> = {
  hundred: 100,
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
};
const WORD = [
  ...TENS_WORDS.map((ten) => `${ten}(?:[- ](?:${ONES.slice(1, 10).join('|')}))?`),
  ...ONES,
]
  .reverse()
  .join('|');
const SCALE = `(?:[ -](?:${Object.keys(SCALES).join('|')}))`;
const NUMBER = `(?:\\d+(?:,\\d{3})*(?:\\.\\d+)?|(?:${WORD})(?![a-z]))${SCALE}*`;
const COUNT = `(?:${NUMBER}|half an|an?|one)`;
const LENGTH_UNITS = '(?:second|minute|min|hour|day|week|month|year)s?';
const CURRENCIES = [
  { name: 'dollar', sign: '$', japanese: 'ドル' },
  { name: 'euro', sign: '€', japanese: 'ユーロ' },
  { name: 'pound', sign: '£', japanese: 'ポンド' },
  { name: 'yen', sign: '¥', japanese: '円' },
] as const;
const CURRENCY = '(?:dollars?|yen|euros?|pounds?|[€£¥$])';

const DURATION = new RegExp(
  `\\b(?<count>${COUNT})[ -](?<unit>${LENGTH_UNITS})\\b(?:(?<half> and a half)|(?: and)? (?<more>${NUMBER})[ -](?<small>minutes?|months?)\\b)?`,
  'gi',
);
const CLOCK =
  /\b(?<hour>\d{1,2})[:.](?<minute>\d{2})\b(?: ?(?<half>[ap])\.?m\b)?|\b(?<plain>\d{1,2}) ?(?<side>[ap])\.?m\b|\b(?<word>noon|midnight)\b/gi;
const MONEY = new RegExp(
  `(?<sign>[€£¥$]) ?(?<signed>${NUMBER})|\\b(?<count>${NUMBER})(?: (?:U\\.?S\\.? )?(?<currency>${CURRENCY}))?`,
  'gi',
);
const PERCENTAGE = new RegExp(`\\b(?<count>${NUMBER}) ?(?:%|per ?cent\\b)`, 'gi');
/** The first of "45 or 60 minutes". */
const EITHER_LENGTH = new RegExp(
  `\\b(?<count>${NUMBER}) or (?:about |around )?(?=${NUMBER}[ -](?<unit>${LENGTH_UNITS}))`,
  'gi',
);
const PLAIN_NUMBER = new RegExp(`(?<![\\p{L}\\d.,:-])(?:${NUMBER})(?![\\d:]|-\\p{L})`, 'giu');
/** The same moment elsewhere: "13:30 local time (03:30 Japan time)". */
const ELSEWHERE = /\([^)]*\b(?:time|GMT|UTC|JST|EST|CET)\b[^)]*\)/g;

/** Minutes of a unit, or days: lengths of different sorts are not compared. */
const LENGTHS: readonly (readonly [unit: RegExp, sort: string, size: number])[] = [
  [/^second/i, 'minutes', 1 / 60],
  [/^min/i, 'minutes', 1],
  [/^hour/i, 'minutes', 60],
  [/^day/i, 'days', 1],
  [/^week/i, 'days', 7],
  [/^month/i, 'months', 1],
  [/^year/i, 'months', 12],
];

/** 5,500,000 for "5.5 million", 45 for "forty-five". */
function numberOf(text: string): number {
  const lower = text.toLowerCase().replace(/,(?=\d{3})/g, '');
  if (/^half an$/.test(lower)) return 0.5;
  if (/^an?$/.test(lower)) return 1;
  return lower.split(/[ -]/).reduce((sum, word) => {
    const scale = SCALES[word];
    if (scale !== undefined) return sum * scale;
    const ten = TENS_WORDS.indexOf(word);
    const one = ONES.indexOf(word);
    return sum + (ten >= 0 ? 20 + 10 * ten : one >= 0 ? one : Number(word));
  }, 0);
}

/** The values of a kind that a sentence states, in order; none for persons, places and reasons. */
export function valuesIn(sentence: string, kind: AnswerKind): Value[] {
  switch (kind) {
    case 'duration':
      return [
        ...matches(sentence, EITHER_LENGTH, lengthOf),
        ...matches(sentence, DURATION, lengthOf),
      ];
    case 'clock':
      return clockTimes(sentence);
    case 'time':
      return dates(sentence);
    case 'money': {
      // "In dollars, one puts it at 55 billion, another at 56 billion": the currency is named elsewhere.
      const [common] = new RegExp(`\\b${CURRENCY}`, 'i').exec(sentence) ?? [];
      return matches(sentence, MONEY, ({ sign, signed, count, currency }) => {
        const unit = sign ?? currency ?? (/illion/i.test(count ?? '') ? common : undefined);
        return unit === undefined
          ? null
          : { unit: currencyOf(unit), size: numberOf(signed ?? count ?? '') };
      });
    }
    case 'percentage':
      return matches(sentence, PERCENTAGE, ({ count = '' }) => ({
        unit: '%',
        size: numberOf(count),
      }));
    case 'amount':
      return counts(sentence);
    default:
      return [];
  }
}

type Groups = Readonly<Record<string, string | undefined>>;

function matches(
  text: string,
  pattern: RegExp,
  read: (groups: Groups) => { unit: string | null; size: number } | null,
): Value[] {
  return [...text.matchAll(pattern)].flatMap((match): Value[] => {
    const found = read(match.groups ?? {});
    if (found === null || Number.isNaN(found.size)) return [];
    const { index: start } = match;
    const key = String(Number(found.size.toPrecision(6)));
    return [{ text: match[0], start, end: start + match[0].length, unit: found.unit, key }];
  });
}

function lengthOf({ count = '', unit = '', half, more, small }: Groups): {
  unit: string;
  size: number;
} | null {
  const known = LENGTHS.find(([pattern]) => pattern.test(unit));
  if (known === undefined) return null;
  const [, sort, size] = known;
  const rest = more === undefined || small === undefined ? 0 : numberOf(more);
  return { unit: sort, size: (numberOf(count) + (half === undefined ? 0 : 0.5)) * size + rest };
}

function clockTimes(sentence: string): Value[] {
  // Blanked, so that offsets stay.
  const text = sentence.replace(ELSEWHERE, (aside) => ' '.repeat(aside.length));
  return matches(text, CLOCK, ({ hour, minute = '0', half, plain, side, word }) => {
    if (word !== undefined) return { unit: 'clock', size: /noon/i.test(word) ? 720 : 0 };
    const typed = Number(hour ?? plain);
    if (typed > 24 || Number(minute) > 59) return null;
    const letter = (half ?? side)?.toLowerCase();
    const hours = letter === undefined ? typed : (typed % 12) + (letter === 'p' ? 12 : 0);
    return { unit: 'clock', size: 60 * hours + Number(minute) };
  });
}

function dates(sentence: string): Value[] {
  return daysIn(sentence).map(({ month, day, start, end }) => ({
    ...{ text: sentence.slice(start, end), start, end },
    unit: 'date',
    key: monthAndDay(month, day),
  }));
}

function currencyOf(text: string): string {
  return CURRENCIES.find(({ sign }) => sign === text)?.name ?? text.toLowerCase().replace(/s$/, '');
}

/** Words between a number and what it counts: "five mobile gas turbines". */
const FARTHEST_NOUN = 3;

const NOUN_PHRASE =
  /^(?: of (?:the |its |their )?)?(?:(?!\b(?:and|or|of|in|with|while)\b)[^.,;:()])*/;

/** Numbers with the stems of the words after them; not those of dates, times, lengths, shares and years. */
function counts(sentence: string): Value[] {
  const taken = (['duration', 'clock', 'time', 'percentage'] as const).flatMap((kind) =>
    valuesIn(sentence, kind),
  );
  return [...sentence.matchAll(PLAIN_NUMBER)].flatMap((match): Value[] => {
    const { index: start } = match;
    const [text] = match;
    const end = start + text.length;
    const isTaken = taken.some((other) => start < other.end && other.start < end);
    if (isTaken || /^(?:19|20)\d\d$/.test(text)) return [];
    const [clause = ''] = NOUN_PHRASE.exec(sentence.slice(end)) ?? [];
    const nouns = wordsOf(clause)
      .slice(0, FARTHEST_NOUN)
      .map(({ folded }) => stem(folded));
    const unit = nouns.length === 0 ? null : nouns.join(' ');
    return [{ text, start, end, unit, key: String(numberOf(text)) }];
  });
}

/** A value as an English sentence states it, in Japanese: 45分, 1月12日, 3700万ドル. Unchanged where it is of no kind known. */
export function valueInJapanese(text: string): string {
  const kinds = ['time', 'clock', 'duration', 'percentage', 'money'] as const;
  // The longest: "1.04 trillion yen" is not a time of day, and "5.5 million dollars" is not a number.
  const [value] = kinds
    .flatMap((kind) => valuesIn(text, kind))
    .sort((a, b) => b.end - b.start - (a.end - a.start));
  if (value === undefined) return text;
  const { unit, key } = value;
  const size = Number(key);
  const whole = (number: number): string => String(Number(number.toPrecision(6)));
  switch (unit) {
    case 'date':
      return key.replace(/^0?(\d+)-0?(\d+)$/, '$1月$2日');
    case 'clock':
      return `${Math.floor(size / 60)}:${String(size % 60).padStart(2, '0')}`;
    case 'minutes': {
      const [hours, minutes] = [Math.floor(size / 60), whole(size % 60)];
      return `${hours === 0 ? '' : `${hours}時間`}${minutes === '0' ? '' : `${minutes}分`}`;
    }
    case 'days':
      return `${key}日間`;
    case 'months':
      return size % 12 === 0 ? `${size / 12}年` : `${key}か月`;
    case '%':
      return `${key}%`;
    default: {
      const currency = CURRENCIES.find(({ name }) => name === unit)?.japanese;
      if (currency === undefined) return text;
      const [scale, name] =
        size >= 1e12
          ? [1e12, '兆']
          : size >= 1e8
            ? [1e8, '億']
            : size >= 1e4
              ? [1e4, '万']
              : [1, ''];
      return `${whole(size / scale)}${name}${currency}`;
    }
  }
}
