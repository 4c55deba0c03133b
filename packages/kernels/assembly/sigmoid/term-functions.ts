// Functions of surprisals, two numbers at a time.
import { madd64 } from '../shared/madd';
import { EXP, LOG } from './float64';

// log(1 + t) for t in [0, 1], as in float64.ts.
export function logarithmOf(t: v128): v128 {
  const s = f64x2.div(t, f64x2.add(t, v128.load64_splat(LOG, 88)));
  const square = f64x2.mul(s, s);
  const fourth = f64x2.mul(square, square);
  const eighth = f64x2.mul(fourth, fourth);
  const lower = madd64(pairOf(24, 16, square), fourth, pairOf(8, 0, square));
  const upper = madd64(pairOf(56, 48, square), fourth, pairOf(40, 32, square));
  const series = madd64(madd64(pairOf(72, 64, square), eighth, upper), eighth, lower);
  const h = f64x2.mul(f64x2.mul(t, t), v128.load64_splat(LOG, 80));
  return f64x2.sub(t, f64x2.sub(h, f64x2.mul(s, madd64(series, square, h))));
}

// @ts-ignore: decorator
@inline
function pairOf(high: usize, low: usize, x: v128): v128 {
  return madd64(v128.load64_splat(LOG + high), x, v128.load64_splat(LOG + low));
}

// exp(-y), y >= 0; 0 from 708.39 on.
export function exponentialOf(y: v128): v128 {
  const x = f64x2.neg(y);
  const magic = v128.load64_splat(EXP, 8);
  const shifted = madd64(x, v128.load64_splat(EXP), magic);
  const n = f64x2.sub(shifted, magic);
  const r = madd64(n, v128.load64_splat(EXP, 24), madd64(n, v128.load64_splat(EXP, 16), x));
  const square = f64x2.mul(r, r);
  const fourth = f64x2.mul(square, square);
  const low = madd64(termsOf(72, 64, r), square, termsOf(56, 48, r));
  const high = madd64(termsOf(104, 96, r), square, termsOf(88, 80, r));
  const series = madd64(madd64(termsOf(120, 112, r), fourth, high), fourth, low);
  const p = madd64(series, square, r);
  const power = i64x2.add(f64x2.add(p, v128.load64_splat(EXP, 40)), i64x2.shl(shifted, 52));
  return v128.and(power, f64x2.ge(x, v128.load64_splat(EXP, 32)));
}

// @ts-ignore: decorator
@inline
function termsOf(high: usize, low: usize, x: v128): v128 {
  return madd64(v128.load64_splat(EXP + high), x, v128.load64_splat(EXP + low));
}

// 1 / 2 to 1 / 6.
const RECIPROCALS = memory.data<f64>([0.5, 0.3333333333333333, 0.25, 0.2, 0.16666666666666666], 16);

// (1 - exp(-y)) / q, y = q times a cost; by its series where the difference would cancel: y^6 / 5040 of y is left.
export function costOfOrder(y: v128, power: v128, q: f64): v128 {
  const one = v128.load64_splat(EXP, 40);
  const minusY = f64x2.neg(y);
  let series = madd64(minusY, v128.load64_splat(RECIPROCALS, 32), one);
  series = madd64(minusY, f64x2.mul(series, v128.load64_splat(RECIPROCALS, 24)), one);
  series = madd64(minusY, f64x2.mul(series, v128.load64_splat(RECIPROCALS, 16)), one);
  series = madd64(minusY, f64x2.mul(series, v128.load64_splat(RECIPROCALS, 8)), one);
  series = madd64(minusY, f64x2.mul(series, v128.load64_splat(RECIPROCALS)), one);
  const isSmall = f64x2.lt(y, f64x2.splat(0.03125));
  return f64x2.mul(v128.bitselect(f64x2.mul(y, series), f64x2.sub(one, power), isSmall), f64x2.splat(1 / q));
}

// The bits of 1 less those of sqrt(1/2), those of sqrt(1/2), a fraction's, and 2^52.
// prettier-ignore
export const BITS = memory.data<i64>([
  0x3ff0000000000000 - 0x3fe6a09e00000000, 0x3fe6a09e00000000, 0x000fffffffffffff, 0x4330000000000000,
], 16);
// 2^52 + 1023, log 2, and how far below 0 a logit is -log p for certain.
export const NUMBERS = memory.data<f64>([4503599627371519, 0.6931471805599453, -40], 16);

// 2 atanh(s) for |s| < 0.172: 2^-34 relative.
// @ts-ignore: decorator
@inline
export function logarithmOfRatio(s: v128): v128 {
  const square = f64x2.mul(s, s);
  const fourth = f64x2.mul(square, square);
  const series = madd64(madd64(pairOf(40, 32, square), fourth, pairOf(24, 16, square)), fourth, pairOf(8, 0, square));
  return madd64(f64x2.mul(s, square), series, f64x2.add(s, s));
}

// -log x of x in (0, 1], within 2^-34 or as much of it as x - 1 has.
export function minusLogarithm(x: v128): v128 {
  const one = f64x2.splat(1);
  const bits = i64x2.add(x, v128.load64_splat(BITS));
  const k = f64x2.sub(v128.or(i64x2.shr_u(bits, 52), v128.load64_splat(BITS, 24)), v128.load64_splat(NUMBERS));
  const f = i64x2.add(v128.and(bits, v128.load64_splat(BITS, 16)), v128.load64_splat(BITS, 8));
  const s = f64x2.div(f64x2.sub(f, one), f64x2.add(f, one));
  return f64x2.neg(madd64(k, v128.load64_splat(NUMBERS, 8), logarithmOfRatio(s)));
}
