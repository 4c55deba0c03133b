// Rows of less than 48 float32 logits, four at a time: transposed, a lane for each row, so that no lane is idle, and the
// logarithms and divisions of four rows cost little more than those of one. Formulas as in `label-row.ts`.
import { log1p64x2 } from '../shared/log1p';
import {
  CONSTANTS,
  FAR,
  HALF_LOG2E,
  HEADROOM,
  HIGHEST,
  LARGEST_GAP,
  LARGEST_UNSHIFTED,
  LARGEST_USUAL,
  LOWEST,
  MAGIC,
  poly,
  reduce,
  upperHalf,
} from './row32';
import { madd32 } from '../shared/madd';
import { distance } from './state';

export const SHORTEST_LONG: i32 = 48;

// The four rows at hand, transposed: logits, then exponentials.
const LANES: usize = memory.data(48 * 16, 16);
// The exponentials of their labels.
const OWN: usize = memory.data(16, 16);

let row0: usize = 0;
let row1: usize = 0;
let row2: usize = 0;
let row3: usize = 0;
// Whether the rows before needed a look at their largest: then these are looked at at once. No bit depends on it.
let likelyShifted: bool = false;

// Runs rows `from` to `end - 1`; returns the first whose largest logit is no number, or `end`.
export function runShortRows(
  at: usize,
  classes: i32,
  from: i32,
  end: i32,
  labels: usize,
  masses: usize,
  losses: usize,
  gradientScale: f64,
  hasGradient: bool,
): i32 {
  for (let row = from; row < end; row += 4) {
    const rows = min(4, end - row);
    const atLabels = labels + ((<usize>row) << 2);
    const atMasses = masses + ((<usize>row) << 3);
    const atLosses = losses + ((<usize>row) << 3);
    const start = at + <usize>row * classes * 4;
    const bad = runFour(start, classes, rows, atLabels, atMasses, atLosses, gradientScale, hasGradient);
    if (bad == rows) continue;
    if (bad > 0) runFour(start, classes, bad, atLabels, atMasses, atLosses, gradientScale, hasGradient);
    return row + bad;
  }
  return end;
}

// Runs up to four rows; the lanes of those that are not there repeat the last. Returns the first row that is wrong, in which
// case nothing is written, or `rows`.
function runFour(
  at: usize,
  classes: i32,
  rows: i32,
  labels: usize,
  masses: usize,
  losses: usize,
  gradientScale: f64,
  hasGradient: bool,
): i32 {
  const size = (<usize>classes) << 2;
  const last = rows - 1;
  row0 = at;
  row1 = at + size * min(1, last);
  row2 = at + size * min(2, last);
  row3 = at + size * min(3, last);
  const y0 = load<i32>(labels);
  const y1 = load<i32>(labels + (min(1, last) << 2));
  const y2 = load<i32>(labels + (min(2, last) << 2));
  const y3 = load<i32>(labels + (min(3, last) << 2));
  let z = v128.load32_zero(row0 + distance + (y0 << 2));
  z = f32x4.replace_lane(z, 1, load<f32>(row1 + distance + (y1 << 2)));
  z = f32x4.replace_lane(z, 2, load<f32>(row2 + distance + (y2 << 2)));
  z = f32x4.replace_lane(z, 3, load<f32>(row3 + distance + (y3 << 2)));
  let shifted = likelyShifted;
  let top = f32x4.splat(0);
  let eTop = f32x4.splat(1);
  transpose(classes);
  if (!shifted) {
    shifted = !exponentiate(classes, z);
    if (shifted) transpose(classes);
  }
  if (shifted) {
    top = findTops(classes);
    const wrong = i32x4.bitmask(v128.not(f32x4.lt(f32x4.abs(top), f32x4.splat(Infinity))));
    const bad = wrong == 0 ? rows : min(rows, ctz(wrong));
    if (bad < rows) return bad;
    likelyShifted = v128.any_true(f32x4.gt(f32x4.abs(z), f32x4.splat(LARGEST_USUAL))) || needsTop(top, z);
    eTop = exponentiateShifted(classes, top, z);
  }
  // The label's own is left out by its class number; taken out of memory, it would delay the loads of the sum.
  let label = v128.load32_splat(labels);
  label = i32x4.replace_lane(label, 1, y1);
  label = i32x4.replace_lane(label, 2, y2);
  label = i32x4.replace_lane(label, 3, y3);
  const one = i32x4.splat(1);
  let index = i32x4.splat(0);
  let restA = f64x2.splat(0);
  let restB = f64x2.splat(0);
  let from = LANES;
  for (const end = LANES + ((classes & ~3) << 4); from < end; from += 64) {
    const e0 = v128.andnot(v128.load(from), i32x4.eq(index, label));
    index = i32x4.add(index, one);
    const e1 = v128.andnot(v128.load(from, 16), i32x4.eq(index, label));
    index = i32x4.add(index, one);
    const e2 = v128.andnot(v128.load(from, 32), i32x4.eq(index, label));
    index = i32x4.add(index, one);
    const e3 = v128.andnot(v128.load(from, 48), i32x4.eq(index, label));
    index = i32x4.add(index, one);
    const sum = f32x4.add(f32x4.add(e0, e1), f32x4.add(e2, e3));
    restA = f64x2.add(restA, f64x2.promote_low_f32x4(sum));
    restB = f64x2.add(restB, f64x2.promote_low_f32x4(upperHalf(sum)));
  }
  for (const end = LANES + (classes << 4); from < end; from += 16) {
    const e = v128.andnot(v128.load(from), i32x4.eq(index, label));
    index = i32x4.add(index, one);
    restA = f64x2.add(restA, f64x2.promote_low_f32x4(e));
    restB = f64x2.add(restB, f64x2.promote_low_f32x4(upperHalf(e)));
  }
  const own = v128.load(OWN);
  const ownA = f64x2.promote_low_f32x4(own);
  const ownB = f64x2.promote_low_f32x4(upperHalf(own));
  const massA = v128.load(masses);
  const massB = v128.load(masses, 16);
  const totalA = f64x2.add(restA, ownA);
  const totalB = f64x2.add(restB, ownB);
  let costA = log1p64x2(f64x2.div(restA, ownA));
  let costB = log1p64x2(f64x2.div(restB, ownB));
  if (shifted) {
    costA = farCost(costA, top, z, eTop, totalA);
    costB = farCost(costB, upperHalf(top), upperHalf(z), upperHalf(eTop), totalB);
  }
  v128.store(losses, lossOf(massA, costA));
  v128.store(losses, lossOf(massB, costB), 16);
  if (!hasGradient) return rows;
  const scale = f64x2.splat(gradientScale);
  const pullA = f64x2.mul(massA, scale);
  const pullB = f64x2.mul(massB, scale);
  writeGradient(classes, f64x2.div(pullA, totalA), f64x2.div(pullB, totalB));
  const ofLabelA = f64x2.div(f64x2.mul(pullA, restA), totalA);
  const ofLabelB = f64x2.div(f64x2.mul(pullB, restB), totalB);
  // The lane of a row that is not there writes before that of the row it repeats.
  storeLabel(row3 + (y3 << 2), f64x2.extract_lane(ofLabelB, 1));
  storeLabel(row2 + (y2 << 2), f64x2.extract_lane(ofLabelB, 0));
  storeLabel(row1 + (y1 << 2), f64x2.extract_lane(ofLabelA, 1));
  storeLabel(row0 + (y0 << 2), f64x2.extract_lane(ofLabelA, 0));
  return rows;
}

// Whether the label of a lane is too far below or above for the usual way.
function needsTop(top: v128, z: v128): bool {
  return v128.any_true(f32x4.gt(f32x4.sub(top, z), f32x4.splat(41)));
}

function lossOf(mass: v128, cost: v128): v128 {
  return v128.andnot(f64x2.mul(mass, cost), f64x2.eq(mass, f64x2.splat(0)));
}

// The surprisals of two lanes, by the gap below the largest logit where that is large.
function farCost(cost: v128, top: v128, z: v128, eTop: v128, total: v128): v128 {
  const gap = f64x2.sub(f64x2.promote_low_f32x4(top), f64x2.promote_low_f32x4(z));
  const own = f64x2.promote_low_f32x4(eTop);
  const far = f64x2.add(gap, log1p64x2(f64x2.div(f64x2.sub(total, own), own)));
  return v128.bitselect(far, cost, f64x2.gt(gap, f64x2.splat(FAR)));
}

function storeLabel(at: usize, pull: f64): void {
  const value = <f32>-pull;
  store<f32>(at, value == 0 ? 0 : value);
}

// Four rows of logits into lanes.
function transpose(classes: i32): void {
  const end = (<usize>classes) << 2;
  const logits0 = row0 + distance;
  const logits1 = row1 + distance;
  const logits2 = row2 + distance;
  const logits3 = row3 + distance;
  for (let from: usize = 0; from < end; from += 16) {
    const z0 = v128.load(logits0 + from);
    const z1 = v128.load(logits1 + from);
    const z2 = v128.load(logits2 + from);
    const z3 = v128.load(logits3 + from);
    const a = i32x4.shuffle(z0, z1, 0, 4, 1, 5);
    const b = i32x4.shuffle(z2, z3, 0, 4, 1, 5);
    const c = i32x4.shuffle(z0, z1, 2, 6, 3, 7);
    const d = i32x4.shuffle(z2, z3, 2, 6, 3, 7);
    const to = LANES + (from << 2);
    v128.store(to, i64x2.shuffle(a, b, 0, 2));
    v128.store(to, i64x2.shuffle(a, b, 1, 3), 16);
    v128.store(to, i64x2.shuffle(c, d, 0, 2), 32);
    v128.store(to, i64x2.shuffle(c, d, 1, 3), 48);
  }
}

// Exponentials of all lanes, each shifted by its label; false where that was wrong for one.
function exponentiate(classes: i32, label: v128): bool {
  const log2e = v128.load32_splat(CONSTANTS);
  const ln2High = v128.load32_splat(CONSTANTS, 4);
  const ln2Low = v128.load32_splat(CONSTANTS, 8);
  const c2 = v128.load32_splat(CONSTANTS, 12);
  const c3 = v128.load32_splat(CONSTANTS, 16);
  const c4 = v128.load32_splat(CONSTANTS, 20);
  const c5 = v128.load32_splat(CONSTANTS, 24);
  const c6 = v128.load32_splat(CONSTANTS, 28);
  const one = v128.load32_splat(CONSTANTS, 32);
  const half = f32x4.nearest(f32x4.mul(label, f32x4.splat(HALF_LOG2E)));
  const magic = f32x4.sub(f32x4.splat(MAGIC), f32x4.add(half, half));
  let low = i32x4.splat(HIGHEST);
  let high = i32x4.splat(LOWEST);
  const end = LANES + (classes << 4);
  for (let at = LANES; at < end; at += 16) {
    const z = v128.load(at);
    const t = madd32(z, log2e, magic);
    const r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
    low = i32x4.min_s(low, t);
    high = i32x4.max_s(high, t);
    v128.store(at, i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23)));
  }
  const ofLabel = madd32(label, log2e, magic);
  const left = reduce(label, f32x4.sub(ofLabel, magic), ln2High, ln2Low);
  v128.store(OWN, i32x4.add(poly(left, c2, c3, c4, c5, c6, one), i32x4.shl(ofLabel, 23)));
  const right = v128.and(i32x4.ge_s(low, i32x4.splat(LOWEST)), i32x4.le_s(high, i32x4.splat(HIGHEST)));
  const usual = f32x4.le(f32x4.abs(label), f32x4.splat(LARGEST_USUAL));
  return i32x4.all_true(v128.and(right, usual));
}

// The largest logit of each lane; NaN where there is one.
function findTops(classes: i32): v128 {
  let top = f32x4.splat(-Infinity);
  let ordered = i32x4.splat(-1);
  const end = LANES + (classes << 4);
  for (let at = LANES; at < end; at += 16) {
    const z = v128.load(at);
    top = f32x4.pmax(top, z);
    ordered = v128.and(ordered, f32x4.eq(z, z));
  }
  return v128.bitselect(top, f32x4.splat(NaN), ordered);
}

// Exponentials of all lanes, each shifted by its largest logit, of which it returns the exponential.
function exponentiateShifted(classes: i32, top: v128, label: v128): v128 {
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
  const k = f32x4.sub(f32x4.add(half, half), f32x4.splat(<f32>HEADROOM));
  const magic = f32x4.sub(f32x4.splat(MAGIC), k);
  const end = LANES + (classes << 4);
  for (let at = LANES; at < end; at += 16) {
    const z = f32x4.sub(v128.load(at), base);
    const t = madd32(z, log2e, magic);
    const r = reduce(z, f32x4.sub(t, magic), ln2High, ln2Low);
    const e = i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23));
    v128.store(at, v128.and(e, f32x4.ge(z, threshold)));
  }
  const shiftedLabel = f32x4.sub(label, base);
  const ofLabel = madd32(shiftedLabel, log2e, magic);
  const left = reduce(shiftedLabel, f32x4.sub(ofLabel, magic), ln2High, ln2Low);
  const own = i32x4.add(poly(left, c2, c3, c4, c5, c6, one), i32x4.shl(ofLabel, 23));
  v128.store(OWN, v128.and(own, f32x4.ge(shiftedLabel, threshold)));
  const t = madd32(shiftedTop, log2e, magic);
  const r = reduce(shiftedTop, f32x4.sub(t, magic), ln2High, ln2Low);
  return i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23));
}

// Exponentials of all lanes by their factors, back into rows.
function writeGradient(classes: i32, factorA: v128, factorB: v128): void {
  const small = f64x2.splat(7.888609052210118e-31); // 2^-100 and 2^100, as in `scale` of row32.ts
  const large = f64x2.splat(1.2676506002282294e30);
  const wrong = v128.or(isOutside(factorA, small, large), isOutside(factorB, small, large));
  if (v128.any_true(wrong)) {
    const powerA = halfPower(factorA);
    const powerB = halfPower(factorB);
    multiplyLanes(classes, narrow(f64x2.div(factorA, powerA), f64x2.div(factorB, powerB)));
    writeRows(classes, narrow(powerA, powerB));
  } else writeRows(classes, narrow(factorA, factorB));
}

function isOutside(factor: v128, small: v128, large: v128): v128 {
  const size = f64x2.abs(factor);
  const outside = v128.or(f64x2.lt(size, small), f64x2.gt(size, large));
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

function multiplyLanes(classes: i32, factor: v128): void {
  const end = LANES + (classes << 4);
  for (let at = LANES; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor));
}

function writeRows(classes: i32, factor: v128): void {
  const end = (<usize>(classes & ~3)) << 2;
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
  for (const last = (<usize>classes) << 2; to < last; to += 4) {
    const e = f32x4.mul(v128.load(LANES + (to << 2)), factor);
    v128.store32_lane(row3 + to, e, 3);
    v128.store32_lane(row2 + to, e, 2);
    v128.store32_lane(row1 + to, e, 1);
    v128.store32_lane(row0 + to, e, 0);
  }
}
