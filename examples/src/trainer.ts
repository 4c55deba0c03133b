/**
 * A softmax classifier for flowers of three kinds, one of them rare: weights for the classes, smoothed labels, batches
 * too large for memory, and results written into buffers that are made once.
 */
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { balancedWeights, classCounts, classWeighted } from '@surprisal/weighted';
import type { ExampleOptions } from './example-options.js';
import { seededRandom } from './random.js';

const FEATURES = 4;
const CLASSES = 3;
/** Rows of each kind. The last kind is rare, and an unweighted loss would care little for it. */
const ROWS_PER_CLASS = [60, 60, 12];
/** Sizes of sepals and petals of each kind in centimetres, less those of the average flower: inputs around 0 train best. */
const CENTRES = [
  [-0.8, 0.3, -2.3, -1.0],
  [0.1, -0.3, 0.5, 0.1],
  [0.8, -0.1, 1.8, 0.8],
];
const SPREAD = 0.25;
/** A step sums over this many rows; they go through the loss this many at a time. */
const BATCH = 24;
const MICRO_BATCH = 8;
const EPOCHS = 40;
const LEARNING_RATE = 0.1;

/** Features row by row, and the class of each row. */
export interface Flowers {
  readonly features: Float32Array;
  readonly labels: Uint8Array;
}

/** How a training went. */
export interface TrainerReport {
  /** Mean loss over all rows: before training, then after each epoch. */
  readonly losses: readonly number[];
  /** Share of each class's rows that get the highest logit at their class. */
  readonly recalls: readonly number[];
}

/** Trains, and reports what it came to. */
export function trainFlowers({ seed = 1, print = console.log }: ExampleOptions = {}): TrainerReport {
  const random = seededRandom(seed);
  const flowers = makeFlowers(random.normal);
  const weights = balancedWeights(classCounts(flowers.labels, { classes: CLASSES }));
  print(`class weights: ${weights.map((weight) => weight.toFixed(3)).join(', ')}`);

  // The outermost wrapper acts first: the row's label is weighed, and then it is smoothed.
  const loss = classWeighted(labelSmoothed(categoricalCrossEntropy(), { smoothing: 0.05 }), { weights });
  const model = new Float32Array((FEATURES + 1) * CLASSES);
  const slopes = new Float32Array(model.length);

  const losses = [meanLoss(loss, model, flowers)];
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    const order = random.shuffled(flowers.labels.length);
    for (let first = 0; first < order.length; first += BATCH) {
      const batch = take(flowers, order.slice(first, first + BATCH));
      accumulateSlopes(loss, model, batch, { size: MICRO_BATCH, denominator: weightOf(batch, weights), slopes });
      for (const [index, slope] of slopes.entries()) model[index] = (model[index] ?? 0) - LEARNING_RATE * slope;
    }
    losses.push(meanLoss(loss, model, flowers));
    if (epoch % 10 === 0) print(`epoch ${epoch}: loss ${(losses.at(-1) ?? 0).toFixed(4)}`);
  }

  const recalls = recallsOf(model, flowers);
  print(`recall of each class: ${recalls.map((recall) => recall.toFixed(3)).join(', ')}`);
  return { losses, recalls };
}

/** How a batch is taken apart, and where its slopes go. */
export interface Accumulation {
  /** Rows of a part. */
  readonly size: number;
  /** What every part divides by. */
  readonly denominator: number;
  /** One slope for each number of the model; overwritten. */
  readonly slopes: Float32Array;
}

/**
 * Sums the slopes of a batch, part by part. A mean of means would be wrong where parts differ in weight, so each part
 * divides by the same number, given as `denominator`: the weight of the whole batch. The parts then sum to its mean,
 * which is returned.
 */
export function accumulateSlopes(loss: Loss, model: Float32Array, batch: Flowers, accumulation: Accumulation): number {
  const { size, denominator, slopes } = accumulation;
  const logits = new Float32Array(size * CLASSES);
  const buffer = new Float32Array(size * CLASSES);
  let mean = 0;
  slopes.fill(0);
  for (let first = 0; first < batch.labels.length; first += size) {
    const labels = batch.labels.subarray(first, first + size);
    const features = batch.features.subarray(first * FEATURES, (first + size) * FEATURES);
    // The last part may be shorter: views of the buffers, no new ones.
    const partLogits = logits.subarray(0, labels.length * CLASSES);
    const gradient = buffer.subarray(0, labels.length * CLASSES);
    computeLogits(model, features, partLogits);
    mean += loss.valueAndGradient(partLogits, labels, { gradient, denominator }).value;
    addSlopes(features, gradient, slopes);
  }
  return mean;
}

/** The counted weight of some rows: the class weight of each row's label, summed. */
export function weightOf({ labels }: Flowers, weights: readonly number[]): number {
  return labels.reduce((sum, label) => sum + (weights[label] ?? 0), 0);
}

/** Flowers around the centres of their kinds. */
export function makeFlowers(normal: () => number): Flowers {
  const labels = Uint8Array.from(ROWS_PER_CLASS.flatMap((rows, kind) => new Array<number>(rows).fill(kind)));
  const features = Float32Array.from(
    [...labels].flatMap((label) => (CENTRES[label] ?? []).map((size) => size + SPREAD * normal())),
  );
  return { features, labels };
}

function take({ features, labels }: Flowers, rows: readonly number[]): Flowers {
  return {
    features: Float32Array.from(rows.flatMap((row) => [...features.subarray(row * FEATURES, (row + 1) * FEATURES)])),
    labels: Uint8Array.from(rows, (row) => labels[row] ?? 0),
  };
}

/** Logits of each row: for each class the weighted sum of the features, plus a bias. */
function computeLogits(model: Float32Array, features: Float32Array, logits: Float32Array): void {
  for (let at = 0; at < logits.length; at++) {
    const row = Math.floor(at / CLASSES);
    const kind = at % CLASSES;
    let sum = model[FEATURES * CLASSES + kind] ?? 0;
    for (let feature = 0; feature < FEATURES; feature++)
      sum += (features[row * FEATURES + feature] ?? 0) * (model[feature * CLASSES + kind] ?? 0);
    logits[at] = sum;
  }
}

/** The chain rule from the logits to the model: a weight's slope is its logit's slope times its feature. */
function addSlopes(features: Float32Array, gradient: Float32Array, slopes: Float32Array): void {
  for (const [at, slope] of gradient.entries()) {
    const row = Math.floor(at / CLASSES);
    for (let feature = 0; feature <= FEATURES; feature++) {
      const input = feature === FEATURES ? 1 : (features[row * FEATURES + feature] ?? 0);
      const weight = feature * CLASSES + (at % CLASSES);
      slopes[weight] = (slopes[weight] ?? 0) + slope * input;
    }
  }
}

function allLogits(model: Float32Array, { features, labels }: Flowers): Float32Array {
  const logits = new Float32Array(labels.length * CLASSES);
  computeLogits(model, features, logits);
  return logits;
}

function meanLoss(loss: Loss, model: Float32Array, flowers: Flowers): number {
  return loss.value(allLogits(model, flowers), flowers.labels);
}

function recallsOf(model: Float32Array, flowers: Flowers): number[] {
  const logits = allLogits(model, flowers);
  const right = new Array<number>(CLASSES).fill(0);
  for (const [row, label] of flowers.labels.entries()) {
    const scores = logits.subarray(row * CLASSES, (row + 1) * CLASSES);
    if (scores.indexOf(Math.max(...scores)) === label) right[label] = (right[label] ?? 0) + 1;
  }
  return right.map((count, kind) => count / (ROWS_PER_CLASS[kind] ?? 1));
}

if (process.argv[1] === import.meta.filename) trainFlowers();
