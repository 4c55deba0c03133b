// Passes over a row of float32 logits: logits become exponentials, in place or `distance` away (`exponential32.ts`), which
// `scale32.ts` makes the gradient. The shift k of the row is folded into the number that is added to round, so that it costs
// nothing and rounds nothing; it is even, since half-way cases go to even sums: n, and with it every bit of the mantissa, does
// not depend on it.
import { firstOf32, storeFirst32, sumOfLanes64, upperHalf } from '../shared/lanes';
import { madd32 } from '../shared/madd';
import { CONSTANTS, HALF_LOG2E, HEADROOM, LARGEST_GAP, LARGEST_UNSHIFTED, MAGIC, poly, reduce } from './exponential32';
import { addToGaps, addToRest, addToTop, distance, setOwn, setShift, vector, wideVector } from './state';
import { sumBlock } from './sum-block32';
import { weighBlock } from './weigh-block32';

const STATE: usize = memory.data(96, 16);

const MAGIC_BITS: i32 = 0x4b400000;

// Numbers of a block: 512 bytes. Only the block with the label is summed twice.
const BLOCK: i32 = 128;
// Within them no exponential is denormal, and 250,000 do not overflow.
const LOWEST: i32 = MAGIC_BITS - 124;
const HIGHEST: i32 = MAGIC_BITS + 60;
// A label's logit whose row may need no look at the largest: others lie at most 86 below or 42 above it.
const LARGEST_USUAL: f32 = 172;
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
    const mask = firstOf32(left);
    // A lane past the end becomes the label's logit, which is in range.
    const z = v128.bitselect(v128.load(from), v128.load(STATE, 80), mask);
    const t = madd32(z, log2e, magic);
    const r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
    low = i32x4.min_s(low, t);
    high = i32x4.max_s(high, t);
    const e = i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23));
    storeFirst32(at, e, left);
    const kept = v128.and(e, mask);
    sumA = f64x2.add(sumA, f64x2.promote_low_f32x4(kept));
    sumB = f64x2.add(sumB, f64x2.promote_low_f32x4(upperHalf(kept)));
    at += 16;
    from += 16;
  }
  v128.store(STATE, low, 16);
  v128.store(STATE, high, 32);
  return sumOfLanes64(f64x2.add(sumA, sumB));
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
    storeFirst32(end, v128.and(e, f32x4.ge(z, threshold)), count & 3);
  }
  return sumBlock(at, count);
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
    const z = v128.bitselect(v128.load(at), f32x4.splat(-Infinity), firstOf32(count & 3));
    largest = f32x4.pmax(largest, z);
    ordered = v128.and(ordered, f32x4.eq(z, z));
  }
  const pairs = f32x4.pmax(largest, upperHalf(largest));
  const a = f32x4.extract_lane(pairs, 0);
  const b = f32x4.extract_lane(pairs, 1);
  addToTop(a > b ? a : b, !i32x4.all_true(ordered));
}
