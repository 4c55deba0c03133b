// Passes over float32 logits for plans with logit steps, other surprisals or other targets than labels (`plan-rows.ts`).
//
// y = S z + O costs no operation and no digit: exp(S z) = 2^n exp(S r) with n = round(z S log2 e) and r = z - n (log 2 / S) in two
// steps, whose polynomial has S, S^2 / 2, ... for coefficients; and exp(O) is a weight of the class. What rounding took from a
// logit on its way, `low`, is added to r.
import { madd32, madd64 } from '../shared/madd';
import { firstOf32, storeFirst32, sumOfLanes64, upperHalf } from '../shared/lanes';
import { isFactor32, MAGIC, reduce, scale, sumBlock } from './row32';

export { sumBlock };
import { addTo, GAPS, MASS, TOP, TOP_LOW, TOP_OFFSET } from './records';

// The plan: S log2 e, -log 2 / S in two parts, six coefficients after 1, 1, S / 2^20, and 1.5 2^23 with the least exponent that an
// exponential may have: one below counts as zero.
export const PLAN: usize = memory.data(48, 16);
export const SCALE: usize = 40;

// Numbers of a block: 512 bytes.
export const BLOCK: i32 = 128;

// The index of the largest y of `classes` numbers, the first where several have it; -1 where all are -Infinity, -2 where there is
// a NaN. Only blocks with a number above all before them are searched.
export function findLargest(at: usize, offsets: usize, classes: i32, base: f64): i32 {
  return offsets == 0 ? findIn(at, 0, classes, 0, false) : findIn(at, offsets, classes, <f32>base, true);
}

// @ts-ignore: decorator
@inline
function findIn(start: usize, offsets: usize, classes: i32, base: f32, hasOffsets: bool): i32 {
  const s = v128.load32_splat(PLAN, SCALE);
  const b = f32x4.splat(base);
  let ordered = i32x4.splat(-1);
  let value: f32 = -Infinity;
  let found = -1;
  for (let from = 0; from < classes; from += BLOCK) {
    const at = start + (from << 2);
    const added = offsets + (from << 2);
    const count = min(BLOCK, classes - from);
    let topA = f32x4.splat(-Infinity);
    let topB = topA;
    let i: usize = 0;
    for (const end = (<usize>(count & ~7)) << 2; i < end; i += 32) {
      const yA = scoreAt(at + i, added + i, s, b, hasOffsets);
      const yB = scoreAt(at + i + 16, added + i + 16, s, b, hasOffsets);
      topA = f32x4.pmax(topA, yA);
      topB = f32x4.pmax(topB, yB);
      // One comparison finds a NaN in either.
      ordered = v128.and(ordered, v128.or(f32x4.le(yA, yB), f32x4.ge(yA, yB)));
    }
    for (let left = count & 7; left > 0; left -= 4, i += 16) {
      const y = v128.bitselect(scoreAt(at + i, added + i, s, b, hasOffsets), f32x4.splat(-Infinity), firstOf32(left));
      topA = f32x4.pmax(topA, y);
      ordered = v128.and(ordered, f32x4.eq(y, y));
    }
    topA = f32x4.pmax(topA, topB);
    if (!v128.any_true(f32x4.gt(topA, f32x4.splat(value)))) continue;
    topA = f32x4.pmax(topA, upperHalf(topA));
    value = max(f32x4.extract_lane(topA, 0), f32x4.extract_lane(topA, 1));
    const wanted = f32x4.splat(value);
    i = 0;
    let lanes = 0;
    for (; lanes == 0; i += 16) lanes = i32x4.bitmask(f32x4.eq(scoreAt(at + i, added + i, s, b, hasOffsets), wanted));
    found = from + (<i32>(i >> 2)) - 4 + ctz(lanes);
  }
  return i32x4.all_true(ordered) ? found : -2;
}

// @ts-ignore: decorator
@inline
function scoreAt(at: usize, offsets: usize, s: v128, base: v128, hasOffsets: bool): v128 {
  const z = v128.load(at);
  return hasOffsets ? madd32(f32x4.sub(z, base), s, v128.load(offsets)) : z;
}

// Exponentials of a block, in place or elsewhere, and their sum.
export function exponentiateBlock(
  from: usize,
  to: usize,
  low: usize,
  weights: usize,
  count: i32,
  shift: f64,
): f64 {
  if (low != 0) {
    if (weights != 0) return exponentials(from, to, low, weights, count, shift, true, true);
    return exponentials(from, to, low, 0, count, shift, true, false);
  }
  if (weights != 0) return exponentials(from, to, 0, weights, count, shift, false, true);
  return exponentials(from, to, 0, 0, count, shift, false, false);
}

// @ts-ignore: decorator
@inline
function exponentials(
  from: usize, to: usize, low: usize, weights: usize, count: i32, shift: f64, hasLow: bool, hasWeights: bool,
): f64 {
  const log2e = v128.load32_splat(PLAN);
  const ln2High = v128.load32_splat(PLAN, 4);
  const ln2Low = v128.load32_splat(PLAN, 8);
  const c1 = v128.load32_splat(PLAN, 12);
  const c2 = v128.load32_splat(PLAN, 16);
  const c3 = v128.load32_splat(PLAN, 20);
  const c4 = v128.load32_splat(PLAN, 24);
  const c5 = v128.load32_splat(PLAN, 28);
  const c6 = v128.load32_splat(PLAN, 32);
  const one = v128.load32_splat(PLAN, 36);
  const magic = f32x4.splat(MAGIC - <f32>shift);
  const least = v128.load32_splat(PLAN, 44);
  let sumA = f64x2.splat(0);
  let sumB = f64x2.splat(0);
  let at: usize = 0;
  for (const end = (<usize>(count & ~15)) << 2; at < end; at += 64) {
    const e0 = exponential(
      from + at, low + at, weights + at, hasLow, hasWeights,
      magic, least, log2e, ln2High, ln2Low, c1, c2, c3, c4, c5, c6, one,
    );
    v128.store(to + at, e0);
    const e1 = exponential(
      from + at + 16, low + at + 16, weights + at + 16, hasLow, hasWeights,
      magic, least, log2e, ln2High, ln2Low, c1, c2, c3, c4, c5, c6, one,
    );
    v128.store(to + at, e1, 16);
    const e01 = f32x4.add(e0, e1);
    const e2 = exponential(
      from + at + 32, low + at + 32, weights + at + 32, hasLow, hasWeights,
      magic, least, log2e, ln2High, ln2Low, c1, c2, c3, c4, c5, c6, one,
    );
    v128.store(to + at, e2, 32);
    const e3 = exponential(
      from + at + 48, low + at + 48, weights + at + 48, hasLow, hasWeights,
      magic, least, log2e, ln2High, ln2Low, c1, c2, c3, c4, c5, c6, one,
    );
    v128.store(to + at, e3, 48);
    const e = f32x4.add(e01, f32x4.add(e2, e3));
    sumA = f64x2.add(sumA, f64x2.promote_low_f32x4(e));
    sumB = f64x2.add(sumB, f64x2.promote_low_f32x4(upperHalf(e)));
  }
  for (let left = count & 15; left > 0; left -= 4, at += 16) {
    const e = exponential(
      from + at, low + at, weights + at, hasLow, hasWeights,
      magic, least, log2e, ln2High, ln2Low, c1, c2, c3, c4, c5, c6, one,
    );
    storeFirst32(to + at, e, left);
    const kept = v128.and(e, firstOf32(left));
    sumA = f64x2.add(sumA, f64x2.promote_low_f32x4(kept));
    sumB = f64x2.add(sumB, f64x2.promote_low_f32x4(upperHalf(kept)));
  }
  return sumOfLanes64(f64x2.add(sumA, sumB));
}

// @ts-ignore: decorator
@inline
function exponential(
  from: usize, low: usize, weights: usize, hasLow: bool, hasWeights: bool, magic: v128, least: v128,
  log2e: v128, ln2High: v128, ln2Low: v128, c1: v128, c2: v128, c3: v128, c4: v128, c5: v128, c6: v128, one: v128,
): v128 {
  const z = v128.load(from);
  const t = madd32(z, log2e, magic);
  let r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
  if (hasLow) r = f32x4.add(r, v128.load(low));
  const p = madd32(madd32(madd32(madd32(c6, r, c5), r, c4), r, c3), r, c2);
  const linear = madd32(p, r, c1);
  let mantissa: v128;
  if (hasWeights) {
    // One rounding less than the product of weight and exponential.
    const weight = v128.load(weights);
    mantissa = madd32(f32x4.mul(linear, r), weight, weight);
  } else mantissa = madd32(linear, r, one);
  return v128.and(i32x4.add(mantissa, i32x4.shl(t, 23)), f32x4.ge(t, least));
}

// z - base of a row, which is exact for every logit near the base.
export function subtract(from: usize, to: usize, count: i32, base: f64): void {
  const b = f32x4.splat(<f32>base);
  for (let left = count; left > 0; left -= 4, from += 16, to += 16)
    storeFirst32(to, f32x4.sub(v128.load(from), b), left);
}

// The same of pairs. The low part of a large logit may be large beside what is left of it: what rounding takes from both goes to
// `tails`.
export function subtractPairs(from: usize, low: usize, to: usize, tails: usize, count: i32, base: f64): void {
  const b = f32x4.splat(<f32>base);
  for (let left = count; left > 0; left -= 4, from += 16, low += 16, to += 16, tails += 16) {
    const z = f32x4.sub(v128.load(from), b);
    const given = v128.load(low);
    const sum = f32x4.add(z, given);
    const part = f32x4.sub(sum, z);
    const tail = f32x4.add(f32x4.sub(z, f32x4.sub(sum, part)), f32x4.sub(given, part));
    storeFirst32(to, sum, left);
    storeFirst32(tails, tail, left);
  }
}

// e_j factor - pull u_j. Not fused: rounding could make -0 of a tiny mass.
export function scaleAndPull(at: usize, u: usize, count: i32, factor: f64, pull: f64): void {
  // A factor that float32 does not hold takes a way of its own.
  const isUsual = isFactor32(factor);
  if (!isUsual) scale(at, count, factor);
  const f = f32x4.splat(isUsual ? <f32>factor : 1);
  const p = f32x4.splat(<f32>pull);
  for (const end = at + ((count & ~7) << 2); at < end; at += 32, u += 32) {
    v128.store(at, f32x4.sub(f32x4.mul(v128.load(at), f), f32x4.mul(v128.load(u), p)));
    v128.store(at, f32x4.sub(f32x4.mul(v128.load(at, 16), f), f32x4.mul(v128.load(u, 16), p)), 16);
  }
  for (let left = count & 7; left > 0; left -= 4, at += 16, u += 16)
    storeFirst32(at, f32x4.sub(f32x4.mul(v128.load(at), f), f32x4.mul(v128.load(u), p)), left);
}

// Adds sum u_c (y_top - y_c) and sum u_c of a block to its row. A class without mass adds nothing even where its logit is
// -Infinity. Plain differences are as exact as logits are; after steps they would not be.
export function weighBlock(
  at: usize,
  low: usize,
  offsets: usize,
  targets: usize,
  count: i32,
  record: usize,
  scale: f64,
): void {
  if (low == 0 && offsets == 0) weighPlain(at, targets, count, record, scale);
  else weighStepped(at, low, offsets, targets, count, record, scale);
}

function weighPlain(at: usize, targets: usize, count: i32, record: usize, scale: f64): void {
  const top = f32x4.splat(<f32>load<f64>(record, TOP));
  const zero = f32x4.splat(0);
  let gapsA = f64x2.splat(0);
  let gapsB = f64x2.splat(0);
  let massA = f64x2.splat(0);
  let massB = f64x2.splat(0);
  for (const end = at + ((count & ~3) << 2); at < end; at += 16, targets += 16) {
    const u = v128.load(targets);
    const gap = v128.and(f32x4.sub(top, v128.load(at)), f32x4.ne(u, zero));
    const uA = f64x2.promote_low_f32x4(u);
    const uB = f64x2.promote_low_f32x4(upperHalf(u));
    gapsA = madd64(f64x2.promote_low_f32x4(gap), uA, gapsA);
    gapsB = madd64(f64x2.promote_low_f32x4(upperHalf(gap)), uB, gapsB);
    massA = f64x2.add(massA, uA);
    massB = f64x2.add(massB, uB);
  }
  if ((count & 3) > 0) {
    const u = v128.and(v128.load(targets), firstOf32(count & 3));
    const gap = v128.and(f32x4.sub(top, v128.load(at)), f32x4.ne(u, zero));
    const uA = f64x2.promote_low_f32x4(u);
    const uB = f64x2.promote_low_f32x4(upperHalf(u));
    gapsA = madd64(f64x2.promote_low_f32x4(gap), uA, gapsA);
    gapsB = madd64(f64x2.promote_low_f32x4(upperHalf(gap)), uB, gapsB);
    massA = f64x2.add(massA, uA);
    massB = f64x2.add(massB, uB);
  }
  addTo(record + GAPS, scale * sumOfLanes64(f64x2.add(gapsA, gapsB)));
  addTo(record + MASS, sumOfLanes64(f64x2.add(massA, massB)));
}

function weighStepped(
  at: usize,
  low: usize,
  offsets: usize,
  targets: usize,
  count: i32,
  record: usize,
  scale: f64,
): void {
  const top = load<f64>(record, TOP);
  const topLow = load<f64>(record, TOP_LOW);
  const topOffset = load<f64>(record, TOP_OFFSET);
  let gaps = f64x2.splat(0);
  let mass = f64x2.splat(0);
  for (let left = count; left > 0; left -= 2, at += 8, targets += 8) {
    let u = f64x2.promote_low_f32x4(v128.load64_zero(targets));
    if (left < 2) u = f64x2.replace_lane(u, 1, 0);
    let gap = f64x2.sub(f64x2.splat(top), f64x2.promote_low_f32x4(v128.load64_zero(at)));
    if (low != 0) {
      gap = f64x2.add(gap, f64x2.sub(f64x2.splat(topLow), f64x2.promote_low_f32x4(v128.load64_zero(low))));
      low += 8;
    }
    gap = f64x2.mul(gap, f64x2.splat(scale));
    if (offsets != 0) {
      gap = f64x2.add(gap, f64x2.sub(f64x2.splat(topOffset), v128.load(offsets)));
      offsets += 16;
    }
    gaps = madd64(v128.and(gap, f64x2.ne(u, f64x2.splat(0))), u, gaps);
    mass = f64x2.add(mass, u);
  }
  addTo(record + GAPS, sumOfLanes64(gaps));
  addTo(record + MASS, sumOfLanes64(mass));
}

// The sum of g_c u_c over a block.
export function sumOfProducts(u: usize, g: usize, count: i32): f64 {
  let sumA = f64x2.splat(0);
  let sumB = f64x2.splat(0);
  for (const end = u + ((count & ~3) << 2); u < end; u += 16, g += 16) {
    const value = v128.load(u);
    const weight = v128.load(g);
    sumA = madd64(f64x2.promote_low_f32x4(value), f64x2.promote_low_f32x4(weight), sumA);
    sumB = madd64(f64x2.promote_low_f32x4(upperHalf(value)), f64x2.promote_low_f32x4(upperHalf(weight)), sumB);
  }
  if ((count & 3) > 0) {
    const value = v128.and(v128.load(u), firstOf32(count & 3));
    const weight = v128.and(v128.load(g), firstOf32(count & 3));
    sumA = madd64(f64x2.promote_low_f32x4(value), f64x2.promote_low_f32x4(weight), sumA);
    sumB = madd64(f64x2.promote_low_f32x4(upperHalf(value)), f64x2.promote_low_f32x4(upperHalf(weight)), sumB);
  }
  return sumOfLanes64(f64x2.add(sumA, sumB));
}

// kept_c u_c + share added_c; `added` may be missing.
export function mix(u: usize, kept: usize, added: usize, count: i32, share: f64): void {
  const b = f32x4.splat(added == 0 ? 0 : <f32>share);
  if (added == 0) added = kept;
  const end = u + ((count & ~3) << 2);
  for (; u < end; u += 16, kept += 16, added += 16)
    v128.store(u, madd32(v128.load(u), v128.load(kept), f32x4.mul(v128.load(added), b)));
  if ((count & 3) > 0)
    storeFirst32(u, madd32(v128.load(u), v128.load(kept), f32x4.mul(v128.load(added), b)), count & 3);
}
