// Rows of two float64 logits, two at a time (`two-classes32.ts` has the formulas).
import { log1p64x2 } from '../shared/log1p';
import { madd64 } from '../shared/madd';
import { CONSTANTS, MAGIC, poly } from './exponential64';
import { keep, losses, masses, scale, times } from './short-rows';

// exp(D) is not normal below it, and taken as 0.
const LOWEST: f64 = -708.3964185322641;

// Runs the rows from `row` to `end - 1`; returns the first with a NaN, an infinite logit or none that is finite, or `end`.
export function runPairs64(logits: usize, gradient: usize, row: i32, end: i32, labels: usize): i32 {
  for (; row < end; row += 2) {
    const rows = min(2, end - row);
    const bad = runTwo(logits, gradient, row, rows, labels + ((<usize>row) << 2));
    if (bad == rows) continue;
    if (bad > 0) runTwo(logits, gradient, row, bad, labels + ((<usize>row) << 2));
    return row + bad;
  }
  return end;
}

function runTwo(logits: usize, gradient: usize, row: i32, rows: i32, labels: usize): i32 {
  const at = (<usize>row) << 4;
  const atMass = (<usize>row) << 3;
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const z0 = v128.load(logits + at);
  const z1 = v128.load(logits + at, 16);
  const first = i64x2.shuffle(z0, z1, 0, 2);
  const second = i64x2.shuffle(z0, z1, 1, 3);
  const isSecond = i64x2.ne(i64x2.extend_low_i32x4_u(v128.load64_zero(labels)), zero);
  let other = v128.bitselect(first, second, isSecond);
  let own = v128.bitselect(second, first, isSecond);
  if (keep != 0) {
    const kept = keptOf64(keep + row, 1);
    other = v128.and(other, kept);
    own = v128.and(own, kept);
  }
  const d = f64x2.sub(other, own);
  // What rounding took from the difference, by two-sum.
  const virtual = f64x2.sub(d, other);
  let low = f64x2.sub(f64x2.sub(other, f64x2.sub(d, virtual)), f64x2.add(own, virtual));
  const infinite = f64x2.splat(Infinity);
  const isLarge = v128.not(f64x2.lt(f64x2.abs(d), infinite));
  if (v128.any_true(isLarge)) {
    const right = v128.and(f64x2.lt(other, infinite), f64x2.lt(own, infinite));
    const wrong = i64x2.bitmask(v128.not(v128.and(right, f64x2.eq(d, d))));
    const bad = wrong == 0 ? rows : min(rows, ctz(wrong));
    if (bad < rows) return bad;
    low = v128.andnot(low, isLarge);
  }
  const sign = f64x2.splat(-0.0);
  const x = v128.or(d, sign);
  const magic = f64x2.splat(MAGIC);
  const t = madd64(x, v128.load64_splat(CONSTANTS), magic);
  const n = f64x2.sub(t, magic);
  const near = madd64(n, v128.load64_splat(CONSTANTS, 8), x);
  const tail = madd64(n, v128.load64_splat(CONSTANTS, 16), v128.xor(low, v128.andnot(sign, d)));
  const power = i64x2.add(poly(f64x2.add(near, tail)), i64x2.shl(t, 52));
  const q = v128.and(power, f64x2.ge(x, f64x2.splat(LOWEST)));
  const cost = f64x2.add(f64x2.pmax(zero, d), log1p64x2(q));
  const mass = v128.load(masses + atMass);
  v128.store(losses + atMass, times(mass, cost));
  if (gradient == 0) return rows;
  const share = f64x2.div(v128.bitselect(q, one, i64x2.shr_s(d, 63)), f64x2.add(one, q));
  const ofOther = f64x2.mul(f64x2.mul(mass, f64x2.splat(scale)), share);
  const ofLabel = f64x2.sub(zero, ofOther);
  const ofFirst = v128.bitselect(ofOther, ofLabel, isSecond);
  const ofSecond = v128.bitselect(ofLabel, ofOther, isSecond);
  v128.store(gradient + at, i64x2.shuffle(ofFirst, ofSecond, 0, 2));
  if (rows > 1) v128.store(gradient + at, i64x2.shuffle(ofFirst, ofSecond, 1, 3), 16);
  return rows;
}

// Ones in the lanes of rows that count: nothing of the others is read. A lane past the last repeats it.
export function keptOf64(at: usize, last: i32): v128 {
  const kept = i64x2.replace_lane(i64x2.splat(load<u8>(at)), 1, load<u8>(at + last));
  return i64x2.ne(kept, i64x2.splat(0));
}
