import { sentencesOf } from '../corpus/sentences.ts';
import type { Document } from '../corpus/types.ts';
import { sourcesWithin } from './cite.ts';

/** A sentence of a meeting's document that tells what came of the meeting. */
export interface KeySentence {
  /** An exact span of the document's text. */
  readonly text: string;
  /** Ids of the sources that its footnotes name. */
  readonly sources: readonly string[];
}

/** Words for results, strongest first. */
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
const NOT_RESULT_PENALTY = 3;
/** Shorter ones are lists of a few words; longer ones say too much for a glance. In characters. */
const SHORTEST = 40;
const LONGEST = 260;

/**
 * The sentences of a document that tell results most plainly, in the order of the text; its first sentences where
 * none does.
 */
export function keySentencesOf(document: Document, most: number): KeySentence[] {
  const candidates = document.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      sentencesOf(document.text.slice(block.start, block.end)).map((sentence) => ({
        start: block.start + sentence.start,
        end: block.start + sentence.end,
      })),
    ),
  );
  return candidates
    .map(({ start, end }, index) => {
      const text = document.text.slice(start, end);
      // Early sentences say what the meeting was about: among equals they come first.
      return { start, end, text, score: weightOf(text) - index / 1000 };
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, text }) => ({ text, sources: sourcesWithin(document, start, end) }));
}

function weightOf(text: string): number {
  if (text.length < SHORTEST || text.length > LONGEST) return -1;
  const weight = RESULT_WORDS.find(([, words]) => words.test(text))?.[0] ?? 0;
  return NOT_RESULTS.test(text) ? weight - NOT_RESULT_PENALTY : weight;
}
