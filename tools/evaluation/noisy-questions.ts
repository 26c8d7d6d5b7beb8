import { isStopWord, wordsOf } from '../../src/language/words.ts';
import type { EvaluationQuestion } from './questions.ts';

/** Ways in which people spoil a question while typing it, each as a rule. */
export const NOISE: Readonly<Record<string, (question: string, random: () => number) => string>> = {
  'lower case, no question mark': (question) => question.toLowerCase().replace(/[?!.]+\s*$/, ''),
  'a slip in every name': (question, random) =>
    replaceWords(question, (word, at) =>
      at > 0 && /^\p{Lu}\p{Ll}{4,}/u.test(word) ? slip(word, random) : word,
    ),
  'a slip in the longest word': (question, random) => {
    const longest = Math.max(...wordsOf(question).map(({ start, end }) => end - start));
    let done = false;
    return replaceWords(question, (word) => {
      if (done || word.length !== longest || word.length < 5) return word;
      done = true;
      return slip(word, random);
    });
  },
  telegraphic: (question) =>
    wordsOf(question)
      .filter(
        ({ folded }) =>
          !isStopWord(folded) || /^(?:who|when|where|how|why|long|many)$/.test(folded),
      )
      .map(({ start, end }) => question.slice(start, end).toLowerCase())
      .join(' '),
  rambling: (question) =>
    `hi all, sorry if this was asked before, I was reading about the trip yesterday and now I wonder: ${question} thanks a lot in advance 🙏`,
};

/** The answerable questions, each spoiled by one rule; the same every time. */
export function inHaste(
  questions: readonly EvaluationQuestion[],
  rule: (question: string, random: () => number) => string,
): EvaluationQuestion[] {
  const random = seeded(20240105);
  return questions
    .filter((question) => question.class === 'answerable')
    .map((question) => ({ ...question, question: rule(question.question, random) }));
}

function replaceWords(text: string, change: (word: string, at: number) => string): string {
  let result = '';
  let from = 0;
  wordsOf(text).forEach(({ start, end }, at) => {
    result += text.slice(from, start) + change(text.slice(start, end), at);
    from = end;
  });
  return result + text.slice(from);
}

/** One letter dropped, doubled, swapped with the next or replaced, never the first. */
function slip(word: string, random: () => number): string {
  const at = 1 + Math.floor(random() * (word.length - 2));
  const letter = word[at] ?? '';
  const before = word.slice(0, at);
  switch (Math.floor(random() * 4)) {
    case 0:
      return before + word.slice(at + 1);
    case 1:
      return before + letter + word.slice(at);
    case 2:
      return before + (word[at + 1] ?? '') + letter + word.slice(at + 2);
    default:
      return before + 'aeiounrst'.charAt(Math.floor(random() * 9)) + word.slice(at + 1);
  }
}

/** Mulberry32 (Tommy Ettinger, public domain): small, fast, the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
