// Passes over float64 logits, as those of `plan-passes32.ts`.
import { madd64 } from '../shared/madd';
import { firstOf64, storeFirst64, sumOfLanes64 } from '../shared/lanes';
import { scale, sumBlock } from './row64';
import { addTo, GAPS, MASS, TOP, TOP_LOW, TOP_OFFSET } from './records';

export { sumBlock };

// The plan: S log2 e, -log 2 / S in two parts, twelve coefficients from 1 on, S / 2^20.
export const PLAN: usize = memory.data(128, 16);
export const SCALE: usize = 120;

const MAGIC: f64 = 6755399441055744; // 1.5 2^52
// Numbers of a block: 512 bytes.
export const BLOCK: i32 = 64;
// Below it an exponential is denormal; the largest is near 1.
const LEAST: f64 = MAGIC - 1021;

export function findLargest(start: usize, offsets: usize, classes: i32, base: f64): i32 {
  const s = v128.load64_splat(PLAN, SCALE);
  const b = f64x2.splat(base);
  let ordered = i32x4.splat(-1);
  let value: f64 = -Infinity;
  let found = -1;
  for (let from = 0; from < classes; from += BLOCK) {
    const at = start + (from << 3);
    const added = offsets == 0 ? 0 : offsets + (from << 3);
    let top = f64x2.splat(-Infinity);
    let i: usize = 0;
    for (let left = min(BLOCK, classes - from); left > 0; left -= 2, i += 16) {
      let y = scoreAt(at, added, i, s, b);
      if (left < 2) y = v128.bitselect(y, f64x2.splat(-Infinity), firstOf64(left));
      top = f64x2.pmax(top, y);
      ordered = v128.and(ordered, f64x2.eq(y, y));
    }
    if (!v128.any_true(f64x2.gt(top, f64x2.splat(value)))) continue;
    value = max(f64x2.extract_lane(top, 0), f64x2.extract_lane(top, 1));
    i = 0;
    let lanes = 0;
    for (; lanes == 0; i += 16) lanes = i64x2.bitmask(f64x2.eq(scoreAt(at, added, i, s, b), f64x2.splat(value)));
    found = from + (<i32>(i >> 3)) - 2 + ctz(lanes);
  }
  return i32x4.all_true(ordered) ? found : -2;
}

// @ts-ignore: decorator
@inline
function scoreAt(at: usize, offsets: usize, place: usize, s: v128, base: v128): v128 {
  const z = v128.load(at + place);
  return offsets == 0 ? z : madd64(f64x2.sub(z, base), s, v128.load(offsets + place));
}

export function exponentiateBlock(
  from: usize,
  to: usize,
  low: usize,
  weights: usize,
  count: i32,
  shift: f64,
): f64 {
  const log2e = v128.load64_splat(PLAN);
  const ln2High = v128.load64_splat(PLAN, 8);
  const ln2Low = v128.load64_splat(PLAN, 16);
  const magic = f64x2.splat(MAGIC - shift);
  const least = f64x2.splat(LEAST);
  const start = to;
  for (let left = count; left > 0; left -= 2, from += 16, to += 16) {
    let z = v128.load(from);
    let tail = f64x2.splat(0);
    if (low != 0) {
      const given = v128.load(low);
      const sum = f64x2.add(z, given);
      const part = f64x2.sub(sum, z);
      tail = f64x2.add(f64x2.sub(z, f64x2.sub(sum, part)), f64x2.sub(given, part));
      z = sum;
      low += 16;
    }
    const t = madd64(z, log2e, magic);
    const n = f64x2.sub(t, magic);
    let r = madd64(n, ln2Low, madd64(n, ln2High, z));
    if (low != 0) r = f64x2.add(r, tail);
    let e = v128.and(i64x2.add(poly(r), i64x2.shl(t, 52)), f64x2.ge(t, least));
    if (weights != 0) {
      e = f64x2.mul(e, v128.load(weights));
      weights += 16;
    }
    storeFirst64(to, e, left);
  }
  return sumBlock(start, count);
}

export function subtract(from: usize, to: usize, count: i32, base: f64): void {
  const b = f64x2.splat(base);
  for (let left = count; left > 0; left -= 2, from += 16, to += 16)
    storeFirst64(to, f64x2.sub(v128.load(from), b), left);
}

// exp(S r) by Estrin's scheme.
function poly(r: v128): v128 {
  const r2 = f64x2.mul(r, r);
  const p2 = madd64(r, v128.load64_splat(PLAN, 48), v128.load64_splat(PLAN, 40));
  const p4 = madd64(r, v128.load64_splat(PLAN, 64), v128.load64_splat(PLAN, 56));
  const p6 = madd64(r, v128.load64_splat(PLAN, 80), v128.load64_splat(PLAN, 72));
  const p8 = madd64(r, v128.load64_splat(PLAN, 96), v128.load64_splat(PLAN, 88));
  const p10 = madd64(r, v128.load64_splat(PLAN, 112), v128.load64_splat(PLAN, 104));
  const q = madd64(madd64(madd64(madd64(p10, r2, p8), r2, p6), r2, p4), r2, p2);
  const linear = f64x2.mul(r, v128.load64_splat(PLAN, 32));
  return f64x2.add(v128.load64_splat(PLAN, 24), madd64(q, r2, linear));
}

export function scaleAndPull(at: usize, u: usize, count: i32, factor: f64, pull: f64): void {
  const isUsual = factor == 0 || (abs(factor) > 1e-270 && abs(factor) < 1e270);
  if (!isUsual) scale(at, count, factor);
  const f = f64x2.splat(isUsual ? factor : 1);
  const p = f64x2.splat(pull);
  for (let left = count; left > 0; left -= 2, at += 16, u += 16)
    storeFirst64(at, f64x2.sub(f64x2.mul(v128.load(at), f), f64x2.mul(v128.load(u), p)), left);
}

export function weighBlock(
  at: usize,
  low: usize,
  offsets: usize,
  targets: usize,
  count: i32,
  record: usize,
  scale: f64,
): void {
  const top = f64x2.splat(load<f64>(record, TOP));
  const topLow = f64x2.splat(load<f64>(record, TOP_LOW));
  const topOffset = f64x2.splat(load<f64>(record, TOP_OFFSET));
  const s = f64x2.splat(scale);
  let gaps = f64x2.splat(0);
  let mass = f64x2.splat(0);
  for (let left = count; left > 0; left -= 2, at += 16, targets += 16) {
    const u = v128.and(v128.load(targets), firstOf64(left));
    let gap = f64x2.sub(top, v128.load(at));
    if (low != 0) {
      gap = f64x2.add(gap, f64x2.sub(topLow, v128.load(low)));
      low += 16;
    }
    gap = f64x2.mul(gap, s);
    if (offsets != 0) {
      gap = f64x2.add(gap, f64x2.sub(topOffset, v128.load(offsets)));
      offsets += 16;
    }
    gaps = madd64(v128.and(gap, f64x2.ne(u, f64x2.splat(0))), u, gaps);
    mass = f64x2.add(mass, u);
  }
  addTo(record + GAPS, sumOfLanes64(gaps));
  addTo(record + MASS, sumOfLanes64(mass));
}

export function sumOfProducts(u: usize, g: usize, count: i32): f64 {
  let sum = f64x2.splat(0);
  for (let left = count; left > 0; left -= 2, u += 16, g += 16)
    sum = madd64(v128.and(v128.load(u), firstOf64(left)), v128.and(v128.load(g), firstOf64(left)), sum);
  return sumOfLanes64(sum);
}

export function mix(u: usize, kept: usize, added: usize, count: i32, share: f64): void {
  const b = f64x2.splat(added == 0 ? 0 : share);
  if (added == 0) added = kept;
  for (let left = count; left > 0; left -= 2, u += 16, kept += 16, added += 16)
    storeFirst64(u, madd64(v128.load(u), v128.load(kept), f64x2.mul(v128.load(added), b)), left);
}
