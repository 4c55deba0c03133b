import { readNumber } from './parameters.js';
import { makeRegularizer, type Regularizer } from './regularizer.js';

/** Options of `l1`. */
export interface L1Options {
  /** The price of a parameter, >= 0. */
  readonly strength: number;
}

/**
 * L1 penalty, lasso: drives parameters to exactly 0.
 *
 *     strength sum |w|        its gradient: strength sign(w), 0 at w = 0
 *
 * @throws RangeError for a strength below 0; TypeError for parameters that are no arrays of numbers.
 *
 * @example
 * l1({ strength: 0.1 }).value([1, -2, 0]); // 0.3
 *
 * Source: Tibshirani, Regression Shrinkage and Selection via the Lasso (1996), in its Lagrangian form.
 */
export function l1({ strength }: L1Options): Regularizer {
  readNumber('l1', 'strength', strength, Infinity);
  const penalty = { value: (w: number) => strength * Math.abs(w), slope: (w: number) => strength * Math.sign(w) };
  return makeRegularizer('l1', penalty, { strength });
}
