import type { Passage } from '../corpus/types.ts';
import type { TokenTable } from '../embedding/types.ts';
import type { NameTable } from '../language/names.ts';
import { pairsOf } from '../language/pairs.ts';
import { termsOf } from '../language/terms.ts';
import { GrowingUint32Array } from './growing-array.ts';
import type { LexicalIndex } from './lexical.ts';
import { float32Of, pack, uint32Of, unpack } from './packed-file.ts';

/**
 * What the second stage compares a question with, worked out once per build: for each passage its search header
 * and its sentences ("units", the header first), each as lexical term ids and as model token ids.
 */
export function buildUnits(
  passages: readonly Passage[],
  names: NameTable,
  lexical: LexicalIndex,
  tokenTable: TokenTable | null,
): Uint8Array {
  const unitStarts = new GrowingUint32Array();
  const termStarts = new GrowingUint32Array();
  const tokenStarts = new GrowingUint32Array();
  const terms = new GrowingUint32Array();
  const tokens = new GrowingUint32Array();
  const lengths: number[] = [];
  type Built = { readonly terms: number[]; readonly tokens: number[]; readonly length: number };
  const headers = new Map<string, Built>();
  const unitOf = (text: string): Built => {
    const tokens = tokenTable?.tokenise(text) ?? [];
    const uses = termsOf(text, names);
    return {
      terms: [...uses, ...pairsOf(uses, text)]
        .map(({ term }) => lexical.termId(term))
        .filter((id) => id !== null),
      tokens,
      length: tokenTable === null ? 0 : lengthOfSum(tokens, tokenTable),
    };
  };
  let units = 0;
  for (const passage of passages) {
    unitStarts.push(units);
    let header = headers.get(passage.header);
    if (header === undefined) {
      header = unitOf(passage.header);
      headers.set(passage.header, header);
    }
    const sentences = passage.sentences.map(({ start, end }) =>
      unitOf(passage.text.slice(start, end)),
    );
    for (const unit of [header, ...sentences]) {
      termStarts.push(terms.length);
      tokenStarts.push(tokens.length);
      for (const id of unit.terms) terms.push(id);
      for (const id of unit.tokens) tokens.push(id);
      lengths.push(unit.length);
      units += 1;
    }
  }
  unitStarts.push(units);
  termStarts.push(terms.length);
  tokenStarts.push(tokens.length);
  return pack({
    header: null,
    arrays: {
      unitStarts: unitStarts.toArray(),
      termStarts: termStarts.toArray(),
      tokenStarts: tokenStarts.toArray(),
      terms: terms.toArray(),
      tokens: tokens.toArray(),
      lengths: Float32Array.from(lengths),
    },
  });
}

/** Length of the sum of the tokens' vectors. */
function lengthOfSum(tokens: readonly number[], table: TokenTable): number {
  const [first] = tokens;
  if (first === undefined) return 0;
  const sum = new Float64Array(table.vector(first).length);
  for (const token of tokens) {
    const vector = table.vector(token);
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + (vector[at] as number);
  }
  return Math.hypot(...sum);
}

/** Views into the packed arrays: not to be written to. */
export interface Unit {
  readonly terms: Uint32Array;
  readonly tokens: Uint32Array;
  /** Length of the sum of the tokens' vectors; 0 without a token table. */
  readonly length: number;
}

/** Passages whose units stay at hand: the same few thousand answer most questions. */
const MOST_AT_HAND = 5000;

/** Reads what {@link buildUnits} wrote. */
export class UnitTable {
  readonly #unitStarts: Uint32Array;
  readonly #termStarts: Uint32Array;
  readonly #tokenStarts: Uint32Array;
  readonly #terms: Uint32Array;
  readonly #tokens: Uint32Array;
  readonly #lengths: Float32Array;
  readonly #headers = new Map<number, Unit>();
  readonly #sentences = new Map<number, readonly Unit[]>();

  constructor(bytes: Uint8Array) {
    const packed = unpack(bytes);
    this.#unitStarts = uint32Of(packed, 'unitStarts');
    this.#termStarts = uint32Of(packed, 'termStarts');
    this.#tokenStarts = uint32Of(packed, 'tokenStarts');
    this.#terms = uint32Of(packed, 'terms');
    this.#tokens = uint32Of(packed, 'tokens');
    this.#lengths = float32Of(packed, 'lengths');
  }

  header(ordinal: number): Unit {
    return atHand(this.#headers, ordinal, () => this.#unit(this.#unitStarts[ordinal] ?? 0));
  }

  /** The passage's sentences in order. */
  sentences(ordinal: number): readonly Unit[] {
    return atHand(this.#sentences, ordinal, () => {
      const units: Unit[] = [];
      const end = this.#unitStarts[ordinal + 1] ?? 0;
      for (let unit = (this.#unitStarts[ordinal] ?? 0) + 1; unit < end; unit++) {
        units.push(this.#unit(unit));
      }
      return units;
    });
  }

  #unit(unit: number): Unit {
    return {
      terms: this.#terms.subarray(this.#termStarts[unit], this.#termStarts[unit + 1]),
      tokens: this.#tokens.subarray(this.#tokenStarts[unit], this.#tokenStarts[unit + 1]),
      length: this.#lengths[unit] ?? 0,
    };
  }
}

function atHand<V>(known: Map<number, V>, ordinal: number, make: () => V): V {
  const value = known.get(ordinal);
  if (value !== undefined) return value;
  if (known.size >= MOST_AT_HAND) known.clear();
  const made = make();
  known.set(ordinal, made);
  return made;
}
