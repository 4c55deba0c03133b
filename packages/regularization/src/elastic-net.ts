import { readNumber } from './parameters.js';
import { makeRegularizer, type Regularizer } from './regularizer.js';

/** Options of `elasticNet`. */
export interface ElasticNetOptions {
  /** The price of both parts together, >= 0. */
  readonly strength: number;
  /** The share of the L1 part, in [0, 1]: 1 is `l1`, 0 is `l2`. */
  readonly ratio: number;
}

/**
 * Elastic net: L1 and L2 penalty together, so that some parameters become exactly 0 and groups of alike ones stay.
 *
 *     strength (ratio sum |w| + (1 - ratio) / 2 sum w^2)
 *     its gradient: strength (ratio sign(w) + (1 - ratio) w)
 *
 * - The same as scikit-learn's `alpha` (strength) and `l1_ratio` (ratio).
 *
 * @throws RangeError for a strength below 0 or a ratio outside [0, 1]; TypeError for parameters that are no arrays of
 * numbers.
 *
 * @example
 * elasticNet({ strength: 0.1, ratio: 0.5 }).value([1, -2, 0]); // 0.275
 *
 * Source: Zou and Hastie, Regularization and Variable Selection via the Elastic Net (2005), in scikit-learn's form.
 */
export function elasticNet({ strength, ratio }: ElasticNetOptions): Regularizer {
  readNumber('elasticNet', 'strength', strength, Infinity);
  readNumber('elasticNet', 'ratio', ratio, 1);
  const ofAbsolute = strength * ratio;
  const ofSquare = strength * (1 - ratio);
  const penalty = {
    value: (w: number) => ofAbsolute * Math.abs(w) + (ofSquare / 2) * w * w,
    slope: (w: number) => ofAbsolute * Math.sign(w) + ofSquare * w,
  };
  return makeRegularizer('elasticNet', penalty, { strength, ratio });
}
