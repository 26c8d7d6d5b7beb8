/**
 * Passages: whole sentences of one section. Where to cut is chosen for the section as a whole, as the
 * cheapest way through its sentences: lengths near the target, cuts between blocks rather than inside
 * one, no dateline or label left alone, no passage that opens with a bare "She".
 */
import { isDateline } from './dateline.ts';
import { headerOf } from './header.ts';
import { MeetingTies } from './meeting-ties.ts';
import { linesOf } from './lines.ts';
import { sentencesOf } from './sentences.ts';
import type { Document, Meeting, Passage, Section, Span } from './types.ts';

/** Raise when the same document would give other passages: built indexes are told apart by it. */
export const CHUNKER_VERSION = 1;

/** Length of a passage to aim at. */
export const DEFAULT_TARGET_CHARACTERS = 650;

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
  const ties = (meetings instanceof MeetingTies ? meetings : new MeetingTies(meetings)).of(
    document,
  );
  const passages: Passage[] = [];
  for (const section of document.sections) {
    for (const sentences of groupSentences(document.text, section, target)) {
      const start = sentences[0]?.start ?? 0;
      const end = sentences.at(-1)?.end ?? start;
      const text = document.text.slice(start, end);
      const own = ties.forPassage(text, section.headings);
      passages.push({
        documentId: document.id,
        headings: section.headings,
        start,
        end,
        lines: linesOf(document, start, end),
        text,
        sentences: sentences.map((span) => ({ start: span.start - start, end: span.end - start })),
        meetings: own.map(({ id }) => id),
        sources: sourcesOf(document, section, { start, end }),
        header: headerOf(
          document,
          section.headings,
          ties.subject ?? (own.length === 1 ? own[0] : undefined),
        ),
      });
    }
  }
  return passages;
}

interface Unit extends Span {
  readonly opensBlock: boolean;
  /** A label, dateline or introduction of a list: belongs with what follows. */
  readonly leads: boolean;
}

function unitsOf(text: string, section: Section): Unit[] {
  const units: Unit[] = [];
  for (const block of section.blocks) {
    const sentences = sentencesOf(text.slice(block.start, block.end));
    for (const [index, { start, end }] of sentences.entries()) {
      units.push({
        start: block.start + start,
        end: block.start + end,
        opensBlock: index === 0,
        leads: sentences.length === 1 && leads(text.slice(block.start + start, block.start + end)),
      });
    }
  }
  return units;
}

/** True for a short line that ends no sentence, for one that ends in a colon, and for a dateline. */
function leads(sentence: string): boolean {
  return (
    isDateline(sentence) ||
    /[:：]$/u.test(sentence) ||
    (sentence.length < 90 && !/[.!?。！？…]["'”’)\]]*$/u.test(sentence))
  );
}

const DEPENDENT =
  /^["'“‘]?(?:She|He|It|They|This|These|That|Those|Her|His|Their|Its|However|But|And|Also|Moreover|Furthermore|In addition|Besides|Meanwhile|Both|The two|Then)\b/u;

const CUT_IN_BLOCK = 0.08;
const CUT_BEFORE_DEPENDENT = 0.3;
const CUT_BEFORE_ANSWER = 1;
const CUT_AFTER_LEAD = 4;

function groupSentences(text: string, section: Section, target: number): Unit[][] {
  const units = unitsOf(text, section);
  const count = units.length;
  if (count === 0) return [];
  // best[i]: cheapest cost of units 0..i-1 in whole passages; from[i]: where the last of them begins.
  const best = new Float64Array(count + 1).fill(Infinity);
  const from = new Int32Array(count + 1);
  best[0] = 0;
  for (let i = 0; i < count; i++) {
    const unit = units[i];
    const sofar = best[i] ?? Infinity;
    if (unit === undefined) continue;
    const cut = i === 0 ? 0 : cutCost(text, units[i - 1], unit);
    for (let j = i + 1; j <= count; j++) {
      const length = (units[j - 1]?.end ?? 0) - unit.start;
      if (length > 2 * target && j > i + 1) break;
      const cost = sofar + cut + lengthCost(length, target);
      if (cost < (best[j] ?? Infinity)) {
        best[j] = cost;
        from[j] = i;
      }
    }
  }
  const groups: Unit[][] = [];
  for (let end = count; end > 0; end = from[end] ?? 0)
    groups.push(units.slice(from[end] ?? 0, end));
  return groups.reverse();
}

/** Too long is worse than too short, but a scrap is worst: it says too little to be found or quoted. */
function lengthCost(length: number, target: number): number {
  const ratio = length / target;
  if (ratio > 1) return (ratio - 1) ** 2 * 1.5 + 0.02;
  return (1 - ratio) ** 2 + 0.02 + (ratio < 0.2 ? 0.3 : 0);
}

function cutCost(text: string, before: Unit | undefined, after: Unit): number {
  if (before?.leads === true) return CUT_AFTER_LEAD;
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
 * Sources of a passage: its own footnotes; where it has none, the next ones in its last paragraph,
 * which stand for the whole of it; else those of the document.
 */
function sourcesOf(document: Document, section: Section, { start, end }: Span): string[] {
  const inside = marksIn(document, start, end);
  if (inside.length > 0) return inside;
  const block = section.blocks.find((span) => span.start < end && end <= span.end);
  const following = block === undefined ? [] : marksIn(document, end, block.end);
  return following.length > 0 ? following : [...document.sources];
}

/** Ids of the marks after `start` up to `end`: a mark stands behind what it vouches for. */
function marksIn(document: Document, start: number, end: number): string[] {
  const ids = new Set<string>();
  for (const { offset, sourceId } of document.footnotes) {
    if (offset > start && offset <= end) ids.add(sourceId);
  }
  return [...ids];
}
