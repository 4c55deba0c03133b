import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import {
  doubleDoubleSoftmaxRow,
  exactSoftmaxRow,
  ulpsBetween,
  ulpsBetweenPairs,
  ulpsOfScale,
  ulpsOfScalePairs,
  type FloatType,
} from '@surprisal/reference';
import { classWeighted } from '@surprisal/weighted';
import { decimalMasses, fillMasses, isHard } from './exact-targets.ts';
import { randomBatch, type BatchOptions, type RandomBatch } from './random-batch.ts';

/** What the results are compared with. */
export type Arithmetic = 'double-double' | 'decimal';

/** The largest error, in units in the last place, and the seed of the batch that has it. */
export interface Worst {
  ulps: number;
  seed: number;
}

/** The errors of one engine and type. */
export interface TypeErrors {
  readonly loss: Worst;
  readonly gradient: Worst;
  rows: number;
  /** Elements of the gradient, and how many of them are off by more than 2.5 units. */
  elements: number;
  beyond: number;
}

/** By engine and type: `wasm-simd float32`. */
export type RowErrors = Record<string, TypeErrors>;

/** Units in the last place of one row's results. */
interface RowReference {
  readonly loss: (actual: number) => number;
  readonly gradient: (actual: number, column: number) => number;
}

/** Adds the errors of the batch of a seed, by each engine; returns how many rows it had. */
export function addRowErrors(
  errors: RowErrors,
  seed: number,
  options: BatchOptions,
  engines: readonly string[],
  arithmetic: Arithmetic,
): number {
  const batch = randomBatch(seed, options);
  const { rows, classes, mask } = batch;
  const results = engines.map((engine) => ({
    ...evaluate(batch, engine),
    errors: errorsOf(errors, engine, batch.type),
  }));
  for (let row = 0; row < rows; row++) {
    const reference = mask[row] === 0 ? IGNORED : referenceOf(batch, row, arithmetic);
    for (const { losses, gradient, errors: of } of results) {
      keepWorst(of.loss, reference.loss(losses[row]), seed);
      for (let c = 0; c < classes; c++) {
        const ulps = reference.gradient(gradient[row * classes + c], c);
        keepWorst(of.gradient, ulps, seed);
        if (!(ulps <= 2.5)) of.beyond++;
      }
      of.elements += classes;
      of.rows++;
    }
  }
  return rows;
}

/** Whether all are within the bounds of semantics; of float32 gradients of SIMD engines also that 99.9% are within 2.5 units. */
export function isWithinBounds(errors: RowErrors): boolean {
  return Object.entries(errors).every(([name, { loss, gradient, beyond, elements }]) => {
    const bounds = boundsOf(name);
    const usual = name.endsWith('float64') || beyond <= elements / 1000;
    return loss.ulps <= bounds.loss && gradient.ulps <= bounds.gradient && usual;
  });
}

function boundsOf(name: string): { readonly loss: number; readonly gradient: number } {
  if (name.endsWith('float64')) return { loss: 5, gradient: 8 };
  return name.startsWith('typescript') ? { loss: 0.51, gradient: 1.5 } : { loss: 3.5, gradient: 5 };
}

function errorsOf(errors: RowErrors, engine: string, type: FloatType): TypeErrors {
  const worst = (): Worst => ({ ulps: 0, seed: 0 });
  return (errors[`${engine} ${type}`] ??= { loss: worst(), gradient: worst(), rows: 0, elements: 0, beyond: 0 });
}

/** NaN is the worst of all. */
function keepWorst(worst: Worst, ulps: number, seed: number): void {
  if (ulps <= worst.ulps) return;
  worst.ulps = Number.isNaN(ulps) ? Infinity : ulps;
  worst.seed = seed;
}

function evaluate(
  batch: RandomBatch,
  engine: string,
): { readonly losses: ArrayLike<number>; readonly gradient: ArrayLike<number> } {
  const { logits: data, rows, classes, labels, probabilities, sampleWeights, mask, target } = batch;
  const { losses = [], gradient = [] } = lossOf(batch).evaluate(
    { data, dims: [rows, classes] },
    target === 'soft' ? { data: probabilities, dims: [rows, classes] } : labels,
    { engine, sampleWeights, mask, reduction: 'sum', losses: true, gradient: true },
  );
  return { losses, gradient };
}

function lossOf({ target, classWeights, smoothing }: RandomBatch): Loss {
  const loss = categoricalCrossEntropy();
  const weights = { weights: classWeights };
  switch (target) {
    case 'label':
    case 'soft':
      return loss;
    case 'weighted':
      return classWeighted(loss, weights);
    case 'smoothed':
      return labelSmoothed(loss, { smoothing });
    case 'smoothed weighted':
      return labelSmoothed(classWeighted(loss, weights), { smoothing });
    case 'weighted smoothed':
      return classWeighted(labelSmoothed(loss, { smoothing }), weights);
  }
}

/** An ignored row is 0, exactly. */
const IGNORED: RowReference = {
  loss: (actual) => (Object.is(actual, 0) ? 0 : Infinity),
  gradient: (actual) => (Object.is(actual, 0) ? 0 : Infinity),
};

function referenceOf(batch: RandomBatch, row: number, arithmetic: Arithmetic): RowReference {
  const { classes, logits } = batch;
  const z = logits.subarray(row * classes, (row + 1) * classes);
  return arithmetic === 'decimal' ? decimalReference(batch, row, z) : pairReference(batch, row, z);
}

const LARGEST = 5000;
const masses = { high: new Float64Array(LARGEST), low: new Float64Array(LARGEST) };
const pairs = {
  loss: new Float64Array(2),
  gradientHigh: new Float64Array(LARGEST),
  gradientLow: new Float64Array(LARGEST),
};

/** Valid until the next. */
function pairReference(batch: RandomBatch, row: number, z: ArrayLike<number>): RowReference {
  const { type } = batch;
  fillMasses(batch, row, masses);
  doubleDoubleSoftmaxRow(z, masses, pairs);
  const { loss, gradientHigh, gradientLow } = pairs;
  const hard = isHard(batch);
  return {
    loss: (actual) => ulpsBetweenPairs(actual, loss[0], loss[1], type),
    gradient: (actual, c) => {
      if (hard) return ulpsBetweenPairs(actual, gradientHigh[c], gradientLow[c], type);
      // |u| p + u is the gradient and twice u.
      return ulpsOfScalePairs(actual, gradientHigh[c], gradientLow[c], gradientHigh[c] + 2 * masses.high[c], type);
    },
  };
}

function decimalReference(batch: RandomBatch, row: number, z: ArrayLike<number>): RowReference {
  const { type } = batch;
  const measure = decimalMasses(batch, row);
  const { loss, gradient } = exactSoftmaxRow(z, measure);
  const hard = isHard(batch);
  return {
    loss: (actual) => ulpsBetween(actual, loss, type),
    gradient: (actual, c) => {
      const exact = gradient[c];
      if (hard) return ulpsBetween(actual, exact, type);
      return ulpsOfScale(actual, exact, exact.plus(measure[c]).plus(measure[c]), type);
    },
  };
}
