/**
 * The meetings that passages are tied to.
 *
 * The passages of a meeting's document belong to that meeting. Any other
 * text is tied by what it names: the surname of somebody who met the minister, or the place and the day. A tie to
 * several meetings is narrowed by day, place and the words of the titles, and dropped when these do not decide: a
 * missing tie loses a hit of a filtered search, a wrong one tells the reader something untrue.
 */
import { daysIn, monthAndDay } from '../language/dates.ts';
import { foldedWords } from '../language/words.ts';
import type { Document, Meeting } from './types.ts';

/** A meeting with the words that can tie a text to it. */
interface Known {
  readonly meeting: Meeting;
  /** Of those who met the minister. */
  readonly surnames: ReadonlySet<string>;
  readonly city: string;
  /** Words of the title that few other titles have. */
  readonly tellingWords: ReadonlySet<string>;
}

/** What a text says that can tie it to meetings. */
interface Signs {
  readonly names: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  /** "2024-01-12", and "01-12" where the text leaves the year out. */
  readonly days: ReadonlySet<string>;
  readonly folded: string;
}

/** Somebody in more than this share of all meetings belongs to the minister's delegation. */
const COUNTERPART_SHARE = 0.25;
const SHORTEST_SURNAME = 4;
/** UTF-16 characters at the beginning of a page that say what it is about. */
const LEAD_CHARS = 400;

/** Ties texts to meetings; prepared once for all documents. */
export class MeetingTies {
  readonly #known: readonly Known[];
  readonly #bySurname = new Map<string, Known[]>();

  constructor(meetings: readonly Meeting[]) {
    const places = new Set(
      meetings.flatMap(({ city, country }) => singularWords(`${city} ${country}`)),
    );
    const counts = countsOf(meetings.map(surnamesOf));
    const titleCounts = countsOf(meetings.map(({ title }) => singularWords(title)));
    const most = Math.max(2, meetings.length * COUNTERPART_SHARE);
    const mostTitles = Math.max(2, meetings.length / 8);
    this.#known = meetings.map((meeting) => {
      const surnames = surnamesOf(meeting).filter(
        (name) => !places.has(name) && (counts.get(name) ?? 0) <= most,
      );
      const tellingWords = singularWords(meeting.title).filter(
        (word) =>
          word.length > 3 && !places.has(word) && (titleCounts.get(word) ?? 0) <= mostTitles,
      );
      return {
        meeting,
        surnames: new Set(surnames),
        city: foldedWords(meeting.city),
        tellingWords: new Set(tellingWords),
      };
    });
    for (const known of this.#known) {
      for (const surname of known.surnames) {
        this.#bySurname.set(surname, [...(this.#bySurname.get(surname) ?? []), known]);
      }
    }
  }

  /**
   * The meeting that a document as a whole is about, and those of each passage: the document's subject first, then in the
   * order of the tour.
   */
  of(document: Document) {
    const { meeting: own, page, kind } = document;
    if (own !== null) return { subject: own, forPassage: () => [own] };
    // Meetings whose documents cite a fetched page. A page that is cited can only be tied to these.
    const citing = this.#known.filter(
      ({ meeting }) => page !== undefined && meeting.sources.includes(page.source),
    );
    const mayBe = (known: Known): boolean => citing.length === 0 || citing.includes(known);
    const about = only(citing) ?? (kind === 'background' ? undefined : this.#subjectOf(document));
    const subjects = about !== undefined && mayBe(about) ? [about] : [];
    return {
      subject: subjects[0]?.meeting,
      forPassage: (text: string, headings: readonly string[]): Meeting[] => {
        const named = this.#namedIn(signsOf([...headings, text].join('\n'))).filter(mayBe);
        return [...new Set([...subjects, ...named])].map(({ meeting }) => meeting);
      },
    };
  }

  /** The one meeting that a page is about by its title and lead. */
  #subjectOf({ sections, text, title, date }: Document): Known | undefined {
    const start = sections[0]?.blocks[0]?.start;
    const lead = start === undefined ? '' : text.slice(start, start + LEAD_CHARS);
    const signs = signsOf(title);
    const head = signsOf(`${title}\n${lead}\n${date ?? ''}`);
    const titled = this.#byName(signs);
    if (titled.length > 0) return only(narrowed(titled, head));
    // There may be several on the same day in the same place: the title's words decide, then the people.
    const here = this.#hereAndThen(head);
    const byTitle = only(bestBy(here, (known) => shared(known.tellingWords, signs.words)));
    if (byTitle !== undefined || this.#byName(head).length !== 1) return byTitle;
    return only(here.filter((known) => shared(known.surnames, head.names) > 0));
  }

  /** Meetings that a passage names by a person, or by place, day and a word of the title. */
  #namedIn(signs: Signs): Known[] {
    const named = new Set(
      [...signs.names].flatMap((name) => narrowed(this.#bySurname.get(name) ?? [], signs)),
    );
    const here = this.#hereAndThen(signs);
    const sure =
      only(here) ?? only(bestBy(here, (known) => shared(known.tellingWords, signs.words)));
    if (sure !== undefined) named.add(sure);
    return [...named].sort((a, b) => a.meeting.order - b.meeting.order);
  }

  #byName(signs: Signs): Known[] {
    return [...new Set([...signs.names].flatMap((name) => this.#bySurname.get(name) ?? []))];
  }

  /** Meetings whose city and day a text names; a country has too many meetings to decide. */
  #hereAndThen(signs: Signs): Known[] {
    return this.#known.filter((known) => {
      const city = known.city.replace(/ d c$/, '');
      return ` ${signs.folded} `.includes(` ${city} `) && isThen(known, signs);
    });
  }
}

function only<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}

/** Of several meetings with one person, those that fit day, place or title best; all when none fits. */
function narrowed(candidates: readonly Known[], signs: Signs): readonly Known[] {
  if (candidates.length <= 1) return candidates;
  const best = bestBy(
    candidates,
    (known) =>
      (isThen(known, signs) ? 2 : 0) +
      (signs.folded.includes(known.city) ? 1 : 0) +
      shared(known.tellingWords, signs.words),
  );
  return best.length > 0 ? best : candidates;
}

function bestBy(candidates: readonly Known[], score: (known: Known) => number): Known[] {
  const scores = candidates.map(score);
  const highest = Math.max(...scores);
  return highest > 0 ? candidates.filter((_, index) => scores[index] === highest) : [];
}

function shared(wanted: ReadonlySet<string>, words: ReadonlySet<string>): number {
  return [...wanted].filter((word) => words.has(word)).length;
}

function isThen({ meeting: { date } }: Known, { days }: Signs): boolean {
  return date !== null && (days.has(date) || days.has(date.slice(5)));
}

function signsOf(text: string): Signs {
  const names = new Set<string>();
  for (const [word] of text.normalize('NFC').matchAll(/\p{Lu}[\p{L}\p{M}’'-]+/gu)) {
    for (const part of foldedWords(word.replace(/['’]s$/i, '')).split(' ')) {
      if (part.length >= SHORTEST_SURNAME) names.add(part);
    }
  }
  const days = new Set<string>();
  for (const { year, month, day } of daysIn(text)) {
    days.add(`${year === null ? '' : `${year}-`}${monthAndDay(month, day)}`);
  }
  return { names, words: new Set(singularWords(text)), days, folded: foldedWords(text) };
}

/** The last word of each spelling of a name. Only Japanese surnames come first, and those are the delegation's. */
function surnamesOf({ people }: Meeting): string[] {
  return people
    .flatMap(({ name, otherSpellings }) => [name, ...otherSpellings])
    .map((name) => foldedWords(name.replace(/\(.*?\)/g, '')).replace(/^.* /, ''))
    .filter((surname) => surname.length >= SHORTEST_SURNAME);
}

function countsOf(lists: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const list of lists) {
    for (const word of new Set(list)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** Folded words without a plural s, as a set of words to compare. */
function singularWords(text: string): string[] {
  return foldedWords(text)
    .split(' ')
    .map((word) => (word.length > 4 ? word.replace(/s$/, '') : word));
}
