/** Builds the word index of all passages, with the terms of each sentence. Read by lexical.ts. */
import type { Passage } from '../corpus/types.ts';
import type { NameTable } from '../language/names.ts';
import { pairsOf, termsOf, type TermUse } from '../language/terms.ts';
import { pack } from './encoding.ts';
import { HEADER_WEIGHT, type LexicalFile, type WordUse } from './lexical.ts';
import { FREQUENCY_STEPS } from './postings.ts';
import type { PlacedQuestion } from './generation.ts';

/** Builds the word index, passage by passage in the order of their ordinals. */
export class LexicalBuilder {
  readonly #names: NameTable;
  readonly #postings = new Postings();
  /** Of the parts of each passage, its search header and then its sentences: see {@link LexicalFile}. */
  readonly #partStarts = new GrowingArray(Uint32Array);
  readonly #termStarts = new GrowingArray(Uint32Array);
  readonly #terms = new GrowingArray(Uint32Array);
  /** By word and term: "WHO" and "who" are two. */
  readonly #wordUses = new Map<string, Map<number, Counted>>();
  /** Many passages have the same search header. */
  readonly #headers = new Map<string, Field>();

  constructor(names: NameTable) {
    this.#names = names;
  }

  add({ text, header: headerText, sentences }: Passage): void {
    const header = this.#headers.get(headerText) ?? this.#fieldOf(headerText);
    this.#headers.set(headerText, header);
    const body = this.#fieldOf(text);
    for (const field of [header, body]) this.#count(field, 1);
    for (const field of [header, body]) {
      field.ids ??= Uint32Array.from(field.uses, ({ term }) => this.#postings.idOf(term));
    }
    this.#postings.add([header, HEADER_WEIGHT], [body, 1]);
    this.#partStarts.push(this.#termStarts.length);
    this.#addPart(header.ids ?? []);
    for (const { start, end } of sentences) {
      const isInside = (_: number, at: number): boolean => {
        const { word, end: last } = body.uses[at] as TermUse;
        return start <= word.start && last <= end;
      };
      this.#addPart((body.ids ?? new Uint32Array()).filter(isInside));
    }
  }

  #addPart(ids: Iterable<number>): void {
    this.#termStarts.push(this.#terms.length);
    for (const id of ids) this.#terms.push(id);
  }

  /** Takes away how a passage of another segment uses its words. */
  remove({ text, header }: Passage): void {
    for (const field of [header, text]) this.#count(this.#fieldOf(field), -1);
  }

  /** The word index as a file. `expected` is in the order of the passages that the questions lead to. */
  finish(expected: readonly PlacedQuestion[] = []): Uint8Array {
    this.#partStarts.push(this.#termStarts.length);
    this.#termStarts.push(this.#terms.length);
    const file: LexicalFile = {
      header: {
        passages: this.#postings.passages,
        terms: this.#postings.terms(),
        // In the order of first occurrence, which keeps the file small.
        wordUses: [...this.#wordUses.values()]
          .flatMap((known) => [...known.values()])
          .flatMap(({ word, termId, count, capitalised, small }) => [
            ...[word, termId, count, capitalised, small],
          ]),
      },
      arrays: {
        ...this.#postings.arrays(),
        partStarts: this.#partStarts.view().slice(),
        termStarts: this.#termStarts.view().slice(),
        terms: this.#terms.view().slice(),
        expectedPassages: Uint32Array.from(expected, ({ ordinal }) => ordinal),
      },
    };
    return pack(file);
  }

  #count({ text, uses }: Field, by: 1 | -1): void {
    for (const { term, word, end, own } of uses) {
      // The first word of a phrase ("United States") alone is not the term.
      if (!own || end !== word.end) continue;
      const { folded, start, capitalised } = word;
      const termId = this.#postings.idOf(term);
      const known = this.#wordUses.get(folded) ?? new Map<number, Counted>();
      this.#wordUses.set(folded, known);
      const use = known.get(termId) ?? { word: folded, termId, count: 0, capitalised: 0, small: 0 };
      known.set(termId, use);
      use.count += by;
      if (!capitalised) use.small += by;
      else if (INSIDE.test(text.slice(Math.max(0, start - 4), start))) use.capitalised += by;
    }
  }

  #fieldOf(text: string): Field {
    const words = termsOf(text, this.#names);
    return { text, uses: [...words, ...pairsOf(words, text)], ids: null };
  }
}

/** A text with its terms, pairs last: search header or passage. */
interface Field {
  readonly text: string;
  readonly uses: readonly TermUse[];
  /** Of the terms of `uses`, once they are known. */
  ids: Uint32Array | null;
}

class Postings {
  readonly #ids = new Map<string, number>();
  // All postings in the order in which they come: an array for each term would be a million of them.
  readonly #terms = new GrowingArray(Uint32Array);
  readonly #ordinals = new GrowingArray(Uint32Array);
  readonly #frequencies = new GrowingArray(Uint8Array);
  /** By term id, in the passage that is being added. */
  readonly #weights: number[] = [];
  /** Weighted number of words of each passage. */
  readonly #lengths: number[] = [];

  idOf(term: string): number {
    const known = this.#ids.get(term);
    if (known !== undefined) return known;
    const id = this.#weights.push(0) - 1;
    this.#ids.set(term, id);
    return id;
  }

  add(...fields: readonly (readonly [field: Field, weight: number])[]): void {
    const found: number[] = [];
    let length = 0;
    for (const [{ uses, ids }, fieldWeight] of fields) {
      ids?.forEach((id, at) => {
        const { weight, own } = uses[at] as TermUse;
        const before = this.#weights[id] as number;
        if (before === 0) found.push(id);
        this.#weights[id] = before + weight * fieldWeight;
        if (own) length += fieldWeight;
      });
    }
    for (const id of found) {
      this.#terms.push(id);
      this.#ordinals.push(this.#lengths.length);
      const frequency = Math.round((this.#weights[id] as number) * FREQUENCY_STEPS);
      this.#frequencies.push(Math.min(255, frequency));
      this.#weights[id] = 0;
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
    const [terms, passages, weights] = [this.#terms, this.#ordinals, this.#frequencies].map(
      (array) => array.view(),
    ) as [Uint32Array, Uint32Array, Uint8Array];
    const offsets = new Uint32Array(this.#ids.size + 1);
    for (const id of terms) offsets[id + 1] = (offsets[id + 1] as number) + 1;
    for (let id = 0; id < this.#ids.size; id += 1) {
      offsets[id + 1] = (offsets[id + 1] as number) + (offsets[id] as number);
    }
    const next = offsets.slice();
    const ordinals = new Uint32Array(terms.length);
    const frequencies = new Uint8Array(terms.length);
    terms.forEach((id, at) => {
      const to = next[id] as number;
      ordinals[to] = passages[at] as number;
      frequencies[to] = weights[at] as number;
      next[id] = to + 1;
    });
    return { offsets, ordinals, frequencies, lengths: Float32Array.from(this.#lengths) };
  }
}

/** What precedes a word inside a sentence. */
const INSIDE = /[\p{L}\p{N},;)]['’”"]? ['‘“"(]?$|\($/u;

type Counted = { -readonly [Key in keyof WordUse]: WordUse[Key] };

/** A typed array that grows by doubling, for results of unknown length. */
class GrowingArray<Numbers extends Uint8Array | Uint32Array> {
  readonly #create: new (length: number) => Numbers;
  #values: Numbers;
  length = 0;

  constructor(create: new (length: number) => Numbers) {
    this.#create = create;
    this.#values = new create(1024);
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new this.#create(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  view(): Numbers {
    return this.#values.subarray(0, this.length) as Numbers;
  }
}
