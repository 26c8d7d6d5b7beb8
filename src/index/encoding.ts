/** The forms in which a segment is stored: arrays of numbers, rows of JSON, and the texts of documents with their passages. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Document, LineRange, Passage, Span } from '../corpus/types.ts';

const ARRAYS = { i8: Int8Array, u8: Uint8Array, u32: Uint32Array, f32: Float32Array } as const;
type PackedArray = Int8Array | Uint8Array | Uint32Array | Float32Array;

export interface Packed {
  /** Anything that JSON can hold. */
  readonly header: unknown;
  readonly arrays: Readonly<Record<string, PackedArray>>;
}

interface PackedPlace {
  readonly kind: keyof typeof ARRAYS;
  readonly offset: number;
  readonly length: number;
}

const ALIGNMENT = 8;

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

/** Layout, little endian: u32 length of the JSON, the JSON (UTF-8), each array at a multiple of 8 bytes. */
export function pack({ header, arrays }: Packed): Uint8Array {
  let size = 0;
  const places: Record<string, PackedPlace> = {};
  for (const [name, array] of Object.entries(arrays)) {
    const kinds = Object.keys(ARRAYS) as PackedPlace['kind'][];
    const kind = kinds.find((key) => array instanceof ARRAYS[key]);
    if (kind === undefined) throw new Error(`Array ${name} is of a kind that is not packed.`);
    places[name] = { kind, offset: size, length: array.length };
    size = aligned(size + array.byteLength);
  }
  const json = Buffer.from(JSON.stringify({ header, arrays: places }));
  const base = aligned(4 + json.length);
  const bytes = new Uint8Array(base + size);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  for (const [name, { offset }] of Object.entries(places)) {
    bytes.set(bufferOf(arrays[name] as PackedArray), base + offset);
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
  const { header, arrays } = JSON.parse(json) as {
    header: unknown;
    arrays: Record<string, PackedPlace>;
  };
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

/**
 * One JSON text per line, in chunks of about a megabyte. Not one text for all rows, because V8's strings end at about
 * 512 MB, and because an ASCII line takes half the memory of a text with one character beyond Latin-1.
 */
export function encodeRows(rows: Iterable<unknown>): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let pending: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const line = `${JSON.stringify(row)}\n`;
    pending.push(line);
    characters += line.length;
    if (characters < CHUNK_CHARACTERS) continue;
    chunks.push(Buffer.from(pending.join('')));
    [pending, characters] = [[], 0];
  }
  return pending.length === 0 ? chunks : [...chunks, Buffer.from(pending.join(''))];
}

/** Reads what {@link encodeRows} wrote. The caller knows the type of the rows: their sha256 has been checked. */
export async function decodeRows(data: Uint8Array): Promise<unknown[]> {
  const buffer = bufferOf(data);
  const rows: unknown[] = [];
  for (let start = 0; start < buffer.length;) {
    const end = buffer.indexOf('\n', start);
    rows.push(JSON.parse(buffer.toString('utf8', start, end)));
    start = end + 1;
    if (rows.length % ROWS_PER_TURN === 0) await nextTurn();
  }
  return rows;
}

export function bufferOf({ buffer, byteOffset, byteLength }: PackedArray): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** What of a document is long, and needed only where it is quoted: it stays bytes until somebody asks for it. */
type Body = Pick<Document, 'text' | 'sections' | 'footnotes' | 'origin'>;

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

interface TextFile {
  /** What many passages have in common, each once. */
  readonly header: {
    readonly headings: readonly (readonly string[])[];
    readonly meetings: readonly (readonly string[])[];
    readonly sources: readonly (readonly string[])[];
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
const PASSAGE_NUMBERS = 10;

const LATIN_1 = /^[\0-\xff]*$/;

/**
 * The bodies of documents and their passages as a file. Read by {@link StoredTexts}.
 *
 * @param passages grouped by document, in the order of the documents
 * @throws Error when a passage is not a slice of its document's text, which is a defect
 */
export function encodeTexts(documents: readonly Document[], passages: readonly Passage[]) {
  const positions = new Map(documents.map(({ id }, position) => [id, position]));
  const widths = Uint8Array.from(documents, ({ text }) => (LATIN_1.test(text) ? 1 : 2));
  const texts = documents.map(({ text }, at) => Buffer.from(text, encodingOf(widths[at])));
  const parts = documents.map(({ sections, footnotes, origin }) =>
    Buffer.from(JSON.stringify({ sections, footnotes, origin })),
  );
  const lists = { headings: [], meetings: [], sources: [], headers: [] } as Record<
    keyof TextFile['header'],
    unknown[]
  >;
  const known = new Map<string, number>();
  /** Position of a value in its list, which has equal ones once. */
  const placeIn = (list: keyof typeof lists, value: unknown): number => {
    const key = `${list} ${JSON.stringify(value)}`;
    const place = known.get(key) ?? lists[list].push(value) - 1;
    known.set(key, place);
    return place;
  };
  const counts = documents.map(() => 0);
  const sentences: number[] = [];
  const numbers = new Uint32Array(passages.length * PASSAGE_NUMBERS);
  for (const [at, passage] of passages.entries()) {
    const { start, end } = passage;
    const position = positions.get(passage.documentId) ?? -1;
    const document = documents[position];
    if (document === undefined) throw new Error(`No document has the id ${passage.documentId}.`);
    if (document.text.slice(start, end) !== passage.text) {
      throw new Error(`Passage ${start}-${end} of ${document.path} is not a slice of its text.`);
    }
    counts[position] = (counts[position] ?? 0) + 1;
    const common = [
      placeIn('headings', passage.headings),
      placeIn('meetings', passage.meetings),
      placeIn('sources', passage.sources),
      placeIn('headers', passage.header),
    ];
    numbers.set(
      [position, start, end, ...passage.lines, ...common, sentences.length],
      at * PASSAGE_NUMBERS,
    );
    for (const sentence of passage.sentences) sentences.push(sentence.start, sentence.end);
  }
  const arrays: TextFile['arrays'] = {
    textStarts: startsOf(texts.map(({ length }) => length)),
    partStarts: startsOf(parts.map(({ length }) => length)),
    passageStarts: startsOf(counts),
    widths,
    texts: Buffer.concat(texts),
    parts: Buffer.concat(parts),
    passages: numbers,
    sentences: Uint32Array.from(sentences),
  };
  return pack({ header: lists, arrays });
}

function encodingOf(width: number | undefined): 'latin1' | 'utf16le' {
  return width === 1 ? 'latin1' : 'utf16le';
}

/** Where each of some groups begins, of which the lengths are given, and where the last ends. */
export function startsOf(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  for (const [at, length] of lengths.entries()) starts[at + 1] = (starts[at] ?? 0) + length;
  return starts;
}

/** Characters of bodies that stay decoded: answers quote the same few documents again and again. */
const DECODED_CHARACTERS = 4 << 20;

/** Documents and passages of a segment whose texts are read out of one buffer when they are asked for. */
export class StoredTexts {
  readonly documents: readonly Document[];
  readonly passages: readonly Passage[];
  /** By document: position of its first passage; the number of all at the end. */
  readonly starts: Uint32Array;
  readonly file: TextFile;
  readonly #texts: Buffer;

  /** @param bytes what `encodeTexts` made of the documents of these rows */
  constructor(rows: readonly DocumentRow[], bytes: Uint8Array) {
    this.file = unpack(bytes) as TextFile;
    const { arrays } = this.file;
    this.#texts = bufferOf(arrays.texts);
    const parts = bufferOf(arrays.parts);
    const bodies = new LRUCache<number, Body>({
      maxSize: DECODED_CHARACTERS,
      sizeCalculation: ({ text }) => text.length + 1,
      memoMethod: (at) => {
        const { textStarts, partStarts } = arrays;
        const rest = parts.toString('utf8', partStarts[at], partStarts[at + 1]);
        const text = this.#decode(at, textStarts[at], textStarts[at + 1]);
        return { text, ...(JSON.parse(rest) as Omit<Body, 'text'>) };
      },
    });
    this.documents = rows.map((row, at) => {
      // A literal: properties defined one by one take twice the memory.
      const body: Body = {
        get text() {
          return bodies.memo(at).text;
        },
        get sections() {
          return bodies.memo(at).sections;
        },
        get footnotes() {
          return bodies.memo(at).footnotes;
        },
        get origin() {
          return bodies.memo(at).origin;
        },
      };
      return Object.setPrototypeOf(row, body) as Document;
    });
    this.starts = arrays.passageStarts;
    const count = arrays.passages.length / PASSAGE_NUMBERS;
    this.passages = Array.from({ length: count }, (_, at) => new StoredPassage(this, at));
  }

  slice(document: number, start: number, end: number): string {
    const { textStarts, widths } = this.file.arrays;
    const [first, width] = [textStarts[document] ?? 0, widths[document] ?? 1];
    return this.#decode(document, first + start * width, first + end * width);
  }

  #decode(document: number, start?: number, end?: number): string {
    return this.#texts.toString(encodingOf(this.file.arrays.widths[document]), start, end);
  }
}

class StoredPassage implements Passage {
  readonly #stored: StoredTexts;
  readonly #at: number;

  constructor(stored: StoredTexts, at: number) {
    this.#stored = stored;
    this.#at = at;
  }

  #number(which: number): number {
    return this.#stored.file.arrays.passages[this.#at * PASSAGE_NUMBERS + which] ?? 0;
  }

  get documentId(): string {
    return this.#stored.documents[this.#number(0)]?.id ?? '';
  }

  get start(): number {
    return this.#number(1);
  }

  get end(): number {
    return this.#number(2);
  }

  get text(): string {
    return this.#stored.slice(this.#number(0), this.start, this.end);
  }

  get lines(): LineRange {
    return [this.#number(3), this.#number(4)];
  }

  get headings(): readonly string[] {
    return this.#stored.file.header.headings[this.#number(5)] ?? [];
  }

  get meetings(): readonly string[] {
    return this.#stored.file.header.meetings[this.#number(6)] ?? [];
  }

  get sources(): readonly string[] {
    return this.#stored.file.header.sources[this.#number(7)] ?? [];
  }

  get header(): string {
    return this.#stored.file.header.headers[this.#number(8)] ?? '';
  }

  get sentences(): readonly Span[] {
    const { passages, sentences } = this.#stored.file.arrays;
    const first = this.#number(9);
    const end = passages[(this.#at + 1) * PASSAGE_NUMBERS + 9] ?? sentences.length;
    return Array.from({ length: (end - first) / 2 }, (_, i) => ({
      start: sentences[first + 2 * i] ?? 0,
      end: sentences[first + 2 * i + 1] ?? 0,
    }));
  }
}
