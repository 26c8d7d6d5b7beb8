import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float32Of, pack, uint32Of, uint8Of, unpack } from '../../src/index/file-formats.ts';

const file = fc.record({
  header: fc.jsonValue(),
  arrays: fc.record({
    small: fc.uint8Array({ maxLength: 20 }),
    large: fc.uint32Array({ maxLength: 20 }),
    real: fc.float32Array({ maxLength: 20 }),
  }),
});

const corrupt: unknown = expect.objectContaining({ code: 'INDEX_CORRUPT' });

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

describe('a packed file', () => {
  it('gives back what was packed, wherever in a buffer it lies', () => {
    fc.assert(
      fc.property(file, fc.nat(16), (packed, shift) => {
        const bytes = pack(packed);
        const shifted = Buffer.alloc(bytes.length + shift + 3);
        shifted.set(bytes, shift);
        for (const place of [bytes, shifted.subarray(shift, shift + bytes.length)]) {
          const read = unpack(place);
          expect(JSON.stringify(read.header)).toBe(JSON.stringify(packed.header));
          expect(uint8Of(read, 'small')).toEqual(packed.arrays.small);
          expect(uint32Of(read, 'large')).toEqual(packed.arrays.large);
          expect(float32Of(read, 'real')).toEqual(packed.arrays.real);
        }
      }),
    );
  });

  it('is refused when cut short anywhere', () => {
    fc.assert(
      fc.property(
        file,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (packed, share) => {
          fc.pre(Object.values(packed.arrays).some((array) => array.length > 0));
          const bytes = pack(packed);
          expect(thrownBy(() => unpack(bytes.slice(0, Math.floor(bytes.length * share))))).toEqual(
            corrupt,
          );
        },
      ),
    );
  });

  it('is refused when its header is garbled', () => {
    const headers = [
      '',
      '{',
      'null',
      '{}',
      '{"arrays":{"a":null}}',
      '{"arrays":{"a":{"kind":"u32","offset":1,"length":0}}}',
      '{"arrays":{"a":{"kind":"u8","offset":-8,"length":1}}}',
      '{"arrays":{"a":{"kind":"f64","offset":0,"length":0}}}',
    ];
    for (const header of headers) {
      const bytes = new Uint8Array(4096);
      new DataView(bytes.buffer).setUint32(0, header.length, true);
      bytes.set(Buffer.from(header), 4);
      expect(thrownBy(() => unpack(bytes))).toEqual(corrupt);
    }
  });

  it('is refused when asked for an array that it does not hold, or of another kind', () => {
    const read = unpack(pack({ header: null, arrays: { a: Uint32Array.of(1) } }));
    expect(thrownBy(() => uint32Of(read, 'b'))).toEqual(corrupt);
    expect(thrownBy(() => uint8Of(read, 'a'))).toEqual(corrupt);
    expect(thrownBy(() => float32Of(read, 'a'))).toEqual(corrupt);
  });
});
