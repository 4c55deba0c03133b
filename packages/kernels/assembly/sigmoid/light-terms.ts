// Surprisals of terms whose powers are products and a square root and whose orders are 0 or 1, of float32 logits: in float32, four
// at a time, the products with masses in float64, whose range those need. At most 512 elements at a time.
import { demote, upperHalf } from '../shared/lanes';
import { madd32 } from '../shared/madd';
import { EXP, SIGN } from './float32';
import { CHAIN, COST, onesOf, REST } from './outcomes';
import { chosen, RECORD } from './terms';

// Of a record: the power in float32, twice the power as an integer, and the coefficient times 2^-64.
const POWER: usize = 40;
const HALVES: usize = 48;
const LOWERED: usize = 56;

// The smallest normal number, and 2^64.
const LIMITS = memory.data<f32>([1.17549435e-38, 1.8446744073709552e19], 16);

// Losses and gradients of a term as `scoreTerms` has them, from the arrays of `outcomes.ts`. Gradients are left in float64 in `slopes`, and
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
  const raise = v128.load32_splat(LIMITS, 4);
  const smallest = v128.load32_splat(LIMITS);
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
