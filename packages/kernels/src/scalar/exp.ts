import {
  EXP2_HIGH,
  EXP2_LOW,
  EXP_C2,
  EXP_C3,
  EXP_C4,
  EXP_C5,
  INVERSE_LN2_64,
  LN2_64_HIGH,
  LN2_64_LOW,
  MAGIC,
  POWERS_OF_TWO,
  POWERS_OF_TWO_BIAS,
} from './exp-parts.js';
import { scaleByPowerOfTwo } from './scale-by-power-of-two.js';

/**
 * The exponential e^x, the same bits on every runtime.
 *
 * Formula: 2^k T_i e^r with n = round(x 64 / log 2) = 64 k + i, T_i = 2^(i/64) and r = x - n log(2) / 64.
 *
 * @param x any number. NaN gives NaN, -Infinity 0, Infinity Infinity; above 709.782712893384 the result is Infinity,
 * below -708.396 a denormal number, below -745.133219101941 it is 0.
 * @returns e^x; error at most 0.53 ulp, of denormal results 0.76 ulp (they are rounded twice). Measured against 113-bit
 * arithmetic on 14 million random arguments: the whole range, near 0, between table entries and at both thresholds.
 */
export function exp(x: number): number {
  // One comparison sends NaN, overflow and underflow away.
  if (!(Math.abs(x) <= 708)) return expOutside(x);
  const n = x * INVERSE_LN2_64 + MAGIC - MAGIC;
  const k = n >> 6;
  return expMantissa(x, n, 0) * POWERS_OF_TWO[POWERS_OF_TWO_BIAS + k];
}

/**
 * e^(high + low) for the sum of a number and its tail |low| <= 2^-40: as `exp`, with the tail added to the remainder.
 *
 * @internal
 */
export function expOfSum(high: number, low: number): number {
  if (!(high <= 710)) return high > 710 ? Infinity : NaN;
  if (high < -746) return 0;
  const n = high * INVERSE_LN2_64 + MAGIC - MAGIC;
  return scaleByPowerOfTwo(expMantissa(high, n, low), n >> 6);
}

/** 2^(i/64) e^r with r = x - n log(2) / 64 + low, i = n & 63: between 0.99 and 2. */
function expMantissa(x: number, n: number, low: number): number {
  // x - n * LN2_64_HIGH is exact: the product has at most 53 bits and the difference cancels its leading ones.
  const r = x - n * LN2_64_HIGH - n * LN2_64_LOW + low;
  const square = r * r;
  const p = r + square * (EXP_C2 + EXP_C3 * r + square * (EXP_C4 + EXP_C5 * r));
  const i = n & 63;
  const high = EXP2_HIGH[i];
  return high + (EXP2_LOW[i] + high * p);
}

/** e^x for |x| > 708 or NaN. */
function expOutside(x: number): number {
  return expOfSum(x, 0);
}
