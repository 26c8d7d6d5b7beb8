/** Builds the word index of all passages, with the terms of each sentence. Read by lexical.ts. */
import type { Document, Passage } from '../corpus/types.ts';
import type { NameTable } from '../language/names.ts';
import { pairsOf, termsOf, type TermUse } from '../language/terms.ts';
import { pack } from './segments.ts';
import { HEADER_WEIGHT, type LexicalFile, type WordUse } from './lexical.ts';
import { FREQUENCY_STEPS } from './postings.ts';

/** An expected question with the passage that answers it. */
export interface PlacedQuestion {
  readonly question: string;
  /** Of the passage. */
  readonly ordinal: number;
}

/** The expected questions of all documents, in the order of the passages that answer them. */
export function placeExpected(
  documents: readonly Pick<Document, 'id' | 'expected'>[],
  passages: readonly Passage[],
): PlacedQuestion[] {
  const byDocument = new Map(documents.map(({ id, expected }) => [id, expected]));
  return passages.flatMap(({ documentId, start, end }, ordinal) =>
    (byDocument.get(documentId) ?? [])
      .filter(({ offset }) => start <= offset && offset < end)
      .map(({ question }) => ({ question, ordinal })),
  );
}

/** Builds the word index, passage by passage in the order of their ordinals. */
export class LexicalBuilder {
  readonly #names: NameTable;
  readonly #postings = new Postings();
  readonly #parts = new Parts();
  readonly #wordUses = new WordUseCounter();
  /** Many passages have the same search header. */
  readonly #headers = new Map<string, Field>();

  constructor(names: NameTable) {
    this.#names = names;
  }

  add({ text, header: headerText, sentences }: Passage): void {
    const postings = this.#postings;
    const header = this.#headers.get(headerText) ?? this.#fieldOf(headerText);
    this.#headers.set(headerText, header);
    const body = this.#fieldOf(text);
    for (const field of [header, body]) this.#count(field, 1);
    postings.add([header, HEADER_WEIGHT], [body, 1]);
    const idsOf = (uses: readonly TermUse[]): number[] =>
      uses.map(({ term }) => postings.idOf(term));
    const both = [...body.uses, ...body.pairs];
    this.#parts.add([
      idsOf([...header.uses, ...header.pairs]),
      ...sentences.map(({ start, end }) =>
        idsOf(both.filter((use) => start <= use.word.start && use.end <= end)),
      ),
    ]);
  }

  /** Takes away how a passage of another segment uses its words. */
  remove({ text, header }: Passage): void {
    for (const field of [header, text]) this.#count(this.#fieldOf(field), -1);
  }

  /** The word index as a file. `expected` is in the order of the passages that the questions lead to. */
  finish(expected: readonly PlacedQuestion[] = []): Uint8Array {
    const file: LexicalFile = {
      header: {
        passages: this.#postings.passages,
        terms: this.#postings.terms(),
        wordUses: this.#wordUses.encoded(),
      },
      arrays: {
        ...this.#postings.arrays(),
        ...this.#parts.arrays(),
        expectedPassages: Uint32Array.from(expected, ({ ordinal }) => ordinal),
      },
    };
    return pack(file);
  }

  #count({ text, uses }: Field, by: 1 | -1): void {
    for (const { term, word, end, own } of uses) {
      // The first word of a phrase ("United States") alone is not the term.
      if (own && end === word.end) this.#wordUses.add(text, word, this.#postings.idOf(term), by);
    }
  }

  #fieldOf(text: string): Field {
    const uses = termsOf(text, this.#names);
    return { text, uses, pairs: pairsOf(uses, text) };
  }
}

export function buildLexical(
  passages: readonly Passage[],
  names: NameTable,
  expected: readonly PlacedQuestion[] = [],
): Uint8Array {
  const builder = new LexicalBuilder(names);
  for (const passage of passages) builder.add(passage);
  return builder.finish(expected);
}

/** A text with its terms: search header or passage. */
interface Field {
  readonly text: string;
  readonly uses: readonly TermUse[];
  readonly pairs: readonly TermUse[];
}

/** Term → passages (ascending) with the weight of the term in each. */
class Postings {
  readonly #ids = new Map<string, number>();
  readonly #ordinals: GrowingUint32Array[] = [];
  readonly #frequencies: number[][] = [];
  /** Weighted number of words of each passage. */
  readonly #lengths: number[] = [];

  idOf(term: string): number {
    const known = this.#ids.get(term);
    if (known !== undefined) return known;
    const id = this.#ordinals.length;
    this.#ids.set(term, id);
    this.#ordinals.push(new GrowingUint32Array());
    this.#frequencies.push([]);
    return id;
  }

  /** Adds the next passage. */
  add(...fields: readonly (readonly [field: Field, weight: number])[]): void {
    const weights = new Map<number, number>();
    let length = 0;
    for (const [{ uses, pairs }, fieldWeight] of fields) {
      for (const { term, weight, own } of [...uses, ...pairs]) {
        const id = this.idOf(term);
        weights.set(id, (weights.get(id) ?? 0) + weight * fieldWeight);
        if (own) length += fieldWeight;
      }
    }
    for (const [id, weight] of weights) {
      this.#ordinals[id]?.push(this.#lengths.length);
      this.#frequencies[id]?.push(weight);
    }
    this.#lengths.push(length);
  }

  get passages(): number {
    return this.#lengths.length;
  }

  /** By id. */
  terms(): string[] {
    return [...this.#ids.keys()];
  }

  /** The postings of all terms one after the other. */
  arrays(): Pick<LexicalFile['arrays'], 'offsets' | 'ordinals' | 'frequencies' | 'lengths'> {
    const total = this.#ordinals.reduce((sum, list) => sum + list.length, 0);
    const offsets = new Uint32Array(this.#ordinals.length + 1);
    const ordinals = new Uint32Array(total);
    const frequencies = new Uint8Array(total);
    let start = 0;
    this.#ordinals.forEach((list, id) => {
      offsets[id] = start;
      ordinals.set(list.toArray(), start);
      this.#frequencies[id]?.forEach((frequency, index) => {
        frequencies[start + index] = Math.min(255, Math.round(frequency * FREQUENCY_STEPS));
      });
      start += list.length;
    });
    offsets[this.#ordinals.length] = start;
    return { offsets, ordinals, frequencies, lengths: Float32Array.from(this.#lengths) };
  }
}

/** Term ids of the parts of each passage, which are its search header and then its sentences. */
class Parts {
  readonly #partStarts = new GrowingUint32Array();
  readonly #termStarts = new GrowingUint32Array();
  readonly #terms = new GrowingUint32Array();

  /** Adds the next passage. */
  add(parts: readonly (readonly number[])[]): void {
    this.#partStarts.push(this.#termStarts.length);
    for (const part of parts) {
      this.#termStarts.push(this.#terms.length);
      for (const id of part) this.#terms.push(id);
    }
  }

  arrays(): Pick<LexicalFile['arrays'], 'partStarts' | 'termStarts' | 'terms'> {
    this.#partStarts.push(this.#termStarts.length);
    this.#termStarts.push(this.#terms.length);
    return {
      partStarts: this.#partStarts.toArray(),
      termStarts: this.#termStarts.toArray(),
      terms: this.#terms.toArray(),
    };
  }
}

/** What precedes a word inside a sentence. */
const INSIDE = /[\p{L}\p{N},;)]['’”"]? ['‘“"(]?$|\($/u;

type Counted = { -readonly [Key in keyof WordUse]: WordUse[Key] };

/** Counts the words of texts, by word and term: "WHO" and "who" are two. */
class WordUseCounter {
  readonly #uses = new Map<string, Map<number, Counted>>();

  /** @param by -1 to take a use away */
  add(
    text: string,
    word: { readonly folded: string; readonly start: number; readonly capitalised: boolean },
    termId: number,
    by: 1 | -1,
  ): void {
    const { folded } = word;
    const known = this.#uses.get(folded) ?? new Map<number, Counted>();
    this.#uses.set(folded, known);
    const use = known.get(termId) ?? { word: folded, termId, count: 0, capitalised: 0, small: 0 };
    known.set(termId, use);
    use.count += by;
    if (!word.capitalised) use.small += by;
    else if (INSIDE.test(text.slice(Math.max(0, word.start - 4), word.start))) {
      use.capitalised += by;
    }
  }

  /** Five entries per use, in the order of first occurrence, which keeps the file small. */
  encoded(): (string | number)[] {
    return [...this.#uses.values()].flatMap((known) =>
      [...known.values()].flatMap((use) => [
        use.word,
        use.termId,
        use.count,
        use.capitalised,
        use.small,
      ]),
    );
  }
}

/** A Uint32Array that grows by doubling, for results of unknown length. */
class GrowingUint32Array {
  #values = new Uint32Array(4);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Uint32Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  toArray(): Uint32Array {
    return this.#values.slice(0, this.length);
  }
}
