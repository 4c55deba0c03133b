import { readCounts, type ClassCounts } from './counts.js';
import { weightsOf, type EmptyClass } from './empty-class.js';

/** Options of `balancedWeights`. */
export interface BalancedWeightsOptions {
  /** What a class without rows weighs; `throw` by default. */
  readonly empty?: EmptyClass;
}

/**
 * Weights under which every class counts the same in all: w_c = n / (C n_c), with n the sum of the counts.
 *
 * @throws RangeError for a class without rows, unless `empty` says what it weighs.
 *
 * @example
 * balancedWeights([5000, 500, 50]); // [0.37, 3.7, 37]
 *
 * Source: scikit-learn, compute_class_weight('balanced'); King and Zeng (2001).
 */
export function balancedWeights(counts: ClassCounts, { empty = 'throw' }: BalancedWeightsOptions = {}): number[] {
  const list = readCounts('balancedWeights', counts);
  const rows = list.reduce((sum, count) => sum + count, 0);
  return weightsOf('balancedWeights', list, empty, (count) => rows / (list.length * count));
}
