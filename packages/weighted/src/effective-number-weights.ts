import { complaint, readCounts, type ClassCounts } from './counts.js';
import { rescaled, weightsOf, type EmptyClass } from './empty-class.js';

/** Options of `effectiveNumberWeights`. */
export interface EffectiveNumberWeightsOptions {
  /** b in [0, 1): 0 weighs all classes alike, towards 1 it becomes the inverse frequency; 0.999 by default. */
  readonly beta?: number;
  /** What a class without rows weighs before rescaling; `throw` by default. */
  readonly empty?: EmptyClass;
}

/**
 * Weights by the effective number of rows: w_c = 1 / E_c, E_c = (1 - b^n_c) / (1 - b), rescaled to sum to C.
 *
 * @throws RangeError for beta outside [0, 1), a count that is no integer, or a class without rows, unless `empty` says
 * what it weighs.
 *
 * @example
 * effectiveNumberWeights([5000, 500, 50], { beta: 0.99 }); // [0.6610…, 0.6654…, 1.6735…]
 *
 * Source: Cui et al., Class-Balanced Loss Based on Effective Number of Samples (2019), equation 2.
 */
export function effectiveNumberWeights(
  counts: ClassCounts,
  { beta = 0.999, empty = 'throw' }: EffectiveNumberWeightsOptions = {},
): number[] {
  const of = 'effectiveNumberWeights';
  if (!(beta >= 0 && beta < 1)) throw new RangeError(complaint(of, 'beta', 'a number in [0, 1)', String(beta)));
  const list = readCounts(of, counts);
  list.forEach((count, index) => {
    if (!Number.isInteger(count))
      throw new RangeError(complaint(of, `counts[${String(index)}]`, 'an integer', String(count)));
  });
  return rescaled(weightsOf(of, list, empty, (count) => 1 / effectiveNumber(beta, count)));
}

/**
 * 1 + b + b^2 + ... of `count` terms, by doubling: E(2n) = E(n) (1 + b^n). Nothing cancels, as 1 - b^n does for small n
 * and b near 1.
 */
function effectiveNumber(beta: number, count: number): number {
  let sum = 0;
  let power = 1;
  for (const bit of count.toString(2)) {
    sum *= 1 + power;
    power *= power;
    if (bit === '1') {
      sum = 1 + beta * sum;
      power *= beta;
    }
  }
  return sum;
}
