// Rows of two float32 logits, four at a time, with one exponential each. With D the other's logit less the label's:
//
//     loss = d max(D, 0) + d log1p(q),   q = exp(-|D|)
//     gradient of the other = G d p,   p = 1 / (1 + q) for D > 0, else q / (1 + q);   gradient of the label = -G d p
import { upperHalf } from '../shared/lanes';
import { log1p32x4 } from '../shared/log1p32';
import { madd32 } from '../shared/madd';
import { CONSTANTS, MAGIC, poly, reduce } from './exponential32';
import { keep, losses, masses, scale, times } from './short-rows';

// Beyond it D may be infinite where no logit is.
const LARGEST: f32 = 1e38;
// exp(D) is not normal below it, and taken as 0.
const LOWEST: f32 = -87.33654;

// Runs the rows from `row` to `end - 1`; returns the first with a NaN, an infinite logit or none that is finite, or `end`.
export function runPairs32(logits: usize, gradient: usize, row: i32, end: i32, labels: usize): i32 {
  for (; row < end; row += 4) {
    const rows = min(4, end - row);
    const bad = runFour(logits, gradient, row, rows, load4(labels, row));
    if (bad == rows) continue;
    if (bad > 0) runFour(logits, gradient, row, bad, load4(labels, row));
    return row + bad;
  }
  return end;
}

function load4(labels: usize, row: i32): v128 {
  return v128.load(labels + ((<usize>row) << 2));
}

function runFour(logits: usize, gradient: usize, row: i32, rows: i32, label: v128): i32 {
  const at = (<usize>row) << 3;
  const one = v128.load32_splat(CONSTANTS, 32);
  const zero = f32x4.splat(0);
  const z01 = v128.load(logits + at);
  const z23 = v128.load(logits + at, 16);
  const first = i32x4.shuffle(z01, z23, 0, 2, 4, 6);
  const second = i32x4.shuffle(z01, z23, 1, 3, 5, 7);
  const isSecond = i32x4.ne(label, zero);
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
  const isLarge = v128.not(f32x4.lt(f32x4.abs(d), f32x4.splat(LARGEST)));
  const anyLarge = v128.any_true(isLarge);
  if (anyLarge) {
    const infinite = f32x4.splat(Infinity);
    const right = v128.and(f32x4.lt(other, infinite), f32x4.lt(own, infinite));
    const wrong = i32x4.bitmask(v128.not(v128.and(right, f32x4.eq(d, d))));
    const bad = wrong == 0 ? rows : min(rows, ctz(wrong));
    if (bad < rows) return bad;
    low = v128.andnot(low, isLarge);
  }
  const sign = f32x4.splat(-0.0);
  const x = v128.or(d, sign);
  const magic = f32x4.splat(MAGIC);
  const t = madd32(x, v128.load32_splat(CONSTANTS), magic);
  const near = reduce(x, f32x4.sub(t, magic), v128.load32_splat(CONSTANTS, 4), v128.load32_splat(CONSTANTS, 8));
  const r = f32x4.add(near, v128.xor(low, v128.andnot(sign, d)));
  const p = poly(
    r,
    v128.load32_splat(CONSTANTS, 12),
    v128.load32_splat(CONSTANTS, 16),
    v128.load32_splat(CONSTANTS, 20),
    v128.load32_splat(CONSTANTS, 24),
    v128.load32_splat(CONSTANTS, 28),
    one,
  );
  const q = v128.and(i32x4.add(p, i32x4.shl(t, 23)), f32x4.ge(x, f32x4.splat(LOWEST)));
  const cost = f32x4.add(f32x4.pmax(zero, d), log1p32x4(q));
  let costA = f64x2.promote_low_f32x4(cost);
  let costB = f64x2.promote_low_f32x4(upperHalf(cost));
  if (anyLarge) {
    const far = v128.and(isLarge, f32x4.gt(d, zero));
    const last = i32x4.shr_s(far, 31);
    costA = v128.bitselect(differenceOf(other, own), costA, i64x2.extend_low_i32x4_s(last));
    costB = v128.bitselect(differenceOf(upperHalf(other), upperHalf(own)), costB, i64x2.extend_high_i32x4_s(last));
  }
  const massA = v128.load(masses + at);
  const massB = v128.load(masses + at, 16);
  v128.store(losses + at, times(massA, costA));
  v128.store(losses + at, times(massB, costB), 16);
  if (gradient == 0) return rows;
  const share = f32x4.div(v128.bitselect(q, one, i32x4.shr_s(d, 31)), f32x4.add(one, q));
  const wide = f64x2.splat(scale);
  const pullA = f64x2.mul(f64x2.mul(massA, wide), f64x2.promote_low_f32x4(share));
  const pullB = f64x2.mul(f64x2.mul(massB, wide), f64x2.promote_low_f32x4(upperHalf(share)));
  const ofOther = i64x2.shuffle(f32x4.demote_f64x2_zero(pullA), f32x4.demote_f64x2_zero(pullB), 0, 2);
  const ofLabel = f32x4.sub(zero, ofOther);
  const ofFirst = v128.bitselect(ofOther, ofLabel, isSecond);
  const ofSecond = v128.bitselect(ofLabel, ofOther, isSecond);
  const to = gradient + at;
  const g01 = i32x4.shuffle(ofFirst, ofSecond, 0, 4, 1, 5);
  const g23 = i32x4.shuffle(ofFirst, ofSecond, 2, 6, 3, 7);
  if (rows > 1) v128.store(to, g01);
  else v128.store64_lane(to, g01, 0);
  if (rows > 3) v128.store(to, g23, 16);
  else if (rows > 2) v128.store64_lane(to, g23, 0, 16);
  return rows;
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
