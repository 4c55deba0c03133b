// Surprisals of terms whose powers are products and a square root and whose orders are 0 or 1, of float32 logits: probabilities
// and logarithms in float32, four at a time, their products in float64, whose range the masses need. 1 - p less a shift cancels,
// so that p is float64 there.
import { demote, upperHalf } from '../shared/lanes';
import { log1p32x4 } from '../shared/log1p32';
import { madd32 } from '../shared/madd';
import { EXP, LOG, SIGN } from './float32';
import { EXP as WIDE_EXP, SIGN as WIDE_SIGN } from './float64';
import { chosen, RECORD } from './terms';

// Of a record: the shift; in float32 the power, and whether there is a shift; twice the power as an integer; the
// coefficient times 2^-64.
const SHIFT: usize = 24;
const POWER: usize = 40;
const SHIFTED: usize = 44;
const HALVES: usize = 48;
const LOWERED: usize = 56;

// Below it -log p is -x; from there on exp(-|z|) is no normal number; the smallest of those; 2^64.
const LIMITS = memory.data<f32>([1e-9, 87.33654, 1.17549435e-38, 1.8446744073709552e19], 16);

// Of one outcome of each of at most 512 elements, arrays of float32 one after the other: r = min(p + shift, 1), 1 - r, the chain
// dr / dx over r, which is 1 - r without a shift, and -log r.
const ARRAY: usize = 2112;
const REST: usize = ARRAY;
const CHAIN: usize = 2 * ARRAY;
const COST: usize = 3 * ARRAY;

// @ts-ignore: decorator
@inline
function onesOf(labels: usize, at: usize, all: v128): v128 {
  return labels ? i32x4.neg(v128.load(labels + at)) : all;
}

// With x = z for outcome 1, -z for outcome 0: p = sigmoid(x), -log p = softplus(-x).
// @ts-ignore: decorator
@inline
function xOf(z: usize, ones: v128): v128 {
  return v128.xor(v128.load(z), v128.andnot(v128.load32_splat(SIGN), ones));
}

// The arrays without a shift, from exponentials in float32; no chain.
export function plainOutcomes(z: usize, q: usize, labels: usize, outcome: i32, arrays: usize, count: i32): void {
  const all = i32x4.splat(-outcome);
  const one = v128.load32_splat(EXP, 20);
  const zero = v128.load32_splat(SIGN, 8);
  const end = <usize>count * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const x = xOf(z + at, onesOf(labels, at, all));
    const isBelow = i32x4.shr_s(x, 31);
    const t = v128.load(q + at);
    const likely = f32x4.div(one, f32x4.add(one, t));
    const unlikely = f32x4.mul(t, likely);
    // Both in turn where x has a sign.
    const swap = v128.and(v128.xor(likely, unlikely), isBelow);
    const to = arrays + at;
    v128.store(to, v128.xor(likely, swap));
    v128.store(to + REST, v128.xor(unlikely, swap));
    v128.store(to + COST, f32x4.add(f32x4.sub(f32x4.pmax(zero, x), x), logarithmOf(t)));
  }
}

// The arrays for the shift of a term, from exponentials in float64. Returns whether, where `isRaised`, some z is so far from 0
// that numbers are lost.
export function shiftOutcomes(
  z: usize,
  q: usize,
  labels: usize,
  outcome: i32,
  arrays: usize,
  count: i32,
  term: usize,
  isRaised: bool,
): i32 {
  const all = i32x4.splat(-outcome);
  const signBit = v128.load32_splat(SIGN);
  const wideOne = v128.load64_splat(WIDE_EXP, 40);
  const one = v128.load32_splat(EXP, 20);
  const zero = v128.load32_splat(SIGN, 8);
  let largest = zero;
  const end = <usize>count * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const ones = onesOf(labels, at, all);
    const x = xOf(z + at, ones);
    largest = f32x4.pmax(largest, v128.andnot(x, signBit));
    const isBelow = i32x4.shr_s(x, 31);
    const low = v128.load(q + 2 * at);
    const high = v128.load(q + 2 * at, 16);
    const likelyLow = f64x2.div(wideOne, f64x2.add(wideOne, low));
    const likelyHigh = f64x2.div(wideOne, f64x2.add(wideOne, high));
    const unlikelyLow = f64x2.mul(low, likelyLow);
    const unlikelyHigh = f64x2.mul(high, likelyHigh);
    const isBelowLow = i64x2.extend_low_i32x4_s(isBelow);
    const isBelowHigh = i64x2.extend_high_i32x4_s(isBelow);
    const pLow = v128.bitselect(unlikelyLow, likelyLow, isBelowLow);
    const pHigh = v128.bitselect(unlikelyHigh, likelyHigh, isBelowHigh);
    const complementLow = v128.bitselect(likelyLow, unlikelyLow, isBelowLow);
    const complementHigh = v128.bitselect(likelyHigh, unlikelyHigh, isBelowHigh);
    const shiftLow = chosen(term, SHIFT, i64x2.extend_low_i32x4_s(ones));
    const shiftHigh = chosen(term, SHIFT, i64x2.extend_high_i32x4_s(ones));
    const r = demote(f64x2.add(pLow, shiftLow), f64x2.add(pHigh, shiftHigh));
    const remaining = demote(f64x2.sub(complementLow, shiftLow), f64x2.sub(complementHigh, shiftHigh));
    const share = f32x4.div(demote(pLow, pHigh), r);
    const to = arrays + at;
    v128.store(to, r);
    v128.store(to + REST, f32x4.pmax(zero, remaining));
    const factor = v128.bitselect(share, one, isShifted(term, ones));
    v128.store(to + CHAIN, f32x4.mul(demote(complementLow, complementHigh), factor));
  }
  shiftCosts(z, labels, outcome, arrays, count, term);
  return i32(isRaised && v128.any_true(f32x4.gt(largest, v128.load32_splat(LIMITS, 4))));
}

function shiftCosts(z: usize, labels: usize, outcome: i32, arrays: usize, count: i32, term: usize): void {
  const all = i32x4.splat(-outcome);
  const end = <usize>count * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const to = arrays + at;
    const ones = onesOf(labels, at, all);
    const r = v128.load(to);
    const isFar = v128.andnot(f32x4.lt(r, v128.load32_splat(LIMITS)), isShifted(term, ones));
    const cost = log1p32x4(f32x4.div(v128.load(to + REST), r));
    v128.store(to + COST, v128.bitselect(f32x4.neg(xOf(z + at, ones)), cost, isFar));
  }
}

// All ones where the shift is not 0.
// @ts-ignore: decorator
@inline
function isShifted(term: usize, ones: v128): v128 {
  const shifted = v128.bitselect(v128.load32_splat(term + RECORD + SHIFTED), v128.load32_splat(term + SHIFTED), ones);
  return f32x4.gt(shifted, v128.load32_splat(SIGN, 8));
}

// Losses and gradients of a term as `scoreTerms` has them, from these arrays. Gradients are left in float64 in `slopes`, and
// added to what is there where `adds`; where `ends`, times scale in float32 in `gradient`. No address of `gradient`: none are asked
// for. Returns whether some gradient is not finite.
export function lightTerm(
  arrays: usize,
  labels: usize,
  outcome: i32,
  masses: usize,
  losses: usize,
  slopes: usize,
  gradient: usize,
  count: i32,
  scale: f64,
  term: usize,
  shifts: bool,
  adds: bool,
  ends: bool,
): i32 {
  const all = i32x4.splat(-outcome);
  const zero = v128.load32_splat(SIGN, 8);
  const raise = v128.load32_splat(LIMITS, 12);
  const smallest = v128.load32_splat(LIMITS, 8);
  const factor = f64x2.splat(scale);
  const chainAt = shifts ? CHAIN : REST;
  const isLogarithm = f64.load(term, 16) == 0;
  const halves0 = i32.load(term, HALVES) - 2;
  const halves1 = i32.load(term + RECORD, HALVES) - 2;
  let finite = zero;
  const end = <usize>count * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const wide = 2 * at;
    const from = arrays + at;
    const ones = onesOf(labels, at, all);
    const r = v128.load(from);
    const rest = v128.load(from + REST);
    const termCost = isLogarithm ? v128.load(from + COST) : rest;
    const weighted = isLogarithm ? rest : f32x4.mul(rest, r);
    const power = v128.bitselect(v128.load32_splat(term + RECORD + POWER), v128.load32_splat(term + POWER), ones);
    const steepness = madd32(f32x4.mul(power, r), termCost, weighted);
    // (1 - r)^(a - 1), also at a = 0; nothing from r = 1 on.
    let modulation = powerOf(rest, halves0);
    if (halves1 != halves0) modulation = v128.bitselect(powerOf(rest, halves1), modulation, ones);
    modulation = v128.and(modulation, f32x4.ge(rest, smallest));
    // Raised, so that what masses may raise again does not underflow before; coefficients are lowered as much.
    const ofCost = f32x4.mul(modulation, f32x4.mul(rest, raise));
    // d x / dz, and psi falls with l.
    const sign = v128.and(v128.load32_splat(SIGN), ones);
    const size = f32x4.mul(f32x4.mul(modulation, v128.load(from + chainAt)), f32x4.mul(steepness, raise));
    const slope = v128.xor(size, sign);
    let low = chosen(term, LOWERED, i64x2.extend_low_i32x4_s(ones));
    let high = chosen(term, LOWERED, i64x2.extend_high_i32x4_s(ones));
    if (masses) {
      low = f64x2.mul(low, v128.load(masses + wide));
      high = f64x2.mul(high, v128.load(masses + wide, 16));
    }
    let lossLow = productOf(low, ofCost, termCost);
    let lossHigh = productOf(high, upperHalf(ofCost), upperHalf(termCost));
    if (adds) {
      lossLow = f64x2.add(v128.load(losses + wide), lossLow);
      lossHigh = f64x2.add(v128.load(losses + wide, 16), lossHigh);
    }
    v128.store(losses + wide, lossLow);
    v128.store(losses + wide, lossHigh, 16);
    if (!gradient) continue;
    let slopeLow = f64x2.mul(low, f64x2.promote_low_f32x4(slope));
    let slopeHigh = f64x2.mul(high, f64x2.promote_low_f32x4(upperHalf(slope)));
    if (adds) {
      slopeLow = f64x2.add(v128.load(slopes + wide), slopeLow);
      slopeHigh = f64x2.add(v128.load(slopes + wide, 16), slopeHigh);
    }
    if (!ends) {
      v128.store(slopes + wide, slopeLow);
      v128.store(slopes + wide, slopeHigh, 16);
      continue;
    }
    const narrow = demote(f64x2.mul(slopeLow, factor), f64x2.mul(slopeHigh, factor));
    // x - x is NaN of infinities, and so is its sum; -0 + 0 is 0.
    finite = f32x4.add(finite, f32x4.sub(narrow, narrow));
    v128.store(gradient + at, f32x4.add(narrow, zero));
  }
  return i32(v128.any_true(f32x4.ne(finite, finite)));
}

// c a b of the lower halves.
// @ts-ignore: decorator
@inline
function productOf(c: v128, a: v128, b: v128): v128 {
  return f64x2.mul(f64x2.mul(c, f64x2.promote_low_f32x4(a)), f64x2.promote_low_f32x4(b));
}

// log(1 + t) for t in [0, 1], as in float32.ts.
// @ts-ignore: decorator
@inline
function logarithmOf(t: v128): v128 {
  const square = f32x4.mul(t, t);
  const fourth = f32x4.mul(square, square);
  const lower = madd32(pairOf(12, 8, t), square, pairOf(4, 0, t));
  const upper = madd32(pairOf(28, 24, t), square, pairOf(20, 16, t));
  const cubic = madd32(upper, fourth, lower);
  return madd32(cubic, f32x4.mul(square, t), madd32(square, v128.load32_splat(LOG, 32), t));
}

// @ts-ignore: decorator
@inline
function pairOf(high: usize, low: usize, x: v128): v128 {
  return madd32(v128.load32_splat(LOG + high), x, v128.load32_splat(LOG + low));
}

// x^(halves / 2) for halves from -2 to 14.
// @ts-ignore: decorator
@inline
function powerOf(x: v128, halves: i32): v128 {
  let power = v128.load32_splat(EXP, 20);
  if (halves < 0) power = f32x4.div(power, x);
  if (halves & 1) power = f32x4.mul(power, f32x4.sqrt(x));
  const whole = halves >> 1;
  if (whole > 0) {
    const square = f32x4.mul(x, x);
    if (whole & 1) power = f32x4.mul(power, x);
    if (whole & 2) power = f32x4.mul(power, square);
    if (whole & 4) power = f32x4.mul(power, f32x4.mul(square, square));
  }
  return power;
}
