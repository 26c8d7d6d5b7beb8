import { readFileSync } from 'node:fs';

/** A word that may stand where another one was asked for. */
export interface RelatedWord {
  readonly word: string;
  /** 0 to 1. */
  readonly similarity: number;
}

/** Where it comes from: docs/EXPERIMENTS.md, "Related words in BM25". */
const TABLE_FILE = new URL('./related-words.tsv', import.meta.url);

/** Word → its line of the table, `word:percent word:percent …`; parsed when asked for. */
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

/** Related words of an English word (folded), most similar first; empty for one that the table does not have. */
export function relatedWords(folded: string): RelatedWord[] {
  table ??= readTable();
  const entry = table.get(folded);
  if (entry === undefined || entry === '') return [];
  return entry.split(' ').map((item) => {
    const colon = item.lastIndexOf(':');
    return { word: item.slice(0, colon), similarity: Number(item.slice(colon + 1)) / 100 };
  });
}

/** Whether this is a word of common English, which is not misspelt although the documents do not have it. */
export function isEnglishWord(folded: string): boolean {
  table ??= readTable();
  return table.has(folded);
}
