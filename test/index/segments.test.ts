import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../../src/index/segments.ts';

const file = fc.record({
  header: fc.jsonValue(),
  arrays: fc.record({
    signed: fc.int8Array({ maxLength: 20 }),
    small: fc.uint8Array({ maxLength: 20 }),
    large: fc.uint32Array({ maxLength: 20 }),
    real: fc.float32Array({ maxLength: 20 }),
  }),
});

describe('a packed file', () => {
  it('gives back what was packed, from any offset of a buffer', () => {
    fc.assert(
      fc.property(file, fc.nat(16), (packed, shift) => {
        const bytes = pack(packed);
        const shifted = Buffer.alloc(bytes.length + shift + 3);
        shifted.set(bytes, shift);
        for (const place of [bytes, shifted.subarray(shift, shift + bytes.length)]) {
          const read = unpack(place);
          expect(JSON.stringify(read.header)).toBe(JSON.stringify(packed.header));
          expect(read.arrays).toEqual(packed.arrays);
        }
      }),
    );
  });
});
