import type { Pair } from './evaluation.js';

/**
 * A running sum kept as [high, low]: each term is added by two-sum, whose rounding error is exact, and the errors are
 * summed apart. The relative error is about 2^-104, and the pair itself is exact, so that the order and the splitting
 * of the terms leave no trace, as long as the smallest term is above the sum times 2^-53.
 *
 * Source: Knuth, The Art of Computer Programming 2, 4.2.2, theorem B (two-sum).
 */
export interface PairSum {
  high: number;
  low: number;
}

/** Adds one number. */
export function addToPair(sum: PairSum, term: number): void {
  const total = sum.high + term;
  const virtual = total - sum.high;
  sum.low += sum.high - (total - virtual) + (term - virtual);
  sum.high = total;
}

/** Adds the first `count` of `terms`, in order. */
export function addAllToPair(sum: PairSum, terms: Float64Array, count: number): void {
  let { high, low } = sum;
  for (let i = 0; i < count; i++) {
    const term = terms[i] ?? 0;
    const total = high + term;
    const virtual = total - high;
    low += high - (total - virtual) + (term - virtual);
    high = total;
  }
  sum.high = high;
  sum.low = low;
}

/** The sum in its one normal form: high is the nearest float64, low the rest; low is 0 where the sum is not finite. */
export function pairOf({ high, low }: PairSum): Pair {
  if (!Number.isFinite(high)) return [high, 0];
  const total = high + low;
  const rest = low - (total - high);
  return [total, Number.isFinite(total) ? rest : 0];
}
