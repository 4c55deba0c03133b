// Rows of two float32 logits, four at a time, with one exponential each. With D the other's logit less the label's:
//
//     loss = d max(D, 0) + d log1p(q),   q = exp(-|D|)
//     gradient of the other = G d p,   p = 1 / (1 + q) for D > 0, else q / (1 + q);   gradient of the label = -G d p
import { demote, storeFirst32, upperHalf } from '../shared/lanes';
import { log1p32x4 } from '../shared/log1p32';
import { madd32 } from '../shared/madd';
import { CONSTANTS, MAGIC, poly, reduce } from './exponential32';
import { keep, LANES, losses, masses, scale, times } from './short-rows';

// Beyond it D may be infinite where no logit is.
const LARGEST: f32 = 1e38;
// exp(D) is not normal below it, and taken as 0.
const LOWEST: f32 = -87.33654;

// Between the two loops, of which each has constants of its own and no operation waits for the whole of a row: D and q of so many
// rows, where longer rows have their lanes.
const ROWS: i32 = 256;
const DIFFERENCES: usize = LANES;
const EXPONENTIALS: usize = LANES + 1024;

// Runs the rows from `row` to `end - 1`; returns the first with a NaN, an infinite logit or none that is finite, or `end`.
export function runPairs32(logits: usize, gradient: usize, row: i32, end: i32, labels: usize): i32 {
  while (row < end) {
    const last = min(row + ROWS, end);
    const sound = exponentiatePairs(logits, row, last, labels);
    finishPairs(gradient, row, sound, labels);
    if (sound < last) return sound;
    row = last;
  }
  return end;
}

// D and q of the rows; returns the first that is wrong, or `end`.
function exponentiatePairs(logits: usize, row: i32, end: i32, labels: usize): i32 {
  const log2e = v128.load32_splat(CONSTANTS);
  const ln2High = v128.load32_splat(CONSTANTS, 4);
  const ln2Low = v128.load32_splat(CONSTANTS, 8);
  const c2 = v128.load32_splat(CONSTANTS, 12);
  const c3 = v128.load32_splat(CONSTANTS, 16);
  const c4 = v128.load32_splat(CONSTANTS, 20);
  const c5 = v128.load32_splat(CONSTANTS, 24);
  const c6 = v128.load32_splat(CONSTANTS, 28);
  const one = v128.load32_splat(CONSTANTS, 32);
  const magic = f32x4.splat(MAGIC);
  const sign = f32x4.splat(-0.0);
  const lowest = f32x4.splat(LOWEST);
  const largest = f32x4.splat(LARGEST);
  for (let to: usize = 0; row < end; row += 4, to += 16) {
    const from = logits + ((<usize>row) << 3);
    const z01 = v128.load(from);
    const z23 = v128.load(from, 16);
    const first = i32x4.shuffle(z01, z23, 0, 2, 4, 6);
    const second = i32x4.shuffle(z01, z23, 1, 3, 5, 7);
    const isSecond = i32x4.ne(load4(labels, row), i32x4.splat(0));
    let other = v128.bitselect(first, second, isSecond);
    let own = v128.bitselect(second, first, isSecond);
    if (keep != 0) {
      const kept = keptOf32(keep + row, 3);
      other = v128.and(other, kept);
      own = v128.and(own, kept);
    }
    const d = f32x4.sub(other, own);
    // What rounding took from the difference, by two-sum.
    const virtual = f32x4.sub(d, other);
    let low = f32x4.sub(f32x4.sub(other, f32x4.sub(d, virtual)), f32x4.add(own, virtual));
    const isLarge = v128.not(f32x4.lt(f32x4.abs(d), largest));
    if (v128.any_true(isLarge)) {
      const infinite = f32x4.splat(Infinity);
      const right = v128.and(f32x4.lt(other, infinite), f32x4.lt(own, infinite));
      const wrong = i32x4.bitmask(v128.not(v128.and(right, f32x4.eq(d, d))));
      if (wrong != 0 && row + ctz(wrong) < end) {
        end = row + ctz(wrong);
        if (end == row) return end;
      }
      low = v128.andnot(low, isLarge);
      // As float64, for the second loop.
      const wide = losses + ((<usize>row) << 3);
      v128.store(wide, differenceOf(other, own));
      v128.store(wide, differenceOf(upperHalf(other), upperHalf(own)), 16);
    }
    const x = v128.or(d, sign);
    const t = madd32(x, log2e, magic);
    const near = reduce(x, f32x4.sub(t, magic), ln2High, ln2Low);
    const r = f32x4.add(near, v128.xor(low, v128.andnot(sign, d)));
    const p = poly(r, c2, c3, c4, c5, c6, one);
    v128.store(DIFFERENCES + to, d);
    v128.store(EXPONENTIALS + to, v128.and(i32x4.add(p, i32x4.shl(t, 23)), f32x4.ge(x, lowest)));
  }
  return end;
}

// Losses and gradient of rows whose D and q are there.
function finishPairs(gradient: usize, row: i32, end: i32, labels: usize): void {
  const one = v128.load32_splat(CONSTANTS, 32);
  const zero = f32x4.splat(0);
  const largest = f32x4.splat(LARGEST);
  const wide = f64x2.splat(scale);
  for (let from: usize = 0; row < end; row += 4, from += 16) {
    const at = (<usize>row) << 3;
    const d = v128.load(DIFFERENCES + from);
    const q = v128.load(EXPONENTIALS + from);
    const cost = f32x4.add(f32x4.pmax(zero, d), log1p32x4(q));
    let costA = f64x2.promote_low_f32x4(cost);
    let costB = f64x2.promote_low_f32x4(upperHalf(cost));
    const isSecond = i32x4.ne(load4(labels, row), zero);
    const far = f32x4.ge(d, largest);
    if (v128.any_true(far)) {
      costA = v128.bitselect(v128.load(losses + at), costA, i64x2.extend_low_i32x4_s(far));
      costB = v128.bitselect(v128.load(losses + at, 16), costB, i64x2.extend_high_i32x4_s(far));
    }
    const massA = v128.load(masses + at);
    const massB = v128.load(masses + at, 16);
    v128.store(losses + at, times(massA, costA));
    v128.store(losses + at, times(massB, costB), 16);
    if (gradient == 0) continue;
    const share = f32x4.div(v128.bitselect(q, one, i32x4.shr_s(d, 31)), f32x4.add(one, q));
    const pullA = f64x2.mul(f64x2.mul(massA, wide), f64x2.promote_low_f32x4(share));
    const pullB = f64x2.mul(f64x2.mul(massB, wide), f64x2.promote_low_f32x4(upperHalf(share)));
    const ofOther = demote(pullA, pullB);
    const ofLabel = f32x4.sub(zero, ofOther);
    const ofFirst = v128.bitselect(ofOther, ofLabel, isSecond);
    const ofSecond = v128.bitselect(ofLabel, ofOther, isSecond);
    const to = gradient + at;
    const left = end - row;
    storeFirst32(to, i32x4.shuffle(ofFirst, ofSecond, 0, 4, 1, 5), 2 * left);
    if (left > 2) storeFirst32(to + 16, i32x4.shuffle(ofFirst, ofSecond, 2, 6, 3, 7), 2 * left - 4);
  }
}

function load4(labels: usize, row: i32): v128 {
  return v128.load(labels + ((<usize>row) << 2));
}

function differenceOf(other: v128, own: v128): v128 {
  return f64x2.sub(f64x2.promote_low_f32x4(other), f64x2.promote_low_f32x4(own));
}

// Ones in the lanes of rows that count: nothing of the others is read. Lanes past the last repeat it.
export function keptOf32(at: usize, last: i32): v128 {
  let kept = i32x4.splat(load<u8>(at));
  kept = i32x4.replace_lane(kept, 1, load<u8>(at + min(1, last)));
  kept = i32x4.replace_lane(kept, 2, load<u8>(at + min(2, last)));
  kept = i32x4.replace_lane(kept, 3, load<u8>(at + min(3, last)));
  return i32x4.ne(kept, i32x4.splat(0));
}
