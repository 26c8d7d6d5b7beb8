import { sentencesOf } from '../../src/corpus/sentences.ts';
import type { Document } from '../../src/corpus/types.ts';

/** The section that gaps in the sources belong into. */
const OPEN_QUESTIONS = /^open questions\b/i;

/** A synonym or a definition put behind a word: ", or sympathy,", ", that is home,". */
const GLOSSES: readonly RegExp[] = [
  /, or (?!(?:in|on|at|to|by|for|from|with|when|where|whether|that|as|if|even|because|just|more|less|so)\b)(?:an? |the )?\p{Ll}[\p{L}-]*(?: [\p{L}-]+){0,3}(?=[,.;:)]|$)/u,
  /[,(;] ?that is(?: to say)?[, ]/u,
  /\bin other words\b|\bi\.e\.|, meaning /u,
];

/** What a sentence says of the sources or of the document rather than of the world. */
const META: readonly RegExp[] = [
  /\b(?:is|are|was|were|has|have) not (?:yet )?(?:been )?(?:established|known|clear|named|stated|found|available)\b/iu,
  /\b(?:unknown|unnamed|unidentified)\b/u,
  /\bno sources? (?:\p{L}+ )?(?:says?|names?|makes?|tells?|gives?|mentions?|is)\b/iu,
  /\b(?:sources?|accounts?|pages?|reports?) (?:here )?(?:do|does|did) not (?:say|name|give|mention|tell|state)\b/iu,
  /\b(?:could|can) (?:not |only )?be (?:read(?! as)|identified|found)\b|\bwas not read\b/iu,
  /\bsee also\b|(?:^|[;(] ?)see (?:the|where|under)\b/iu,
  /\b(?:in Japanese only|only in Japanese)\b/iu,
  /\b(?:sources? cited|told|described|listed) here\b|\bthis (?:account|document)\b/iu,
  /\bmore (?:stands|is (?:told|said|found)|can be found) (?:under|in)\b/iu,
];

const PASSIVE =
  /\b(?:is|are|was|were|be|been|being)\b(?: \p{Ll}+ly| not| also| still)? (?:\p{Ll}{2,}ed|made|held|given|taken|told|said|seen|found|known|shown|built|brought|led|put|set|sent|won|lost|paid|met|read|written|spoken|chosen|driven|drawn|begun|done|gone|sunk|struck|spelt|kept|left|understood)\b/u;

/** Words in a sentence above which it counts as long. */
const LONG_SENTENCE = 35;

export interface ProseFigures {
  readonly words: number;
  readonly sentences: number;
  readonly names: number;
  readonly syllables: number;
  readonly longSentences: number;
  readonly passives: number;
  /** Sentences with a gloss. */
  readonly glosses: readonly string[];
  /** Sentences about the sources or the document, outside the section of open questions. */
  readonly meta: readonly string[];
}

/** Counts of a document's body, headings left out. */
export function proseFigures(document: Document, name: string): ProseFigures {
  const all: string[] = [];
  const meta: string[] = [];
  for (const { headings, blocks } of document.sections) {
    const isOpen = [document.title, ...headings].some((heading) => OPEN_QUESTIONS.test(heading));
    for (const block of blocks) {
      const text = document.text.slice(block.start, block.end);
      for (const { start, end } of sentencesOf(text)) {
        const sentence = text.slice(start, end);
        all.push(sentence);
        if (!isOpen && META.some((form) => form.test(sentence))) meta.push(sentence);
      }
    }
  }
  const words = all.map(wordsOf);
  return {
    words: words.flat().length,
    sentences: all.length,
    names: words.flat().filter((word) => word === name || word.startsWith(`${name}'`)).length,
    syllables: words.flat().reduce((sum, word) => sum + syllablesIn(word), 0),
    longSentences: words.filter(({ length }) => length > LONG_SENTENCE).length,
    passives: all.filter((sentence) => PASSIVE.test(sentence)).length,
    glosses: all.filter((sentence) => GLOSSES.some((form) => form.test(sentence))),
    meta,
  };
}

export function sumOf(figures: readonly ProseFigures[]): ProseFigures {
  const sum = (count: (of: ProseFigures) => number): number =>
    figures.reduce((total, of) => total + count(of), 0);
  return {
    words: sum(({ words }) => words),
    sentences: sum(({ sentences }) => sentences),
    names: sum(({ names }) => names),
    syllables: sum(({ syllables }) => syllables),
    longSentences: sum(({ longSentences }) => longSentences),
    passives: sum(({ passives }) => passives),
    glosses: figures.flatMap(({ glosses }) => glosses),
    meta: figures.flatMap(({ meta }) => meta),
  };
}

/** Flesch reading ease: 60 to 70 is plain English, 30 to 50 that of a serious newspaper's long reads. */
export function readingEase({ words, sentences, syllables }: ProseFigures): number {
  return 206.835 - 1.015 * (words / sentences) - 84.6 * (syllables / words);
}

/** The surname that the front matter of most documents has: of a person's names the one that the texts use most. */
export function commonestSurname(documents: readonly Document[]): string | null {
  const counts = new Map<string, number>();
  for (const { people } of documents)
    for (const { name } of people) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [person] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  const text = documents.map((document) => document.text).join('\n');
  const uses = (word: string): number => text.split(word).length - 1;
  return person?.split(/\s+/u).sort((a, b) => uses(b) - uses(a))[0] ?? null;
}

function wordsOf(text: string): string[] {
  return text.replaceAll('’', "'").match(/[\p{L}\p{N}](?:[\p{L}\p{N}'.,:-]*[\p{L}\p{N}])?/gu) ?? [];
}

/** Groups of vowels, the silent ones left out; one for a number. */
function syllablesIn(word: string): number {
  const plain = word
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/gu, '');
  const spoken = plain.replace(/(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$/u, '');
  return Math.max(1, spoken.match(/[aeiouy]+/gu)?.length ?? 0);
}
