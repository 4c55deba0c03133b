// Outcomes of float32 logits under light terms, see `light-terms.ts`: probabilities and logarithms in float32, four at a time. 1 - p
// less a shift cancels, so that p is float64 there.
import { demote } from '../shared/lanes';
import { log1p32x4 } from '../shared/log1p32';
import { madd32 } from '../shared/madd';
import { EXP, LOG, SIGN } from './float32';
import { EXP as WIDE_EXP } from './float64';
import { chosen, RECORD } from './terms';

// Of a record: the shift, and in float32 whether there is one.
const SHIFT: usize = 24;
const SHIFTED: usize = 44;

// Below it -log p is -x; from there on exp(-|z|) is no normal number.
const LIMITS = memory.data<f32>([1e-9, 87.33654], 16);

// Of one outcome of each of at most 512 elements, arrays of float32 one after the other: r = min(p + shift, 1), 1 - r, the chain
// dr / dx over r, which is 1 - r without a shift, and -log r.
const ARRAY: usize = 2112;
export const REST: usize = ARRAY;
export const CHAIN: usize = 2 * ARRAY;
export const COST: usize = 3 * ARRAY;

// @ts-ignore: decorator
@inline
export function onesOf(labels: usize, at: usize, all: v128): v128 {
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
