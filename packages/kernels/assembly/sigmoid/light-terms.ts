// Surprisals of terms whose powers are products and a square root and whose orders are 0 or 1, of float32 logits: probabilities
// and logarithms in float32, four at a time, their products in float64, whose range the masses need. 1 - p less a shift cancels,
// so that p is float64 there.
import { demote, upperHalf } from '../shared/lanes';
import { log1p32x4 } from '../shared/log1p32';
import { madd32 } from '../shared/madd';
import { EXP, LOG, SIGN } from './float32';
import { EXP as WIDE_EXP, SIGN as WIDE_SIGN } from './float64';
import { chosen, RECORD } from './terms';

// Of a record: in float32 the power, and whether there is a shift; twice the power as an integer.
const POWER: usize = 40;
const SHIFTED: usize = 44;
const HALVES: usize = 48;

// Below it -log p is -x; from there on exp(-|z|) is no normal number; the smallest of those.
const LIMITS = memory.data<f32>([1e-9, 87.33654, 1.17549435e-38], 16);

// Losses and gradients as `scoreTerms` has them. `q` are exponentials in float32 or, where `shifts`, in float64. Gradients are
// left in float64 in `slopes`, and added to what is there where `adds`; where `ends`, times scale in float32 in `gradient`, which
// may be where q is. No address of `gradient`: none are asked for.
//
// Returns whether some gradient is not finite or, where there are shifts and `isRaised`, z so far from 0 that numbers are lost.
export function lightTerms(
  z: usize,
  q: usize,
  labels: usize,
  outcome: i32,
  masses: usize,
  losses: usize,
  slopes: usize,
  gradient: usize,
  count: i32,
  scale: f64,
  terms: usize,
  numberOfTerms: i32,
  shifts: bool,
  adds: bool,
  ends: bool,
  isRaised: bool,
): i32 {
  const all = i32x4.splat(-outcome);
  const one = v128.load32_splat(EXP, 20);
  const zero = v128.load32_splat(SIGN, 8);
  const signBit = v128.load32_splat(SIGN);
  const wideOne = v128.load64_splat(WIDE_EXP, 40);
  const wideZero = v128.load64_splat(WIDE_SIGN, 8);
  const factor = f64x2.splat(scale);
  const lastTerm = terms + <usize>numberOfTerms * 2 * RECORD;
  let largest = zero;
  let finite = zero;
  const end = <usize>count * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const wide = 2 * at;
    const ones = labels ? i32x4.neg(v128.load(labels + at)) : all;
    const onesLow = i64x2.extend_low_i32x4_s(ones);
    const onesHigh = i64x2.extend_high_i32x4_s(ones);
    const x = v128.xor(v128.load(z + at), v128.andnot(signBit, ones));
    const isBelow = i32x4.shr_s(x, 31);
    let p = zero;
    let complement = zero;
    let cost = zero;
    let pLow = wideZero;
    let pHigh = wideZero;
    let complementLow = wideZero;
    let complementHigh = wideZero;
    if (shifts) {
      const low = v128.load(q + wide);
      const high = v128.load(q + wide, 16);
      const likelyLow = f64x2.div(wideOne, f64x2.add(wideOne, low));
      const likelyHigh = f64x2.div(wideOne, f64x2.add(wideOne, high));
      const unlikelyLow = f64x2.mul(low, likelyLow);
      const unlikelyHigh = f64x2.mul(high, likelyHigh);
      const isBelowLow = i64x2.extend_low_i32x4_s(isBelow);
      const isBelowHigh = i64x2.extend_high_i32x4_s(isBelow);
      pLow = v128.bitselect(unlikelyLow, likelyLow, isBelowLow);
      pHigh = v128.bitselect(unlikelyHigh, likelyHigh, isBelowHigh);
      complementLow = v128.bitselect(likelyLow, unlikelyLow, isBelowLow);
      complementHigh = v128.bitselect(likelyHigh, unlikelyHigh, isBelowHigh);
      p = demote(pLow, pHigh);
      complement = demote(complementLow, complementHigh);
      if (isRaised) largest = f32x4.pmax(largest, v128.andnot(x, signBit));
    } else {
      const t = v128.load(q + at);
      const likely = f32x4.div(one, f32x4.add(one, t));
      const unlikely = f32x4.mul(t, likely);
      p = v128.bitselect(unlikely, likely, isBelow);
      complement = v128.bitselect(likely, unlikely, isBelow);
      const above = f32x4.pmax(zero, x);
      cost = f32x4.add(f32x4.sub(above, x), logarithmOf(t));
    }
    let lossLow = wideZero;
    let lossHigh = wideZero;
    let slopeLow = wideZero;
    let slopeHigh = wideZero;
    for (let term = terms; term < lastTerm; term += 2 * RECORD) {
      let r = p;
      let rest = complement;
      let chain = complement;
      if (shifts) {
        const shiftLow = chosen(term, 24, onesLow);
        const shiftHigh = chosen(term, 24, onesHigh);
        rest = f32x4.pmax(zero, demote(f64x2.sub(complementLow, shiftLow), f64x2.sub(complementHigh, shiftHigh)));
        r = demote(f64x2.add(pLow, shiftLow), f64x2.add(pHigh, shiftHigh));
        const inverse = f32x4.div(one, r);
        const shifted = v128.bitselect(v128.load32_splat(term + RECORD + SHIFTED), v128.load32_splat(term + SHIFTED), ones);
        const isShifted = f32x4.gt(shifted, zero);
        const isFar = v128.andnot(f32x4.lt(p, v128.load32_splat(LIMITS)), isShifted);
        cost = v128.bitselect(f32x4.neg(x), log1p32x4(f32x4.mul(rest, inverse)), isFar);
        chain = f32x4.mul(complement, v128.bitselect(f32x4.mul(p, inverse), one, isShifted));
      }
      let termCost = cost;
      let weighted = rest;
      if (f64.load(term, 16) != 0) {
        termCost = rest;
        weighted = f32x4.mul(rest, r);
      }
      const power = v128.bitselect(v128.load32_splat(term + RECORD + POWER), v128.load32_splat(term + POWER), ones);
      const steepness = madd32(f32x4.mul(power, r), termCost, weighted);
      // (1 - r)^(a - 1), also at a = 0; nothing from r = 1 on.
      const halves = i32.load(term, HALVES);
      let modulation = powerOf(rest, halves - 2);
      if (i32.load(term + RECORD, HALVES) != halves)
        modulation = v128.bitselect(powerOf(rest, i32.load(term + RECORD, HALVES) - 2), modulation, ones);
      modulation = v128.and(modulation, f32x4.ge(rest, v128.load32_splat(LIMITS, 8)));
      const low = f64x2.mul(chosen(term, 0, onesLow), f64x2.promote_low_f32x4(modulation));
      const high = f64x2.mul(chosen(term, 0, onesHigh), f64x2.promote_low_f32x4(upperHalf(modulation)));
      lossLow = f64x2.add(lossLow, productOf(low, rest, termCost));
      lossHigh = f64x2.add(lossHigh, productOf(high, upperHalf(rest), upperHalf(termCost)));
      slopeLow = f64x2.add(slopeLow, productOf(low, chain, steepness));
      slopeHigh = f64x2.add(slopeHigh, productOf(high, upperHalf(chain), upperHalf(steepness)));
    }
    if (masses) {
      const massLow = v128.load(masses + wide);
      const massHigh = v128.load(masses + wide, 16);
      lossLow = f64x2.mul(massLow, lossLow);
      lossHigh = f64x2.mul(massHigh, lossHigh);
      slopeLow = f64x2.mul(massLow, slopeLow);
      slopeHigh = f64x2.mul(massHigh, slopeHigh);
    }
    if (adds) {
      lossLow = f64x2.add(v128.load(losses + wide), lossLow);
      lossHigh = f64x2.add(v128.load(losses + wide, 16), lossHigh);
    }
    v128.store(losses + wide, lossLow);
    v128.store(losses + wide, lossHigh, 16);
    if (!gradient) continue;
    // d x / dz, and psi falls with l.
    slopeLow = v128.xor(slopeLow, v128.and(v128.load64_splat(WIDE_SIGN), onesLow));
    slopeHigh = v128.xor(slopeHigh, v128.and(v128.load64_splat(WIDE_SIGN), onesHigh));
    if (adds) {
      slopeLow = f64x2.add(v128.load(slopes + wide), slopeLow);
      slopeHigh = f64x2.add(v128.load(slopes + wide, 16), slopeHigh);
    }
    if (!ends) {
      v128.store(slopes + wide, slopeLow);
      v128.store(slopes + wide, slopeHigh, 16);
      continue;
    }
    const slope = demote(f64x2.mul(slopeLow, factor), f64x2.mul(slopeHigh, factor));
    // x - x is NaN of infinities, and so is its sum; -0 + 0 is 0.
    finite = f32x4.add(finite, f32x4.sub(slope, slope));
    v128.store(gradient + at, f32x4.add(slope, zero));
  }
  const isFar = isRaised && v128.any_true(f32x4.gt(largest, v128.load32_splat(LIMITS, 4)));
  return i32(isFar || v128.any_true(f32x4.ne(finite, finite)));
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
