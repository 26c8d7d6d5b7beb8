/**
 * Which meetings a passage belongs to. A meeting's own document says so. Any other text is tied by
 * what it names: the surname of somebody who met the minister, or the place and the day. A tie that
 * could mean several meetings is narrowed by day, place and the words of the titles, and dropped when
 * that decides nothing: a missing tie costs a filter hit, a wrong one tells the reader something untrue.
 */
import { daysIn } from './dates.ts';
import type { Document, Meeting } from './types.ts';

/** Ties of one document: asks for a passage which meetings it belongs to. */
export interface DocumentTies {
  /** The meeting that the document as a whole is about, or null. */
  readonly subject: Meeting | null;
  /** Meetings of a passage, the surest first, then in the order of the tour. */
  forPassage(text: string, headings: readonly string[]): readonly Meeting[];
}

interface Known {
  readonly meeting: Meeting;
  /** Folded surnames of those who met the minister. */
  readonly surnames: ReadonlySet<string>;
  readonly city: string;
  readonly country: string;
  /** Folded words of the title that few other titles have. */
  readonly tellingWords: ReadonlySet<string>;
}

interface Signs {
  readonly names: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  /** "2024-01-12", and "01-12" where the text leaves the year out. */
  readonly days: ReadonlySet<string>;
  readonly folded: string;
}

/** At most this share of all meetings: somebody in more of them is on the minister's own side. */
const COUNTERPART_SHARE = 0.25;
const SHORTEST_SURNAME = 4;
/** Characters of running text at the head of a page that say what it is about. */
const LEAD_CHARS = 400;

/** What ties texts to meetings, prepared once for all documents. */
export class MeetingTies {
  readonly #known: readonly Known[];
  readonly #bySurname = new Map<string, Known[]>();

  constructor(meetings: readonly Meeting[]) {
    const places = new Set(meetings.flatMap(({ city, country }) => wordsOf(`${city} ${country}`)));
    const counts = countsOf(meetings.map((meeting) => [...surnamesOf(meeting)]));
    const titleCounts = countsOf(meetings.map(({ title }) => wordsOf(title)));
    const most = Math.max(2, meetings.length * COUNTERPART_SHARE);
    this.#known = meetings.map((meeting) => ({
      meeting,
      surnames: new Set(
        [...surnamesOf(meeting)].filter(
          (name) => !places.has(name) && (counts.get(name) ?? 0) <= most,
        ),
      ),
      city: fold(meeting.city),
      country: fold(meeting.country),
      tellingWords: new Set(
        wordsOf(meeting.title).filter(
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
      const own = [document.meeting];
      return { subject: document.meeting, forPassage: () => own };
    }
    const subject = document.kind === 'background' ? null : this.#subjectOf(document);
    return {
      subject: subject?.meeting ?? null,
      forPassage: (text, headings) => {
        const signs = signsOf([...headings, text].join('\n'));
        const named = this.#namedIn(signs);
        if (named.length === 0 && subject === null) return [];
        const all =
          subject === null ? named : [subject, ...named.filter((known) => known !== subject)];
        return all.map(({ meeting }) => meeting);
      },
    };
  }

  /** The one meeting that a page is about, by its title and lead; null when there is none, or more than one. */
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
    // On the same day in the same place there may be many: the title's words decide, then the people.
    const byTitle = bestBy(here, (known) => shared(known.tellingWords, title.words));
    if (byTitle.length === 1) return byTitle[0] ?? null;
    const byPeople = here.filter((known) => shared(known.surnames, head.names) > 0);
    return byPeople.length === 1 && this.#byName(head).length === 1 ? (byPeople[0] ?? null) : null;
  }

  /** Meetings that a passage names by a person, or by place and day with a word of its title. */
  #namedIn(signs: Signs): Known[] {
    const named = new Set<Known>();
    for (const name of signs.names) {
      const candidates = this.#bySurname.get(name) ?? [];
      for (const known of candidates.length <= 1 ? candidates : narrowed(candidates, signs))
        named.add(known);
    }
    const here = this.#known.filter((known) => isThere(known, signs) && isThen(known, signs));
    const sure =
      here.length === 1 ? here : bestBy(here, (known) => shared(known.tellingWords, signs.words));
    if (sure.length === 1) for (const known of sure) named.add(known);
    return [...named].sort((a, b) => a.meeting.order - b.meeting.order);
  }

  #byName(signs: Signs): Known[] {
    const found = new Set<Known>();
    for (const name of signs.names)
      for (const known of this.#bySurname.get(name) ?? []) found.add(known);
    return [...found];
  }
}

/** Those of several meetings with one person that fit the day, the place or the title; all when nothing decides. */
function narrowed(candidates: readonly Known[], signs: Signs): readonly Known[] {
  const score = (known: Known): number =>
    (isThen(known, signs) ? 2 : 0) +
    (signs.folded.includes(known.city) ? 1 : 0) +
    shared(known.tellingWords, signs.words);
  const best = bestBy(candidates, score);
  return best.length > 0 ? best : candidates;
}

/** The entries with the highest score above zero. */
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

/** The city is named; a country alone has too many meetings. */
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
    for (const part of fold(word.replace(/['’]s$/i, '')).split(' '))
      if (part.length >= SHORTEST_SURNAME) names.add(part);
  }
  const days = new Set<string>();
  for (const { year, month, day } of daysIn(text)) {
    const monthAndDay = `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    days.add(year === null ? monthAndDay : `${year}-${monthAndDay}`);
  }
  return { names, words: new Set(wordsOf(text)), days, folded: fold(text) };
}

/** The last word of each spelling of a name: families come last in all but Japanese names, which are the minister's side. */
function surnamesOf(meeting: Meeting): Set<string> {
  const surnames = new Set<string>();
  for (const { name, otherSpellings } of meeting.people) {
    for (const spelling of [name, ...otherSpellings]) {
      const words = fold(spelling.replace(/\(.*?\)/g, ''))
        .split(' ')
        .filter((word) => word !== '');
      const last = words.at(-1);
      if (last !== undefined && last.length >= SHORTEST_SURNAME) surnames.add(last);
    }
  }
  return surnames;
}

function countsOf(lists: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const list of lists)
    for (const word of new Set(list)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function fold(text: string): string {
  return text
    .replace(/[łŁ]/g, 'l')
    .replace(/[øØ]/g, 'o')
    .replace(/ı/g, 'i')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function wordsOf(text: string): string[] {
  return fold(text)
    .split(' ')
    .map((word) => (word.length > 4 ? word.replace(/s$/, '') : word));
}
