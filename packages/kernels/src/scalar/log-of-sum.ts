import { POWERS_OF_TWO, POWERS_OF_TWO_BIAS } from './exp-parts.js';
import { highWord } from './high-word.js';
import {
  LN2_HIGH,
  LN2_LOW,
  LOG_C2,
  LOG_C3,
  LOG_C4,
  LOG_C5,
  LOG_C6,
  LOG_C7,
  LOG_HIGH,
  LOG_LOW,
  LOG_RECIPROCAL,
} from './log-parts.js';

/**
 * log((high + low) 2^shift), with an error of at most 0.54 ulp.
 *
 * @param high a positive normal number
 * @param low a tail of at most half a unit in the last place of `high`
 * @param shift an integer
 * @internal
 */
export function logOfSum(high: number, low: number, shift: number): number {
  const word = highWord(high);
  const exponent = (word >> 20) - 1023;
  const i = ((word & 0xfffff) + 0x2000) >> 14;
  const scale = POWERS_OF_TWO[POWERS_OF_TWO_BIAS - exponent];
  const reciprocal = LOG_RECIPROCAL[i];
  const m = high * scale;
  // Twenty-four bits at a time the products with the reciprocal are exact.
  const top = Math.fround(m);
  const k = exponent + shift;
  return addLogarithms(
    k * LN2_HIGH + LOG_HIGH[i],
    k * LN2_LOW + LOG_LOW[i],
    top * reciprocal - 1,
    (m - top) * reciprocal + low * scale * reciprocal,
  );
}

/**
 * (high + low) + log(1 + r + tail), where |r + tail| < 2^-7 and `high` is 0 or larger than r.
 *
 * @internal
 */
export function addLogarithms(high: number, low: number, r: number, tail: number): number {
  const t = r + tail;
  const sum = high + t;
  const square = t * t;
  const p = LOG_C2 + LOG_C3 * t + square * (LOG_C4 + LOG_C5 * t + square * (LOG_C6 + LOG_C7 * t));
  return sum + (high - sum + t + (r - t + tail) + low + square * p);
}
