/**
 * The call that is timed computes a mean; what is compared with exact results is the sum of the same losses, row by row.
 * Here the two are compared with each other.
 */
import type { FloatArray } from './input.js';

/** One rounding of the factor between them, and one of each result. */
const ROUNDINGS = 3;

/** The value must be the mean, but for the roundings of a sum kept as a pair, of its quotient, and of the sum alone. */
export function expectSameValue(value: number, mean: number): void {
  if (Object.is(value, mean) || Math.abs(value - mean) <= ROUNDINGS * 2 ** -52 * Math.abs(mean)) return;
  throw new RangeError(`"value" expected the mean of the losses, ${mean}, got ${value}`);
}

/**
 * Each element must be that of the sum by one common factor, but for roundings: of its own size, or of the largest of all
 * where elements are differences of numbers that may be larger than any of a row.
 */
export function expectSameGradient(gradient: FloatArray, sum: FloatArray, areDifferences: boolean): void {
  const factor = factorBetween(gradient, sum);
  const width = areDifferences ? gradient.length : 1;
  const [unit, smallest] = gradient instanceof Float64Array ? [2 ** -52, 2 ** -1020] : [2 ** -23, 2 ** -124];
  for (let start = 0; start < gradient.length; start += width) {
    let size = 0;
    for (let at = start; at < start + width; at++) size = Math.max(size, Math.abs(sum[at] ?? NaN) * factor);
    const allowed = Math.max(ROUNDINGS * unit * size, smallest);
    for (let at = start; at < start + width; at++) {
      const expected = (sum[at] ?? NaN) * factor;
      if (!(Math.abs((gradient[at] ?? NaN) - expected) <= allowed))
        throw new RangeError(
          `"gradient[${at}]" expected ${expected}, as of the sum of the losses, got ${gradient[at]}`,
        );
    }
  }
}

/** By the largest element, which has all its digits. */
function factorBetween(gradient: FloatArray, sum: FloatArray): number {
  let largest = 0;
  for (let at = 0; at < sum.length; at++) if (Math.abs(sum[at] ?? 0) > Math.abs(sum[largest] ?? 0)) largest = at;
  return (gradient[largest] ?? NaN) / (sum[largest] ?? NaN);
}
