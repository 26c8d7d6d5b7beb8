/**
 * Splits documents into passages: whole sentences of one section. The cuts of a section are chosen together, by dynamic
 * programming over a cost: lengths near the target, cuts between blocks rather than inside one, no dateline or label
 * alone, no passage that begins with a bare "She".
 */
import { DragomanError } from '../errors.ts';
import { dateInWords, isDateline } from '../language/dates.ts';
import { MeetingTies } from './meeting-ties.ts';
import { LONGEST_SENTENCE, sentencesOf } from './sentences.ts';
import {
  linesOf,
  type Document,
  type Meeting,
  type Passage,
  type Person,
  type Section,
  type Span,
} from './types.ts';

/** Raise when the same document would give other passages: an index is built again when it differs. */
export const CHUNKER_VERSION = 3;

/** UTF-16 characters. Long enough to be read alone, short enough that three passages fit a message. */
const DEFAULT_TARGET_CHARACTERS = 650;

/** UTF-16 characters that no passage exceeds, whatever the target: whoever shows one relies on it. */
export const LONGEST_PASSAGE = LONGEST_SENTENCE;
/** Sentences of a passage at most, so that the time for a text of one-letter lines stays linear. */
const MOST_SENTENCES = 150;

export interface PassageOptions {
  /** UTF-16 characters. */
  readonly targetCharacters?: number;
}

/** Passages of a document, in order. Together they hold every block of its sections exactly once. */
export function passagesOf(
  document: Document,
  meetings: readonly Meeting[] | MeetingTies,
  options: PassageOptions = {},
): Passage[] {
  const target = options.targetCharacters ?? DEFAULT_TARGET_CHARACTERS;
  const allTies = meetings instanceof MeetingTies ? meetings : new MeetingTies(meetings);
  const ties = allTies.of(document);
  const passages: Passage[] = [];
  for (const section of document.sections) {
    for (const sentences of groupSentences(document.text, section, target)) {
      const start = sentences[0]?.start ?? 0;
      const end = sentences.at(-1)?.end ?? start;
      const text = document.text.slice(start, end);
      const head = headOf(document.text, sentences[0]);
      const headings = head === null ? section.headings : [...section.headings, head];
      const tied = ties.forPassage(text, headings);
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
        header: headerOf(
          document,
          headings,
          ties.subject ?? (tied.length === 1 ? tied[0] : undefined),
        ),
      });
    }
  }
  return passages;
}

/** UTF-16 characters of a table's header row that are enough to know its columns. */
const LONGEST_HEAD = 200;

/** The header row of the table in whose middle a passage begins, as its innermost heading. */
function headOf(text: string, first: Sentence | undefined): string | null {
  const head = first?.head;
  return head === undefined ? null : text.slice(head.start, head.end).slice(0, LONGEST_HEAD);
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
      // A row of a table is no label, however short.
      const isLead = spans.length === 1 && head === undefined && leads(text.slice(start, end));
      return { start, end, opensBlock: index === 0, leads: isLead, head, code: code === true };
    });
  });
}

/** True for a dateline, a line that ends in a colon and a short line without the end of a sentence. */
function leads(sentence: string): boolean {
  return (
    isDateline(sentence) ||
    /[:：]$/u.test(sentence) ||
    (sentence.length < 90 && !/[.!?。！？…]["'”’)\]]*$/u.test(sentence))
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
  if (count === 0) return [];
  const longest = Math.min(2 * target, LONGEST_PASSAGE);
  // best[i]: lowest cost of sentences 0..i-1 in whole passages; from[i]: the first sentence of the last of them.
  const best = new Float64Array(count + 1).fill(Infinity);
  const from = new Int32Array(count + 1);
  best[0] = 0;
  for (let i = 0; i < count; i++) {
    const sentence = sentences[i];
    const soFar = best[i] ?? Infinity;
    if (sentence === undefined) continue;
    const cut = i === 0 ? 0 : cutCost(text, sentences[i - 1], sentence);
    for (let j = i + 1; j <= count; j++) {
      const length = (sentences[j - 1]?.end ?? 0) - sentence.start;
      if (j > i + 1 && (length > longest || j - i > MOST_SENTENCES)) break;
      const cost = soFar + cut + lengthCost(length, target);
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
  if (before?.leads === true) return CUT_AFTER_LEAD;
  if (after.code && !after.opensBlock) return CUT_IN_CODE;
  if (
    before !== undefined &&
    after.opensBlock &&
    text.slice(before.start, before.end).endsWith('?')
  ) {
    return CUT_BEFORE_ANSWER;
  }
  if (DEPENDENT.test(text.slice(after.start, after.start + 24))) {
    return CUT_BEFORE_DEPENDENT + (after.opensBlock ? 0 : CUT_IN_BLOCK);
  }
  return after.opensBlock ? 0 : CUT_IN_BLOCK;
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
  const ids = new Set<string>();
  for (let i = firstIndex(footnotes, ({ offset }) => offset > start); i < footnotes.length; i++) {
    const mark = footnotes[i];
    if (mark === undefined || mark.offset > end) break;
    ids.add(mark.sourceId);
  }
  return [...ids];
}

/** Index of the first entry that passes, among entries of which all after the first one that passes do. */
function firstIndex<Entry>(entries: readonly Entry[], passes: (entry: Entry) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && passes(entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The heading under which a document tells what its sources leave open. */
const OPEN_QUESTIONS = /^(?:open questions?|未確認の?事項)(?:$| )/i;

/** Whether a passage tells what is not known: an answer only where nothing else is one. */
export function isOpenQuestion(passage: Pick<Passage, 'headings'> | undefined): boolean {
  return passage?.headings.some((heading) => OPEN_QUESTIONS.test(heading)) ?? false;
}

/** The error of a corpus without any passage. */
export function withoutText(): DragomanError {
  return new DragomanError('CORPUS', 'The corpus has no text to build an index from.', {
    hint: 'Put documents into the corpus folder, or point CORPUS_DIR to a folder with documents.',
  });
}
