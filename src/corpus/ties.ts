/**
 * What a passage is tied to: meetings, what they say of it beyond its own words, and sources.
 *
 * The passages of a meeting's document belong to that meeting. Any other
 * text is tied by what it names: the surname of somebody who met the minister, or the place and the day. A tie to
 * several meetings is narrowed by day, place and the words of the titles, and dropped when these do not decide: a
 * missing tie loses a hit of a filtered search, a wrong one tells the reader something untrue.
 */
import { dateInWords, daysIn, monthAndDay } from '../language/dates.ts';
import { foldedWords } from '../language/words.ts';
import {
  firstIndex,
  type Document,
  type Meeting,
  type Person,
  type Section,
  type Span,
} from './types.ts';

/** The ties of one document. */
export interface DocumentTies {
  /** The meeting that the document as a whole is about, or null. */
  readonly subject: Meeting | null;
  /** Meetings of a passage: the document's subject first, then in the order of the tour. */
  forPassage(text: string, headings: readonly string[]): readonly Meeting[];
}

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
    const counts = countsOf(meetings.map((meeting) => [...surnamesOf(meeting)]));
    const titleCounts = countsOf(meetings.map(({ title }) => singularWords(title)));
    const most = Math.max(2, meetings.length * COUNTERPART_SHARE);
    this.#known = meetings.map((meeting) => ({
      meeting,
      surnames: new Set(
        [...surnamesOf(meeting)].filter(
          (name) => !places.has(name) && (counts.get(name) ?? 0) <= most,
        ),
      ),
      city: foldedWords(meeting.city),
      tellingWords: new Set(
        singularWords(meeting.title).filter(
          (word) =>
            word.length > 3 &&
            !places.has(word) &&
            (titleCounts.get(word) ?? 0) <= Math.max(2, meetings.length / 8),
        ),
      ),
    }));
    for (const known of this.#known) {
      for (const surname of known.surnames) {
        this.#bySurname.set(surname, [...(this.#bySurname.get(surname) ?? []), known]);
      }
    }
  }

  of(document: Document): DocumentTies {
    if (document.meeting !== null) {
      const meetings = [document.meeting];
      return { subject: document.meeting, forPassage: () => meetings };
    }
    const citing = this.#citing(document);
    const subject = citing.length === 1 ? (citing[0] ?? null) : this.#subject(document, citing);
    return {
      subject: subject?.meeting ?? null,
      forPassage: (text, headings) => {
        const signs = signsOf([...headings, text].join('\n'));
        const named = this.#namedIn(signs);
        if (named.length === 0 && subject === null) return [];
        const others = named.filter(
          (known) => known !== subject && (citing.length === 0 || citing.includes(known)),
        );
        const all = subject === null ? others : [subject, ...others];
        return all.map(({ meeting }) => meeting);
      },
    };
  }

  /** Meetings whose documents cite a fetched page. A page that is cited can only be tied to these. */
  #citing({ page }: Document): readonly Known[] {
    if (page === undefined) return [];
    return this.#known.filter(({ meeting }) => meeting.sources.includes(page.source));
  }

  #subject(document: Document, citing: readonly Known[]): Known | null {
    if (document.kind === 'background') return null;
    const subject = this.#subjectOf(document);
    return subject === null || citing.length === 0 || citing.includes(subject) ? subject : null;
  }

  /** The one meeting that a page is about by its title and lead; null when there is none or more than one. */
  #subjectOf(document: Document): Known | null {
    const first = document.sections[0]?.blocks[0];
    const lead =
      first === undefined ? '' : document.text.slice(first.start, first.start + LEAD_CHARS);
    const title = signsOf(document.title);
    const titled = this.#byName(title);
    if (titled.length > 0) {
      const chosen =
        titled.length === 1
          ? titled
          : narrowed(titled, signsOf(`${document.title}\n${lead}\n${document.date ?? ''}`));
      return chosen.length === 1 ? (chosen[0] ?? null) : null;
    }
    const head = signsOf(`${document.title}\n${lead}\n${document.date ?? ''}`);
    const here = this.#known.filter((known) => isThere(known, head) && isThen(known, head));
    if (here.length === 0) return null;
    // There may be several on the same day in the same place: the title's words decide, then the people.
    const byTitle = bestBy(here, (known) => shared(known.tellingWords, title.words));
    if (byTitle.length === 1) return byTitle[0] ?? null;
    const byPeople = here.filter((known) => shared(known.surnames, head.names) > 0);
    return byPeople.length === 1 && this.#byName(head).length === 1 ? (byPeople[0] ?? null) : null;
  }

  /** Meetings that a passage names by a person, or by place, day and a word of the title. */
  #namedIn(signs: Signs): Known[] {
    const named = new Set<Known>();
    for (const name of signs.names) {
      const candidates = this.#bySurname.get(name) ?? [];
      const chosen = candidates.length <= 1 ? candidates : narrowed(candidates, signs);
      for (const known of chosen) named.add(known);
    }
    const here = this.#known.filter((known) => isThere(known, signs) && isThen(known, signs));
    const sure =
      here.length === 1 ? here : bestBy(here, (known) => shared(known.tellingWords, signs.words));
    if (sure.length === 1) for (const known of sure) named.add(known);
    return [...named].sort((a, b) => a.meeting.order - b.meeting.order);
  }

  #byName(signs: Signs): Known[] {
    const found = new Set<Known>();
    for (const name of signs.names) {
      for (const known of this.#bySurname.get(name) ?? []) found.add(known);
    }
    return [...found];
  }
}

/** Of several meetings with one person, those that fit day, place or title best; all when none fits. */
function narrowed(candidates: readonly Known[], signs: Signs): readonly Known[] {
  const score = (known: Known): number =>
    (isThen(known, signs) ? 2 : 0) +
    (signs.folded.includes(known.city) ? 1 : 0) +
    shared(known.tellingWords, signs.words);
  const best = bestBy(candidates, score);
  return best.length > 0 ? best : candidates;
}

/** The candidates with the highest score above zero. */
function bestBy(candidates: readonly Known[], score: (known: Known) => number): Known[] {
  let best: Known[] = [];
  let highest = 0;
  for (const known of candidates) {
    const points = score(known);
    if (points > highest) {
      best = [known];
      highest = points;
    } else if (points === highest && points > 0) {
      best.push(known);
    }
  }
  return best;
}

function shared(wanted: ReadonlySet<string>, words: ReadonlySet<string>): number {
  let count = 0;
  for (const word of wanted) if (words.has(word)) count += 1;
  return count;
}

/** Whether the text names the city; a country has too many meetings to decide. */
function isThere(known: Known, signs: Signs): boolean {
  return holdsWord(signs.folded, known.city.replace(/ d c$/, ''));
}

function isThen({ meeting }: Known, signs: Signs): boolean {
  return (
    meeting.date !== null && (signs.days.has(meeting.date) || signs.days.has(meeting.date.slice(5)))
  );
}

function holdsWord(folded: string, word: string): boolean {
  return ` ${folded} `.includes(` ${word} `);
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
function surnamesOf(meeting: Meeting): Set<string> {
  const surnames = new Set<string>();
  for (const { name, otherSpellings } of meeting.people) {
    for (const spelling of [name, ...otherSpellings]) {
      const last = foldedWords(spelling.replace(/\(.*?\)/g, ''))
        .split(' ')
        .at(-1);
      if (last !== undefined && last.length >= SHORTEST_SURNAME) surnames.add(last);
    }
  }
  return surnames;
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

/**
 * What a passage leaves unsaid and a question may name: title, headings, date, place and people. It is searched with the
 * passage and never shown.
 *
 * @param meeting gives place and people; undefined where the passage belongs to several, of which they would be wrong
 */
export function headerOf(
  document: Document,
  headings: readonly string[],
  meeting: Meeting | undefined,
): string {
  const parts = [document.title, ...headings.filter((heading) => heading !== document.title)];
  const date = document.date ?? meeting?.date ?? null;
  if (date !== null) parts.push(`${dateInWords(date, 'en', { weekday: true })} (${date})`);
  if (meeting !== undefined) {
    const places = [meeting.venue, meeting.city, meeting.country];
    parts.push(places.filter((place) => place !== null).join(', '));
  }
  const people = meeting?.people ?? document.people;
  if (people.length > 0) parts.push(people.map(describePerson).join('; '));
  return parts.join('\n');
}

function describePerson({ name, title, organisation }: Person): string {
  return [name, title, organisation].filter((part) => part !== null).join(', ');
}

/**
 * Sources of a passage: those of its footnotes; without any, those of the next footnotes in its last paragraph, which
 * apply to the whole paragraph; else those of the document.
 */
export function sourcesOf(document: Document, section: Section, { start, end }: Span): string[] {
  const inside = marksIn(document, start, end);
  if (inside.length > 0) return inside;
  const last = section.blocks[firstIndex(section.blocks, (block) => block.start >= end) - 1];
  const following = last === undefined ? [] : marksIn(document, end, last.end);
  return following.length > 0 ? following : [...document.sources];
}

/** Source ids of the marks in `(start, end]`: a mark follows the text that it supports. */
function marksIn({ footnotes }: Document, start: number, end: number): string[] {
  const ids = new Set<string>();
  for (let i = firstIndex(footnotes, ({ offset }) => offset > start); i < footnotes.length; i++) {
    const mark = footnotes[i];
    if (mark === undefined || mark.offset > end) break;
    ids.add(mark.sourceId);
  }
  return [...ids];
}
