// Rows of up to 255 float32 logits, four at a time (`short-rows.ts`).
import { log1p32x4 } from '../shared/log1p32';
import { madd32 } from '../shared/madd';
import {
  CONSTANTS,
  HALF_LOG2E,
  HEADROOM,
  LARGEST_GAP,
  LARGEST_UNSHIFTED,
  MAGIC,
  poly,
  reduce,
  upperHalf,
} from './row32';
import { keptOf32, runPairs32 } from './two-classes32';
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

// The sums of v_c (m - z_c) of four rows.
const GAPS: usize = memory.data(32, 16);

// The four rows at hand.
let row0: usize = 0;
let row1: usize = 0;
let row2: usize = 0;
let row3: usize = 0;

// Runs the rows from `row` to `end - 1`; returns the first whose largest logit is no number, or `end`.
export function runRows32(logits: usize, gradient: usize, classes: i32, row: i32, end: i32, labels: usize): i32 {
  if (classes == 2 && vector == 0) return runPairs32(logits, gradient, row, end, labels);
  for (; row < end; row += 4) {
    const rows = min(4, end - row);
    const bad = runFour(logits, gradient, classes, row, rows, labels + ((<usize>row) << 2));
    if (bad == rows) continue;
    if (bad > 0) runFour(logits, gradient, classes, row, bad, labels + ((<usize>row) << 2));
    return row + bad;
  }
  return end;
}

// Runs up to four rows; the lanes of those that are not there repeat the last. Returns the first row that is wrong, in which
// case nothing is written, or `rows`.
function runFour(logits: usize, gradient: usize, classes: i32, row: i32, rows: i32, labels: usize): i32 {
  const size = (<usize>classes) << 2;
  const last = rows - 1;
  setRows(logits + <usize>row * size, size, last);
  const y0 = load<u32>(labels) << 2;
  const y1 = load<u32>(labels + (min(1, last) << 2)) << 2;
  const y2 = load<u32>(labels + (min(2, last) << 2)) << 2;
  const y3 = load<u32>(labels + (min(3, last) << 2)) << 2;
  const top = transpose(size, keep == 0 ? i32x4.splat(-1) : keptOf32(keep + row, last));
  const wrong = i32x4.bitmask(v128.not(f32x4.lt(f32x4.abs(top), f32x4.splat(Infinity))));
  const bad = wrong == 0 ? rows : min(rows, ctz(wrong));
  if (bad < rows) return bad;
  const z = gather(LANES + (y0 << 2), LANES + (y1 << 2) + 4, LANES + (y2 << 2) + 8, LANES + (y3 << 2) + 12);
  if (vector != 0) weigh(size, top);
  const ofTop = exponentiate(size, top);
  // The sums of the exponentials without one that is the largest: four classes pairwise in float32, the rest in float64.
  let restA = f64x2.splat(0);
  let restB = f64x2.splat(0);
  // How many are as large, but one.
  let ties = i32x4.splat(-1);
  let from = LANES;
  for (const end = LANES + ((size & ~15) << 2); from < end; from += 64) {
    const e0 = v128.load(from);
    const e1 = v128.load(from, 16);
    const e2 = v128.load(from, 32);
    const e3 = v128.load(from, 48);
    const is0 = f32x4.eq(e0, ofTop);
    const is1 = f32x4.eq(e1, ofTop);
    const is2 = f32x4.eq(e2, ofTop);
    const is3 = f32x4.eq(e3, ofTop);
    ties = i32x4.sub(ties, i32x4.add(i32x4.add(is0, is1), i32x4.add(is2, is3)));
    const e01 = f32x4.add(v128.andnot(e0, is0), v128.andnot(e1, is1));
    const e = f32x4.add(e01, f32x4.add(v128.andnot(e2, is2), v128.andnot(e3, is3)));
    restA = f64x2.add(restA, f64x2.promote_low_f32x4(e));
    restB = f64x2.add(restB, f64x2.promote_low_f32x4(upperHalf(e)));
  }
  for (const end = LANES + (size << 2); from < end; from += 16) {
    const e0 = v128.load(from);
    const is0 = f32x4.eq(e0, ofTop);
    ties = i32x4.sub(ties, is0);
    const e = v128.andnot(e0, is0);
    restA = f64x2.add(restA, f64x2.promote_low_f32x4(e));
    restB = f64x2.add(restB, f64x2.promote_low_f32x4(upperHalf(e)));
  }
  const topA = f64x2.promote_low_f32x4(ofTop);
  const topB = f64x2.promote_low_f32x4(upperHalf(ofTop));
  restA = f64x2.add(restA, f64x2.mul(f64x2.convert_low_i32x4_s(ties), topA));
  restB = f64x2.add(restB, f64x2.mul(f64x2.convert_low_i32x4_s(upperHalf(ties)), topB));
  const totalA = f64x2.add(restA, topA);
  const totalB = f64x2.add(restB, topB);
  const inverseA = f64x2.div(f64x2.splat(1), totalA);
  const inverseB = f64x2.div(f64x2.splat(1), totalB);
  const cost = log1p32x4(narrow(f64x2.div(restA, topA), f64x2.div(restB, topB)));
  const costA = f64x2.promote_low_f32x4(cost);
  const costB = f64x2.promote_low_f32x4(upperHalf(cost));
  const at = (<usize>row) << 3;
  const massA = v128.load(masses + at);
  const massB = v128.load(masses + at, 16);
  const gapA = f64x2.sub(f64x2.promote_low_f32x4(top), f64x2.promote_low_f32x4(z));
  const gapB = f64x2.sub(f64x2.promote_low_f32x4(upperHalf(top)), f64x2.promote_low_f32x4(upperHalf(z)));
  let lossA = times(massA, f64x2.add(gapA, costA));
  let lossB = times(massB, f64x2.add(gapB, costB));
  if (vector != 0) {
    lossA = f64x2.add(lossA, lossOfSpread(v128.load(spreads + at), costA, v128.load(GAPS)));
    lossB = f64x2.add(lossB, lossOfSpread(v128.load(spreads + at, 16), costB, v128.load(GAPS, 16)));
  }
  v128.store(losses + at, lossA);
  v128.store(losses + at, lossB, 16);
  if (gradient == 0) return rows;
  const own = gather(LANES + (y0 << 2), LANES + (y1 << 2) + 4, LANES + (y2 << 2) + 8, LANES + (y3 << 2) + 12);
  const ownA = f64x2.promote_low_f32x4(own);
  const ownB = f64x2.promote_low_f32x4(upperHalf(own));
  // All others' exponentials: where the label's is the largest, no difference.
  const othersA = v128.bitselect(restA, f64x2.sub(totalA, ownA), f64x2.eq(ownA, topA));
  const othersB = v128.bitselect(restB, f64x2.sub(totalB, ownB), f64x2.eq(ownB, topB));
  const wide = f64x2.splat(scale);
  const pullA = f64x2.mul(massA, wide);
  const pullB = f64x2.mul(massB, wide);
  let factorA = pullA;
  let factorB = pullB;
  let ofLabelA = f64x2.neg(f64x2.mul(pullA, othersA));
  let ofLabelB = f64x2.neg(f64x2.mul(pullB, othersB));
  let pull = top;
  if (vector != 0) {
    const ofVectorA = f64x2.mul(v128.load(spreads + at), wide);
    const ofVectorB = f64x2.mul(v128.load(spreads + at, 16), wide);
    const v = gather(vector + y0, vector + y1, vector + y2, vector + y3);
    const mass = f64x2.splat(vectorMass);
    factorA = f64x2.add(pullA, f64x2.mul(ofVectorA, mass));
    factorB = f64x2.add(pullB, f64x2.mul(ofVectorB, mass));
    ofLabelA = ofLabels(pullA, ofVectorA, f64x2.promote_low_f32x4(v), othersA, ownA);
    ofLabelB = ofLabels(pullB, ofVectorB, f64x2.promote_low_f32x4(upperHalf(v)), othersB, ownB);
    pull = narrow(ofVectorA, ofVectorB);
  }
  setRows(gradient + <usize>row * size, size, last);
  writeGradient(size, f64x2.mul(factorA, inverseA), f64x2.mul(factorB, inverseB), pull);
  const ofLabel = narrow(f64x2.mul(ofLabelA, inverseA), f64x2.mul(ofLabelB, inverseB));
  // No -0: zero is compared after rounding.
  const label = v128.andnot(ofLabel, f32x4.eq(ofLabel, f32x4.splat(0)));
  // The lane of a row that is not there writes before that of the row it repeats.
  v128.store32_lane(row3 + y3, label, 3);
  v128.store32_lane(row2 + y2, label, 2);
  v128.store32_lane(row1 + y1, label, 1);
  v128.store32_lane(row0 + y0, label, 0);
  return rows;
}

function setRows(at: usize, size: usize, last: i32): void {
  row0 = at;
  row1 = at + size * min(1, last);
  row2 = at + size * min(2, last);
  row3 = at + size * min(3, last);
}

function gather(at0: usize, at1: usize, at2: usize, at3: usize): v128 {
  let v = v128.load32_zero(at0);
  v = v128.load32_lane(at1, v, 1);
  v = v128.load32_lane(at2, v, 2);
  return v128.load32_lane(at3, v, 3);
}

// Four rows of logits into lanes; returns the largest of each, NaN where there is one.
function transpose(size: usize, kept: v128): v128 {
  let top = f32x4.splat(-Infinity);
  let ordered = i32x4.splat(-1);
  let from: usize = 0;
  let to = LANES;
  for (const end = size & ~15; from < end; from += 16) {
    const z0 = v128.load(row0 + from);
    const z1 = v128.load(row1 + from);
    const z2 = v128.load(row2 + from);
    const z3 = v128.load(row3 + from);
    const a = i32x4.shuffle(z0, z1, 0, 4, 1, 5);
    const b = i32x4.shuffle(z2, z3, 0, 4, 1, 5);
    const c = i32x4.shuffle(z0, z1, 2, 6, 3, 7);
    const d = i32x4.shuffle(z2, z3, 2, 6, 3, 7);
    const t0 = v128.and(kept, i64x2.shuffle(a, b, 0, 2));
    const t1 = v128.and(kept, i64x2.shuffle(a, b, 1, 3));
    const t2 = v128.and(kept, i64x2.shuffle(c, d, 0, 2));
    const t3 = v128.and(kept, i64x2.shuffle(c, d, 1, 3));
    v128.store(to, t0);
    v128.store(to, t1, 16);
    v128.store(to, t2, 32);
    v128.store(to, t3, 48);
    to += 64;
    const ordered01 = v128.and(f32x4.eq(t0, t0), f32x4.eq(t1, t1));
    const ordered23 = v128.and(f32x4.eq(t2, t2), f32x4.eq(t3, t3));
    ordered = v128.and(ordered, v128.and(ordered01, ordered23));
    top = f32x4.pmax(top, f32x4.pmax(f32x4.pmax(t0, t1), f32x4.pmax(t2, t3)));
  }
  for (; from < size; from += 4) {
    const z = v128.and(kept, gather(row0 + from, row1 + from, row2 + from, row3 + from));
    v128.store(to, z);
    to += 16;
    top = f32x4.pmax(top, z);
    ordered = v128.and(ordered, f32x4.eq(z, z));
  }
  return v128.bitselect(top, f32x4.splat(NaN), ordered);
}

// The sums of v_c (m - z_c). A class without mass adds nothing even where its logit is -Infinity.
function weigh(size: usize, top: v128): void {
  const zero = f32x4.splat(0);
  let a = f64x2.splat(0);
  let b = a;
  for (let at: usize = 0; at < size; at += 4) {
    const v = v128.load32_splat(vector + at);
    const gap = v128.and(f32x4.sub(top, v128.load(LANES + (at << 2))), f32x4.ne(v, zero));
    const term = f32x4.mul(gap, v);
    a = f64x2.add(a, f64x2.promote_low_f32x4(term));
    b = f64x2.add(b, f64x2.promote_low_f32x4(upperHalf(term)));
  }
  v128.store(GAPS, a);
  v128.store(GAPS, b, 16);
}

// Exponentials of all lanes, each shifted by its largest logit; returns the largest of each.
function exponentiate(size: usize, top: v128): v128 {
  const log2e = v128.load32_splat(CONSTANTS);
  const ln2High = v128.load32_splat(CONSTANTS, 4);
  const ln2Low = v128.load32_splat(CONSTANTS, 8);
  const c2 = v128.load32_splat(CONSTANTS, 12);
  const c3 = v128.load32_splat(CONSTANTS, 16);
  const c4 = v128.load32_splat(CONSTANTS, 20);
  const c5 = v128.load32_splat(CONSTANTS, 24);
  const c6 = v128.load32_splat(CONSTANTS, 28);
  const one = v128.load32_splat(CONSTANTS, 32);
  const base = v128.and(top, f32x4.gt(f32x4.abs(top), f32x4.splat(LARGEST_UNSHIFTED)));
  const shiftedTop = f32x4.sub(top, base);
  const threshold = f32x4.sub(shiftedTop, f32x4.splat(LARGEST_GAP));
  const half = f32x4.nearest(f32x4.mul(shiftedTop, f32x4.splat(HALF_LOG2E)));
  const magic = f32x4.sub(f32x4.splat(<f32>(MAGIC + HEADROOM)), f32x4.add(half, half));
  let largest = f32x4.splat(0);
  const end = LANES + (size << 2);
  for (let at = LANES; at < end; at += 16) {
    const z = f32x4.sub(v128.load(at), base);
    const t = madd32(z, log2e, magic);
    const r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
    const e = i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23));
    const kept = v128.and(e, f32x4.ge(z, threshold));
    v128.store(at, kept);
    largest = f32x4.pmax(largest, kept);
  }
  return largest;
}

// Exponentials of all lanes by their factors, less v, back into rows.
function writeGradient(size: usize, factorA: v128, factorB: v128, ofVector: v128): void {
  const small = f64x2.splat(7.888609052210118e-31); // 2^-100 and 2^100, as in `scale` of row32.ts
  const large = f64x2.splat(1.2676506002282294e30);
  let factor = narrow(factorA, factorB);
  if (v128.any_true(v128.or(isOutside(factorA, small, large), isOutside(factorB, small, large)))) {
    const powerA = halfPower(factorA);
    const powerB = halfPower(factorB);
    multiplyLanes(size, narrow(f64x2.div(factorA, powerA), f64x2.div(factorB, powerB)));
    factor = narrow(powerA, powerB);
  }
  if (vector != 0) {
    pull(size, factor, ofVector);
    factor = f32x4.splat(1);
  }
  writeRows(size, factor);
}

function isOutside(factor: v128, small: v128, large: v128): v128 {
  const outside = v128.or(f64x2.lt(factor, small), f64x2.gt(factor, large));
  return v128.and(outside, f64x2.ne(factor, f64x2.splat(0)));
}

function narrow(a: v128, b: v128): v128 {
  return i64x2.shuffle(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2);
}

// A power of two with half the exponent of each factor.
function halfPower(factor: v128): v128 {
  return f64x2.replace_lane(
    f64x2.splat(halfPowerOf(f64x2.extract_lane(factor, 0))),
    1,
    halfPowerOf(f64x2.extract_lane(factor, 1)),
  );
}

function halfPowerOf(factor: f64): f64 {
  const exponent = i32((reinterpret<u64>(factor) >> 52) & 0x7ff) - 1023;
  return reinterpret<f64>(u64(1023 + max(-126, min(127, exponent >> 1))) << 52);
}

function multiplyLanes(size: usize, factor: v128): void {
  const end = LANES + (size << 2);
  for (let at = LANES; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor));
}

// e_c = e_c factor - pull v_c in place. Not fused: rounding could make -0 of a tiny mass.
function pull(size: usize, factor: v128, pull: v128): void {
  for (let at: usize = 0; at < size; at += 4) {
    const to = LANES + (at << 2);
    const ofTarget = f32x4.mul(v128.load32_splat(vector + at), pull);
    v128.store(to, f32x4.sub(f32x4.mul(v128.load(to), factor), ofTarget));
  }
}

function writeRows(size: usize, factor: v128): void {
  const end = size & ~15;
  let to: usize = 0;
  for (; to < end; to += 16) {
    const from = LANES + (to << 2);
    const e0 = f32x4.mul(v128.load(from), factor);
    const e1 = f32x4.mul(v128.load(from, 16), factor);
    const e2 = f32x4.mul(v128.load(from, 32), factor);
    const e3 = f32x4.mul(v128.load(from, 48), factor);
    const a = i32x4.shuffle(e0, e1, 0, 4, 1, 5);
    const b = i32x4.shuffle(e2, e3, 0, 4, 1, 5);
    const c = i32x4.shuffle(e0, e1, 2, 6, 3, 7);
    const d = i32x4.shuffle(e2, e3, 2, 6, 3, 7);
    v128.store(row3 + to, i64x2.shuffle(c, d, 1, 3));
    v128.store(row2 + to, i64x2.shuffle(c, d, 0, 2));
    v128.store(row1 + to, i64x2.shuffle(a, b, 1, 3));
    v128.store(row0 + to, i64x2.shuffle(a, b, 0, 2));
  }
  for (; to < size; to += 4) {
    const e = f32x4.mul(v128.load(LANES + (to << 2)), factor);
    v128.store32_lane(row3 + to, e, 3);
    v128.store32_lane(row2 + to, e, 2);
    v128.store32_lane(row1 + to, e, 1);
    v128.store32_lane(row0 + to, e, 0);
  }
}
