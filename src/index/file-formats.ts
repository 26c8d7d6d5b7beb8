/**
 * The two file formats of a generation: typed arrays with a JSON header, loaded by one read without parsing, and JSON
 * lines.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DragomanError } from '../errors.ts';
import { corrupt } from './manifest.ts';

export interface Packed {
  readonly header: unknown;
  readonly arrays: Readonly<Record<string, Uint8Array | Uint32Array | Float32Array>>;
}

type ArrayKind = 'u8' | 'u32' | 'f32';

interface Layout {
  readonly header: unknown;
  readonly arrays: Readonly<Record<string, { kind: ArrayKind; offset: number; length: number }>>;
}

const ALIGNMENT = 8;

/** Layout, little endian: u32 length of the JSON, the JSON (UTF-8), each array at a multiple of 8 bytes. */
export function pack({ header, arrays }: Packed): Uint8Array {
  let offset = 0;
  const places: Record<string, { kind: ArrayKind; offset: number; length: number }> = {};
  for (const [name, array] of Object.entries(arrays)) {
    places[name] = { kind: kindOf(array), offset, length: array.length };
    offset = aligned(offset + array.byteLength);
  }
  const json = Buffer.from(JSON.stringify({ header, arrays: places } satisfies Layout), 'utf8');
  const base = aligned(4 + json.length);
  const bytes = new Uint8Array(base + offset);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  for (const [name, array] of Object.entries(arrays)) {
    const place = places[name];
    if (place === undefined) continue;
    bytes.set(
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      base + place.offset,
    );
  }
  return bytes;
}

/**
 * Reads what {@link pack} wrote.
 *
 * @throws DragomanError `INDEX_CORRUPT` when the file is too short or invalid
 */
export function unpack(bytes: Uint8Array): Packed {
  if (bytes.length < 4) throw damaged('it is shorter than its length field');
  const jsonLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + jsonLength > bytes.length) throw damaged('its header is longer than the file');
  const layout = readLayout(bytes, jsonLength);
  const base = aligned(4 + jsonLength);
  // Views need alignment, and a buffer from a pool may start anywhere. `slice` would not copy a Buffer.
  const source = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes);
  const arrays: Record<string, Uint8Array | Uint32Array | Float32Array> = {};
  for (const [name, { kind, offset, length }] of Object.entries(layout.arrays)) {
    const size = length * (kind === 'u8' ? 1 : 4);
    const fits = base + aligned(offset + size) <= source.length;
    if (!fits) throw damaged(`its array "${name}" is too short`);
    const start = source.byteOffset + base + offset;
    arrays[name] =
      kind === 'u8'
        ? new Uint8Array(source.buffer, start, length)
        : kind === 'u32'
          ? new Uint32Array(source.buffer, start, length)
          : new Float32Array(source.buffer, start, length);
  }
  return { header: layout.header, arrays };
}

function readLayout(bytes: Uint8Array, jsonLength: number): Layout {
  const json = Buffer.from(bytes.buffer, bytes.byteOffset + 4, jsonLength).toString('utf8');
  let layout: unknown;
  try {
    layout = JSON.parse(json);
  } catch {
    throw damaged('its header is not JSON');
  }
  if (!isLayout(layout)) throw damaged('its header describes no arrays');
  return layout;
}

function isLayout(value: unknown): value is Layout {
  if (typeof value !== 'object' || value === null || !('arrays' in value)) return false;
  const { arrays } = value;
  return typeof arrays === 'object' && arrays !== null && Object.values(arrays).every(isPlace);
}

function isPlace(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, offset, length } = value as Readonly<Record<string, unknown>>;
  const isCount = (count: unknown): boolean => Number.isSafeInteger(count) && Number(count) >= 0;
  return (
    (kind === 'u8' || kind === 'u32' || kind === 'f32') &&
    isCount(length) &&
    isCount(offset) &&
    Number(offset) % ALIGNMENT === 0
  );
}

/** @throws DragomanError `INDEX_CORRUPT` when the file has no such array of this type */
export function uint32Of(packed: Packed, name: string): Uint32Array {
  const array = packed.arrays[name];
  if (!(array instanceof Uint32Array)) throw damaged(`its array "${name}" is missing`);
  return array;
}

/** As {@link uint32Of}. */
export function uint8Of(packed: Packed, name: string): Uint8Array {
  const array = packed.arrays[name];
  if (!(array instanceof Uint8Array)) throw damaged(`its array "${name}" is missing`);
  return array;
}

/** As {@link uint32Of}. */
export function float32Of(packed: Packed, name: string): Float32Array {
  const array = packed.arrays[name];
  if (!(array instanceof Float32Array)) throw damaged(`its array "${name}" is missing`);
  return array;
}

function kindOf(array: Uint8Array | Uint32Array | Float32Array): ArrayKind {
  if (array instanceof Uint32Array) return 'u32';
  return array instanceof Float32Array ? 'f32' : 'u8';
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function damaged(why: string): DragomanError {
  return corrupt(`An index file is damaged: ${why}.`);
}

/** A Uint32Array that grows by doubling, for results of unknown length. */
export class GrowingUint32Array {
  #values = new Uint32Array(1024);
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
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const rows: unknown[] = [];
  let start = 0;
  while (start < buffer.length) {
    const newline = buffer.indexOf(NEWLINE, start);
    const end = newline === -1 ? buffer.length : newline;
    rows.push(JSON.parse(buffer.toString('utf8', start, end)));
    start = end + 1;
    if (rows.length % ROWS_PER_TURN === 0) await nextTurn();
  }
  return rows;
}
