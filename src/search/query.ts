import type { LexicalIndex } from '../index/lexical.ts';
import { kindAsked, type AnswerKind } from '../language/answer-kinds.ts';
import type { NameTable } from '../language/names.ts';
import { pairsOf } from '../language/pairs.ts';
import { termsOfWords } from '../language/terms.ts';
import { wordsOf, type Word } from '../language/words.ts';
import { CONTEXT_WEIGHT, coreQuestion } from './core-question.ts';
import type { RelatedTerm, RelatedWords } from './related-words.ts';
import type { SpellingCorrector } from './spelling.ts';

/** A term of the question. */
export interface QueryTerm {
  readonly term: string;
  /** Null when no passage holds the term. */
  readonly termId: number | null;
  readonly weight: number;
  readonly idf: number;
  /** The words of the question it comes from, as typed. */
  readonly typed: string;
  /** The corpus's spelling, when the typed one was mended. */
  readonly mended: string | null;
  /** A name: by its form in the question, by the corpus's use of it, or because it is a country's. */
  readonly name: boolean;
  /** A verb that says little of what the question is about. */
  readonly light: boolean;
  /** Terms of the corpus that mean nearly the same. */
  readonly related: readonly RelatedTerm[];
}

/** A question made ready for search. */
export interface Query {
  readonly text: string;
  /** The text without fillers, misspelt names mended: what is embedded. */
  readonly mendedText: string;
  /** Speaks of a third person, as questions about what people did do. */
  readonly aboutOthers: boolean;
  /** Speaks of the asker or to the bot, as small talk does. */
  readonly aboutAsker: boolean;
  readonly terms: readonly QueryTerm[];
  readonly kind: AnswerKind | null;
}

export interface QueryTools {
  readonly names: NameTable;
  readonly lexical: LexicalIndex;
  readonly spelling: SpellingCorrector;
  /** Null for models without a token table. */
  readonly related: RelatedWords | null;
}

/** A mended word counts for a little less than one typed right. */
const MENDED_WEIGHT = 0.9;

/** Verbs that say little of what a question is about; the corpus uses them by chance. */
const LIGHT_VERBS = new Set(
  'see saw seen go goes going went gone come comes came put puts take takes took taken give gives gave given keep kept set use used want wanted need needed run ran bring brought pass pay work mean meant call called turn look looked find found'.split(
    ' ',
  ),
);
const LIGHT_VERB_WEIGHT = 0.4;

/**
 * A pair of neighbouring words beside the words themselves. By cross-validation on the development questions hit@1 is
 * .710 without pairs, .721, .727 and .727 at 0.3, 0.5 and 0.7.
 */
const PAIR_WEIGHT = 0.5;

export function readQuestion(
  text: string,
  { names, lexical, spelling, related }: QueryTools,
): Query {
  const { cleaned, start, end } = coreQuestion(text);
  const typed = wordsOf(cleaned);
  const mended = new Map<number, string>();
  const words = typed.map((word): Word => {
    const correction = mend(word, { names, lexical, spelling });
    if (correction === null) return word;
    mended.set(word.start, correction);
    return { ...word, folded: correction };
  });
  // Capitals tell names apart only where not every word has one.
  const shouting = typed.length > 1 && typed.every((word) => word.capitalised);
  const seen = new Set<string>();
  const terms: QueryTerm[] = [];
  const uses = termsOfWords(words, names);
  const pairs = pairsOf(uses, cleaned).filter(({ term }) => lexical.termId(term) !== null);
  for (const use of [...uses, ...pairs]) {
    if (seen.has(use.term)) continue;
    seen.add(use.term);
    const termId = lexical.termId(use.term);
    const correction = mended.get(use.word.start) ?? null;
    const first = words[0]?.start === use.word.start;
    const name = termId !== null && lexical.isName(termId);
    const inContext = use.word.start < start || use.word.start >= end;
    const isPair = pairs.includes(use);
    const light = use.own && LIGHT_VERBS.has(use.word.folded);
    terms.push({
      term: use.term,
      termId,
      weight:
        use.weight *
        (isPair ? PAIR_WEIGHT : 1) *
        (correction === null ? 1 : MENDED_WEIGHT) *
        (light ? LIGHT_VERB_WEIGHT : 1) *
        (inContext ? CONTEXT_WEIGHT : 1),
      idf: lexical.idf(termId),
      typed: text.slice(use.word.start, use.end),
      mended: correction,
      light,
      name:
        use.term.startsWith('=') ||
        name ||
        (use.word.capitalised && !first && !shouting && !isPair),
      // Names have no synonyms, only company: "Blinken" would bring "Antony" and "State".
      related:
        related === null || name || light || !use.own || use.term.startsWith('=')
          ? []
          : related.to(use.word.folded, termId),
    });
  }
  return {
    text,
    mendedText: withMended(cleaned, typed, mended),
    terms,
    kind: kindAsked(cleaned.slice(start, end)),
    aboutOthers: /\b(?:she|her|hers|he|him|his|they|them|their|minister)\b/i.test(text),
    aboutAsker: /\b(?:i|me|my|mine|you|your|yours)\b/i.test(cleaned),
  };
}

function mend(
  word: Word,
  { names, lexical, spelling }: Omit<QueryTools, 'related'>,
): string | null {
  const [use] = termsOfWords([word], names);
  if (use === undefined || use.term.startsWith('=')) return null;
  const termId = lexical.termId(use.term);
  const correction =
    termId === null ? spelling.correct(word.folded) : spelling.respell(word.folded, termId);
  return correction?.word ?? null;
}

function withMended(
  text: string,
  words: readonly Word[],
  mended: ReadonlyMap<number, string>,
): string {
  let result = '';
  let at = 0;
  for (const word of words) {
    const correction = mended.get(word.start);
    if (correction === undefined) continue;
    result += text.slice(at, word.start) + correction;
    at = word.end;
  }
  return result + text.slice(at);
}
