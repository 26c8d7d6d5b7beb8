/**
 * Segments of a generation: the forms of their files, and how two of them make one corpus. A generation consists of one segment,
 * its base, or of a base and a small addition: then some documents of the base are gone and those of the addition have their
 * places among the rest. Both are indexes of the same form, each complete in itself.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Document, Passage } from '../corpus/types.ts';
import { DragomanError } from '../errors.ts';

/** A base, and an addition if there is one. */
export type Segments<Part> = readonly [base: Part, ...addition: Part[]];

/** What an addition changes. */
export interface Change {
  /** Positions in the base of the documents that are gone, ascending. */
  readonly removed: number[];
  /** Positions in the whole corpus of the addition's documents, ascending. */
  readonly places: number[];
}

export const NO_CHANGE: Change = { removed: [], places: [] };

/**
 * What has changed since a base was built; null when documents that are the same have changed their order.
 *
 * @param base keys of its documents in their order; a key tells everything that an index has of a document
 * @param now keys of the documents of today
 */
export function changeSince(base: readonly string[], now: readonly string[]): Change | null {
  const positions = new Map(base.map((key, position) => [key, position]));
  const places: number[] = [];
  const kept = new Set<number>();
  let last = -1;
  for (const [place, key] of now.entries()) {
    const position = positions.get(key);
    if (position === undefined) places.push(place);
    else if (position <= last) return null;
    else kept.add((last = position));
  }
  return { places, removed: [...base.keys()].filter((position) => !kept.has(position)) };
}

/** A document or a passage: the segment that has it, and its position there. */
export interface Place {
  readonly segment: number;
  readonly position: number;
}

/** The documents of both segments in the order of the corpus. */
export function documentPlaces(baseCount: number, { removed, places }: Change): Place[] {
  const gone = new Set(removed);
  const all: Place[] = [];
  let added = 0;
  const addHere = (): void => {
    for (; places[added] === all.length; added += 1) all.push({ segment: 1, position: added });
  };
  for (let position = 0; position < baseCount; position += 1) {
    addHere();
    if (!gone.has(position)) all.push({ segment: 0, position });
  }
  addHere();
  return all;
}

/** Which passage of which segment has which ordinal, the position among the passages of the whole corpus. */
export class Layout {
  /** By ordinal. */
  readonly #segments: Uint8Array;
  readonly #positions: Uint32Array;
  /** By segment and position in it: the ordinal; -1 for a passage that is gone. */
  readonly ordinals: readonly Int32Array[];

  /**
   * @param documents in the order of the corpus
   * @param starts by segment and document the position of its first passage, and the number of all at the end
   */
  constructor(documents: readonly Place[], starts: readonly Uint32Array[]) {
    const segments: number[] = [];
    const positions: number[] = [];
    this.ordinals = starts.map((own) => new Int32Array(own.at(-1) ?? 0).fill(-1));
    for (const { segment, position } of documents) {
      const end = starts[segment]?.[position + 1] ?? 0;
      const ordinals = this.ordinals[segment];
      for (let passage = starts[segment]?.[position] ?? 0; passage < end; passage += 1) {
        if (ordinals !== undefined) ordinals[passage] = positions.length;
        segments.push(segment);
        positions.push(passage);
      }
    }
    this.#segments = Uint8Array.from(segments);
    this.#positions = Uint32Array.from(positions);
  }

  /** Of a base alone. */
  static ofPassages(count: number): Layout {
    return new Layout([{ segment: 0, position: 0 }], [Uint32Array.of(0, count)]);
  }

  /** Number of passages. */
  get length(): number {
    return this.#positions.length;
  }

  segmentOf(ordinal: number): number {
    return this.#segments[ordinal] ?? 0;
  }

  /** In its segment. */
  positionOf(ordinal: number): number {
    return this.#positions[ordinal] ?? 0;
  }
}

/** The error for a damaged index. */
export function corrupt(message: string, cause?: unknown): DragomanError {
  return new DragomanError('INDEX_CORRUPT', message, {
    hint: 'Run `npm run build:index -- --force` to build the index again.',
    cause,
  });
}

/** What an index cannot be used with, but replaced. */
const UNUSABLE: ReadonlySet<string> = new Set(['INDEX_CORRUPT', 'INDEX_FORMAT']);

/** Null instead of an error `INDEX_CORRUPT` or `INDEX_FORMAT`. */
export async function unlessCorrupt<Value>(reading: Promise<Value>): Promise<Value | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DragomanError && UNUSABLE.has(error.code)) return null;
    throw error;
  }
}

const ARRAYS = { i8: Int8Array, u8: Uint8Array, u32: Uint32Array, f32: Float32Array } as const;
type ArrayKind = keyof typeof ARRAYS;
type PackedArray = Int8Array | Uint8Array | Uint32Array | Float32Array;

export interface Packed {
  /** Anything that JSON can hold. */
  readonly header: unknown;
  readonly arrays: Readonly<Record<string, PackedArray>>;
}

interface PackedLayout {
  readonly header: unknown;
  readonly arrays: Readonly<Record<string, { kind: ArrayKind; offset: number; length: number }>>;
}

const ALIGNMENT = 8;

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

/** Layout, little endian: u32 length of the JSON, the JSON (UTF-8), each array at a multiple of 8 bytes. */
export function pack({ header, arrays }: Packed): Uint8Array {
  let size = 0;
  const places: [string, PackedLayout['arrays'][string]][] = [];
  for (const [name, array] of Object.entries(arrays)) {
    const kind = (Object.keys(ARRAYS) as ArrayKind[]).find((key) => array instanceof ARRAYS[key]);
    if (kind === undefined) throw new Error(`Array ${name} is of a kind that is not packed.`);
    places.push([name, { kind, offset: size, length: array.length }]);
    size = aligned(size + array.byteLength);
  }
  const layout: PackedLayout = { header, arrays: Object.fromEntries(places) };
  const json = Buffer.from(JSON.stringify(layout), 'utf8');
  const base = aligned(4 + json.length);
  const bytes = new Uint8Array(base + size);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  for (const [name, { offset }] of places) {
    const { buffer, byteOffset, byteLength } = arrays[name] as PackedArray;
    bytes.set(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength), base + offset);
  }
  return bytes;
}

/**
 * Reads what {@link pack} wrote; the arrays are views of `bytes`. The caller knows what it holds: its sha256 has been checked.
 */
export function unpack(bytes: Uint8Array): Packed {
  // Views need alignment, and a buffer from a pool may start anywhere. `slice` would not copy a Buffer.
  const { buffer, byteOffset } = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes);
  const length = new DataView(buffer, byteOffset).getUint32(0, true);
  const json = Buffer.from(buffer, byteOffset + 4, length).toString('utf8');
  const { header, arrays } = JSON.parse(json) as PackedLayout;
  const base = byteOffset + aligned(4 + length);
  const views = Object.entries(arrays).map(([name, place]) => [
    name,
    new ARRAYS[place.kind](buffer as ArrayBuffer, base + place.offset, place.length),
  ]);
  return { header, arrays: Object.fromEntries(views) as Packed['arrays'] };
}

const CHUNK_CHARACTERS = 1 << 20;
/** Rows parsed before other work gets a turn: a running bot loads while it answers. */
const ROWS_PER_TURN = 2000;
const NEWLINE = 10;

/**
 * One JSON text per line, in chunks of about a megabyte. Not one text for all rows, because V8's strings end at about
 * 512 MB, and because an ASCII line takes half the memory of a text with one character beyond Latin-1.
 */
export function encodeRows(rows: Iterable<unknown>): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let pending: string[] = [];
  let characters = 0;
  const flush = (): void => {
    if (pending.length > 0) chunks.push(Buffer.from(pending.join('')));
    pending = [];
    characters = 0;
  };
  for (const row of rows) {
    const line = `${JSON.stringify(row)}\n`;
    pending.push(line);
    characters += line.length;
    if (characters >= CHUNK_CHARACTERS) flush();
  }
  flush();
  return chunks;
}

/** Reads what {@link encodeRows} wrote. The caller knows the type of the rows: their sha256 has been checked. */
export async function decodeRows(data: Uint8Array): Promise<unknown[]> {
  const buffer = bufferOf(data);
  const rows: unknown[] = [];
  for (let start = 0; start < buffer.length;) {
    const newline = buffer.indexOf(NEWLINE, start);
    const end = newline === -1 ? buffer.length : newline;
    rows.push(JSON.parse(buffer.toString('utf8', start, end)));
    start = end + 1;
    if (rows.length % ROWS_PER_TURN === 0) await nextTurn();
  }
  return rows;
}

export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** What of a document is long, and needed only where it is quoted: it stays bytes until somebody asks for it. */
export type Body = Pick<Document, 'text' | 'sections' | 'footnotes' | 'origin'>;

/** A document without its body, as a row of `documents.jsonl`. */
export type DocumentRow = Omit<Document, keyof Body>;

export function rowOfDocument(document: Document): DocumentRow {
  const {
    text: _text,
    sections: _sections,
    footnotes: _footnotes,
    origin: _origin,
    ...row
  } = document;
  return row;
}

export interface TextFile {
  /** What many passages have in common, each once. */
  readonly header: Readonly<
    Record<'headings' | 'meetings' | 'sources', readonly (readonly string[])[]>
  > & {
    readonly headers: readonly string[];
  };
  readonly arrays: {
    /** By document: where its text, its other parts (JSON) and its passages begin; one more at the end. */
    readonly textStarts: Uint32Array;
    readonly partStarts: Uint32Array;
    readonly passageStarts: Uint32Array;
    /** By document: bytes of a UTF-16 unit, 1 (Latin-1) or 2, so that the place of an offset is known without decoding. */
    readonly widths: Uint8Array;
    readonly texts: Uint8Array;
    readonly parts: Uint8Array;
    /** By passage, {@link PASSAGE_NUMBERS} each. */
    readonly passages: Uint32Array;
    /** Starts and ends of sentences in the text of their passage, alternating. */
    readonly sentences: Uint32Array;
  };
}

/** Document, start, end, first and last line, positions in the header's four lists, first sentence (its end is the next one's). */
export const PASSAGE_NUMBERS = 10;

const LATIN_1 = /^[\0-\xff]*$/;

/**
 * The bodies of documents and their passages as a file. Read by `StoredTexts`.
 *
 * @param passages grouped by document, in the order of the documents
 * @throws Error when a passage is not a slice of its document's text, which is a defect
 */
export function encodeTexts(
  documents: readonly Document[],
  passages: readonly Passage[],
): Uint8Array {
  const positions = new Map(documents.map(({ id }, position) => [id, position]));
  const widths = Uint8Array.from(documents, ({ text }) => (LATIN_1.test(text) ? 1 : 2));
  const texts = documents.map(({ text }, at) =>
    Buffer.from(text, widths[at] === 1 ? 'latin1' : 'utf16le'),
  );
  const parts = documents.map(({ sections, footnotes, origin }) =>
    Buffer.from(JSON.stringify({ sections, footnotes, origin })),
  );
  const lists = {
    headings: new Interned<readonly string[]>(),
    meetings: new Interned<readonly string[]>(),
    sources: new Interned<readonly string[]>(),
    headers: new Interned<string>(),
  };
  const counts = documents.map(() => 0);
  const sentences: number[] = [];
  const numbers = new Uint32Array(passages.length * PASSAGE_NUMBERS);
  for (const [at, passage] of passages.entries()) {
    const { start, end } = passage;
    const position = positions.get(passage.documentId);
    const document = documents[position ?? -1];
    if (position === undefined || document === undefined)
      throw new Error(`No document has the id ${passage.documentId}.`);
    if (document.text.slice(start, end) !== passage.text) {
      throw new Error(`Passage ${start}-${end} of ${document.path} is not a slice of its text.`);
    }
    counts[position] = (counts[position] ?? 0) + 1;
    const common = [
      lists.headings.at(passage.headings),
      lists.meetings.at(passage.meetings),
      lists.sources.at(passage.sources),
      lists.headers.at(passage.header),
    ];
    numbers.set(
      [position, start, end, ...passage.lines, ...common, sentences.length],
      at * PASSAGE_NUMBERS,
    );
    for (const sentence of passage.sentences) sentences.push(sentence.start, sentence.end);
  }
  const file: TextFile = {
    header: {
      headings: lists.headings.all,
      meetings: lists.meetings.all,
      sources: lists.sources.all,
      headers: lists.headers.all,
    },
    arrays: {
      textStarts: startsOf(texts.map(({ length }) => length)),
      partStarts: startsOf(parts.map(({ length }) => length)),
      passageStarts: startsOf(counts),
      widths,
      texts: Buffer.concat(texts),
      parts: Buffer.concat(parts),
      passages: numbers,
      sentences: Uint32Array.from(sentences),
    },
  };
  return pack(file);
}

/** Values by their position, equal ones once. */
class Interned<Value> {
  readonly all: Value[] = [];
  readonly #positions = new Map<string, number>();

  at(value: Value): number {
    const key = JSON.stringify(value);
    const position = this.#positions.get(key) ?? this.all.push(value) - 1;
    this.#positions.set(key, position);
    return position;
  }
}

function startsOf(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  for (const [at, length] of lengths.entries()) starts[at + 1] = (starts[at] ?? 0) + length;
  return starts;
}
