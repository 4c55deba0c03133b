// Surprisals of terms c (1 - p)^a T_q(l) and partition terms of float32 logits, in float64: a power taken by way of the
// logarithm loses as many units as the logarithm is large, of which float64 has 2^29 to spare, and 1 - p less a shift as many as
// cancel. 512 elements at a time at most; every function goes on to the next multiple of four elements.
import { demote, upperHalf } from '../shared/lanes';
import { madd64 } from '../shared/madd';
import { EXP, exponentials64, SIGN } from './float64';
import { massOf } from './masses';
import { BITS, costOfOrder, exponentialOf, logarithmOf, logarithmOfRatio, minusLogarithm, NUMBERS } from './term-functions';

// z = scale z + offset of float32 numbers, in float64.
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

// q = exp(-|z|). Returns whether some z is infinite or NaN.
export function beginTerms(z: usize, q: usize, count: i32): i32 {
  return exponentials64(z, 0, q, (count + 3) & ~3, false);
}

// Targets that are all 0 or 1 as labels of 32 bits. Returns whether they are.
export function labelsOfTargets(targets: usize, labels: usize, count: i32): i32 {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  let others = zero;
  const end = <usize>count * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const y = v128.load(targets + at);
    const ones = f64x2.eq(y, one);
    others = v128.or(others, v128.not(v128.or(ones, f64x2.eq(y, zero))));
    v128.store64_lane(labels + (at >> 1), i32x4.neg(v128.shuffle<i32>(ones, ones, 0, 2, 0, 2)), 0);
  }
  return i32(!v128.any_true(others));
}

// The mass of each label, see `setMassesOfLabels`, times its weight.
export function massesOfLabels(labels: usize, weights: usize, masses: usize, count: i32): void {
  const end = <usize>count * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const ones = i64x2.neg(i64x2.extend_low_i32x4_u(v128.load64_zero(labels + (at >> 1))));
    v128.store(masses + at, f64x2.mul(v128.load(weights + at), massOf(ones)));
  }
}

// A term is a record of eight float64: coefficient, power, order, shift, and twice the power where it is at most 8 in all and a
// whole number, else -1. Those of outcome 0 come first, those of outcome 1 follow in the next record.
export const RECORD: usize = 64;

// Losses u psi and, in float64, gradients u d psi / dz of one outcome of each element: with an address of `labels`, 0 or 1 in
// 32 bits, of the one that is the label, else of `outcome`. No address of `masses`: u = 1. They are added to what there is
// where `adds`. `shifts` says whether any term of either outcome has a shift.
//
// With x = z for outcome 1, -z for outcome 0: p = sigmoid(x), -log p = softplus(-x).
export function scoreTerms(
  z: usize,
  q: usize,
  labels: usize,
  outcome: i32,
  masses: usize,
  losses: usize,
  gradient: usize,
  count: i32,
  terms: usize,
  numberOfTerms: i32,
  shifts: bool,
  adds: bool,
): void {
  const zero = f64x2.splat(0);
  const one = v128.load64_splat(EXP, 40);
  const signBit = v128.load64_splat(SIGN);
  const all = i64x2.splat(-<i64>outcome);
  const end = <usize>((count + 3) & ~3) * 8;
  const lastTerm = terms + <usize>numberOfTerms * 2 * RECORD;
  for (let at: usize = 0; at < end; at += 16) {
    const t = v128.load(q + at);
    const ones = labels ? i64x2.neg(i64x2.extend_low_i32x4_u(v128.load64_zero(labels + (at >> 1)))) : all;
    const sign = v128.andnot(signBit, ones);
    const x = v128.xor(v128.load(z + at), sign);
    const likely = f64x2.div(one, f64x2.add(one, t));
    const unlikely = f64x2.mul(t, likely);
    const isBelow = f64x2.lt(x, zero);
    const p = v128.bitselect(unlikely, likely, isBelow);
    const complement = v128.bitselect(likely, unlikely, isBelow);
    let cost = zero;
    let costOfOther = zero;
    if (!shifts) {
      const logarithm = logarithmOf(t);
      const above = f64x2.pmax(zero, x);
      cost = f64x2.add(f64x2.sub(above, x), logarithm);
      costOfOther = f64x2.add(above, logarithm);
    }
    let loss = zero;
    let slope = zero;
    for (let term = terms; term < lastTerm; term += 2 * RECORD) {
      let r = p;
      let rest = complement;
      // What dz is of r: complement times p / r, or 1 - r where r is p.
      let chain = zero;
      if (shifts) {
        const shift = chosen(term, 24, ones);
        const isShifted = f64x2.gt(shift, zero);
        rest = f64x2.pmax(zero, f64x2.sub(complement, shift));
        const isFar = v128.andnot(f64x2.lt(x, v128.load64_splat(NUMBERS, 16)), isShifted);
        r = v128.bitselect(one, f64x2.add(p, shift), isFar);
        // log r = k log 2 + log f, log f = 2 atanh((f - 1) / (f + 1)); r - 1 = -rest where k is 0.
        const bits = i64x2.add(r, v128.load64_splat(BITS));
        const k = f64x2.sub(v128.or(i64x2.shr_u(bits, 52), v128.load64_splat(BITS, 24)), v128.load64_splat(NUMBERS));
        const f = i64x2.add(v128.and(bits, v128.load64_splat(BITS, 16)), v128.load64_splat(BITS, 8));
        const difference = v128.bitselect(f64x2.neg(rest), f64x2.sub(f, one), f64x2.eq(f, r));
        const sum = f64x2.add(f, one);
        // One division for two quotients.
        const inverse = f64x2.div(one, f64x2.mul(sum, r));
        const logarithm = madd64(k, v128.load64_splat(NUMBERS, 8), logarithmOfRatio(f64x2.mul(difference, f64x2.mul(r, inverse))));
        cost = v128.bitselect(f64x2.neg(x), f64x2.neg(logarithm), isFar);
        const share = f64x2.mul(p, f64x2.mul(sum, inverse));
        chain = f64x2.mul(complement, v128.bitselect(share, one, isShifted));
        r = v128.bitselect(p, r, isFar);
      }
      const order = f64.load(term, 16);
      let termCost = cost;
      let weight = one;
      if (order == 1) {
        termCost = rest;
        weight = r;
      } else if (order != 0) {
        const y = f64x2.mul(f64x2.splat(order), cost);
        weight = exponentialOf(y);
        termCost = costOfOrder(y, weight, order);
      }
      const power = chosen(term, 8, ones);
      const steepness = madd64(f64x2.mul(power, r), termCost, f64x2.mul(rest, weight));
      const coefficient = chosen(term, 0, ones);
      if (shifts) {
        // (1 - r)^(a - 1), and 1 / (1 - r) at a = 0 as well; nothing from r = 1 on.
        const isLeft = f64x2.gt(rest, zero);
        const modulation = f64x2.mul(coefficient, powerOfShifted(term, ones, v128.bitselect(rest, one, isLeft)));
        loss = f64x2.add(loss, v128.and(isLeft, f64x2.mul(f64x2.mul(modulation, rest), termCost)));
        slope = f64x2.add(slope, v128.and(isLeft, f64x2.mul(f64x2.mul(modulation, chain), steepness)));
      } else {
        const modulation = f64x2.mul(coefficient, powerOfOutcome(term, ones, rest, costOfOther));
        loss = f64x2.add(loss, f64x2.mul(modulation, termCost));
        slope = f64x2.add(slope, f64x2.mul(modulation, steepness));
      }
    }
    if (masses) {
      const mass = v128.load(masses + at);
      loss = f64x2.mul(mass, loss);
      slope = f64x2.mul(mass, slope);
    }
    // d x / dz, and psi falls with l.
    slope = v128.xor(slope, v128.and(signBit, ones));
    if (adds) {
      loss = f64x2.add(v128.load(losses + at), loss);
      slope = f64x2.add(v128.load(gradient + at), slope);
    }
    v128.store(losses + at, loss);
    v128.store(gradient + at, slope);
  }
}

// A number of a term, by outcome.
// @ts-ignore: decorator
@inline
export function chosen(term: usize, place: usize, ones: v128): v128 {
  return v128.bitselect(v128.load64_splat(term + RECORD + place), v128.load64_splat(term + place), ones);
}

// (1 - p)^a, of both outcomes where their powers differ.
function powerOfOutcome(term: usize, ones: v128, rest: v128, costOfOther: v128): v128 {
  const of0 = powerOf(term, 0, rest, costOfOther);
  if (f64.load(term, 8) == f64.load(term + RECORD, 8)) return of0;
  return v128.bitselect(powerOf(term + RECORD, 0, rest, costOfOther), of0, ones);
}

// (1 - r)^(a - 1).
function powerOfShifted(term: usize, ones: v128, rest: v128): v128 {
  const isSimple = f64.load(term, 32) >= 0 && f64.load(term + RECORD, 32) >= 0;
  const costOfOther = isSimple ? rest : minusLogarithm(rest);
  const of0 = powerOf(term, 1, rest, costOfOther);
  if (f64.load(term, 8) == f64.load(term + RECORD, 8)) return of0;
  return v128.bitselect(powerOf(term + RECORD, 1, rest, costOfOther), of0, ones);
}

// rest^(a - less), a the power of the term: by products and a square root where twice the power is a small whole number.
function powerOf(term: usize, less: i32, rest: v128, costOfOther: v128): v128 {
  const halves = <i32>f64.load(term, 32) - 2 * less;
  if (f64.load(term, 32) < 0) return exponentialOf(f64x2.mul(f64x2.splat(f64.load(term, 8) - <f64>less), costOfOther));
  let power = f64x2.splat(1);
  if (halves < 0) power = f64x2.div(power, rest);
  for (let n = 2; n <= halves; n += 2) power = f64x2.mul(power, rest);
  return halves & 1 ? f64x2.mul(power, f64x2.sqrt(rest)) : power;
}

// Adds r lse^2 to the losses and 2 r lse p1 to the gradient, lse = softplus(z).
export function addPartition(z: usize, q: usize, factors: usize, losses: usize, gradient: usize, count: i32): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const end = <usize>((count + 3) & ~3) * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const x = v128.load(z + at);
    const t = v128.load(q + at);
    const lse = f64x2.add(f64x2.pmax(zero, x), logarithmOf(t));
    const p1 = f64x2.div(v128.bitselect(t, one, f64x2.lt(x, zero)), f64x2.add(one, t));
    const part = f64x2.mul(v128.load(factors + at), lse);
    v128.store(losses + at, f64x2.add(v128.load(losses + at), f64x2.mul(part, lse)));
    const slope = f64x2.mul(f64x2.add(part, part), p1);
    v128.store(gradient + at, f64x2.add(v128.load(gradient + at), slope));
  }
}

// The gradient times scale, in float32 and without -0. Returns whether some number is too large.
export function endTerms(from: usize, gradient: usize, count: i32, scale: f64): i32 {
  const factor = f64x2.splat(scale);
  let finite = f32x4.splat(0);
  const end = <usize>((count + 3) & ~3) * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const low = f64x2.mul(v128.load(from + 2 * at), factor);
    const both = demote(low, f64x2.mul(v128.load(from + 2 * at, 16), factor));
    // x - x is NaN of infinities, and so is its sum.
    finite = f32x4.add(finite, f32x4.sub(both, both));
    v128.store(gradient + at, f32x4.add(both, f32x4.splat(0)));
  }
  return i32(v128.any_true(f32x4.ne(finite, finite)));
}
