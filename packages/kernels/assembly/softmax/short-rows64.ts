// Rows of up to 47 float64 logits, two at a time (`short-rows.ts`).
import { log1p64x2 } from '../shared/log1p';
import { madd64 } from '../shared/madd';
import { CONSTANTS, HEADROOM, LARGEST_GAP, LARGEST_UNSHIFTED, LOG2E, MAGIC, poly } from './exponential64';
import { keptOf64, runPairs64 } from './two-classes64';
import {
  keep,
  LANES,
  losses,
  lossOfSpread,
  masses,
  ofLabels,
  scale,
  spreads,
  times,
  vector,
  vectorMass,
} from './short-rows';

// The two rows at hand.
let row0: usize = 0;
let row1: usize = 0;

// Runs the rows from `row` to `end - 1`; returns the first whose largest logit is no number, or `end`.
export function runRows64(logits: usize, gradient: usize, classes: i32, row: i32, end: i32, labels: usize): i32 {
  if (classes == 2 && vector == 0) return runPairs64(logits, gradient, row, end, labels);
  for (; row < end; row += 2) {
    const rows = min(2, end - row);
    const bad = runTwo(logits, gradient, classes, row, rows, labels + ((<usize>row) << 2));
    if (bad == rows) continue;
    if (bad > 0) runTwo(logits, gradient, classes, row, 1, labels + ((<usize>row) << 2));
    return row + bad;
  }
  return end;
}

// Runs up to two rows; the lane of one that is not there repeats the other. Returns the first row that is wrong, in which case
// nothing is written, or `rows`.
function runTwo(logits: usize, gradient: usize, classes: i32, row: i32, rows: i32, labels: usize): i32 {
  const size = (<usize>classes) << 3;
  const last = rows - 1;
  setRows(logits + <usize>row * size, size, last);
  const y0 = load<u32>(labels) << 3;
  const y1 = load<u32>(labels + (last << 2)) << 3;
  const top = transpose(size, keep == 0 ? i64x2.splat(-1) : keptOf64(keep + row, last));
  const wrong = i64x2.bitmask(v128.not(f64x2.lt(f64x2.abs(top), f64x2.splat(Infinity))));
  const bad = wrong == 0 ? rows : min(rows, ctz(wrong));
  if (bad < rows) return bad;
  const z = gather(LANES + (y0 << 1), LANES + (y1 << 1) + 8);
  const gaps = vector == 0 ? z : weigh(size, top);
  const ofTop = exponentiate(size, top);
  const rest = sum(size, ofTop);
  const total = f64x2.add(rest, ofTop);
  const cost = log1p64x2(f64x2.div(rest, ofTop));
  const at = (<usize>row) << 3;
  const mass = v128.load(masses + at);
  let loss = times(mass, f64x2.add(f64x2.sub(top, z), cost));
  if (vector != 0) loss = f64x2.add(loss, lossOfSpread(v128.load(spreads + at), cost, gaps));
  v128.store(losses + at, loss);
  if (gradient == 0) return rows;
  const own = gather(LANES + (y0 << 1), LANES + (y1 << 1) + 8);
  // All others' exponentials: where the label's is the largest, no difference.
  const others = v128.bitselect(rest, f64x2.sub(total, own), f64x2.eq(own, ofTop));
  const pull = f64x2.mul(mass, f64x2.splat(scale));
  let factor = pull;
  let ofLabel = f64x2.neg(f64x2.mul(pull, others));
  let ofVector = pull;
  if (vector != 0) {
    ofVector = f64x2.mul(v128.load(spreads + at), f64x2.splat(scale));
    factor = f64x2.add(pull, f64x2.mul(ofVector, f64x2.splat(vectorMass)));
    ofLabel = ofLabels(pull, ofVector, gather(vector + y0, vector + y1), others, own);
  }
  setRows(gradient + <usize>row * size, size, last);
  const inverse = f64x2.div(f64x2.splat(1), total);
  writeRows(size, factor, inverse, ofVector);
  ofLabel = f64x2.mul(ofLabel, inverse);
  // No -0.
  const label = v128.andnot(ofLabel, f64x2.eq(ofLabel, f64x2.splat(0)));
  v128.store64_lane(row1 + y1, label, 1);
  v128.store64_lane(row0 + y0, label, 0);
  return rows;
}

function setRows(at: usize, size: usize, last: i32): void {
  row0 = at;
  row1 = at + size * last;
}

function gather(at0: usize, at1: usize): v128 {
  return v128.load64_lane(at1, v128.load64_zero(at0), 1);
}

// Two rows of logits into lanes; returns their largest, NaN where there is one.
function transpose(size: usize, kept: v128): v128 {
  let top = f64x2.splat(-Infinity);
  let ordered = i32x4.splat(-1);
  for (let from: usize = 0; from < size; from += 8) {
    const z = v128.and(kept, gather(row0 + from, row1 + from));
    top = f64x2.pmax(top, z);
    ordered = v128.and(ordered, f64x2.eq(z, z));
    v128.store(LANES + (from << 1), z);
  }
  return v128.bitselect(top, f64x2.splat(NaN), ordered);
}

// The sums of v_c (m - z_c). A class without mass adds nothing even where its logit is -Infinity.
function weigh(size: usize, top: v128): v128 {
  const zero = f64x2.splat(0);
  let sum = zero;
  let lost = zero;
  for (let at: usize = 0; at < size; at += 8) {
    const v = v128.load64_splat(vector + at);
    const gap = v128.and(f64x2.sub(top, v128.load(LANES + (at << 1))), f64x2.ne(v, zero));
    const term = f64x2.mul(gap, v);
    const next = f64x2.add(sum, term);
    const added = f64x2.sub(next, sum);
    lost = f64x2.add(lost, f64x2.sub(term, added));
    sum = next;
  }
  // An infinite sum has lost no number.
  return f64x2.add(sum, v128.and(lost, f64x2.eq(lost, lost)));
}

// Exponentials of both lanes, each shifted by its largest logit; returns the largest of each.
function exponentiate(size: usize, top: v128): v128 {
  const base = v128.and(top, f64x2.gt(f64x2.abs(top), f64x2.splat(LARGEST_UNSHIFTED)));
  const shiftedTop = f64x2.sub(top, base);
  const threshold = f64x2.sub(shiftedTop, f64x2.splat(LARGEST_GAP));
  const half = f64x2.nearest(f64x2.mul(shiftedTop, f64x2.splat(LOG2E / 2)));
  const magic = f64x2.sub(f64x2.splat(MAGIC + HEADROOM), f64x2.add(half, half));
  let largest = f64x2.splat(0);
  const end = LANES + (size << 1);
  for (let at = LANES; at < end; at += 16) {
    const z = f64x2.sub(v128.load(at), base);
    const t = madd64(z, v128.load64_splat(CONSTANTS), magic);
    const n = f64x2.sub(t, magic);
    const near = madd64(n, v128.load64_splat(CONSTANTS, 8), z);
    const e = i64x2.add(poly(madd64(n, v128.load64_splat(CONSTANTS, 16), near)), i64x2.shl(t, 52));
    const kept = v128.and(e, f64x2.ge(z, threshold));
    v128.store(at, kept);
    largest = f64x2.pmax(largest, kept);
  }
  return largest;
}

// The sums of the exponentials without one that is the largest: four side by side, of at most twelve numbers each, since in one or
// two the roundings of 47 numbers come to five units.
function sum(size: usize, ofTop: v128): v128 {
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  // How many are as large, but one.
  let ties = i64x2.splat(-1);
  let at = LANES;
  for (const end = LANES + ((size & ~31) << 1); at < end; at += 64) {
    const e0 = v128.load(at);
    const e1 = v128.load(at, 16);
    const e2 = v128.load(at, 32);
    const e3 = v128.load(at, 48);
    const is0 = f64x2.eq(e0, ofTop);
    const is1 = f64x2.eq(e1, ofTop);
    const is2 = f64x2.eq(e2, ofTop);
    const is3 = f64x2.eq(e3, ofTop);
    ties = i64x2.sub(ties, i64x2.add(i64x2.add(is0, is1), i64x2.add(is2, is3)));
    a = f64x2.add(a, v128.andnot(e0, is0));
    b = f64x2.add(b, v128.andnot(e1, is1));
    c = f64x2.add(c, v128.andnot(e2, is2));
    d = f64x2.add(d, v128.andnot(e3, is3));
  }
  // What is left goes to each in turn.
  for (const end = LANES + (size << 1); at < end; at += 16) {
    const e = v128.load(at);
    const is = f64x2.eq(e, ofTop);
    ties = i64x2.sub(ties, is);
    const next = f64x2.add(a, v128.andnot(e, is));
    a = b;
    b = c;
    c = next;
  }
  const count = f64x2.convert_low_i32x4_s(i32x4.shuffle(ties, ties, 0, 2, 0, 2));
  return f64x2.add(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)), f64x2.mul(count, ofTop));
}

// Exponentials of both lanes by G |u| / total, less v, back into rows. Where G |u| is so small that the quotient could lose digits,
// one by one.
function writeRows(size: usize, factor: v128, inverse: v128, pull: v128): void {
  const one = f64x2.splat(1);
  const isSmall = f64x2.lt(factor, f64x2.splat(3.872591914849318e-121)); // 2^-400
  const first = f64x2.mul(v128.bitselect(one, factor, isSmall), inverse);
  const second = v128.bitselect(factor, one, isSmall);
  for (let at: usize = 0; at < size; at += 8) {
    let e = f64x2.mul(f64x2.mul(v128.load(LANES + (at << 1)), first), second);
    if (vector != 0) e = f64x2.sub(e, f64x2.mul(v128.load64_splat(vector + at), pull));
    // The lane of a row that is not there writes before the other.
    v128.store64_lane(row1 + at, e, 1);
    v128.store64_lane(row0 + at, e, 0);
  }
}
