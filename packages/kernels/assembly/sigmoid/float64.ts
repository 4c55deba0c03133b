import { upperHalf } from '../shared/lanes';
import { madd64 } from '../shared/madd';
import { massOf } from './masses';

// The loops of float32.ts in float64, with the same arguments, two elements at a time. There is no wider type that would
// leave something for `low`.

// n log 2 in two steps: 0.6931471803691238 has 32 bits and n eleven. e^r = 1 + r + r^2 (C2 + ... + C11 r^9): minimax, 2^-57.9
// relative on |r| <= log(2) / 2. From -708.3964185322641 down the result is below the smallest normal number, and made 0.
// prettier-ignore
export const EXP = memory.data<f64>([
  1.4426950408889634, 6755399441055744, -0.6931471803691238, -1.9082149292705877e-10, -708.3964185322641, 1,
  0.5000000000000011, 0.1666666666666644, 0.041666666666526964, 0.008333333333477475, 0.001388888894434882,
  0.00019841269541630424, 2.4801492435985884e-05, 2.7557556170303684e-06, 2.763046427985544e-07, 2.500936092083979e-08,
], 16);
export const SIGN = memory.data<u64>([0x8000000000000000, 0], 16);

// With s = q / (2 + q) and t = s^2, log(1 + q) = 2 atanh(s) = q - (h - s (h + t (T0 + ... + T9 t^9))), h = q^2 / 2: the form
// of fdlibm's log1p, for q in [0, 1] without its steps before. Minimax, 2^-59.4 relative.
// prettier-ignore
export const LOG = memory.data<f64>([
  0.6666666666666631, 0.4000000000015618, 0.2857142854796368, 0.2222222396390008, 0.18181744105703856,
  0.1538655646518011, 0.133010149578776, 0.1210578460942493, 0.08341327326266747, 0.1701644665633905, 0.5, 2,
], 16);

export function affine64(z: usize, low: usize, count: i32, scale: f64, offset: f64): void {
  const factor = f64x2.splat(scale);
  const term = f64x2.splat(offset);
  const end = z + <usize>count * 8;
  for (let at = z; at < end; at += 16) v128.store(at, f64x2.add(f64x2.mul(v128.load(at), factor), term));
}

// The same of float32 numbers, in float64.
export function widen(from: usize, to: usize, count: i32, scale: f64, offset: f64): void {
  const factor = f64x2.splat(scale);
  const term = f64x2.splat(offset);
  const end = <usize>count * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const four = v128.load(from + at);
    v128.store(to + 2 * at, f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(four), factor), term));
    v128.store(to + 2 * at, f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(upperHalf(four)), factor), term), 16);
  }
}

// q = exp(-|z|), and what `exponentials32` returns.
export function exponentials64(z: usize, low: usize, q: usize, count: i32, isRaised: bool): i32 {
  const inverse = v128.load64_splat(EXP);
  const magic = v128.load64_splat(EXP, 8);
  const ln2High = v128.load64_splat(EXP, 16);
  const ln2Low = v128.load64_splat(EXP, 24);
  const limit = v128.load64_splat(EXP, 32);
  const one = v128.load64_splat(EXP, 40);
  const c2 = v128.load64_splat(EXP, 48);
  const c3 = v128.load64_splat(EXP, 56);
  const c4 = v128.load64_splat(EXP, 64);
  const c5 = v128.load64_splat(EXP, 72);
  const c6 = v128.load64_splat(EXP, 80);
  const c7 = v128.load64_splat(EXP, 88);
  const c8 = v128.load64_splat(EXP, 96);
  const c9 = v128.load64_splat(EXP, 104);
  const c10 = v128.load64_splat(EXP, 112);
  const c11 = v128.load64_splat(EXP, 120);
  const sign = v128.load64_splat(SIGN);
  let finite = v128.load64_splat(SIGN, 8);
  let lowest = finite;
  const end = <usize>count * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const x = v128.or(v128.load(z + at), sign);
    // x - x is NaN of infinities and NaN, and so is its sum.
    finite = f64x2.add(finite, f64x2.sub(x, x));
    lowest = f64x2.pmin(lowest, x);
    const shifted = madd64(x, inverse, magic);
    const n = f64x2.sub(shifted, magic);
    const r = madd64(n, ln2Low, madd64(n, ln2High, x));
    const square = f64x2.mul(r, r);
    const fourth = f64x2.mul(square, square);
    const low = madd64(madd64(c5, r, c4), square, madd64(c3, r, c2));
    const high = madd64(madd64(c9, r, c8), square, madd64(c7, r, c6));
    const rest = madd64(madd64(madd64(c11, r, c10), fourth, high), fourth, low);
    const p = madd64(rest, square, r);
    const power = i64x2.add(f64x2.add(p, one), i64x2.shl(shifted, 52));
    v128.store(q + at, v128.and(power, f64x2.ge(x, limit)));
  }
  const isFar = isRaised && v128.any_true(f64x2.lt(lowest, limit));
  return i32(isFar || v128.any_true(f64x2.ne(finite, finite)));
}

// Losses and gradient, as `crossEntropy32`. Masses have their full range here: returns 0.
export function crossEntropy64(
  z: usize,
  q: usize,
  positive: usize,
  negative: usize,
  losses: usize,
  count: i32,
  scale: f64,
  hasGradient: bool,
): i32 {
  const t0 = v128.load64_splat(LOG);
  const t1 = v128.load64_splat(LOG, 8);
  const t2 = v128.load64_splat(LOG, 16);
  const t3 = v128.load64_splat(LOG, 24);
  const t4 = v128.load64_splat(LOG, 32);
  const t5 = v128.load64_splat(LOG, 40);
  const t6 = v128.load64_splat(LOG, 48);
  const t7 = v128.load64_splat(LOG, 56);
  const t8 = v128.load64_splat(LOG, 64);
  const t9 = v128.load64_splat(LOG, 72);
  const half = v128.load64_splat(LOG, 80);
  const two = v128.load64_splat(LOG, 88);
  const one = v128.load64_splat(EXP, 40);
  const zero = v128.load64_splat(SIGN, 8);
  const factor = f64x2.splat(scale);
  const minusFactor = f64x2.splat(-scale);
  const end = <usize>count * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const x = v128.load(z + at);
    const t = v128.load(q + at);
    const s = f64x2.div(t, f64x2.add(t, two));
    const square = f64x2.mul(s, s);
    const fourth = f64x2.mul(square, square);
    const eighth = f64x2.mul(fourth, fourth);
    const lower = madd64(madd64(t3, square, t2), fourth, madd64(t1, square, t0));
    const upper = madd64(madd64(t7, square, t6), fourth, madd64(t5, square, t4));
    const series = madd64(madd64(madd64(t9, square, t8), eighth, upper), eighth, lower);
    const h = f64x2.mul(f64x2.mul(t, t), half);
    const logarithm = f64x2.sub(t, f64x2.sub(h, f64x2.mul(s, madd64(series, square, h))));
    const above = f64x2.pmax(zero, x);
    const u1 = v128.load(positive + at);
    const u0 = negative ? v128.load(negative + at) : f64x2.sub(one, u1);
    const cost1 = f64x2.add(f64x2.sub(above, x), logarithm);
    const cost0 = f64x2.add(above, logarithm);
    v128.store(losses + at, f64x2.add(f64x2.mul(u1, cost1), f64x2.mul(u0, cost0)));
    if (!hasGradient) continue;
    const swap = v128.and(v128.xor(one, t), f64x2.lt(x, zero));
    const of0 = f64x2.mul(f64x2.mul(u0, factor), v128.xor(one, swap));
    const sum = madd64(f64x2.mul(u1, minusFactor), v128.xor(t, swap), of0);
    // -0 + 0 is 0.
    v128.store(q + at, f64x2.add(f64x2.div(sum, f64x2.add(one, t)), zero));
  }
  return 0;
}

// The same for labels 0 and 1, 32 bits each, as `crossEntropyOfLabels32`.
export function crossEntropyOfLabels64(
  z: usize,
  q: usize,
  labels: usize,
  losses: usize,
  count: i32,
  scale: f64,
  hasGradient: bool,
  weights: usize,
): i32 {
  const t0 = v128.load64_splat(LOG);
  const t1 = v128.load64_splat(LOG, 8);
  const t2 = v128.load64_splat(LOG, 16);
  const t3 = v128.load64_splat(LOG, 24);
  const t4 = v128.load64_splat(LOG, 32);
  const t5 = v128.load64_splat(LOG, 40);
  const t6 = v128.load64_splat(LOG, 48);
  const t7 = v128.load64_splat(LOG, 56);
  const t8 = v128.load64_splat(LOG, 64);
  const t9 = v128.load64_splat(LOG, 72);
  const half = v128.load64_splat(LOG, 80);
  const two = v128.load64_splat(LOG, 88);
  const one = v128.load64_splat(EXP, 40);
  const zero = v128.load64_splat(SIGN, 8);
  const wideFactor = f64x2.splat(scale);
  let factor = wideFactor;
  const end = <usize>count * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const label = v128.load64_zero(labels + (at >> 1));
    const sign = i64x2.shl(i64x2.extend_low_i32x4_u(label), 63);
    const x = v128.xor(v128.load(z + at), sign);
    const t = v128.load(q + at);
    const s = f64x2.div(t, f64x2.add(t, two));
    const square = f64x2.mul(s, s);
    const fourth = f64x2.mul(square, square);
    const eighth = f64x2.mul(fourth, fourth);
    const lower = madd64(madd64(t3, square, t2), fourth, madd64(t1, square, t0));
    const upper = madd64(madd64(t7, square, t6), fourth, madd64(t5, square, t4));
    const series = madd64(madd64(madd64(t9, square, t8), eighth, upper), eighth, lower);
    const h = f64x2.mul(f64x2.mul(t, t), half);
    const logarithm = f64x2.sub(t, f64x2.sub(h, f64x2.mul(s, madd64(series, square, h))));
    let cost = f64x2.add(f64x2.pmax(zero, x), logarithm);
    if (weights) {
      const s = f64x2.mul(v128.load(weights + at), massOf(i64x2.shr_s(sign, 63)));
      cost = f64x2.mul(s, cost);
      factor = f64x2.mul(s, wideFactor);
    }
    v128.store(losses + at, cost);
    if (!hasGradient) continue;
    const swap = v128.and(v128.xor(one, t), f64x2.lt(x, zero));
    const size = f64x2.div(f64x2.mul(factor, v128.xor(one, swap)), f64x2.add(one, t));
    // -0 + 0 is 0.
    v128.store(q + at, f64x2.add(v128.xor(size, sign), zero));
  }
  return 0;
}
