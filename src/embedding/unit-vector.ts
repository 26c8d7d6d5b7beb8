import { DragomanError } from '../errors.ts';

/**
 * Scales a vector to length 1 in place.
 *
 * @throws DragomanError MODEL when the number of components is wrong, one of them is not finite or all are zero
 */
export function toUnitVector(
  vector: Float32Array,
  expected: { model: string; dimensions: number },
): Float32Array {
  if (vector.length !== expected.dimensions) {
    throw new DragomanError(
      'MODEL',
      `The model ${expected.model} gave a vector of ${vector.length} numbers where its configuration says ${expected.dimensions}.`,
      { hint: 'Its files do not belong together: fetch the model anew.' },
    );
  }
  let squares = 0;
  for (const component of vector) squares += component * component;
  if (!Number.isFinite(squares)) {
    throw new DragomanError(
      'MODEL',
      `The model ${expected.model} gave a vector with a component that is not finite.`,
      {
        hint: 'Its files are damaged or its quantisation overflows: fetch it anew or choose another.',
      },
    );
  }
  if (squares === 0) {
    throw new DragomanError('MODEL', `The model ${expected.model} gave a vector of zeros.`, {
      hint: 'Its files are damaged: fetch it anew or choose another.',
    });
  }
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * scale;
  return vector;
}
