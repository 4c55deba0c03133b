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
} from '../scalar/index.js';

const LN2 = 0.6931471805599453;

/**
 * e_j = exp(z_j - base) 2^-shift for `count` numbers, from z[from] on into e[to] on: the inner loop of the softmax.
 *
 * The shift by a power of two is exact, where exp(z - max) rounds its argument and loses up to hundreds of units of a
 * far term. `base` is 0 or, for logits beyond 2048, the row's maximum: there the subtraction is exact for every term
 * that is not negligible.
 *
 * What is smaller than 2^-1074 comes out as exactly 0, -Infinity too; what is too large comes out near 2^1023, so that the
 * sum tells; NaN stays NaN. Error below 0.52 ulp (see `scalar/exp.ts`, whose steps these are).
 */
export function exponentials(
  z: Float64Array,
  from: number,
  e: Float64Array,
  to: number,
  count: number,
  base: number,
  shift: number,
): void {
  // Bundlers make `var` of a module's constants, which engines then load anew in every turn of the loop.
  const highs = EXP2_HIGH;
  const lows = EXP2_LOW;
  const c2 = EXP_C2;
  const c3 = EXP_C3;
  const c4 = EXP_C4;
  const c5 = EXP_C5;
  const inverseStep = INVERSE_LN2_64;
  const stepHigh = LN2_64_HIGH;
  const stepLow = LN2_64_LOW;
  const magic = MAGIC;
  const powers = POWERS_OF_TWO;
  const bias = POWERS_OF_TWO_BIAS;
  const toTable = 64 * (bias - shift);
  // The ends of the table of powers, where it holds 0 and 2^1022.
  const lowest = (shift - 1090) * LN2;
  const highest = (shift + 1022) * LN2;
  for (let j = 0; j < count; j++) {
    let x = z[from + j] - base;
    if (x < lowest) x = lowest;
    else if (x > highest) x = highest;
    const n = x * inverseStep + magic - magic;
    const r = x - n * stepHigh - n * stepLow;
    const square = r * r;
    const p = r + square * (c2 + c3 * r + square * (c4 + c5 * r));
    const i = (n + toTable) | 0;
    const high = highs[i & 63];
    e[to + j] = (high + (lows[i & 63] + high * p)) * powers[i >> 6];
  }
}
