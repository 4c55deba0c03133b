// Sums over a block of a target row, and what target steps make of it.
import { firstOf32, storeFirst32, sumOfLanes64, upperHalf } from '../shared/lanes';
import { madd32, madd64 } from '../shared/madd';
import { addTo, GAPS, MASS, TOP, TOP_LOW, TOP_OFFSET } from './records';

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
  for (let left = count; left > 0; left -= 4, u += 16, g += 16) {
    const within = firstOf32(left);
    const value = v128.and(v128.load(u), within);
    const weight = v128.and(v128.load(g), within);
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
