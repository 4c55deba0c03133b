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
  for (let i = 0; i < count; i++) {
    let x = -Math.abs(z[i]);
    if (x < -746) x = -746;
    const n = x * INVERSE_LN2_64 + MAGIC - MAGIC;
    const r = x - n * LN2_64_HIGH - n * LN2_64_LOW;
    const square = r * r;
    const p = r + square * (EXP_C2 + EXP_C3 * r + square * (EXP_C4 + EXP_C5 * r));
    const k = n | 0;
    const high = EXP2_HIGH[k & 63];
    q[i] = (high + (EXP2_LOW[k & 63] + high * p)) * POWERS_OF_TWO[POWERS_OF_TWO_BIAS + (k >> 6)];
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
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const x = z[i];
    const t = q[i];
    const u1 = positive[i];
    const u0 = negative[i];
    // log(1 + t), the steps of `scalar/log1p.ts` but for the exact product: that one costs 0.5 ulp here.
    const k = (t * 64 + 0.5) | 0;
    const reciprocal = LOG_RECIPROCAL[k];
    const r = t * reciprocal + (reciprocal - 1);
    const square = r * r;
    const p = LOG_C2 + LOG_C3 * r + square * (LOG_C4 + LOG_C5 * r + square * (LOG_C6 + LOG_C7 * r));
    const logarithm = LOG_HIGH[k] + (r + (LOG_LOW[k] + square * p));
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
