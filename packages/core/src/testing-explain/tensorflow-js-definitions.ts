/**
 * Losses of TensorFlow.js, written from their definitions in tfjs-core 4: ops/softmax_cross_entropy.ts,
 * sigmoid_cross_entropy.ts and compute_weighted_loss.ts.
 */
import { runInNewContext } from 'node:vm';
import { softmax } from './argument-value.js';
import type { Value } from './equivalence-case.js';

type Row = readonly number[];
type Rows = readonly Row[];

const REDUCTION = { NONE: 0, MEAN: 1, SUM: 2, SUM_BY_NONZERO_WEIGHTS: 3 } as const;
const total = (rows: Rows): number => rows.flat().reduce((sum, value) => sum + value, 0);
const asRows = (value: Row | Rows): Rows =>
  Array.isArray(value[0]) ? (value as Rows) : (value as Row).map((number) => [number]);

/** A scalar tensor. */
class Scalar {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
  div(divisor: number): Scalar {
    return new Scalar(this.value / divisor);
  }
}

/** Losses per row or element, one weight for each. */
function weighted(losses: Rows, weights: Row | Rows | undefined, reduction: number): Scalar {
  const factors = weights === undefined ? undefined : asRows(weights);
  const sum = total(losses.map((row, r) => row.map((loss, c) => loss * (factors === undefined ? 1 : factors[r][c]))));
  if (reduction === REDUCTION.SUM) return new Scalar(sum);
  if (factors === undefined) return new Scalar(sum / losses.flat().length);
  if (reduction === REDUCTION.MEAN) return new Scalar(sum / total(factors));
  return new Scalar(sum / factors.flat().filter((factor) => factor !== 0).length);
}

const TF = {
  Reduction: REDUCTION,
  losses: {
    softmaxCrossEntropy(
      labels: Rows,
      logits: Rows,
      weights?: Row,
      smoothing = 0,
      reduction: number = REDUCTION.SUM_BY_NONZERO_WEIGHTS,
    ): Scalar {
      const losses = logits.map((row, r) => {
        const p = softmax(row);
        return [
          -total([p.map((value, c) => (labels[r][c] * (1 - smoothing) + smoothing / p.length) * Math.log(value))]),
        ];
      });
      return weighted(losses, weights, reduction);
    },
    sigmoidCrossEntropy(
      labels: Row | Rows,
      logits: Row | Rows,
      weights?: Row | Rows,
      smoothing = 0,
      reduction: number = REDUCTION.SUM_BY_NONZERO_WEIGHTS,
    ): Scalar {
      const targets = asRows(labels);
      const losses = asRows(logits).map((row, r) =>
        row.map(
          (z, c) =>
            Math.max(z, 0) -
            z * (targets[r][c] * (1 - smoothing) + 0.5 * smoothing) +
            Math.log1p(Math.exp(-Math.abs(z))),
        ),
      );
      return weighted(losses, weights, reduction);
    },
  },
};

/** A vector with the methods of a tensor that the table uses. */
function vector(values: Row): unknown {
  return Object.assign([...values], {
    gather: (indices: Row) => vector(indices.map((index) => values[index])),
    mul: (other: Row) => vector(values.map((value, index) => value * other[index])),
  });
}

/** Runs a call of tf.losses. */
export function runTensorflowJs(text: string, names: Readonly<Record<string, Value>>): number {
  const { w, ...others } = names;
  const result: unknown = runInNewContext(text, { ...others, tf: TF, ...('w' in names && { w: vector(w as Row) }) });
  return (result as Scalar).value;
}
