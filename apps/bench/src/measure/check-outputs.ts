import type { Loss } from '@surprisal/core';
import { randomNumbers, ulpsBetweenPairs, ulpsOfScalePairs } from '@surprisal/reference';
import { exactRows, type ExactPairs } from './exact-rows.js';
import type { FloatArray, Input } from './input.js';
import type { InputSpec, OutputErrors } from './protocol.js';
import type { Outputs } from './variant.js';

/** A sample of an input's rows with their exact results under a loss. */
export interface ExactSample {
  readonly rows: readonly { readonly row: number; readonly exact: ExactPairs }[];
}

/** The first row and others that the seed chooses, as many as can be afforded; undefined where a loss has no exact form. */
export function exactSample(loss: Loss, input: Input, seed: number): ExactSample | undefined {
  const reference = exactRows(loss);
  const { rows, classes } = input.spec;
  // One row of a slow reference may be too long as well: a minute says less than the same loss on fewer classes.
  if (reference === undefined || classes > 40 * reference.affordable) return undefined;
  const count = Math.min(rows, Math.max(1, Math.floor(reference.affordable / classes)));
  const random = randomNumbers(seed);
  const chosen =
    count === rows
      ? Array.from(input.labels.keys())
      : [0, ...Array.from({ length: count - 1 }, () => random.below(rows))];
  return {
    rows: chosen.map((row) => ({ row, exact: reference.ofRow(logitsOf(input, row), targetOf(input, row)) })),
  };
}

function logitsOf({ logits, spec: { classes } }: Input, row: number): ArrayLike<number> {
  return logits.subarray(row * classes, (row + 1) * classes);
}

function targetOf({ labels, probabilities, spec: { classes } }: Input, row: number): number | ArrayLike<number> {
  return probabilities?.subarray(row * classes, (row + 1) * classes) ?? labels[row] ?? NaN;
}

/** Largest errors of what a variant returned, over the rows of the sample that it computed. */
export function errorsOf(outputs: Outputs, sample: ExactSample, input: Input): OutputErrors {
  const { classes, type } = input.spec;
  const { losses, gradient } = outputs;
  const computed = sample.rows.filter(({ row }) => gradient === undefined || (row + 1) * classes <= gradient.length);
  const lossErrors = computed.map(({ row, exact }) => ulpsBetweenPairs(losses?.[row] ?? NaN, ...exact.loss, type));
  const gradientErrors = gradient === undefined ? [] : computed.map((each) => rowErrors(each, outputs, gradient, type));
  const largest = (errors: readonly number[] | undefined): number | null =>
    errors === undefined ? null : Math.min(errors.reduce(larger, 0), Number.MAX_VALUE);
  return {
    rows: computed.length,
    loss: largest(losses && lossErrors),
    gradient: largest(gradient && gradientErrors.map(({ ulps }) => ulps)),
    absolute: largest(gradient && gradientErrors.map(({ absolute }) => absolute)),
    value: null,
  };
}

function rowErrors(
  { row, exact }: ExactSample['rows'][number],
  { denominator }: Outputs,
  gradient: FloatArray,
  type: InputSpec['type'],
): { readonly ulps: number; readonly absolute: number } {
  const classes = exact.gradientHigh.length;
  let [ulps, absolute] = [0, 0];
  for (let c = 0; c < classes; c++) {
    const actual = gradient[row * classes + c] ?? NaN;
    const [high = NaN, low = NaN, scale = NaN] = [exact.gradientHigh[c], exact.gradientLow[c], exact.scale[c]];
    const parts = [high, low, scale].map((part) => part / denominator) as [number, number, number];
    ulps = larger(ulps, ulpsOfScalePairs(actual, ...parts, type));
    absolute = larger(absolute, Math.abs(actual * denominator - high));
  }
  return { ulps, absolute };
}

/** The larger of two errors; NaN is an error without bound. */
function larger(one: number, other: number): number {
  return Number.isNaN(other) ? Infinity : Math.max(one, other);
}

/** The error of a mean of cross-entropies over an input's first rows, against one in float64; relative above a nat. */
export function meanError(mean: number, input: Input, rows: number): number {
  const exact = meanCrossEntropy(input, rows);
  return larger(0, Math.min(Math.abs(mean - exact) / Math.max(exact, 1), Number.MAX_VALUE));
}

/** log1p of the others' exponentials by the label's, in float64: good to a dozen digits or more. */
function meanCrossEntropy({ logits, labels, spec: { classes } }: Input, rows: number): number {
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const label = labels[row] ?? NaN;
    const own = logits[start + label] ?? NaN;
    if (classes === 1) total += softplus(label === 1 ? -(logits[row] ?? NaN) : (logits[row] ?? NaN));
    else total += logOfOthers(logits.subarray(start, start + classes), label, own);
  }
  return total / rows;
}

function logOfOthers(row: FloatArray, label: number, own: number): number {
  let max = -Infinity;
  for (let c = 0; c < row.length; c++) if (c !== label) max = Math.max(max, row[c] ?? NaN);
  let sum = 0;
  for (let c = 0; c < row.length; c++) if (c !== label) sum += Math.exp((row[c] ?? NaN) - max);
  return softplus(Math.log(sum) + max - own);
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
