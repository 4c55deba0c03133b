// Passes over a row of float32 logits: logits become exponentials, in place or `distance` away; exponentials become the
// gradient, in place.
//
// exp: n = round(z log2 e) by adding 1.5 2^23, r = z - n log 2 in two steps (Cody and Waite), a polynomial of degree 6, n
// added to the exponent. The shift k is folded into the number added, so that it costs nothing and rounds nothing; it is
// even, since half-way cases go to even sums: n, and with it every bit of the mantissa, does not depend on it.
import { madd32, madd64 } from '../shared/madd';
import { addToGaps, addToRest, addToTop, base, distance, setOwn, setShift, vector, wideVector } from './state';

// Loaded into locals where a pass begins: V8 builds a constant anew at every use.
export const CONSTANTS: usize = memory.data<f32>([
  1.44269504088896340736, // log2 e
  -0.693359375, // log 2 to nine bits, so that n times it is exact, and the rest
  2.1219444e-4,
  // Minimax coefficients of exp on [-log(2)/2, log(2)/2] after 1 + r; relative error 2^-28.2.
  0.49999994,
  0.16666517,
  0.041668102,
  0.0083691655,
  0.0013838002,
  1,
]);
const MASKS: usize = memory.data<i32>([-1, -1, -1, -1, 0, 0, 0, 0]);
const STATE: usize = memory.data(96, 16);

export const MAGIC: f32 = 12582912; // 1.5 2^23
const MAGIC_BITS: i32 = 0x4b400000;
export const HALF_LOG2E: f32 = 0.7213475204444817;

// Numbers of a block: 512 bytes. Only the block with the label is summed twice.
const BLOCK: i32 = 128;
// Within them no exponential is denormal, and 250,000 do not overflow.
export const LOWEST: i32 = MAGIC_BITS - 124;
export const HIGHEST: i32 = MAGIC_BITS + 60;
// To here the reduction of the exponential is exact enough without subtracting the largest logit.
export const LARGEST_UNSHIFTED: f32 = 256;
// A label's logit whose row may need no look at the largest: others lie at most 86 below or 42 above it.
export const LARGEST_USUAL: f32 = 172;
export const HEADROOM: f32 = 62;
// exp(-129) is far below the smallest float32: such terms count as zero, that of -Infinity too. Rows that need no look at the
// largest span 184 powers of two at most, which is less.
export const LARGEST_GAP: f32 = 129;
// Beyond this gap, which is more than a row that needs no look can have, the label's own exponential says less than its logit.
export const FAR: f64 = 43;

function writeShift(newBase: f32, k: f32, threshold: f32): void {
  v128.store(STATE, f32x4.splat(MAGIC - k));
  v128.store(STATE, i32x4.splat(MAGIC_BITS), 16);
  v128.store(STATE, i32x4.splat(MAGIC_BITS), 32);
  v128.store(STATE, f32x4.splat(newBase), 48);
  v128.store(STATE, f32x4.splat(threshold), 64);
  setShift(newBase, k);
}

// Shifts the row by its label; false where that logit says it cannot be right.
export function shiftByLabel(logit: f32): bool {
  if (!(abs(logit) <= LARGEST_USUAL)) return false;
  writeShift(0, 2 * nearest(logit * HALF_LOG2E), 0);
  v128.store(STATE, f32x4.splat(logit), 80);
  return true;
}

// Shifts the row so that its largest exponential is near 2^62.
export function shiftByTop(largest: f32): void {
  const newBase: f32 = abs(largest) > LARGEST_UNSHIFTED ? largest : 0;
  const k: f32 = 2 * nearest((largest - newBase) * HALF_LOG2E) - HEADROOM;
  writeShift(newBase, k, largest - newBase - LARGEST_GAP);
}

// Whether the shift by the label was right: nothing became denormal or too large, and there is no NaN or infinity.
export function wasUsual(): bool {
  const low = v128.load(STATE, 16);
  const high = v128.load(STATE, 32);
  const wrong = v128.or(i32x4.lt_s(low, i32x4.splat(LOWEST)), i32x4.gt_s(high, i32x4.splat(HIGHEST)));
  return !v128.any_true(wrong);
}

// What makes an exponential of its four mantissas: z = n log 2 + r.
export function reduce(z: v128, n: v128, high: v128, low: v128): v128 {
  return madd32(n, low, madd32(n, high, z));
}

export function poly(r: v128, c2: v128, c3: v128, c4: v128, c5: v128, c6: v128, one: v128): v128 {
  const p = madd32(madd32(madd32(madd32(c6, r, c5), r, c4), r, c3), r, c2);
  return madd32(madd32(p, r, one), r, one);
}

// Exponentials in place of a block, and their sum. The lanes past its end are not touched.
function exponentiateBlock(at: usize, count: i32): f64 {
  const log2e = v128.load32_splat(CONSTANTS);
  const ln2High = v128.load32_splat(CONSTANTS, 4);
  const ln2Low = v128.load32_splat(CONSTANTS, 8);
  const c2 = v128.load32_splat(CONSTANTS, 12);
  const c3 = v128.load32_splat(CONSTANTS, 16);
  const c4 = v128.load32_splat(CONSTANTS, 20);
  const c5 = v128.load32_splat(CONSTANTS, 24);
  const c6 = v128.load32_splat(CONSTANTS, 28);
  const one = v128.load32_splat(CONSTANTS, 32);
  const magic = v128.load(STATE);
  let low = v128.load(STATE, 16);
  let high = v128.load(STATE, 32);
  let sumA = f64x2.splat(0);
  let sumB = f64x2.splat(0);
  const end = at + ((count & ~15) << 2);
  let from = at + distance;
  while (at < end) {
    let z = v128.load(from);
    let t = madd32(z, log2e, magic);
    let r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
    low = i32x4.min_s(low, t);
    high = i32x4.max_s(high, t);
    const e0 = i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23));
    v128.store(at, e0);
    z = v128.load(from, 16);
    t = madd32(z, log2e, magic);
    r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
    low = i32x4.min_s(low, t);
    high = i32x4.max_s(high, t);
    const e1 = i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23));
    v128.store(at, e1, 16);
    const e01 = f32x4.add(e0, e1);
    z = v128.load(from, 32);
    t = madd32(z, log2e, magic);
    r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
    low = i32x4.min_s(low, t);
    high = i32x4.max_s(high, t);
    const e2 = i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23));
    v128.store(at, e2, 32);
    z = v128.load(from, 48);
    t = madd32(z, log2e, magic);
    r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
    low = i32x4.min_s(low, t);
    high = i32x4.max_s(high, t);
    const e3 = i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23));
    v128.store(at, e3, 48);
    const sum = f32x4.add(e01, f32x4.add(e2, e3));
    sumA = f64x2.add(sumA, f64x2.promote_low_f32x4(sum));
    sumB = f64x2.add(sumB, f64x2.promote_low_f32x4(upperHalf(sum)));
    at += 64;
    from += 64;
  }
  for (let left = count & 15; left > 0; left -= 4) {
    const mask = maskOf(left);
    // A lane past the end becomes the label's logit, which is in range.
    const z = v128.bitselect(v128.load(from), v128.load(STATE, 80), mask);
    const t = madd32(z, log2e, magic);
    const r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
    low = i32x4.min_s(low, t);
    high = i32x4.max_s(high, t);
    const e = i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23));
    storeFirst(at, e, left);
    const kept = v128.and(e, mask);
    sumA = f64x2.add(sumA, f64x2.promote_low_f32x4(kept));
    sumB = f64x2.add(sumB, f64x2.promote_low_f32x4(upperHalf(kept)));
    at += 16;
    from += 16;
  }
  v128.store(STATE, low, 16);
  v128.store(STATE, high, 32);
  return sumOfLanes(f64x2.add(sumA, sumB));
}

// The same after subtracting the base, with zeros for what lies too far below the largest logit.
export function exponentiateBlockShifted(at: usize, count: i32): f64 {
  const log2e = v128.load32_splat(CONSTANTS);
  const ln2High = v128.load32_splat(CONSTANTS, 4);
  const ln2Low = v128.load32_splat(CONSTANTS, 8);
  const c2 = v128.load32_splat(CONSTANTS, 12);
  const c3 = v128.load32_splat(CONSTANTS, 16);
  const c4 = v128.load32_splat(CONSTANTS, 20);
  const c5 = v128.load32_splat(CONSTANTS, 24);
  const c6 = v128.load32_splat(CONSTANTS, 28);
  const one = v128.load32_splat(CONSTANTS, 32);
  const magic = v128.load(STATE);
  const offset = v128.load(STATE, 48);
  const threshold = v128.load(STATE, 64);
  const end = at + ((count & ~3) << 2);
  let from = at + distance;
  for (let to = at; to < end; to += 16) {
    const z = f32x4.sub(v128.load(from), offset);
    const t = madd32(z, log2e, magic);
    const r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
    const e = i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23));
    v128.store(to, v128.and(e, f32x4.ge(z, threshold)));
    from += 16;
  }
  if ((count & 3) > 0) {
    const z = f32x4.sub(v128.load(from), offset);
    const t = madd32(z, log2e, magic);
    const r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
    const e = i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23));
    storeFirst(end, v128.and(e, f32x4.ge(z, threshold)), count & 3);
  }
  return sumBlock(at, count);
}

// Stores the first `count` numbers of a vector, all of them from four on. What lies behind a row may be another thread's.
function storeFirst(at: usize, v: v128, count: i32): void {
  if (count >= 4) {
    v128.store(at, v);
    return;
  }
  if (count == 1) {
    v128.store32_lane(at, v, 0);
    return;
  }
  v128.store64_lane(at, v, 0);
  if (count == 3) v128.store32_lane(at, v, 2, 8);
}

// The sum of v_c (z_c - base) over a block, in float64: the terms cancel against the log-partition. v is float64 in memory, since
// conversions are what this takes most time for.
function weighBlock(at: usize, v: usize, count: i32, shifted: bool): f64 {
  return shifted ? weigh(at, v, count, true) : weigh(at, v, count, false);
}

// @ts-ignore: decorator
@inline
function weigh(at: usize, v: usize, count: i32, shifted: bool): f64 {
  const offset = f32x4.splat(<f32>base);
  let sumA = f64x2.splat(0);
  let sumB = f64x2.splat(0);
  let sumC = f64x2.splat(0);
  let sumD = f64x2.splat(0);
  at += distance;
  const end = at + ((count & ~7) << 2);
  while (at < end) {
    const z0 = v128.load(at);
    const x0 = shifted ? f32x4.sub(z0, offset) : z0;
    sumA = weighPair(x0, v128.load(v), sumA, shifted);
    sumB = weighPair(upperHalf(x0), v128.load(v, 16), sumB, shifted);
    const z1 = v128.load(at, 16);
    const x1 = shifted ? f32x4.sub(z1, offset) : z1;
    sumC = weighPair(x1, v128.load(v, 32), sumC, shifted);
    sumD = weighPair(upperHalf(x1), v128.load(v, 48), sumD, shifted);
    at += 32;
    v += 64;
  }
  for (let left = count & 7; left > 0; left -= 4) {
    const x0 = v128.and(f32x4.sub(v128.load(at), offset), maskOf(left));
    sumA = weighPair(x0, v128.load(v), sumA, true);
    sumB = weighPair(upperHalf(x0), v128.load(v, 16), sumB, true);
    at += 16;
    v += 32;
  }
  return sumOfLanes(f64x2.add(f64x2.add(sumA, sumB), f64x2.add(sumC, sumD)));
}

// A class without mass adds nothing even where its logit is -Infinity. A row that needs no look at its largest logit has no such
// logit, or is refused, and has no base.
// @ts-ignore: decorator
@inline
function weighPair(x: v128, v: v128, sum: v128, shifted: bool): v128 {
  const wide = f64x2.promote_low_f32x4(x);
  return madd64(shifted ? v128.and(wide, f64x2.ne(v, f64x2.splat(0))) : wide, v, sum);
}

// The sum of a block of exponentials: four vectors pairwise in float32, the rest in float64. Longer float32 sums lose up to
// 190 units over 32,000 classes.
export function sumBlock(at: usize, count: i32): f64 {
  let sumA = f64x2.splat(0);
  let sumB = f64x2.splat(0);
  const end = at + ((count & ~15) << 2);
  while (at < end) {
    const e01 = f32x4.add(v128.load(at), v128.load(at, 16));
    const sum = f32x4.add(e01, f32x4.add(v128.load(at, 32), v128.load(at, 48)));
    sumA = f64x2.add(sumA, f64x2.promote_low_f32x4(sum));
    sumB = f64x2.add(sumB, f64x2.promote_low_f32x4(upperHalf(sum)));
    at += 64;
  }
  for (let left = count & 15; left > 0; left -= 4) {
    const e = v128.and(v128.load(at), maskOf(left));
    sumA = f64x2.add(sumA, f64x2.promote_low_f32x4(e));
    sumB = f64x2.add(sumB, f64x2.promote_low_f32x4(upperHalf(e)));
    at += 16;
  }
  return sumOfLanes(f64x2.add(sumA, sumB));
}

export function upperHalf(v: v128): v128 {
  return i64x2.shuffle(v, v, 1, 1);
}

function sumOfLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

// Ones in the first `count` lanes; in all of them from four on.
function maskOf(count: i32): v128 {
  return v128.load(MASKS + ((4 - min(count, 4)) << 2));
}

// Exponentials of a row, or of a part that begins with a block, and their sums without that of the label. The label's index
// is counted from the part's first class; one outside stands for none.
export function exponentiate(at: usize, count: i32, label: i32, shifted: bool): void {
  for (let from = 0; from < count; from += BLOCK) {
    const start = at + (from << 2);
    const length = min(BLOCK, count - from);
    if (vector != 0) addToGaps(weighBlock(start, wideVector + (from << 3), length, shifted));
    let sum = shifted ? exponentiateBlockShifted(start, length) : exponentiateBlock(start, length);
    if (label >= from && label < from + length) {
      const atLabel = at + (label << 2);
      setOwn(load<f32>(atLabel));
      store<f32>(atLabel, 0);
      sum = sumBlock(start, length);
    }
    addToRest(sum);
  }
}

// Looks for the largest logit and for NaN.
export function findTop(at: usize, count: i32): void {
  let largest = f32x4.splat(-Infinity);
  let ordered = i32x4.splat(-1);
  at += distance;
  const end = at + ((count & ~3) << 2);
  for (; at < end; at += 16) {
    const z = v128.load(at);
    largest = f32x4.pmax(largest, z);
    ordered = v128.and(ordered, f32x4.eq(z, z));
  }
  if ((count & 3) > 0) {
    const z = v128.bitselect(v128.load(at), f32x4.splat(-Infinity), maskOf(count & 3));
    largest = f32x4.pmax(largest, z);
    ordered = v128.and(ordered, f32x4.eq(z, z));
  }
  const pairs = f32x4.pmax(largest, upperHalf(largest));
  const a = f32x4.extract_lane(pairs, 0);
  const b = f32x4.extract_lane(pairs, 1);
  addToTop(a > b ? a : b, !i32x4.all_true(ordered));
}

// e_j = e_j factor in place. A factor that float32 does not hold is applied in two steps, of which the second is exact.
export function scale(at: usize, count: i32, factor: f64): void {
  if (!isFactor32(factor)) {
    const half = max(-126, min(127, exponentOf(factor) >> 1));
    const power = reinterpret<f64>(u64(1023 + half) << 52);
    scaleBy(at, count, <f32>(factor / power));
    scaleBy(at, count, <f32>power);
  } else scaleBy(at, count, <f32>factor);
}

function exponentOf(factor: f64): i32 {
  return i32((reinterpret<u64>(factor) >> 52) & 0x7ff) - 1023;
}

// Whether a factor is one of float32 with all digits.
export function isFactor32(factor: f64): bool {
  return factor == 0 || (exponentOf(factor) >= -126 && exponentOf(factor) < 127);
}

function scaleBy(at: usize, count: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  const pairs = at + ((count & ~7) << 2);
  for (; at < pairs; at += 32) {
    v128.store(at, f32x4.mul(v128.load(at), f));
    v128.store(at, f32x4.mul(v128.load(at, 16), f), 16);
  }
  for (let left = count & 7; left > 0; left -= 4) {
    storeFirst(at, f32x4.mul(v128.load(at), f), left);
    at += 16;
  }
}

// e_j = e_j factor - pull v_j in place. Not fused: rounding could make -0 of a tiny mass.
export function scaleAndPull(at: usize, count: i32, factor: f64, pull: f64): void {
  const isPlain = isFactor32(factor);
  if (!isPlain) scale(at, count, factor);
  const f = f32x4.splat(isPlain ? <f32>factor : 1);
  const p = f32x4.splat(<f32>pull);
  let v = vector;
  const end = at + ((count & ~7) << 2);
  for (; at < end; at += 32, v += 32) {
    v128.store(at, f32x4.sub(f32x4.mul(v128.load(at), f), f32x4.mul(v128.load(v), p)));
    v128.store(at, f32x4.sub(f32x4.mul(v128.load(at, 16), f), f32x4.mul(v128.load(v, 16), p)), 16);
  }
  for (let left = count & 7; left > 0; left -= 4, at += 16, v += 16)
    storeFirst(at, f32x4.sub(f32x4.mul(v128.load(at), f), f32x4.mul(v128.load(v), p)), left);
}
