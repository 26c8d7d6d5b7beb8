import { DragomanError } from '../errors.ts';

/** Typed arrays and a small JSON header in one buffer, so that loading is one read and no parsing. */
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

/** Layout: u32 length of the JSON, the JSON (UTF-8), then each array at a multiple of 8 bytes. Little endian. */
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

/** Reads what {@link pack} wrote. @throws DragomanError INDEX_CORRUPT when it is cut short or garbled */
export function unpack(bytes: Uint8Array): Packed {
  if (bytes.length < 4) throw corrupt('shorter than its length field');
  const jsonLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + jsonLength > bytes.length) throw corrupt('header longer than the file');
  const layout = readLayout(bytes, jsonLength);
  const base = aligned(4 + jsonLength);
  // Views need alignment; a buffer read into a pool may start anywhere.
  // (`slice` would not do: a Buffer's gives a view.)
  const source = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes);
  const arrays: Record<string, Uint8Array | Uint32Array | Float32Array> = {};
  for (const [name, { kind, offset, length }] of Object.entries(layout.arrays)) {
    const size = length * (kind === 'u8' ? 1 : 4);
    const fits = base + aligned(offset + size) <= source.length;
    if (!fits) throw corrupt(`array "${name}" is cut short`);
    const at = source.byteOffset + base + offset;
    arrays[name] =
      kind === 'u8'
        ? new Uint8Array(source.buffer, at, length)
        : kind === 'u32'
          ? new Uint32Array(source.buffer, at, length)
          : new Float32Array(source.buffer, at, length);
  }
  return { header: layout.header, arrays };
}

function readLayout(bytes: Uint8Array, jsonLength: number): Layout {
  const json = Buffer.from(bytes.buffer, bytes.byteOffset + 4, jsonLength).toString('utf8');
  let layout: unknown;
  try {
    layout = JSON.parse(json);
  } catch {
    throw corrupt('its header is not JSON');
  }
  if (!isLayout(layout)) throw corrupt('its header describes no arrays');
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

/** An array of the wanted kind out of a packed file. @throws DragomanError INDEX_CORRUPT */
export function uint32Of(packed: Packed, name: string): Uint32Array {
  const array = packed.arrays[name];
  if (!(array instanceof Uint32Array)) throw corrupt(`array "${name}" is missing`);
  return array;
}

export function uint8Of(packed: Packed, name: string): Uint8Array {
  const array = packed.arrays[name];
  if (!(array instanceof Uint8Array)) throw corrupt(`array "${name}" is missing`);
  return array;
}

export function float32Of(packed: Packed, name: string): Float32Array {
  const array = packed.arrays[name];
  if (!(array instanceof Float32Array)) throw corrupt(`array "${name}" is missing`);
  return array;
}

function kindOf(array: Uint8Array | Uint32Array | Float32Array): ArrayKind {
  if (array instanceof Uint32Array) return 'u32';
  return array instanceof Float32Array ? 'f32' : 'u8';
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function corrupt(what: string): DragomanError {
  return new DragomanError('INDEX_CORRUPT', `A packed index file is damaged: ${what}.`, {
    hint: 'Run `npm run build:index -- --force` to build the index again.',
  });
}
