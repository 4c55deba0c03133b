import type { Random } from '../random.js';
import { CLASSES, PIXELS, type Images } from './digits.js';

/** A network of one hidden layer: logits = W2 relu(W1 x + b1) + b2. Weights are stored input by input. */
export interface Network {
  readonly hidden: number;
  readonly weights1: Float32Array;
  readonly biases1: Float32Array;
  readonly weights2: Float32Array;
  readonly biases2: Float32Array;
}

/** Arrays of the network's sizes, for gradients and the like. */
export function emptyNetwork(hidden: number): Network {
  return {
    hidden,
    weights1: new Float32Array(PIXELS * hidden),
    biases1: new Float32Array(hidden),
    weights2: new Float32Array(hidden * CLASSES),
    biases2: new Float32Array(CLASSES),
  };
}

/** Weights of the variance 2 / inputs (He et al., 2015), biases 0. */
export function randomNetwork(hidden: number, random: Random): Network {
  const network = emptyNetwork(hidden);
  for (const [weights, inputs] of [
    [network.weights1, PIXELS],
    [network.weights2, hidden],
  ] as const)
    for (let i = 0; i < weights.length; i++) weights[i] = random.normal() * Math.sqrt(2 / inputs);
  return network;
}

/** All parameters, array by array. */
export function parametersOf({ weights1, biases1, weights2, biases2 }: Network): readonly Float32Array[] {
  return [weights1, biases1, weights2, biases2];
}

/** Writes hidden activations and logits of some images. */
export function forward(
  { hidden, weights1, biases1, weights2, biases2 }: Network,
  { pixels }: Pick<Images, 'pixels'>,
  rows: ArrayLike<number>,
  activations: Float32Array,
  logits: Float32Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const activation = activations.subarray(i * hidden, (i + 1) * hidden);
    activation.set(biases1);
    addProduct(activation, pixels, (rows[i] ?? 0) * PIXELS, PIXELS, weights1);
    for (let h = 0; h < hidden; h++) if ((activation[h] ?? 0) < 0) activation[h] = 0;
    const row = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
    row.set(biases2);
    addProduct(row, activation, 0, hidden, weights2);
  }
}

/** Adds the gradient of some images to `slopes`, from that by their logits. */
export function backward(
  { hidden, weights2 }: Network,
  { pixels }: Pick<Images, 'pixels'>,
  rows: ArrayLike<number>,
  activations: Float32Array,
  ofLogits: Float32Array,
  slopes: Network,
): void {
  const ofHidden = new Float32Array(hidden);
  for (let i = 0; i < rows.length; i++) {
    const activation = activations.subarray(i * hidden, (i + 1) * hidden);
    const own = ofLogits.subarray(i * CLASSES, (i + 1) * CLASSES);
    for (let c = 0; c < CLASSES; c++) slopes.biases2[c] = (slopes.biases2[c] ?? 0) + (own[c] ?? 0);
    addOuter(slopes.weights2, activation, 0, hidden, own);
    for (let h = 0; h < hidden; h++) {
      let sum = 0;
      if ((activation[h] ?? 0) > 0)
        for (let c = 0; c < CLASSES; c++) sum += (weights2[h * CLASSES + c] ?? 0) * (own[c] ?? 0);
      ofHidden[h] = sum;
      slopes.biases1[h] = (slopes.biases1[h] ?? 0) + sum;
    }
    addOuter(slopes.weights1, pixels, (rows[i] ?? 0) * PIXELS, PIXELS, ofHidden);
  }
}

/** outputs += inputs weights; inputs are often 0. */
function addProduct(
  outputs: Float32Array,
  inputs: Float32Array,
  from: number,
  count: number,
  weights: Float32Array,
): void {
  const width = outputs.length;
  for (let k = 0; k < count; k++) {
    const input = inputs[from + k] ?? 0;
    if (input === 0) continue;
    for (let o = 0; o < width; o++) outputs[o] = (outputs[o] ?? 0) + input * (weights[k * width + o] ?? 0);
  }
}

/** slopes += inputs^T outputs. */
function addOuter(
  slopes: Float32Array,
  inputs: Float32Array,
  from: number,
  count: number,
  outputs: Float32Array,
): void {
  const width = outputs.length;
  for (let k = 0; k < count; k++) {
    const input = inputs[from + k] ?? 0;
    if (input === 0) continue;
    for (let o = 0; o < width; o++) slopes[k * width + o] = (slopes[k * width + o] ?? 0) + input * (outputs[o] ?? 0);
  }
}
