import { arithmetic, exactDecimal, type Exact } from './exact-decimal.js';
import type { MassPairs } from './double-double-softmax.js';

const Numbers = arithmetic(80);

/** Exact values as double-double pairs: the nearest double, and the nearest to what that leaves. */
export function pairsOf(values: ArrayLike<Exact>): MassPairs & { high: Float64Array; low: Float64Array } {
  const exact = Array.from(values, exactDecimal);
  const high = Float64Array.from(exact, (value) => value.toNumber());
  return {
    high,
    low: Float64Array.from(exact, (value, index) => Numbers.sub(value, exactDecimal(high[index])).toNumber()),
  };
}
