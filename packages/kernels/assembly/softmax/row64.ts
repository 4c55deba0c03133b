// Passes over a row of float64 logits, as those of `row32.ts`; sums are compensated between blocks.
import { madd64 } from '../shared/madd';
import { addToRest, addToTop, distance, rest, setOwn, setShift } from './state';

export const CONSTANTS: usize = memory.data<f64>([
  1.44269504088896340736, // log2 e
  -0.6931471803691238, // log 2 to 32 bits, so that n times it is exact, and the rest
  -1.9082149292705877e-10,
  1,
  // Coefficients of exp after 1 + r; relative error 2^-55.6 (scripts/exp-polynomial.ts).
  0.5000000000000001,
  0.16666666666666669,
  0.04166666666662413,
  0.008333333333330062,
  0.0013888888917213717,
  0.00019841269863053618,
  0.000024801521295954376,
  0.0000027557268459997064,
  2.7620088445409746e-7,
  2.510038549551032e-8,
]);
const MASKS: usize = memory.data<i64>([-1, -1, 0, 0]);
const STATE: usize = memory.data(96, 16);

export const MAGIC: f64 = 6755399441055744; // 1.5 2^52
export const LOG2E: f64 = 1.4426950408889634;

// Numbers of a block: 512 bytes.
const BLOCK: i32 = 64;
// Rows that need no look at the largest logit span 763 at most, less than `LARGEST_GAP`: both ways give the same bits.
const LOWEST: f64 = -600;
const HIGHEST: f64 = 500;
// n log 2 in two steps is exact enough up to here.
export const LARGEST_UNSHIFTED: f64 = 2048;
const LARGEST_USUAL: f64 = 1400;
export const HEADROOM: f64 = 500;
// exp(-800) is below the smallest float64.
export const LARGEST_GAP: f64 = 800;
// Beyond this gap, which is more than a row that needs no look can have, the label's own exponential says less than its logit.
export const FAR: f64 = 350;

function writeShift(newBase: f64, k: f64, threshold: f64): void {
  v128.store(STATE, f64x2.splat(MAGIC - k));
  v128.store(STATE, f64x2.splat(MAGIC), 16);
  v128.store(STATE, f64x2.splat(MAGIC), 32);
  v128.store(STATE, f64x2.splat(newBase), 48);
  v128.store(STATE, f64x2.splat(threshold), 64);
  setShift(newBase, k);
}

export function shiftByLabel(logit: f64): bool {
  if (!(abs(logit) <= LARGEST_USUAL)) return false;
  writeShift(0, 2 * nearest(logit * (LOG2E / 2)), 0);
  v128.store(STATE, f64x2.splat(logit), 80);
  return true;
}

export function shiftByTop(largest: f64): void {
  const newBase: f64 = abs(largest) > LARGEST_UNSHIFTED ? largest : 0;
  const k = 2 * nearest((largest - newBase) * (LOG2E / 2)) - HEADROOM;
  writeShift(newBase, k, largest - newBase - LARGEST_GAP);
}

// Whether the shift by the label was right. NaN passes here: it makes the sum NaN.
export function wasUsual(): bool {
  const low = f64x2.sub(v128.load(STATE, 16), f64x2.splat(MAGIC));
  const high = f64x2.sub(v128.load(STATE, 32), f64x2.splat(MAGIC));
  const wrong = v128.or(f64x2.lt(low, f64x2.splat(LOWEST)), f64x2.gt(high, f64x2.splat(HIGHEST)));
  return !v128.any_true(wrong) && rest == rest;
}

// Four exponentials in place, and their pairwise sum; the extremes of n - k go through memory only between blocks.
function exponentiateBlock(at: usize, count: i32): f64 {
  const log2e = v128.load64_splat(CONSTANTS);
  const ln2High = v128.load64_splat(CONSTANTS, 8);
  const ln2Low = v128.load64_splat(CONSTANTS, 16);
  const magic = v128.load(STATE);
  let low = v128.load(STATE, 16);
  let high = v128.load(STATE, 32);
  const end = at + ((count & ~1) << 3);
  let to = at;
  for (; to < end; to += 16) {
    const z = v128.load(to + distance);
    const t = madd64(z, log2e, magic);
    const n = f64x2.sub(t, magic);
    low = f64x2.pmin(low, t);
    high = f64x2.pmax(high, t);
    v128.store(to, i64x2.add(poly(madd64(n, ln2Low, madd64(n, ln2High, z))), i64x2.shl(t, 52)));
  }
  if ((count & 1) > 0) {
    // A lane past the end becomes the label's logit, which is in range.
    const z = v128.bitselect(v128.load(to + distance), v128.load(STATE, 80), v128.load(MASKS, 8));
    const t = madd64(z, log2e, magic);
    const n = f64x2.sub(t, magic);
    low = f64x2.pmin(low, t);
    high = f64x2.pmax(high, t);
    const e = i64x2.add(poly(madd64(n, ln2Low, madd64(n, ln2High, z))), i64x2.shl(t, 52));
    storeFirst(to, e, 1);
  }
  v128.store(STATE, low, 16);
  v128.store(STATE, high, 32);
  return sumBlock(at, count);
}

export function exponentiateBlockShifted(at: usize, count: i32): f64 {
  const log2e = v128.load64_splat(CONSTANTS);
  const ln2High = v128.load64_splat(CONSTANTS, 8);
  const ln2Low = v128.load64_splat(CONSTANTS, 16);
  const magic = v128.load(STATE);
  const base = v128.load(STATE, 48);
  const threshold = v128.load(STATE, 64);
  for (let left = count, to = at; left > 0; left -= 2, to += 16) {
    const z = f64x2.sub(v128.load(to + distance), base);
    const t = madd64(z, log2e, magic);
    const n = f64x2.sub(t, magic);
    const e = i64x2.add(poly(madd64(n, ln2Low, madd64(n, ln2High, z))), i64x2.shl(t, 52));
    storeFirst(to, v128.and(e, f64x2.ge(z, threshold)), left);
  }
  return sumBlock(at, count);
}

// Stores the first number of a vector, or both from two on. What lies behind a row may be another thread's.
function storeFirst(at: usize, v: v128, count: i32): void {
  if (count > 1) v128.store(at, v);
  else v128.store64_lane(at, v, 0);
}

// e^r by Estrin's scheme: the chain of Horner's is twice as long as the loop can hide.
export function poly(r: v128): v128 {
  const r2 = f64x2.mul(r, r);
  const p2 = madd64(r, v128.load64_splat(CONSTANTS, 40), v128.load64_splat(CONSTANTS, 32));
  const p4 = madd64(r, v128.load64_splat(CONSTANTS, 56), v128.load64_splat(CONSTANTS, 48));
  const p6 = madd64(r, v128.load64_splat(CONSTANTS, 72), v128.load64_splat(CONSTANTS, 64));
  const p8 = madd64(r, v128.load64_splat(CONSTANTS, 88), v128.load64_splat(CONSTANTS, 80));
  const p10 = madd64(r, v128.load64_splat(CONSTANTS, 104), v128.load64_splat(CONSTANTS, 96));
  const q = madd64(madd64(madd64(madd64(p10, r2, p8), r2, p6), r2, p4), r2, p2);
  const one = v128.load64_splat(CONSTANTS, 24);
  return f64x2.add(one, madd64(q, r2, r));
}

export function sumBlock(at: usize, count: i32): f64 {
  let sum = f64x2.splat(0);
  const end = at + ((count & ~7) << 3);
  while (at < end) {
    const e01 = f64x2.add(v128.load(at), v128.load(at, 16));
    sum = f64x2.add(sum, f64x2.add(e01, f64x2.add(v128.load(at, 32), v128.load(at, 48))));
    at += 64;
  }
  for (let left = count & 7; left > 0; left -= 2) {
    sum = f64x2.add(sum, v128.and(v128.load(at), maskOf(left)));
    at += 16;
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

function maskOf(count: i32): v128 {
  return v128.load(MASKS + ((2 - min(count, 2)) << 3));
}

export function exponentiate(at: usize, count: i32, label: i32, shifted: bool): void {
  for (let from = 0; from < count; from += BLOCK) {
    const start = at + (from << 3);
    const length = min(BLOCK, count - from);
    let sum = shifted ? exponentiateBlockShifted(start, length) : exponentiateBlock(start, length);
    if (label >= from && label < from + length) {
      const atLabel = at + (label << 3);
      setOwn(load<f64>(atLabel));
      store<f64>(atLabel, 0);
      sum = sumBlock(start, length);
    }
    addToRest(sum);
  }
}

export function findTop(at: usize, count: i32): void {
  let largest = f64x2.splat(-Infinity);
  let ordered = i32x4.splat(-1);
  at += distance;
  for (; count > 0; count -= 2, at += 16) {
    const z = v128.bitselect(v128.load(at), f64x2.splat(-Infinity), maskOf(count));
    largest = f64x2.pmax(largest, z);
    ordered = v128.and(ordered, f64x2.eq(z, z));
  }
  const a = f64x2.extract_lane(largest, 0);
  const b = f64x2.extract_lane(largest, 1);
  addToTop(a > b ? a : b, !i32x4.all_true(ordered));
}

// As in `row32.ts`.
export function scale(at: usize, count: i32, factor: f64): void {
  const exponent = i32((reinterpret<u64>(factor) >> 52) & 0x7ff) - 1023;
  if (factor != 0 && (exponent < -900 || exponent > 900)) {
    const half = exponent >> 1;
    const power = reinterpret<f64>(u64(1023 + half) << 52);
    scaleBy(at, count, factor / power);
    scaleBy(at, count, power);
  } else scaleBy(at, count, factor);
}

function scaleBy(at: usize, count: i32, factor: f64): void {
  const f = f64x2.splat(factor);
  const pairs = at + ((count & ~3) << 3);
  for (; at < pairs; at += 32) {
    v128.store(at, f64x2.mul(v128.load(at), f));
    v128.store(at, f64x2.mul(v128.load(at, 16), f), 16);
  }
  for (let left = count & 3; left > 0; left -= 2) {
    storeFirst(at, f64x2.mul(v128.load(at), f), left);
    at += 16;
  }
}
