import type { Meeting, Person } from '../corpus/types.ts';
import {
  GENDERS,
  KINDS,
  OFFICES,
  type Place,
  type Sort,
  SUBJECTS,
  type Tag,
  WORD_ENTRIES,
  type WordClass,
} from './lexicon.ts';
import { holdsOffice, Timeline, uniqueBy } from './timeline.ts';
import {
  CARDINAL_WORDS,
  MONTHS,
  ORDINAL_WORDS,
  WEEKDAY_NAMES,
  withFigures,
} from '../language/dates.ts';
import { ABBREVIATIONS } from '../language/terms.ts';
import { PhraseTable } from '../language/phrase-table.ts';
import { capitalsOf, CITY_SPELLINGS, placeNames, worldPlaces } from '../language/names.ts';
import { fold, plainKana, skeletonOf, stem, wordsOf } from '../language/words.ts';

/** Further spellings by a name that the itinerary has: `{ "Lima": ["リマ"] }`. */
export type FurtherNames = Readonly<Record<string, readonly string[]>>;

/** Share of the people with a Japanese name in a corpus that gives such names: a few have none. */
const MOST_NAMES = 0.9;

/** The words of the itinerary and of the language, and what they stand for. */
export class Vocabulary {
  readonly table = new PhraseTable<Tag>();
  readonly timeline: Timeline;
  /** Whether names can be told from unknown ones in Japanese. */
  readonly hasJapaneseNames: boolean;
  /** Folded words of surnames and places of the itinerary, with their consonants. */
  readonly names: ReadonlyMap<string, string>;
  /** Parts of the Japanese names, without the marks that are often left out. */
  readonly japaneseParts: ReadonlySet<string>;
  /** That of the travellers, which their counterparts have too. */
  readonly ownOffice: Sort | null;
  /** Ids of meetings by their folded titles, in both languages. */
  readonly titles: ReadonlyMap<string, string>;
  readonly #places = new PhraseTable<string>();
  readonly #japanese = new Map<string, string>();
  readonly #further: ReadonlyMap<string, readonly string[]>;
  /** Cities of the itinerary by their folded spellings. */
  readonly #cities = new Map<string, string>();
  readonly #countryOfPerson = new Map<Person, string | null>();

  constructor(meetings: readonly Meeting[], names: FurtherNames) {
    for (const { name, countryTerm, form } of placeNames())
      this.#places.add(name, countryTerm, form);
    this.#further = new Map(Object.entries(names).map(([name, others]) => [fold(name), others]));
    this.timeline = new Timeline(meetings, {
      countryOf: (text) => this.#countryIn(text),
      inJapanese: (text) => this.#further.get(fold(text))?.find(isJapanese) ?? '',
    });
    const spellings = (name: string): readonly string[] => {
      const others = this.#further.get(fold(name)) ?? [];
      const japanese = others.find(isJapanese);
      if (japanese !== undefined) this.#japanese.set(name, japanese);
      return [name, ...others];
    };
    for (const { value: classes, phrases } of WORD_ENTRIES)
      this.#add(phrases, { is: 'word', classes });
    for (const { value: sort, phrases } of OFFICES) this.#add(phrases, { is: 'office', sort });
    for (const { value: sort, phrases } of KINDS) this.#add(phrases, { is: 'kind', sort });
    this.#addPlaces(spellings);
    const { events, travellers } = this.timeline;
    const own = OFFICES.find(({ value }) =>
      travellers.some((traveller) => holdsOffice(traveller, value, true)),
    );
    this.ownOffice = own?.value ?? null;
    if (own !== undefined) this.#add(COUNTERPARTS, { is: 'office', sort: own.value });
    const people = new Map(events.flatMap(({ others }) => others.map((one) => [one.name, one])));
    for (const person of people.values()) this.#addPerson(person, spellings(person.name));
    for (const { name, otherSpellings } of travellers) {
      const classes: readonly WordClass[] = ['traveller'];
      for (const { phrase } of [...spellings(name), ...otherSpellings].flatMap(partsOfName)) {
        this.table.add(phrase, { is: 'word', classes });
      }
    }
    for (const { meeting, others, group } of events) {
      const [, ...titles] = spellings(meeting.title);
      // Whom only the title names, it names in its own language.
      const title = titles.find(isJapanese);
      if (group !== null && title !== undefined) this.#japanese.set(group, title);
      if (group !== null && !/women/.test(group)) this.#addGroup(group, spellings(group));
      const organisations = others.flatMap(({ organisation }) => (organisation ?? '').split(';'));
      for (const name of [...organisations, meeting.venue ?? ''])
        this.#addOrganisation(name, spellings);
      const texts = [meeting.title, meeting.venue ?? '', ...organisations];
      for (const text of [...texts, ...others.map(({ title }) => title ?? '')])
        this.#addSubjects(text);
    }
    for (const [gender, phrases] of GENDERS) {
      this.#add(phrases, { is: 'gender', gender });
      this.#add(phrases, { is: 'word', classes: ['gender'] });
    }
    this.#addTopics(events.flatMap(({ meeting: { topics } }) => topics));
    this.table.addWords([
      'undated',
      'happening',
      ...MONTHS.map(fold),
      ...WEEKDAY_NAMES,
      ...SHORT_DAYS,
      ...ORDINAL_WORDS,
    ]);
    this.titles = new Map(
      events.flatMap(({ meeting: { id, title } }) =>
        [title, this.nameIn('ja', title)].map((one) => [fold(one), id] as const),
      ),
    );
    const surnames = [...people.values()].flatMap(({ name, otherSpellings }) =>
      [name, ...otherSpellings].flatMap((spelling) => wordsOf(spelling).at(-1)?.folded ?? []),
    );
    const places = events.flatMap(({ meeting: { city, country } }) =>
      wordsOf(`${city} ${country}`),
    );
    const long = [...surnames, ...places.map(({ folded }) => folded)].filter(
      ({ length }) => length > 3,
    );
    this.names = new Map(long.map((name) => [name, skeletonOf(name)]));
    const parts = [...this.#japanese.values()].flatMap((name) => name.split(/[・=＝\s]/u));
    this.japaneseParts = new Set(parts.map(plainKana));
    const known = [...people.keys()].filter((name) => this.#japanese.has(name));
    this.hasJapaneseNames = people.size > 0 && known.length >= MOST_NAMES * people.size;
  }

  /** A name or the title of a meeting in the asker's language, so far as the itinerary has it. */
  nameIn(language: 'en' | 'ja', name: string): string {
    if (language === 'en') return name;
    return this.#further.get(fold(name))?.find(isJapanese) ?? this.#japanese.get(name) ?? name;
  }

  /** Country that somebody stands for, by the organisation; null for those of international ones. */
  countryOf(person: Person): string | null {
    let country = this.#countryOfPerson.get(person);
    if (country === undefined) {
      country = this.#countryIn(person.organisation ?? '');
      this.#countryOfPerson.set(person, country);
    }
    return country;
  }

  /** The capital of a country, as the itinerary has it where it was visited; null for a group of countries. */
  capitalOf({ countries }: Place): Place | null {
    const [code = '', ...others] = countries;
    const [capital] = others.length > 0 ? [] : capitalsOf(code);
    if (capital === undefined) return null;
    const city = this.#cities.get(fold(capital)) ?? null;
    return { name: city ?? capital, kind: 'city', countries, city };
  }

  #countryIn(text: string): string | null {
    const found = this.#places.read({ text, typed: new Map() }, []);
    return found.find(({ values }) => values.length > 0)?.values[0] ?? null;
  }

  #add(phrases: readonly string[], tag: Tag): void {
    for (const phrase of phrases) this.table.add(withFigures(phrase), tag);
  }

  #addPlaces(spellings: (name: string) => readonly string[]): void {
    const { events } = this.timeline;
    const visited = new Map(events.map(({ meeting, country }) => [country, meeting.country]));
    for (const { city, country, code } of uniqueBy(
      events.map(({ meeting: { city, country }, country: code }) => ({ city, country, code })),
      ({ city }) => city,
    )) {
      const codes = new Set([code]);
      for (const name of spellingsOfCity(city).map(fold))
        if (!this.#cities.has(name)) this.#cities.set(name, city);
      const names = [...new Set(spellings(city).flatMap(spellingsOfCity))];
      this.#add(names, placeTag({ name: city, kind: 'city', countries: codes, city }));
      const own: Place = { name: country, kind: 'country', countries: codes, city: null };
      this.#add(spellings(country), placeTag(own));
    }
    for (const { name, kind, countries, phrases, form } of worldPlaces()) {
      const [code = ''] = countries;
      const isVisited = countries.length === 1 && visited.has(code);
      const label = kind === 'country' ? (visited.get(code) ?? name) : name;
      const tag = placeTag({ name: label, kind, countries: new Set(countries), city: null });
      // Names that were not visited are not what somebody meant by a slip of the pen.
      for (const phrase of phrases)
        this.table.add(phrase, tag, form, isVisited || kind === 'region');
      const japanese = kind === 'city' ? undefined : phrases.find(isJapanese);
      if (japanese !== undefined && !this.#japanese.has(label)) this.#japanese.set(label, japanese);
    }
  }

  #addPerson({ name, otherSpellings }: Person, spellings: readonly string[]): void {
    for (const { phrase, given } of [...spellings, ...otherSpellings].flatMap(partsOfName)) {
      this.table.add(phrase, { is: 'person', name, given });
    }
  }

  #addOrganisation(text: string, spellings: (name: string) => readonly string[]): void {
    const name = text.replace(/\(.*?\)|["“”]/g, '').trim();
    if (!/\s|^\p{Lu}{4,}$/u.test(name)) return;
    const tag: Tag = { is: 'organisation', name };
    const initials =
      name
        .replace(/\b(?:of|for|the|and)\b/g, '')
        .match(/\b\p{Lu}/gu)
        ?.join('') ?? '';
    const short = ABBREVIATIONS.filter(([, full]) => fold(name).includes(fold(full))).map(
      ([first]) => first,
    );
    if (initials.length >= 3) short.push(initials);
    const plain = name.replace(/^The /, '');
    const others = [
      plain,
      plain.replace(/^International (?=.+ )/, ''),
      // "The State Department": "the States" are something else.
      ...['', 'the '].map((the) =>
        plain.replace(
          /^(?:.* )?(Department|Ministry|University|Office) of (\p{Lu}\w+)$/u,
          `${the}$2 $1`,
        ),
      ),
      ...short,
    ];
    this.#add([...new Set([...spellings(name), ...others])], tag);
  }

  /** Those whom only a title names: "Japanese residents", スウェーデン在留邦人. */
  #addGroup(name: string, spellings: readonly string[]): void {
    const short = spellings.map((one) =>
      one.replace(/ of \p{Lu}.*|^[\p{Script=Katakana}ー]+/gu, ''),
    );
    this.#add([...new Set([...spellings, ...short])], { is: 'organisation', name });
  }

  /** "The rule of law" is one topic, and no law. Topics of known words alone, "a visit to Lima", are read by these. */
  #addTopics(topics: readonly string[]): void {
    const words = topics.map((topic) => wordsOf(topic).map(({ folded }) => folded));
    const isContent = (word: string): boolean => word.length > 3 && !this.table.knows(word);
    const phrases = topics.filter(
      (topic, i) => (words[i] ?? []).some(isContent) || NAME_WITH_NUMBER.test(topic),
    );
    this.table.addWords(words.flat());
    for (const phrase of phrases) {
      if (phrase.includes(' ')) this.#add([phrase], { is: 'topic' });
    }
    // A topic in Japanese is one word where only a part of it is known: 中東 is not the middle of something.
    for (const topic of topics) {
      const name = this.#further.get(fold(topic))?.find(isJapanese) ?? '';
      const parts = this.table.read({ text: name, typed: new Map() }, []);
      const isSplit = parts.length > 1 && parts.some(({ values }) => values.length === 0);
      if (isSplit) this.table.add(name, { is: 'topic' });
    }
  }

  #addSubjects(text: string): void {
    for (const { folded, figure } of wordsOf(text)) {
      if (folded.length < 3 || figure || this.table.knows(folded)) continue;
      const phrases = [folded, ...(SUBJECTS.get(folded) ?? [])];
      for (const phrase of phrases) this.table.add(phrase, { is: 'subject', stem: stem(folded) });
    }
  }
}

/** "The Lima Nine". */
const NAME_WITH_NUMBER = new RegExp(`^\\p{Lu}\\p{L}+ (?:${CARDINAL_WORDS.join('|')})$`, 'iu');

const SHORT_DAYS = ['tues', 'weds', 'thurs'];

/** Who holds the traveller's own office elsewhere. */
export const COUNTERPARTS = ['counterpart', 'opposite number', 'colleague', 'カウンターパート'];

const isJapanese = (text: string): boolean =>
  /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text);
const placeTag = (place: Place): Tag => ({ is: 'place', place });

/** A city "Sampletown D.C." is also called Sampletown, Sampletown DC and DC; others have further spellings. */
function spellingsOfCity(city: string): string[] {
  const plain = city.replace(/(?:,.*| ?(?:\p{Lu}\.)+)$/u, '');
  const short = city.slice(plain.length).replaceAll(/[^\p{L}]/gu, '');
  const others = CITY_SPELLINGS.filter((names) => names.some((name) => fold(name) === fold(plain)));
  return [city, plain, ...(short === '' ? [] : [`${plain} ${short}`, short]), ...others.flat()];
}

/** Phrases for a person: the whole name, its last words, and with less certainty each of its words. */
function partsOfName(name: string): { phrase: string; given: boolean }[] {
  const words = name
    .replace(/\(.*?\)/g, '')
    .split(/[\s・＝=]+/u)
    .filter((word) => word.length > 1 && !/^(?:\p{Lu}\.?){1,2}$/u.test(word));
  const separator = /\p{Script=Latin}/u.test(name) ? ' ' : '';
  const whole = words.join(separator);
  const ends = words.slice(1).map((_, i) => words.slice(i + 1).join(separator));
  const parts = separator === '' ? words.filter((word) => word.length > 1) : words;
  return [
    { phrase: name, given: false },
    { phrase: whole, given: false },
    ...ends.map((phrase) => ({ phrase, given: false })),
    ...parts
      .filter((word) => word.length > 2 || separator === '')
      .map((phrase) => ({ phrase, given: separator !== '' })),
  ];
}
