import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** The middle value; between the two middle ones of an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** A mean with Student's interval; no interval from fewer than two values. */
export interface Estimate {
  readonly mean: number;
  readonly low?: number;
  readonly high?: number;
  /** Values it is the mean of. */
  readonly n: number;
}

/** How sure an interval is. */
export const CONFIDENCE = 0.99;

/** The mean of independent values, and the interval mean ± t sd / sqrt(n), t of n - 1 degrees of freedom. */
export function estimate(values: readonly number[], confidence: number = CONFIDENCE): Estimate {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, n };
  const half = tQuantile(1 - (1 - confidence) / 2, n - 1) * standardError(values, mean);
  return { mean, low: mean - half, high: mean + half, n };
}

/** The two-sided probability of a mean at least so far from 0, were it 0 (Student's test); 1 from fewer than two values. */
export function probabilityOfNoDifference(values: readonly number[]): number {
  const n = values.length;
  if (n < 2) return 1;
  const { mean } = estimate(values);
  const error = standardError(values, mean);
  if (error === 0) return mean === 0 ? 1 : 0;
  return 2 * tCdf(-Math.abs(mean / error), n - 1);
}

function standardError(values: readonly number[], mean: number): number {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
