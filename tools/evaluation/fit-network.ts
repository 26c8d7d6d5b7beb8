import { adam } from './fit.ts';
import { seeded } from './noisy-questions.ts';

/** What a network tells apart. */
export interface Shape {
  readonly labels: number;
  /** Inputs of this label together weigh as much as all others. */
  readonly none: number;
}

/** Rows of weights, each with its bias at the end. */
export interface Layer {
  readonly rows: number;
  /** [rows × (inputs + 1)]. */
  readonly weights: Float64Array;
}

/** Rectified units between the vector and the labels. With 128 one unseen wording in a hundred less is told, 512 are no better. */
const UNITS = 256;
/** Share of the units that each step leaves out (N. Srivastava et al., "Dropout", 2014): .3 and .4 tell less. */
const DROPPED = 0.5;
const EPOCHS = 20;
const BATCH = 128;
/** With .004 more questions for the documents are read as a form. */
const RATE = 0.001;
/** Cosines of the encoder lie between .75 and 1: without a factor the weights would have to be large. To scale each component is no better. */
const SCALE = 20;

/**
 * A network of one hidden layer with the softmax of its labels, fitted by {@link adam} on batches with dropout. It takes vectors
 * as they are: the mean that is taken from them and their scale are in the first layer.
 *
 * @param inputs one for each label, of equal lengths
 */
export function fitNetwork(
  inputs: readonly Float32Array[],
  labels: Uint16Array,
  shape: Shape,
): readonly [Layer, Layer] {
  const { none } = shape;
  const count = labels.length;
  const mean = meanOf(inputs);
  const scaled = inputs.map((input) => input.map((value, i) => (value - (mean[i] ?? 0)) * SCALE));
  const others = labels.reduce((sum, label) => sum + Number(label === none), 0);
  const weightOf = (label: number): number =>
    label === none && others < count ? (count - others) / others : 1;
  const random = seeded(9);
  const hidden = layer(UNITS, mean.length, random);
  const output = layer(shape.labels, UNITS, random);
  const descents = [hidden, output].map(({ weights }) => adam(weights));
  const gradients = [hidden, output].map(({ weights }) => new Float64Array(weights.length));
  const [ofHidden, ofOutput] = gradients as [Float64Array, Float64Array];
  const order = Array.from({ length: count }, (_, i) => i);
  const steps = EPOCHS * Math.ceil(count / BATCH);
  let step = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(order, random);
    for (let from = 0; from < count; from += BATCH) {
      for (const gradient of gradients) gradient.fill(0);
      const batch = order.slice(from, from + BATCH);
      for (const at of batch) {
        const input = scaled[at] as Float32Array;
        const label = labels[at] as number;
        const kept = Float64Array.from({ length: UNITS }, () =>
          random() < DROPPED ? 0 : 1 / (1 - DROPPED),
        );
        const units = unitsOf(input, hidden, kept);
        const errors = softmax(scoresOf(units, output));
        errors[label] = (errors[label] as number) - 1;
        const weight = weightOf(label) / batch.length;
        const back = addGradient(errors, weight, units, output, ofOutput);
        for (let i = 0; i < UNITS; i++) {
          back[i] = (units[i] as number) > 0 ? (back[i] as number) * (kept[i] as number) : 0;
        }
        addGradient(back, 1, input, hidden, ofHidden);
      }
      step += 1;
      const rate = RATE * (1 - (0.98 * step) / steps);
      descents.forEach((descend, i) => descend(gradients[i] as Float64Array, rate));
    }
  }
  return [withMean(hidden, mean), output];
}

/** Weights drawn between plus and minus the root of a share of the inputs, as is usual for rectified units. */
function layer(rows: number, inputs: number, random: () => number): Layer {
  const limit = 1 / Math.sqrt(inputs);
  const weights = Float64Array.from(
    { length: rows * (inputs + 1) },
    () => (2 * random() - 1) * limit,
  );
  return { rows, weights };
}

type Values = Float32Array | Float64Array;

// Loops and not array methods: a fit does these some 500,000 times.

/** Rectified; only those that are kept are reckoned. */
function unitsOf(input: Values, { rows, weights }: Layer, kept: Values): Float64Array {
  const units = new Float64Array(rows);
  const width = input.length + 1;
  for (let row = 0; row < rows; row++) {
    if (kept[row] === 0) continue;
    let sum = weights[(row + 1) * width - 1] as number;
    for (let j = 0, at = row * width; j < input.length; j++, at++)
      sum += (input[j] as number) * (weights[at] as number);
    units[row] = Math.max(0, sum) * (kept[row] as number);
  }
  return units;
}

function scoresOf(units: Values, { rows, weights }: Layer): Float64Array {
  const scores = new Float64Array(rows);
  const width = units.length + 1;
  for (let row = 0; row < rows; row++) {
    let sum = weights[(row + 1) * width - 1] as number;
    for (let j = 0, at = row * width; j < units.length; j++, at++)
      sum += (units[j] as number) * (weights[at] as number);
    scores[row] = sum;
  }
  return scores;
}

/** Makes scores their probabilities. */
function softmax(scores: Float64Array): Float64Array {
  const highest = Math.max(...scores);
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    scores[i] = Math.exp((scores[i] as number) - highest);
    total += scores[i] as number;
  }
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) / total;
  return scores;
}

/** Adds what the errors of a layer's rows change of its weights; gives the errors of its inputs. */
function addGradient(
  errors: Values,
  weight: number,
  inputs: Values,
  { rows, weights }: Layer,
  gradient: Float64Array,
): Float64Array {
  const back = new Float64Array(inputs.length);
  const width = inputs.length + 1;
  for (let row = 0; row < rows; row++) {
    const error = weight * (errors[row] as number);
    if (Math.abs(error) < 1e-7) continue;
    const from = row * width;
    for (let j = 0, at = from; j < inputs.length; j++, at++) {
      gradient[at] = (gradient[at] as number) + error * (inputs[j] as number);
      back[j] = (back[j] as number) + error * (weights[at] as number);
    }
    gradient[from + width - 1] = (gradient[from + width - 1] as number) + error;
  }
  return back;
}

/** A layer for inputs from which nothing was taken. */
function withMean({ rows, weights }: Layer, mean: Float64Array): Layer {
  const width = mean.length + 1;
  const whole = weights.slice();
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < mean.length; j++) {
      const at = row * width + j;
      const bias = (row + 1) * width - 1;
      whole[at] = (weights[at] as number) * SCALE;
      whole[bias] = (whole[bias] as number) - (whole[at] ?? 0) * (mean[j] ?? 0);
    }
  }
  return { rows, weights: whole };
}

function meanOf(inputs: readonly Float32Array[]): Float64Array {
  const mean = new Float64Array(inputs[0]?.length ?? 0);
  for (const input of inputs) {
    for (let i = 0; i < input.length; i++) {
      mean[i] = (mean[i] as number) + (input[i] as number) / inputs.length;
    }
  }
  return mean;
}

function shuffle(order: number[], random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}
