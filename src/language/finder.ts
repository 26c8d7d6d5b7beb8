import {
  boundedDistance,
  fold,
  inKatakana,
  isAnagram,
  isEnglishWord,
  isJapanese,
  isStopWord,
  plainKana,
} from './words.ts';
import { dateInWords } from './dates.ts';
import { otherNamesOf } from './names.ts';

export interface NamedItem<T> {
  readonly value: T;
  /** Everything that it may be called by. */
  readonly names: readonly string[];
  /** Other names for it, which do not relate it to a text. */
  readonly aliases?: readonly string[];
  /** Names of what it is a part of: meant where what was typed begins no name of its own. */
  readonly wider?: readonly string[];
  /** Further words that a text about it may use; only for `related`. */
  readonly topics?: readonly string[];
}

export interface Match<T> {
  readonly value: T;
  /** Higher is better; comparable between matches of one query. */
  readonly score: number;
}

/** Words that do not tell one item from another. */
const COMMON_WORDS = new Set('the of in at on to and with a meeting for'.split(' '));
const MOST_QUERY_WORDS = 8;

/** Words that are kana alone; grammar between other characters stays. */
const KANA =
  /(?<![\p{L}\p{N}])[\p{Script=Hiragana}\p{Script=Katakana}ー]+(?![\p{L}\p{N}])|[\p{Script=Katakana}ー]+/gu;

/** Scores of a typed word against a word of a name. */
const EXACT = 1;
const PREFIX = 0.9;
const UNSPACED_PART = 0.7;
const NUMBER_PREFIX = 0.3;
/** Less `ERROR_COST` per error. */
const MISSPELT = 0.6;
const ERROR_COST = 0.15;
/** From this many letters on, the first may be wrong: "Culeba", "Waltonen". */
const LONG = 6;
/** Spelling mistakes tolerated in what was typed: none in a number or in everyday words, which mean what they say. */
function allowedErrors(typed: string): number {
  const isEveryday = typed.split(' ').every((word) => isStopWord(word) || isEnglishWord(word));
  if (typed.length < 4 || /\d/.test(typed) || isEveryday) return 0;
  return typed.length < LONG ? 1 : 2;
}

/** Whether two letters beside each other changed places: "kahn" may be an everyday word and is a slip for "khan". */
function isSwapped(typed: string, word: string): boolean {
  if (typed.length < 4 || typed.length !== word.length || isStopWord(typed)) return false;
  return boundedDistance(typed, word, 1) === 1 && isAnagram(typed, word);
}

/** How many slips of the keyboard made `typed` of a name; more than `limit` where it is another word. */
function slipsBetween(typed: string, name: string, limit: number): number {
  const [first, second] = typed;
  const beginsAlike =
    first === name[0] || (first === name[1] && second === name[0]) || isJapanese(typed);
  const most = beginsAlike ? limit : typed.length < LONG ? 0 : 1;
  const slips = boundedDistance(typed, name, most);
  return slips > most ? limit + 1 : slips;
}

/** Added when the query is a whole name, so that "silva" is the meeting of that id before "silva-press". */
const WHOLE_NAME = 0.5;

interface Entry<T> {
  readonly value: T;
  /** Words of each name, joined by spaces. */
  readonly names: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  /** `words` and those of the topics. */
  readonly relatedWords: ReadonlySet<string>;
}

/**
 * Finds items by what people type for their names: whole words and beginnings of words, without regard to case and
 * diacritics, and with spelling errors. Takes about a millisecond for some hundred items.
 */
export class NameFinder<T> {
  readonly #entries: readonly Entry<T>[];
  readonly #words: readonly string[];
  readonly #wider: NameFinder<T> | null;

  constructor(items: readonly NamedItem<T>[]) {
    this.#entries = items.map(({ value, names, aliases = [], topics = [] }) => {
      const own = names.map(nameWords);
      const words = [...own, ...aliases.map(nameWords)];
      return {
        value,
        names: new Set(words.map((each) => each.join(' '))),
        words: new Set(words.flat()),
        relatedWords: new Set([...own.flat(), ...topics.flatMap(nameWords)]),
      };
    });
    this.#words = [...new Set(this.#entries.flatMap(({ words }) => [...words]))];
    const parts = items.flatMap(({ value, wider = [] }) =>
      wider.length > 0 ? [{ value, names: wider }] : [],
    );
    this.#wider = parts.length > 0 ? new NameFinder(parts) : null;
  }

  /**
   * Items that match every typed word, or of which one name as a whole is misspelt. The best first, in the given order
   * where equal. All items for an empty query.
   */
  find(query: string, limit = Infinity): Match<T>[] {
    const typed = nameWords(query).slice(0, MOST_QUERY_WORDS);
    const distinctive = typed.filter((word) => !COMMON_WORDS.has(word));
    const wanted = distinctive.length > 0 ? distinctive : typed;
    if (wanted.length === 0) {
      return this.#entries.slice(0, limit).map(({ value }) => ({ value, score: 0 }));
    }
    const name = typed.join(' ');
    const scoresByWord = wanted.map((word) => this.#scoresOf(word));
    return this.#entries
      .flatMap(({ value, names, words }) => {
        const score = totalScore(scoresByWord, words) ?? misspeltScore(name, names);
        if (score === null) return [];
        return [{ value, score: names.has(name) ? score + WHOLE_NAME : score }];
      })
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);
  }

  /** Items that have every typed word as it is, or words that begin with it. None for an empty query. */
  holding(query: string): T[] {
    const wanted = new Set(nameWords(query).filter((word) => !COMMON_WORDS.has(word)));
    if (wanted.size === 0) return [];
    const wordsOf = [...wanted].map((typed) =>
      this.#words.filter((word) => spelledScore(typed, word) > MISSPELT),
    );
    const found = this.#entries
      .filter(({ words }) => wordsOf.every((each) => each.some((word) => words.has(word))))
      .map(({ value }) => value);
    return found.length > 0 ? found : (this.#wider?.holding(query) ?? []);
  }

  /** The items that match best, in the given order: several when they match equally well. None for an empty query. */
  best(query: string): T[] {
    if (nameWords(query).length === 0) return [];
    const matches = this.find(query);
    return matches.filter(({ score }) => score === matches[0]?.score).map(({ value }) => value);
  }

  /**
   * Items that share words with a text, the best first. A word counts for more the fewer items have it, and not at all
   * when a third of them have it.
   */
  related(text: string, limit: number): T[] {
    const words = new Set(nameWords(text).filter((word) => word.length > 2 && !isStopWord(word)));
    const weights = [...words].map((word) => {
      const holders = this.#entries.filter(({ relatedWords }) => relatedWords.has(word)).length;
      const isRare = holders > 0 && holders * 3 <= this.#entries.length;
      return [word, isRare ? 1 / holders : 0] as const;
    });
    return this.#entries
      .map(({ value, relatedWords }) => ({
        value,
        score: weights.reduce((sum, [word, weight]) => {
          return sum + (relatedWords.has(word) ? weight : 0);
        }, 0),
      }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
      .map(({ value }) => value);
  }

  /** Scores of the known words that match a typed one. */
  #scoresOf(typed: string): Map<string, number> {
    const scores = new Map<string, number>();
    for (const word of this.#words) {
      const score = wordScore(typed, word);
      if (score > 0) scores.set(word, score);
    }
    return scores;
  }
}

/** Null when a typed word matches none of an item's words. */
function totalScore(
  scoresByWord: readonly ReadonlyMap<string, number>[],
  words: ReadonlySet<string>,
): number | null {
  let total = 0;
  for (const scores of scoresByWord) {
    let best = 0;
    for (const [word, score] of scores) if (score > best && words.has(word)) best = score;
    if (best === 0) return null;
    total += best;
  }
  return total;
}

/** 0 when they do not match. */
function wordScore(typed: string, word: string): number {
  const spelled = spelledScore(typed, word);
  if (spelled > 0) return spelled;
  const limit = allowedErrors(typed);
  if (limit === 0) return isSwapped(typed, word) ? MISSPELT - ERROR_COST : 0;
  // The word may be typed in part, so its beginnings are compared too; with two errors they are another word.
  for (const length of [typed.length, typed.length + 1, typed.length - 1, word.length]) {
    if (length > word.length || length < 3) continue;
    const most = length === word.length ? limit : 1;
    const errors = slipsBetween(typed, word.slice(0, length), most);
    if (errors <= most) return MISSPELT - ERROR_COST * errors;
  }
  return 0;
}

/** As {@link wordScore}, without errors of spelling. */
function spelledScore(typed: string, word: string): number {
  if (typed === word) return EXACT;
  // "1" is the beginning of "11", but a number with an error is another number.
  if (/^\d+$/.test(typed)) {
    return /^\d+$/.test(word) && word.startsWith(typed) ? NUMBER_PREFIX : 0;
  }
  if (word.startsWith(typed)) return PREFIX;
  // Japanese has no spaces between words.
  if (isJapanese(typed) && isJapanese(word)) {
    if (word.includes(typed) || typed.includes(word)) return UNSPACED_PART;
  }
  return 0;
}

/** Score of the whole query against the nearest of an item's names; null when it is too far from all. */
function misspeltScore(query: string, names: ReadonlySet<string>): number | null {
  const limit = allowedErrors(query);
  if (limit === 0) return null;
  let fewest = limit + 1;
  for (const name of names) fewest = Math.min(fewest, slipsBetween(query, name, limit));
  return fewest > limit ? null : MISSPELT - ERROR_COST * fewest;
}

/** Folded words without possessives, kana as they are heard; "12th" and "012" become "12". */
function nameWords(text: string): string[] {
  const words = text.normalize('NFKC').replace(KANA, (kana) => plainKana(inKatakana(kana)));
  return fold(words)
    .replace(/'s?(?![\p{L}\p{N}])/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.replace(/^(\d+)(?:st|nd|rd|th)$/, '$1').replace(/^0+(?=\d)/, ''))
    .filter((word) => word !== '');
}

/** What a meeting is found by. */
interface NamedMeeting {
  readonly id: string;
  readonly title: string;
  readonly date: string | null;
  readonly city: string;
  readonly country: string;
  readonly venue: string | null;
  readonly topics: readonly string[];
  readonly people: readonly {
    readonly name: string;
    readonly title: string | null;
    readonly organisation: string | null;
    readonly otherSpellings: readonly string[];
  }[];
}

/** What a source is found by. */
interface NamedSource {
  readonly id: string;
  readonly title: string;
  readonly publisher: string;
  readonly published: string | null;
}

/**
 * Finds meetings by id, title, place, people and date.
 *
 * @param furtherNames for example in another language
 */
export function meetingFinder<M extends NamedMeeting>(
  meetings: readonly M[],
  furtherNames: (meeting: M) => readonly string[] = () => [],
): NameFinder<M> {
  return new NameFinder(
    meetings.map((meeting) => {
      const { id, title, city, country, venue, people, date, topics } = meeting;
      const others = otherNamesOf(meeting);
      const peopleNames = people.flatMap(({ name, organisation, otherSpellings }) => [
        name,
        organisation ?? '',
        ...otherSpellings,
      ]);
      return {
        value: meeting,
        names: [
          ...[id, title, city, country, venue ?? ''],
          ...peopleNames,
          ...namesOfDate(date),
          ...furtherNames(meeting),
        ],
        aliases: [...others.city, ...others.country],
        wider: others.regions,
        topics: [...topics, ...people.map((person) => person.title ?? '')],
      };
    }),
  );
}

/** As {@link meetingFinder}, for sources by id, title, publisher and date. */
export function sourceFinder<S extends NamedSource>(
  sources: readonly S[],
  furtherNames: (source: S) => readonly string[] = () => [],
): NameFinder<S> {
  return new NameFinder(
    sources.map((source) => {
      const { id, title, publisher, published } = source;
      const names = [id, title, publisher, ...namesOfDate(published), ...furtherNames(source)];
      return { value: source, names };
    }),
  );
}

/** In both languages, with the weekday. */
export function namesOfDate(iso: string | null): string[] {
  if (iso === null) return [];
  const inWords = (['en', 'ja'] as const).map((language) =>
    dateInWords(iso, language, { weekday: true }),
  );
  return [...inWords, iso];
}

/** What tells which meetings a text names. */
export interface NamingSnapshot<M> {
  readonly meetings: readonly M[];
  meetingsNamed(text: string): readonly string[];
  daysNamed(text: string): readonly string[];
}

export const DAY_OF_MONTH = /^\d{1,2}$/;

/** Ids of the meetings that have all that a short text names. */
export function namedIn<M extends NamedMeeting>(
  snapshot: NamingSnapshot<M>,
  typed: string,
): readonly string[] {
  // Alone, a number is a day of the month, and two letters are not a pronoun ("us").
  if (DAY_OF_MONTH.test(typed)) {
    const days = new Set(snapshot.daysNamed(`${Number(typed)}日`));
    return snapshot.meetings.filter(({ date }) => days.has(date ?? '')).map(({ id }) => id);
  }
  return snapshot.meetingsNamed(typed.length === 2 ? typed.toUpperCase() : typed);
}

/**
 * The meetings that a text means, in the order of the tour: by id; by the people, offices, places and days that it names, in
 * English or Japanese; else by the words of titles and names, spelling mistakes tolerated. None for no match.
 */
export function meetingsMeant<M extends NamedMeeting>(
  snapshot: NamingSnapshot<M>,
  finder: NameFinder<M>,
  input: string,
): readonly M[] {
  const typed = input.trim();
  const known = snapshot.meetings.find(({ id }) => id === typed);
  if (known !== undefined) return [known];
  const ids = new Set(namedIn(snapshot, typed));
  const named = snapshot.meetings.filter(({ id }) => ids.has(id));
  if (DAY_OF_MONTH.test(typed)) return named;
  const holding = finder.holding(typed);
  // "Silva press" names a person; its other word tells which of the meetings with him.
  const both = typed.includes(' ') ? holding.filter(({ id }) => ids.has(id)) : [];
  if (both.length > 0) return both;
  if (named.length > 0) return named;
  return holding.length > 0 ? holding : finder.best(typed);
}
