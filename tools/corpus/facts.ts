import { daysIn } from '../../src/language/dates.ts';
import { sentencesOf } from '../../src/corpus/sentences.ts';
import type { Document } from '../../src/corpus/types.ts';

const KINDS = ['footnotes', 'numbers', 'dates', 'times', 'names'] as const;
type FactKind = (typeof KINDS)[number];
type Facts = Readonly<Record<FactKind, ReadonlySet<string>>>;

export interface FactChange {
  readonly kind: FactKind;
  readonly lost: readonly string[];
  readonly added: readonly string[];
}

const NUMBER_WORDS = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
    .split(' ')
    .map((word, value) => [word, String(value)]),
);
for (const [index, ten] of 'thirty forty fifty sixty seventy eighty ninety'.split(' ').entries())
  NUMBER_WORDS.set(ten, String(index * 10 + 30));

const SPELT = new RegExp(`\\b(?:${[...NUMBER_WORDS.keys()].join('|')})\\b`, 'gi');

/** What a rewritten document must still say, each kind in one form: "two hours" has the number of "2 hours". */
function factsOf({ text, title, footnotes }: Document): Facts {
  const whole = `${title}\n${text}`;
  const withDigits = whole
    .replace(
      /\ban? (?=(?:hour|minute|day|week|month|year|dozen|hundred|million|billion)\b)/gi,
      '1 ',
    )
    .replace(/\bone\b(?! (?:hour|minute|million|billion|trillion|of the \d))/gi, '')
    .replace(SPELT, (word) => NUMBER_WORDS.get(word.toLowerCase()) ?? word);
  const times = new Set(whole.match(/\b\d{1,2}:\d{2}\b/g) ?? []);
  const numbers = withDigits.replace(/\b\d{1,2}:\d{2}\b/g, '').match(/\d[\d,.]*(?<=\d)/g) ?? [];
  return {
    footnotes: new Set(footnotes.map(({ sourceId }) => sourceId)),
    numbers: new Set(numbers.map((number) => number.replaceAll(',', ''))),
    dates: new Set(daysIn(whole).map(({ month, day }) => `${String(month)}-${String(day)}`)),
    times,
    names: namesIn(whole),
  };
}

/** Capitalised words inside sentences; those that begin one need not be names. */
function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  for (const line of text.split('\n'))
    for (const { start, end } of sentencesOf(line)) {
      const inside = line.slice(start, end).replace(/^\S+/u, '');
      for (const word of inside.match(
        /(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{N}.-]*(?<=[\p{L}\p{N}])/gu,
      ) ?? [])
        names.add(word);
    }
  return names;
}

/** What one version of a document says and the other does not. Names count as kept wherever the other has the word. */
export function changedFacts(before: Document, after: Document): FactChange[] {
  const [old, now] = [factsOf(before), factsOf(after)];
  const has = (document: Document, kind: FactKind, fact: string, facts: Facts): boolean =>
    facts[kind].has(fact) ||
    (kind === 'names' &&
      new RegExp(`(?<!\\p{L})${fact.replaceAll('.', '\\.')}(?!\\p{L})`, 'u').test(
        `${document.title}\n${document.text}`,
      ));
  return KINDS.map((kind) => ({
    kind,
    lost: [...old[kind]].filter((fact) => !has(after, kind, fact, now)),
    added: [...now[kind]].filter((fact) => !has(before, kind, fact, old)),
  })).filter(({ lost, added }) => lost.length + added.length > 0);
}
