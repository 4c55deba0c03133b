// Passes over a row of float64 logits, as those of `row32.ts`; sums are compensated between blocks.
import { firstOf64, storeFirst64, sumOfLanes64 } from '../shared/lanes';
import { madd64 } from '../shared/madd';
import { CONSTANTS, HEADROOM, LARGEST_GAP, LARGEST_UNSHIFTED, LOG2E, MAGIC, poly } from './exponential64';
import { addToRest, addToTop, distance, rest, setOwn, setShift } from './state';

const STATE: usize = memory.data(96, 16);

// Numbers of a block: 512 bytes.
const BLOCK: i32 = 64;
// Rows that need no look at the largest logit span 763 at most, less than `LARGEST_GAP`: both ways give the same bits.
const LOWEST: f64 = -600;
const HIGHEST: f64 = 500;
const LARGEST_USUAL: f64 = 1400;
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
    const z = v128.bitselect(v128.load(to + distance), v128.load(STATE, 80), firstOf64(1));
    const t = madd64(z, log2e, magic);
    const n = f64x2.sub(t, magic);
    low = f64x2.pmin(low, t);
    high = f64x2.pmax(high, t);
    const e = i64x2.add(poly(madd64(n, ln2Low, madd64(n, ln2High, z))), i64x2.shl(t, 52));
    storeFirst64(to, e, 1);
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
    storeFirst64(to, v128.and(e, f64x2.ge(z, threshold)), left);
  }
  return sumBlock(at, count);
}

function sumBlock(at: usize, count: i32): f64 {
  let sum = f64x2.splat(0);
  const end = at + ((count & ~7) << 3);
  while (at < end) {
    const e01 = f64x2.add(v128.load(at), v128.load(at, 16));
    sum = f64x2.add(sum, f64x2.add(e01, f64x2.add(v128.load(at, 32), v128.load(at, 48))));
    at += 64;
  }
  for (let left = count & 7; left > 0; left -= 2) {
    sum = f64x2.add(sum, v128.and(v128.load(at), firstOf64(left)));
    at += 16;
  }
  return sumOfLanes64(sum);
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
    const z = v128.bitselect(v128.load(at), f64x2.splat(-Infinity), firstOf64(count));
    largest = f64x2.pmax(largest, z);
    ordered = v128.and(ordered, f64x2.eq(z, z));
  }
  const a = f64x2.extract_lane(largest, 0);
  const b = f64x2.extract_lane(largest, 1);
  addToTop(a > b ? a : b, !i32x4.all_true(ordered));
}
