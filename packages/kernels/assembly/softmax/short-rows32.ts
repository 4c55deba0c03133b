// Rows of up to 255 float32 logits, four at a time (`short-rows.ts`).
import { demote, upperHalf } from '../shared/lanes';
import { log1p32x4 } from '../shared/log1p32';
import { madd32 } from '../shared/madd';
import { CONSTANTS, HALF_LOG2E, HEADROOM, LARGEST_GAP, LARGEST_UNSHIFTED, MAGIC, poly, reduce } from './exponential32';
import { writeGradient } from './short-gradient32';
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
import { gather, scatter, setRows, transpose } from './transposed32';

// The sums of v_c (m - z_c) of four rows.
const GAPS: usize = memory.data(32, 16);

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
  const cost = log1p32x4(demote(f64x2.div(restA, topA), f64x2.div(restB, topB)));
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
    pull = demote(ofVectorA, ofVectorB);
  }
  setRows(gradient + <usize>row * size, size, last);
  writeGradient(size, f64x2.mul(factorA, inverseA), f64x2.mul(factorB, inverseB), pull);
  const ofLabel = demote(f64x2.mul(ofLabelA, inverseA), f64x2.mul(ofLabelB, inverseB));
  // No -0: zero is compared after rounding.
  const label = v128.andnot(ofLabel, f32x4.eq(ofLabel, f32x4.splat(0)));
  scatter(y0, y1, y2, y3, label);
  return rows;
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
