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
} from '../scalar/exp-parts.js';
import {
  LOG_C2,
  LOG_C3,
  LOG_C4,
  LOG_C5,
  LOG_C6,
  LOG_C7,
  LOG_HIGH,
  LOG_LOW,
  LOG_RECIPROCAL,
} from '../scalar/log-parts.js';

/*
 * Two loops over a tile in the first-level cache instead of one: the exponential and the logarithm of one element are a
 * chain of a hundred cycles, which loops of half its length overlap better.
 */

/** q_i = exp(-|z_i|): the steps of `scalar/exp.ts`, 0 from |z| = 746 on. */
export function exponentialsOfDistance(z: Float64Array, q: Float64Array, count: number): void {
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
  for (let i = 0; i < count; i++) {
    let x = -Math.abs(z[i]);
    if (x < -746) x = -746;
    const n = x * inverseStep + magic - magic;
    const r = x - n * stepHigh - n * stepLow;
    const square = r * r;
    const p = r + square * (c2 + c3 * r + square * (c4 + c5 * r));
    const k = n | 0;
    const high = highs[k & 63];
    q[i] = (high + (lows[k & 63] + high * p)) * powers[bias + (k >> 6)];
  }
}

/**
 * Losses u1 softplus(-z) + u0 softplus(z) = u1 max(-z, 0) + u0 max(z, 0) + (u1 + u0) log(1 + q), without a negative term,
 * and in place of q the gradient (u0 A - u1 B) / (1 + q) times `scale`, with (A, B) = (1, q) for z >= 0, else (q, 1).
 *
 * The signs of logits are hard to predict, so that A and B are blended without a branch; both products are exact.
 *
 * @returns the sum of the losses, which is not finite where some logit is not.
 */
export function crossEntropyOfElements(
  z: Float64Array,
  q: Float64Array,
  positive: Float64Array,
  negative: Float64Array,
  losses: Float64Array,
  count: number,
  scale: number,
  tiny: number,
): number {
  // Bundlers make `var` of a module's constants, which engines then load anew in every turn of the loop.
  const c2 = LOG_C2;
  const c3 = LOG_C3;
  const c4 = LOG_C4;
  const c5 = LOG_C5;
  const c6 = LOG_C6;
  const c7 = LOG_C7;
  const highs = LOG_HIGH;
  const lows = LOG_LOW;
  const reciprocals = LOG_RECIPROCAL;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const x = z[i];
    const t = q[i];
    const u1 = positive[i];
    const u0 = negative[i];
    // log(1 + t), the steps of `scalar/log1p.ts` but for the exact product: that one costs 0.5 ulp here.
    const k = (t * 64 + 0.5) | 0;
    const reciprocal = reciprocals[k];
    const r = t * reciprocal + (reciprocal - 1);
    const square = r * r;
    const p = c2 + c3 * r + square * (c4 + c5 * r + square * (c6 + c7 * r));
    const logarithm = highs[k] + (r + (lows[k] + square * p));
    // max(x, 0) without a branch; halved first, since x + |x| overflows from 9e307 on.
    const above = x * 0.5 + Math.abs(x) * 0.5;
    const loss = u1 * (above - x) + u0 * above + (u1 + u0) * logarithm;
    losses[i] = loss;
    sum += loss;
    const below = Number(x < 0);
    const a = 1 - below + below * t;
    const b = below + (1 - below) * t;
    const gradient = ((u0 * a - u1 * b) / (1 + t)) * scale;
    // Half of the confident elements would else be stored as -0. The branch is nearly always taken.
    q[i] = Math.abs(gradient) > tiny ? gradient : 0;
  }
  return sum;
}
