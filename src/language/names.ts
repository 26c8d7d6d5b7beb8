import { countries } from './places.ts';
import { heardIn, plainKana, wordsOf, type Word } from './words.ts';

/** Names in both scripts: so that a Japanese question finds documents in English, and names are shown in the asker's script. */

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
    readonly title: string;
    readonly ja?:
      | {
          readonly title?: string | undefined;
          readonly city?: string | undefined;
          readonly country?: string | undefined;
          readonly venue?: string | undefined;
        }
      | undefined;
  }[];
}

const SHORTEST_NAME = 2;

interface Name {
  readonly heard: string;
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
      const short = shortFormOf(ja);
      // In kanji the family name comes first, as in the name in Latin letters.
      if (short !== null) add(short, name.split(' ').at(ja?.startsWith(short) === true ? 0 : -1));
    }
    for (const { name, translations } of countries) add(translations['jpn']?.common, name.common);
    this.#names = [...names]
      .sort(([a], [b]) => b.length - a.length)
      .map(([japanese, latin]) => ({ heard: plainKana(japanese), latin }));
  }

  /** The names in a text as words in Latin script, each with the place of its Japanese form. */
  wordsIn(text: string): Word[] {
    const words: Word[] = [];
    const { heard: whole, starts } = heardIn(text);
    let rest = whole;
    for (const { heard, latin } of this.#names) {
      const at = rest.indexOf(heard);
      if (at < 0) continue;
      const start = starts[at] ?? 0;
      const end = starts[at + heard.length] ?? text.length;
      words.push(...wordsOf(latin).map((word) => ({ ...word, start, end })));
      // What a longer name covers is not read again as a shorter one.
      rest = rest.slice(0, at) + ' '.repeat(heard.length) + rest.slice(at + heard.length);
    }
    return words;
  }
}

/** What a person is mostly called: the last part of アナ・シルバ, the first two characters of 山田花子. */
function shortFormOf(japanese: string | undefined): string | null {
  const parts = japanese?.split(/[・=\s]/) ?? [];
  if (parts.length > 1) return parts.at(-1) ?? null;
  return /^\p{Script=Han}{3,5}$/u.test(japanese ?? '') ? (japanese?.slice(0, 2) ?? null) : null;
}

/** Meetings with what their documents call them in Japanese. */
export function withJapanese<M extends { readonly id: string }, J>(
  meetings: readonly M[],
  documents: ReadonlyMap<string, { readonly ja?: J }>,
): (M & { readonly ja: J | undefined })[] {
  return meetings.map((meeting) => ({ ...meeting, ja: documents.get(meeting.id)?.ja }));
}

/** Japanese forms by the name in Latin script, or by the title of a meeting. `others`: further names. */
export function japaneseFormsOf(
  meetings: JapaneseSources['meetings'],
  others: Readonly<Record<string, string>> = {},
): Record<string, readonly string[]> {
  const forms = new Map<string, Set<string>>();
  const add = (name: string | null | undefined, japanese: string | undefined): void => {
    if (name == null || japanese === undefined) return;
    const known = forms.get(name) ?? new Set();
    forms.set(name, known.add(japanese));
  };
  for (const [name, japanese] of Object.entries(others)) add(name, japanese);
  for (const { title, people, city, country, venue, ja } of meetings) {
    add(title, ja?.title);
    add(city, ja?.city);
    add(country, ja?.country);
    add(venue, ja?.venue?.replace(/[（(].*?[）)]/g, ''));
    for (const person of people) {
      add(person.name, person.ja);
      add(person.name, shortFormOf(person.ja) ?? undefined);
    }
  }
  return Object.fromEntries([...forms].map(([name, all]) => [name, [...all]]));
}
