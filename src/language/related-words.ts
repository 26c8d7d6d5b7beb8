import { readFileSync } from 'node:fs';

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
