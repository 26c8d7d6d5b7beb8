/** Dot product of two vectors. */
export function dot(a: Float32Array, b: Float32Array): number {
  return dotAt(a, 0, b, 0, a.length);
}

/**
 * Dot product of two stretches of `length` numbers. Four accumulators: the additions of a single sum would wait for
 * each other.
 */
export function dotAt(
  a: Float32Array,
  aStart: number,
  b: Float32Array,
  bStart: number,
  length: number,
): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = length & ~3;
  for (let at = 0; at < whole; at += 4) {
    s0 += (a[aStart + at] as number) * (b[bStart + at] as number);
    s1 += (a[aStart + at + 1] as number) * (b[bStart + at + 1] as number);
    s2 += (a[aStart + at + 2] as number) * (b[bStart + at + 2] as number);
    s3 += (a[aStart + at + 3] as number) * (b[bStart + at + 3] as number);
  }
  for (let at = whole; at < length; at++) {
    s0 += (a[aStart + at] as number) * (b[bStart + at] as number);
  }
  return s0 + s1 + s2 + s3;
}
