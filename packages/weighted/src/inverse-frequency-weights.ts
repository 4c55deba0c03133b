import { complaint, readCounts, type ClassCounts } from './counts.js';
import { rescaled, weightsOf, type EmptyClass } from './empty-class.js';

/** Options of `inverseFrequencyWeights`. */
export interface InverseFrequencyWeightsOptions {
  /** 1 by default; 0.5 weighs by the square root of the frequency; 0 weighs all classes alike. */
  readonly power?: number;
  /** What a class without rows weighs before rescaling; `throw` by default. */
  readonly empty?: EmptyClass;
}

/**
 * Weights proportional to n_c^-power, rescaled to sum to C.
 *
 * @throws RangeError for a class without rows, unless `empty` says what it weighs, or a power that is negative or not finite.
 *
 * @example
 * inverseFrequencyWeights([100, 25], { power: 0.5 }); // [0.6666666666666667, 1.3333333333333335]
 */
export function inverseFrequencyWeights(
  counts: ClassCounts,
  { power = 1, empty = 'throw' }: InverseFrequencyWeightsOptions = {},
): number[] {
  const of = 'inverseFrequencyWeights';
  if (!(power >= 0 && power < Infinity))
    throw new RangeError(complaint(of, 'power', 'a finite number of at least 0', String(power)));
  return rescaled(weightsOf(of, readCounts(of, counts), empty, (count) => 1 / raised(count, power)));
}

/** Math.pow may differ in its last bit between runtimes; the two usual powers are exact everywhere. */
function raised(count: number, power: number): number {
  if (power === 1) return count;
  return power === 0.5 ? Math.sqrt(count) : count ** power;
}
