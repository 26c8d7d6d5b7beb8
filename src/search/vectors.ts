/** Dot product of two vectors of the same length. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** The mean of the rows of a table of unit vectors: its dot product with a vector is that vector's mean cosine. */
export function meanOf(table: Float32Array, rows: number, dimensions: number): Float32Array {
  const mean = new Float32Array(dimensions);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < dimensions; i++) {
      mean[i] = (mean[i] as number) + (table[row * dimensions + i] as number) / rows;
    }
  }
  return mean;
}
