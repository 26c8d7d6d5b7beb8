/**
 * Splits documents into passages.
 *
 * Passages are whole sentences of one section. The cuts of a section are chosen together, by dynamic programming over a
 * cost: lengths near the target, cuts between blocks rather than inside one, no dateline or label alone, no passage that
 * begins with a bare "She".
 */
import { DragomanError } from '../errors.ts';
import { dateInWords, isDateline } from '../language/dates.ts';
import { LONGEST_SENTENCE, sentencesOf } from './sentences.ts';
import { MeetingTies } from './ties.ts';
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
