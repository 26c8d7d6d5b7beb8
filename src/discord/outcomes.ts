import { linesOf } from '../corpus/lines.ts';
import { sentencesOf } from '../corpus/sentences.ts';
import type { Document, LineRange } from '../corpus/types.ts';

/** A sentence of a meeting's document that tells what came of it. */
export interface Outcome {
  /** An exact span of the document's text. */
  readonly text: string;
  readonly lines: LineRange;
  /** Ids of the sources that its footnotes name. */
  readonly sources: readonly string[];
}

/** Words of results, strongest first. */
const RESULT_WORDS: readonly (readonly [weight: number, words: RegExp])[] = [
  [3, /\b(?:agreed|announced|signed|pledged|decided|promised|handed over|launched|adopted)\b/i],
  [
    2,
    /\b(?:confirmed|committed|offered|invited|will (?:give|provide|hold|support|continue)|welcomed)\b/i,
  ],
  [
    1,
    /\b(?:thanked|condemned|called (?:for|on)|proposed|stressed|asked|discussed|visited|laid|met)\b/i,
  ],
];
/** Hearsay and plans are no results. */
const NOT_RESULTS =
  /\b(?:expected|beforehand|had written|advance|planned|versions?|differ|according to the ministry's)\b/i;
/** A list of a few words is no sentence; a very long one says too much at once for a card. */
const SHORTEST = 40;
const LONGEST = 420;

/**
 * The sentences of a document that most plainly tell results, in the order of the text; the first sentences
 * where none does.
 */
export function outcomesOf(document: Document, most: number): Outcome[] {
  const candidates = document.sections.flatMap(({ blocks }) =>
    blocks.flatMap(({ start, end }) =>
      sentencesOf(document.text.slice(start, end)).map((sentence) => ({
        start: start + sentence.start,
        end: start + sentence.end,
      })),
    ),
  );
  return candidates
    .map(({ start, end }, at) => {
      const text = document.text.slice(start, end);
      // Early sentences say what the meeting was about; they win among equals.
      return { start, end, text, score: weightOf(text) - at / 1000 };
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, text }) => ({
      text,
      lines: linesOf(document, start, end),
      sources: sourcesWithin(document, start, end),
    }));
}

function weightOf(text: string): number {
  if (text.length < SHORTEST || text.length > LONGEST) return -1;
  const weight = RESULT_WORDS.find(([, words]) => words.test(text))?.[0] ?? 0;
  return NOT_RESULTS.test(text) ? weight - 3 : weight;
}

/** A footnote's mark stood right after the last character that it vouches for. */
function sourcesWithin({ footnotes }: Document, start: number, end: number): string[] {
  const ids = footnotes
    .filter(({ offset }) => offset > start && offset <= end)
    .map(({ sourceId }) => sourceId);
  return [...new Set(ids)];
}
