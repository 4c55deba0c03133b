import type { Decimal } from 'decimal.js';
import { arithmetic, exactDecimal, type Exact } from './exact-decimal.js';

const Numbers = arithmetic(80);

/** |actual - exact| / |scale|, by default relative to the exact value; 0 where both are the same, zeros and infinities too. */
export function relativeError(actual: Exact, exact: Exact, scale: Exact = exact): number {
  const [a, e, s] = [actual, exact, scale].map(exactDecimal);
  if (a.equals(e)) return 0;
  return Numbers.div(Numbers.sub(a, e), s).abs().toNumber();
}

/** The exact sum of a double-double pair, to 80 digits. */
export function pairValue(high: number, low: number): Decimal {
  return Numbers.add(exactDecimal(high), exactDecimal(low));
}
