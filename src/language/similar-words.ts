/** How near two words are: in spelling, in sound and in meaning. */
import { readFileSync } from 'node:fs';
import { fold } from './words.ts';

/** A word that means nearly the same as another. */
export interface RelatedWord {
  readonly word: string;
  /** 0 to 1. */
  readonly similarity: number;
}

/** Its origin: docs/EXPERIMENTS.md, "Related words in BM25". */
const TABLE_FILE = new URL('./related-words.tsv', import.meta.url);

/** Word → the rest of its line, `word:percent word:percent …`, parsed when needed. */
let table: ReadonlyMap<string, string> | null = null;

function readTable(): ReadonlyMap<string, string> {
  const lines = readFileSync(TABLE_FILE, 'utf8').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const tab = line.indexOf('\t');
      return tab < 1 ? [] : [[line.slice(0, tab), line.slice(tab + 1)] as const];
    }),
  );
}

/** Related words of a folded English word, most similar first; empty for a word that is not in the table. */
export function relatedWords(folded: string): RelatedWord[] {
  table ??= readTable();
  const entry = table.get(folded);
  if (entry === undefined || entry === '') return [];
  return entry.split(' ').map((item) => {
    const colon = item.lastIndexOf(':');
    return { word: item.slice(0, colon), similarity: Number(item.slice(colon + 1)) / 100 };
  });
}

/** Whether this is a word of common English: correctly spelt although the documents do not contain it. */
export function isEnglishWord(folded: string): boolean {
  table ??= readTable();
  return table.has(folded);
}

/**
 * Damerau–Levenshtein distance with transpositions of adjacent letters (optimal string alignment), in UTF-16 characters.
 * Stops early with `limit + 1` when the distance exceeds the limit.
 */
export function boundedDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let rowBest = i;
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(cost);
      rowBest = Math.min(rowBest, cost);
    }
    if (rowBest > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? limit + 1;
}

/** Consonants of a name as heard, to compare names that are spelt by ear or come from other scripts. */
export function skeletonOf(name: string): string {
  return fold(name)
    .replace(/sch|sh|tch|ch|cz|zh/g, 's')
    .replace(/ck|kh|c|q/g, 'k')
    .replace(/w/g, 'v')
    .replace(/[aeiouyhj\s'-]/g, '')
    .replace(/(.)\1/g, '$1');
}
