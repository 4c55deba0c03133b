import quantile from '@stdlib/stats-base-dists-t-quantile';

/** A mean of repetitions and its 95 % interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Student's interval of the mean of independent repetitions. */
export function interval(values: readonly number[]): Interval {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const half = count < 2 ? 0 : quantile(0.975, count - 1) * Math.sqrt(variance / count);
  return { mean, low: mean - half, high: mean + half };
}

/** The interval of the differences of two lists, repetition by repetition: both had the same images and the same start. */
export function pairedInterval(values: readonly number[], others: readonly number[]): Interval {
  return interval(values.map((value, index) => value - (others[index] ?? NaN)));
}
