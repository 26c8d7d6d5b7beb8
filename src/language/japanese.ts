import { createRequire } from 'node:module';
import type { Country } from 'world-countries';
import type { AnswerKind } from './answer-kinds.ts';
import { wordsOf, type Word } from './words.ts';

// The package's types describe a default export that its CommonJS build does not have.
const countries = createRequire(import.meta.url)('world-countries') as readonly Country[];

/** A person as documents name them. */
interface Person {
  readonly name: string;
  readonly ja?: string | undefined;
}

/** Documents and meetings whose front matter gives names in both scripts. */
export interface JapaneseSources {
  readonly documents: readonly { readonly people: readonly Person[] }[];
  readonly meetings: readonly {
    readonly people: readonly Person[];
    readonly city: string;
    readonly country: string;
    readonly venue?: string | null | undefined;
    readonly ja?:
      | {
          readonly city?: string | undefined;
          readonly country?: string | undefined;
          readonly venue?: string | undefined;
        }
      | undefined;
  }[];
}

/** Sounds that are spelt in two ways, and marks that are often left out. */
const VARIANTS: readonly (readonly [RegExp, string])[] = [
  [/ヴァ|バ/g, '(?:ヴァ|バ)'],
  [/ヴィ|ビ/g, '(?:ヴィ|ビ)'],
  [/ヴェ|ベ/g, '(?:ヴェ|ベ)'],
  [/ヴォ|ボ/g, '(?:ヴォ|ボ)'],
  [/ティ|チ/g, '(?:ティ|チ)'],
  [/[・=\s]/g, '[・=\\s]?'],
  [/ー/g, 'ー?'],
];

const SHORTEST_NAME = 2;

interface Name {
  readonly pattern: RegExp;
  readonly latin: string;
}

/** Names of the corpus and of countries in Japanese, so that a Japanese question finds documents in English. */
export class JapaneseNames {
  readonly #names: readonly Name[];

  constructor({ documents, meetings }: JapaneseSources) {
    const names = new Map<string, string>();
    const add = (japanese: string | null | undefined, latin: string | null | undefined): void => {
      if (japanese == null || latin == null || japanese.length < SHORTEST_NAME) return;
      if (!names.has(japanese)) names.set(japanese, latin);
    };
    for (const { city, country, venue, ja } of meetings) {
      add(ja?.city, city);
      add(ja?.country, country);
      add(ja?.venue, venue);
    }
    for (const { name, ja } of [...meetings, ...documents].flatMap(({ people }) => people)) {
      add(ja, name);
      // "アントニー・ブリンケン" is mostly called by the last part.
      const parts = ja?.split(/[・=\s]/) ?? [];
      if (parts.length > 1) add(parts.at(-1), wordsOf(name).length > 1 ? lastWord(name) : name);
    }
    for (const { name, translations } of countries) add(translations['jpn']?.common, name.common);
    this.#names = [...names]
      .sort(([a], [b]) => b.length - a.length)
      .map(([japanese, latin]) => ({ pattern: patternOf(japanese), latin }));
  }

  /** The names in a text as words in Latin script, each with the place of its Japanese form. */
  wordsIn(text: string): Word[] {
    const words: Word[] = [];
    let rest = text;
    for (const { pattern, latin } of this.#names) {
      const match = pattern.exec(rest);
      if (match === null) continue;
      const start = match.index;
      const end = start + match[0].length;
      words.push(...wordsOf(latin).map((word) => ({ ...word, start, end })));
      // What a longer name covers is not read again as a shorter one.
      rest = rest.slice(0, start) + ' '.repeat(match[0].length) + rest.slice(end);
    }
    return words;
  }
}

function lastWord(name: string): string {
  return name.split(' ').at(-1) ?? name;
}

function patternOf(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(VARIANTS.reduce((text, [from, to]) => text.replace(from, to), escaped));
}

/** Meetings with what their documents call them in Japanese. */
export function withJapanese<M extends { readonly id: string }, J>(
  meetings: readonly M[],
  documents: ReadonlyMap<string, { readonly ja?: J }>,
): (M & { readonly ja: J | undefined })[] {
  return meetings.map((meeting) => ({ ...meeting, ja: documents.get(meeting.id)?.ja }));
}

/** Japanese forms by the name in Latin script. */
export function japaneseFormsOf(
  meetings: JapaneseSources['meetings'],
): Record<string, readonly string[]> {
  const forms = new Map<string, Set<string>>();
  const add = (name: string | null | undefined, japanese: string | undefined): void => {
    if (name == null || japanese === undefined) return;
    const known = forms.get(name) ?? new Set();
    forms.set(name, known.add(japanese));
  };
  for (const { people, city, country, venue, ja } of meetings) {
    add(city, ja?.city);
    add(country, ja?.country);
    add(venue, ja?.venue);
    for (const person of people) {
      add(person.name, person.ja);
      add(person.name, person.ja?.split(/[・=\s]/).at(-1));
    }
  }
  return Object.fromEntries([...forms].map(([name, all]) => [name, [...all]]));
}

const KINDS: readonly (readonly [AnswerKind, RegExp])[] = [
  [
    'duration',
    /何(?:分|時間|日間|週間|[かカヶケ]月|年間)|どの(?:くらい|ぐらい)の?(?:時間|長さ|間)|どれ(?:くらい|ぐらい)の?(?:時間|長さ|間)|(?:時間|長さ)は/,
  ],
  ['clock', /何時(?!間)/],
  ['time', /いつ|何月|何日(?!間)|何曜日|何年(?!間)|日付/],
  ['money', /いくら|何(?:円|ドル|ユーロ)|金額|(?:どの|どれ)(?:くらい|ぐらい)の?(?:額|資金)/],
  ['percentage', /何(?:%|%|パーセント|割)/],
  ['amount', /何(?:人|回|[かカヶケ]国|件|基|個|台|社|名|つ)|いくつ|(?:どの|どれ)(?:くらい|ぐらい)/],
  ['place', /どこ|どの(?:都市|国|街|町|場所)|場所は/],
  ['person', /誰|だれ|どなた|どの(?:人|大臣)/],
  ['reason', /なぜ|何故|どうして|理由|何のため/],
];

/** What a Japanese question asks for: the kind whose words come first; null when its form does not tell. */
export function kindAskedInJapanese(question: string): AnswerKind | null {
  let best: AnswerKind | null = null;
  let bestAt = Infinity;
  for (const [kind, pattern] of KINDS) {
    const at = pattern.exec(question)?.index ?? Infinity;
    if (at < bestAt) [best, bestAt] = [kind, at];
  }
  return best;
}
