// Softcap of float32 logits, z' = a tanh(z / a), as pairs of float32: an exponential makes of an error of z' as large a relative
// error, and z' is as large as the cap. Beside them its derivative, 1 - tanh^2.
//
// Logits up to `limit`, where z - z' is at most a half: z' = z - z v P(v), v = (z / a)^2, in float32. A half has half the error of
// a whole. Larger ones in float64, with q = exp(-2 |z| / a): z' = a (1 - q) / (1 + q), 1 - tanh^2 = 4 q / (1 + q)^2.
import { demote, upperHalf } from '../shared/lanes';
import { madd32 } from '../shared/madd';
import { exponential64x2 } from './exponential64';

// Minimax coefficients of (1 - tanh(x) / x) / x^2 in x^2, |x| <= 1/2; relative error 2^-24.8. And 1.
const COEFFICIENTS: usize = memory.data<f32>([
  0.3333333432674408, -0.13333329558372498, 0.053966499865055084, -0.0218390803784132, 0.008621821179986,
  -0.0026797426398843527, 1,
]);

// 2^-62. A smaller derivative lies in memory as -2^64 times itself: it may be below what float32 holds where its product with
// the gradient is not.
const TINY: f64 = 2.168404344971009e-19;
const MINUS_TWO_64: f64 = -1.8446744073709552e19;
const TWO_MINUS_64: f32 = 5.421010862427522e-20;

// Caps `count` logits in place. Whole vectors are written. Infinities and NaN stay; the derivative of an infinite logit is 1.
export function capLogits(at: usize, low: usize, slopes: usize, count: i32, cap: f64, limit: f64): void {
  const largest = f32x4.splat(<f32>limit);
  const perCap = f32x4.splat(<f32>(1 / cap));
  const perSquare = f32x4.splat(<f32>(1 / (cap * cap)));
  const c0 = v128.load32_splat(COEFFICIENTS);
  const c1 = v128.load32_splat(COEFFICIENTS, 4);
  const c2 = v128.load32_splat(COEFFICIENTS, 8);
  const c3 = v128.load32_splat(COEFFICIENTS, 12);
  const c4 = v128.load32_splat(COEFFICIENTS, 16);
  const c5 = v128.load32_splat(COEFFICIENTS, 20);
  const one = v128.load32_splat(COEFFICIENTS, 24);
  for (const end = at + ((<usize>count) << 2); at < end; at += 16, low += 16, slopes += 16) {
    const z = v128.load(at);
    const v = f32x4.mul(f32x4.mul(z, z), perSquare);
    const p = madd32(madd32(madd32(madd32(madd32(c5, v, c4), v, c3), v, c2), v, c1), v, c0);
    const taken = f32x4.mul(f32x4.mul(z, v), p);
    const capped = f32x4.sub(z, taken);
    const tanh = f32x4.mul(capped, perCap);
    v128.store(at, capped);
    v128.store(low, f32x4.sub(f32x4.sub(z, capped), taken));
    v128.store(slopes, f32x4.sub(one, f32x4.mul(tanh, tanh)));
    const isNear = f32x4.le(f32x4.abs(z), largest);
    if (!i32x4.all_true(isNear)) capFar(z, isNear, at, low, slopes, cap);
  }
}

// The lanes that are not near.
function capFar(z: v128, isNear: v128, at: usize, low: usize, slopes: usize, cap: f64): void {
  const zA = f64x2.promote_low_f32x4(z);
  const zB = f64x2.promote_low_f32x4(upperHalf(z));
  const perCap = f64x2.splat(-2 / cap);
  const qA = exponential64x2(f64x2.mul(f64x2.abs(zA), perCap));
  const qB = exponential64x2(f64x2.mul(f64x2.abs(zB), perCap));
  const a = cappedOf(zA, qA, cap);
  const b = cappedOf(zB, qB, cap);
  const isFinite = f32x4.lt(f32x4.abs(z), f32x4.splat(Infinity));
  const high = demote(a, b);
  const restA = f64x2.sub(a, f64x2.promote_low_f32x4(high));
  const restB = f64x2.sub(b, f64x2.promote_low_f32x4(upperHalf(high)));
  const slope = v128.bitselect(demote(slopeOf(qA), slopeOf(qB)), f32x4.splat(1), isFinite);
  v128.store(at, v128.bitselect(v128.load(at), v128.bitselect(high, z, isFinite), isNear));
  v128.store(low, v128.bitselect(v128.load(low), v128.and(demote(restA, restB), isFinite), isNear));
  v128.store(slopes, v128.bitselect(v128.load(slopes), slope, isNear));
}

function cappedOf(z: v128, q: v128, cap: f64): v128 {
  const one = f64x2.splat(1);
  const capped = f64x2.mul(f64x2.div(f64x2.sub(one, q), f64x2.add(one, q)), f64x2.splat(cap));
  return v128.or(capped, v128.and(z, f64x2.splat(-0.0)));
}

function slopeOf(q: v128): v128 {
  const sum = f64x2.add(f64x2.splat(1), q);
  const slope = f64x2.div(f64x2.mul(q, f64x2.splat(4)), f64x2.mul(sum, sum));
  const isTiny = f64x2.lt(slope, f64x2.splat(TINY));
  return v128.bitselect(f64x2.mul(slope, f64x2.splat(MINUS_TWO_64)), slope, isTiny);
}

// Multiplies `count` numbers of the gradient by derivatives. Whole vectors are written; none is -0.
export function multiplyBySlopes(at: usize, slopes: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (const end = at + ((<usize>count) << 2); at < end; at += 16, slopes += 16) {
    const slope = v128.load(slopes);
    const isTiny = f32x4.lt(slope, zero);
    let product = f32x4.mul(v128.load(at), slope);
    if (v128.any_true(isTiny))
      product = v128.bitselect(f32x4.mul(f32x4.neg(product), f32x4.splat(TWO_MINUS_64)), product, isTiny);
    v128.store(at, f32x4.add(product, zero));
  }
}
