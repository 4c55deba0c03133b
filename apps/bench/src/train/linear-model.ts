import type { SparseRows } from '../data/dataset.js';

/** A linear classifier: logit o of a row x is biases[o] + sum_f x_f weights[f, o]. */
export interface LinearModel {
  readonly outputs: number;
  /** features x outputs. */
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** A model that knows nothing: all its logits are 0. */
export function emptyModel(features: number, outputs: number): LinearModel {
  return { outputs, weights: new Float64Array(features * outputs), biases: new Float64Array(outputs) };
}

/** Writes the logits of some rows, one after another, into `logits`. */
export function computeLogits(
  { outputs, weights, biases }: LinearModel,
  rows: SparseRows,
  chosen: Uint32Array,
  logits: Float32Array,
): void {
  const row = new Float64Array(outputs);
  for (let i = 0; i < chosen.length; i++) {
    row.set(biases);
    const r = chosen[i] ?? 0;
    const end = rows.starts[r + 1] ?? 0;
    for (let k = rows.starts[r] ?? 0; k < end; k++) {
      const value = rows.values[k] ?? 0;
      const at = (rows.columns[k] ?? 0) * outputs;
      for (let o = 0; o < outputs; o++) row[o] = (row[o] ?? 0) + value * (weights[at + o] ?? 0);
    }
    logits.set(row, i * outputs);
  }
}

/** One step down the gradient: d loss / d weights[f, o] is the sum over the rows of x_f times d loss / d logit o. */
export function descend(
  { outputs, weights, biases }: LinearModel,
  rows: SparseRows,
  chosen: Uint32Array,
  gradient: Float32Array,
  rate: number,
): void {
  for (let i = 0; i < chosen.length; i++) {
    const slopes = gradient.subarray(i * outputs, (i + 1) * outputs);
    for (let o = 0; o < outputs; o++) biases[o] = (biases[o] ?? 0) - rate * (slopes[o] ?? 0);
    const r = chosen[i] ?? 0;
    const end = rows.starts[r + 1] ?? 0;
    for (let k = rows.starts[r] ?? 0; k < end; k++) {
      const step = rate * (rows.values[k] ?? 0);
      const at = (rows.columns[k] ?? 0) * outputs;
      for (let o = 0; o < outputs; o++) weights[at + o] = (weights[at + o] ?? 0) - step * (slopes[o] ?? 0);
    }
  }
}
