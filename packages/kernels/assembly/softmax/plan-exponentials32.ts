// Exponentials of logits after the steps of a plan. What rounding took from a logit on its way, `low`, is added to r.
import { firstOf32, storeFirst32, sumOfLanes64, upperHalf } from '../shared/lanes';
import { madd32 } from '../shared/madd';
import { MAGIC, reduce } from './exponential32';
import { PLAN } from './plan-constants32';

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
