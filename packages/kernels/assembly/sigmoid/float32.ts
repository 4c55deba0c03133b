import { demote, upperHalf } from '../shared/lanes';
import { madd32 } from '../shared/madd';
import { massOf } from './masses';

// Every function goes on to the next multiple of four elements. Constants come from memory into locals: V8 builds a constant
// of 128 bits anew at each of its uses.

// e^x = 2^n e^r, n = round(x / log 2) by adding 1.5 * 2^23, r = x - n log 2 in two steps of which the first is exact:
// 0.693359375 has nine bits. e^r = 1 + r + r^2 (C2 + ... + C6 r^4): minimax, 2^-28.2 relative on |r| <= log(2) / 2.
// From -87.33654 down the result is below the smallest normal number, and made 0.
// prettier-ignore
export const EXP = memory.data<f32>([
  1.44269504, 12582912, -0.693359375, 2.12194440e-4, -87.33654, 1,
  0.49999994, 0.16666517, 0.041668102, 0.0083691655, 0.0013838323,
], 16);
export const SIGN = memory.data<u32>([0x80000000, 0x7fffffff, 0], 16);

// log(1 + q) = (q - q^2 / 2) + q^3 (L3 + ... + L10 q^7) for q in [0, 1]: minimax, 2^-27 relative. Taking the second term
// apart costs one operation and saves a third of a unit near q = 1.
// prettier-ignore
export const LOG = memory.data<f32>([
  0.3333225, -0.24975081, 0.19774213, -0.15569176, 0.110244595, -0.060914345, 0.021871384, -0.0036765223, -0.5,
], 16);

// exponent of infinity, with the sign bit.
const INFINITE: u32 = 0xff800000;

// z = scale z + offset as the sum of two numbers: exp(-|z|) would else lose |z| / 2 units to the rounding of z.
export function affine32(z: usize, low: usize, count: i32, scale: f64, offset: f64): void {
  const factor = f64x2.splat(scale);
  const term = f64x2.splat(offset);
  const end = <usize>count * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const given = v128.load(z + at);
    const a = f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(given), factor), term);
    const b = f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(upperHalf(given)), factor), term);
    const high = demote(a, b);
    v128.store(z + at, high);
    const aLow = f64x2.sub(a, f64x2.promote_low_f32x4(high));
    const bLow = f64x2.sub(b, f64x2.promote_low_f32x4(upperHalf(high)));
    v128.store(low + at, demote(aLow, bLow));
  }
}

// q = exp(-|z|), or exp(-|z + low|) where there is `low`. Returns whether some z is infinite or NaN, or, where what follows may
// raise q, so far from 0 that q was made 0.
export function exponentials32(z: usize, low: usize, q: usize, count: i32, isRaised: bool): i32 {
  const inverse = v128.load32_splat(EXP);
  const magic = v128.load32_splat(EXP, 4);
  const ln2High = v128.load32_splat(EXP, 8);
  const ln2Low = v128.load32_splat(EXP, 12);
  const limit = v128.load32_splat(EXP, 16);
  const one = v128.load32_splat(EXP, 20);
  const c2 = v128.load32_splat(EXP, 24);
  const c3 = v128.load32_splat(EXP, 28);
  const c4 = v128.load32_splat(EXP, 32);
  const c5 = v128.load32_splat(EXP, 36);
  const c6 = v128.load32_splat(EXP, 40);
  const sign = v128.load32_splat(SIGN);
  let largest = sign;
  const end = <usize>count * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const given = v128.load(z + at);
    const x = v128.or(given, sign);
    // With the sign bit set, numbers are larger the larger their bits.
    largest = i32x4.max_u(largest, x);
    const shifted = madd32(x, inverse, magic);
    const n = f32x4.sub(shifted, magic);
    const near = madd32(n, ln2High, x);
    let tail = f32x4.mul(n, ln2Low);
    if (low) tail = f32x4.add(tail, v128.xor(v128.load(low + at), v128.andnot(sign, given)));
    const r = f32x4.add(near, tail);
    const square = f32x4.mul(r, r);
    const upper = madd32(c6, square, madd32(c5, r, c4));
    const quadratic = madd32(upper, square, madd32(c3, r, c2));
    // e^r - 1 from the exact part of r and its rest: what rounding took from r itself would be a quarter of a unit.
    const p = f32x4.add(near, madd32(quadratic, square, tail));
    const power = i32x4.add(f32x4.add(p, one), i32x4.shl(shifted, 23));
    v128.store(q + at, v128.and(power, f32x4.ge(x, limit)));
  }
  return anyFrom(largest, isRaised ? load<u32>(EXP, 16) + 1 : INFINITE);
}

// Losses u1 softplus(-z) + u0 softplus(z), and where `hasGradient`, in place of q the gradient (u0 A - u1 B) / (1 + q) times
// scale, with (A, B) = (q, 1) where z has a sign, else (1, q). No address of `negative`: u0 = 1 - u1. Returns whether some
// gradient is not finite, as from masses beyond float32.
export function crossEntropy32(
  z: usize,
  q: usize,
  positive: usize,
  negative: usize,
  losses: usize,
  count: i32,
  scale: f64,
  hasGradient: bool,
): i32 {
  const l3 = v128.load32_splat(LOG);
  const l4 = v128.load32_splat(LOG, 4);
  const l5 = v128.load32_splat(LOG, 8);
  const l6 = v128.load32_splat(LOG, 12);
  const l7 = v128.load32_splat(LOG, 16);
  const l8 = v128.load32_splat(LOG, 20);
  const l9 = v128.load32_splat(LOG, 24);
  const l10 = v128.load32_splat(LOG, 28);
  const minusHalf = v128.load32_splat(LOG, 32);
  const one = v128.load32_splat(EXP, 20);
  const zero = v128.load32_splat(SIGN, 8);
  const magnitude = v128.load32_splat(SIGN, 4);
  const wideOne = f64x2.promote_low_f32x4(one);
  const factor = f64x2.splat(scale);
  const minusFactor = f64x2.splat(-scale);
  let largest = zero;
  const end = <usize>count * 4;
  for (let at: usize = 0, wide: usize = 0; at < end; at += 16, wide += 32) {
    const x = v128.load(z + at);
    const t = v128.load(q + at);
    const square = f32x4.mul(t, t);
    const fourth = f32x4.mul(square, square);
    const lower = madd32(madd32(l6, t, l5), square, madd32(l4, t, l3));
    const upper = madd32(madd32(l10, t, l9), square, madd32(l8, t, l7));
    const cubic = madd32(upper, fourth, lower);
    const logarithm = madd32(cubic, f32x4.mul(square, t), madd32(square, minusHalf, t));
    const above = f32x4.pmax(zero, x);
    const cost0 = f32x4.add(above, logarithm);
    const cost1 = f32x4.add(f32x4.sub(above, x), logarithm);
    const u1 = v128.load(positive + wide);
    const u0 = negative ? v128.load(negative + wide) : f64x2.sub(wideOne, u1);
    const v1 = v128.load(positive + wide, 16);
    const v0 = negative ? v128.load(negative + wide, 16) : f64x2.sub(wideOne, v1);
    v128.store(losses + wide, lossOf(u1, cost1, u0, cost0));
    v128.store(losses + wide, lossOf(v1, upperHalf(cost1), v0, upperHalf(cost0)), 16);
    if (!hasGradient) continue;
    const swap = v128.and(v128.xor(one, t), i32x4.shr_s(x, 31));
    const of0 = f32x4.mul(demote(f64x2.mul(u0, factor), f64x2.mul(v0, factor)), v128.xor(one, swap));
    const of1 = demote(f64x2.mul(u1, minusFactor), f64x2.mul(v1, minusFactor));
    const sum = madd32(of1, v128.xor(t, swap), of0);
    // -0 + 0 is 0.
    const gradient = f32x4.add(f32x4.div(sum, f32x4.add(one, t)), zero);
    largest = i32x4.max_u(largest, v128.and(gradient, magnitude));
    v128.store(q + at, gradient);
  }
  return anyFrom(largest, INFINITE & 0x7fffffff);
}

// The same losses and gradient, to the last bit, for labels 0 and 1, 32 bits each: softplus(z) at label 0, softplus(-z) at
// label 1, whose gradient is the one of label 0 at -z, negated. With an address of `weights` each is multiplied by its weight
// and by the mass of its label, see `setMassesOfLabels`; without, losses are float32.
export function crossEntropyOfLabels32(
  z: usize,
  q: usize,
  labels: usize,
  losses: usize,
  count: i32,
  scale: f64,
  hasGradient: bool,
  weights: usize,
): i32 {
  const l3 = v128.load32_splat(LOG);
  const l4 = v128.load32_splat(LOG, 4);
  const l5 = v128.load32_splat(LOG, 8);
  const l6 = v128.load32_splat(LOG, 12);
  const l7 = v128.load32_splat(LOG, 16);
  const l8 = v128.load32_splat(LOG, 20);
  const l9 = v128.load32_splat(LOG, 24);
  const l10 = v128.load32_splat(LOG, 28);
  const minusHalf = v128.load32_splat(LOG, 32);
  const one = v128.load32_splat(EXP, 20);
  const zero = v128.load32_splat(SIGN, 8);
  const magnitude = v128.load32_splat(SIGN, 4);
  const wideFactor = f64x2.splat(scale);
  let factor = f32x4.splat(<f32>scale);
  let largest = zero;
  const end = <usize>count * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const sign = i32x4.shl(v128.load(labels + at), 31);
    const x = v128.xor(v128.load(z + at), sign);
    const t = v128.load(q + at);
    const square = f32x4.mul(t, t);
    const fourth = f32x4.mul(square, square);
    const lower = madd32(madd32(l6, t, l5), square, madd32(l4, t, l3));
    const upper = madd32(madd32(l10, t, l9), square, madd32(l8, t, l7));
    const cubic = madd32(upper, fourth, lower);
    const logarithm = madd32(cubic, f32x4.mul(square, t), madd32(square, minusHalf, t));
    const cost = f32x4.add(f32x4.pmax(zero, x), logarithm);
    if (weights) {
      const ones = i32x4.shr_s(sign, 31);
      const s = f64x2.mul(v128.load(weights + 2 * at), massOf(i64x2.extend_low_i32x4_s(ones)));
      const r = f64x2.mul(v128.load(weights + 2 * at, 16), massOf(i64x2.extend_high_i32x4_s(ones)));
      v128.store(losses + 2 * at, f64x2.mul(s, f64x2.promote_low_f32x4(cost)));
      v128.store(losses + 2 * at, f64x2.mul(r, f64x2.promote_low_f32x4(upperHalf(cost))), 16);
      factor = demote(f64x2.mul(s, wideFactor), f64x2.mul(r, wideFactor));
    } else v128.store(losses + at, cost);
    if (!hasGradient) continue;
    const swap = v128.and(v128.xor(one, t), i32x4.shr_s(x, 31));
    const size = f32x4.div(f32x4.mul(factor, v128.xor(one, swap)), f32x4.add(one, t));
    // -0 + 0 is 0.
    largest = i32x4.max_u(largest, v128.and(size, magnitude));
    v128.store(q + at, f32x4.add(v128.xor(size, sign), zero));
  }
  return anyFrom(largest, INFINITE & 0x7fffffff);
}

function lossOf(u1: v128, cost1: v128, u0: v128, cost0: v128): v128 {
  const of1 = f64x2.mul(u1, f64x2.promote_low_f32x4(cost1));
  return f64x2.add(of1, f64x2.mul(u0, f64x2.promote_low_f32x4(cost0)));
}

function anyFrom(bits: v128, limit: u32): i32 {
  return i32(v128.any_true(i32x4.ge_u(bits, i32x4.splat(<i32>limit))));
}
