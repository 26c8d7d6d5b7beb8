/**
 * Splits documents into passages, and ties these to meetings.
 *
 * Passages are whole sentences of one section. The cuts of a section are chosen together, by dynamic programming over a
 * cost: lengths near the target, cuts between blocks rather than inside one, no dateline or label alone, no passage that
 * begins with a bare "She".
 */
import { DragomanError } from '../errors.ts';
import { dateInWords, daysIn, isDateline, monthAndDay } from '../language/dates.ts';
import { foldedWords } from '../language/words.ts';
import { LONGEST_SENTENCE, sentencesOf } from './sentences.ts';
import {
  firstIndex,
  linesOf,
  type Person,
  type Document,
  type Meeting,
  type Passage,
  type Section,
  type Span,
} from './types.ts';

/** Raise when the same document would give other passages: an index is built again when it differs. */
export const CHUNKER_VERSION = 4;

/** UTF-16 characters. Long enough to be read alone, short enough that three passages fit a message. */
const DEFAULT_TARGET_CHARACTERS = 650;

/** UTF-16 characters that no passage exceeds, whatever the target: whoever shows one relies on it. */
export const LONGEST_PASSAGE = LONGEST_SENTENCE;
/** Sentences of a passage at most, so that the time for a text of one-letter lines stays linear. */
const MOST_SENTENCES = 150;

/**
 * Passages of a document, in order. Together they hold every block of its sections exactly once.
 *
 * @param options target in UTF-16 characters
 */
export function passagesOf(
  document: Document,
  meetings: readonly Meeting[] | MeetingTies,
  { targetCharacters: target = DEFAULT_TARGET_CHARACTERS } = {},
): Passage[] {
  const allTies = meetings instanceof MeetingTies ? meetings : new MeetingTies(meetings);
  const ties = allTies.of(document);
  const passages: Passage[] = [];
  for (const section of document.sections) {
    for (const sentences of groupSentences(document.text, section, target)) {
      const start = sentences[0]?.start ?? 0;
      const end = sentences.at(-1)?.end ?? start;
      const text = document.text.slice(start, end);
      const head = sentences[0]?.head;
      const columns =
        head && document.text.slice(head.start, Math.min(head.end, head.start + LONGEST_HEAD));
      // The header row of the table in whose middle a passage begins is its innermost heading.
      const headings = [...section.headings, ...(columns ? [columns.replaceAll('\n', ' ')] : [])];
      const tied = ties.forPassage(text, headings);
      const about = ties.subject ?? (tied.length > 1 ? undefined : tied[0]);
      passages.push({
        documentId: document.id,
        headings,
        start,
        end,
        lines: linesOf(document, start, end),
        text,
        sentences: sentences.map((span) => ({ start: span.start - start, end: span.end - start })),
        meetings: tied.map(({ id }) => id),
        sources: sourcesOf(document, section, { start, end }),
        header: headerOf(document, headings, about),
      });
    }
  }
  return passages;
}

/** UTF-16 characters of a table's header row that are enough to know its columns. */
const LONGEST_HEAD = 200;

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
function sourcesOf(document: Document, section: Section, { start, end }: Span): string[] {
  const inside = marksIn(document, start, end);
  if (inside.length > 0) return inside;
  const last = section.blocks[firstIndex(section.blocks, (block) => block.start >= end) - 1];
  const following = last === undefined ? [] : marksIn(document, end, last.end);
  return following.length > 0 ? following : [...document.sources];
}

/** Source ids of the marks in `(start, end]`: a mark follows the text that it supports. */
function marksIn({ footnotes }: Document, start: number, end: number): string[] {
  const indexAfter = (place: number): number =>
    firstIndex(footnotes, (mark) => mark.offset > place);
  const marks = footnotes.slice(indexAfter(start), indexAfter(end));
  return [...new Set(marks.map(({ sourceId }) => sourceId))];
}

/** A sentence as an offset range of the document's text. */
interface Sentence extends Span {
  readonly opensBlock: boolean;
  /** A label, a dateline or the introduction of a list, which belongs to the next sentence. */
  readonly leads: boolean;
  readonly head: Span | undefined;
  readonly code: boolean;
}

function sentencesIn(text: string, section: Section): Sentence[] {
  return section.blocks.flatMap((block) => {
    const { head, code } = block;
    const spans = sentencesOf(text.slice(block.start, block.end));
    return spans.map((span, index) => {
      const start = block.start + span.start;
      const end = block.start + span.end;
      // A row of a table is not a label, however short.
      const isLead = spans.length === 1 && head === undefined && leads(text.slice(start, end));
      return { start, end, opensBlock: index === 0, leads: isLead, head, code: code === true };
    });
  });
}

/** True for a dateline, a line that ends in a colon and a short line without the end of a sentence. */
function leads(sentence: string): boolean {
  return (
    /[:：]$/u.test(sentence) ||
    (sentence.length < 90 && !/[.!?。！？…]["'”’)\]]*$/u.test(sentence)) ||
    isDateline(sentence)
  );
}

/** Beginnings of sentences that cannot be understood without the sentence before. */
const DEPENDENT =
  /^["'“‘]?(?:She|He|It|They|This|These|That|Those|Her|His|Their|Its|However|But|And|Also|Moreover|Furthermore|In addition|Besides|Meanwhile|Both|The two|Then)\b/u;

/** Costs of a cut, in units of the cost of a passage's length. */
const CUT_IN_BLOCK = 0.08;
const CUT_IN_CODE = 4;
const CUT_BEFORE_DEPENDENT = 0.3;
const CUT_BEFORE_ANSWER = 1;
const CUT_AFTER_LEAD = 4;

function groupSentences(text: string, section: Section, target: number): Sentence[][] {
  const sentences = sentencesIn(text, section);
  const count = sentences.length;
  const longest = Math.min(2 * target, LONGEST_PASSAGE);
  // best[i]: lowest cost of sentences 0..i-1 in whole passages; from[i]: the first sentence of the last of them.
  const best = new Float64Array(count + 1).fill(Infinity);
  const from = new Int32Array(count + 1);
  best[0] = 0;
  for (const [i, sentence] of sentences.entries()) {
    const soFar = (best[i] ?? Infinity) + cutCost(text, sentences[i - 1], sentence);
    for (let j = i + 1; j <= count; j++) {
      const length = (sentences[j - 1]?.end ?? 0) - sentence.start;
      if (j > i + 1 && (length > longest || j - i > MOST_SENTENCES)) break;
      const cost = soFar + lengthCost(length, target);
      if (cost < (best[j] ?? Infinity)) {
        best[j] = cost;
        from[j] = i;
      }
    }
  }
  const groups: Sentence[][] = [];
  for (let end = count; end > 0; end = from[end] ?? 0) {
    groups.push(sentences.slice(from[end] ?? 0, end));
  }
  return groups.reverse();
}

/** Too long costs more than too short, and a very short passage most: it says too little to be found or quoted. */
function lengthCost(length: number, target: number): number {
  const ratio = length / target;
  if (ratio > 1) return (ratio - 1) ** 2 * 1.5 + 0.02;
  return (1 - ratio) ** 2 + 0.02 + (ratio < 0.2 ? 0.3 : 0);
}

function cutCost(text: string, before: Sentence | undefined, after: Sentence): number {
  if (before === undefined) return 0;
  if (before.leads) return CUT_AFTER_LEAD;
  if (after.code && !after.opensBlock) return CUT_IN_CODE;
  if (after.opensBlock && text[before.end - 1] === '?') return CUT_BEFORE_ANSWER;
  const isDependent = DEPENDENT.test(text.slice(after.start, after.start + 24));
  return (isDependent ? CUT_BEFORE_DEPENDENT : 0) + (after.opensBlock ? 0 : CUT_IN_BLOCK);
}

/** The heading under which a document tells what its sources leave open. */
const OPEN_QUESTIONS = /^(?:open questions?|未確認の?事項)(?:$| )/i;

/** Whether a passage tells what is not known: an answer only where nothing else is one. */
export function isOpenQuestion(passage: Pick<Passage, 'headings'> | undefined): boolean {
  return passage?.headings.some((heading) => OPEN_QUESTIONS.test(heading)) ?? false;
}

export function withoutText(): DragomanError {
  return new DragomanError('CORPUS', 'The corpus has no text to build an index from.', {
    hint: 'Put documents into the corpus folder, or point CORPUS_DIR to a folder with documents.',
  });
}

// Ties to meetings

/*
 * The passages of a meeting's document belong to that meeting. Any other text is tied by what it names: the surname of
 * somebody who met the minister, or the place and the day. A tie to several meetings is narrowed by day, place and the
 * words of the titles, and dropped when these do not decide: a missing tie loses a hit of a filtered search, a wrong one
 * tells the reader something untrue.
 */

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
