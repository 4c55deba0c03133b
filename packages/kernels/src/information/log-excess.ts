import { log } from '../scalar/log.js';
import { log1p } from '../scalar/log1p.js';

/** Terms 1 / (2 k + 3) of the series; those left are below 2^-57 of the sum for s^2 <= 1/9. */
const TERMS = 18;

/**
 * r - log(1 + r), which is never negative: about r^2 / 2 near 0, where the difference would keep no digit.
 *
 * Formula: with s = r / (2 + r), log(1 + r) = 2 s + 2 s^3 / 3 + 2 s^5 / 5 + ... and r - 2 s = r s, so that
 * r - log(1 + r) = s (r - 2 s^2 (1/3 + s^2 / 5 + ...)) for r in [-1/2, 1]; there the second term is at most a third of
 * the first. Outside, the difference loses at most two bits.
 *
 * @param r a number of at least -1. -1 gives Infinity.
 */
export function logExcess(r: number): number {
  if (!(r >= -0.5 && r <= 1)) return r - log1p(r);
  const s = r / (2 + r);
  const square = s * s;
  let series = 0;
  for (let k = TERMS - 1; k >= 0; k--) series = series * square + 1 / (2 * k + 3);
  return s * (r - 2 * square * series);
}

/**
 * (1 + d) log(1 + d) + (1 - d) log(1 - d) for 1 + d = a and 1 - d = b: how far two shares lie from their mean.
 *
 * Formula: sum over k >= 1 of d^(2k) / (k (2k - 1)), no term negative, for |d| <= 1/2; outside, the two logarithms.
 *
 * @param d in [-1, 1]
 * @param a 1 + d, in [0, 2]
 * @param b 1 - d
 */
export function shareDivergence(d: number, a: number, b: number): number {
  if (Math.abs(d) > 0.5) return timesLog(a) + timesLog(b);
  const square = d * d;
  let series = 0;
  for (let k = SHARE_TERMS; k >= 1; k--) series = series * square + 1 / (k * (2 * k - 1));
  return square * series;
}

/** Terms of `shareDivergence`; those left are below 2^-57 of the sum for d^2 <= 1/4. */
const SHARE_TERMS = 24;

function timesLog(value: number): number {
  return value === 0 ? 0 : value * log(value);
}
