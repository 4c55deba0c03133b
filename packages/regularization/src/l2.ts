import { readNumber } from './parameters.js';
import { makeRegularizer, type Regularizer } from './regularizer.js';

/** Options of `l2`. */
export interface L2Options {
  /** The price of half a squared parameter, >= 0: the rate of decay in plain gradient descent. */
  readonly strength: number;
}

/**
 * L2 penalty, ridge, weight decay: keeps parameters small.
 *
 *     (strength / 2) sum w^2        its gradient: strength w
 *
 * - In plain gradient descent the same as PyTorch's `weight_decay: strength`. Keras' `L2(l2)` is this with twice its l2.
 *
 * @throws RangeError for a strength below 0; TypeError for parameters that are no arrays of numbers.
 *
 * @example
 * l2({ strength: 0.1 }).value([1, -2, 0]); // 0.25
 *
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 3.27.
 */
export function l2({ strength }: L2Options): Regularizer {
  readNumber('l2', 'strength', strength, Infinity);
  const penalty = { value: (w: number) => (strength / 2) * w * w, slope: (w: number) => strength * w };
  return makeRegularizer('l2', penalty, { strength });
}
