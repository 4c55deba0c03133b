// Exponentials of four rows in lanes, and what the rest of the way needs of them.
import { upperHalf } from '../shared/lanes';
import { madd32 } from '../shared/madd';
import { CONSTANTS, HALF_LOG2E, HEADROOM, LARGEST_GAP, LARGEST_UNSHIFTED, MAGIC, poly, reduce } from './exponential32';
import { keep, vector } from './short-rows';
import { gatherLanes, lanes, setRows, transpose } from './transposed32';
import { keptOf32 } from './two-classes32';

// A record: the largest logits of the four rows, those of their labels, the exponentials of the former, the sums of all others'
// and of v_c (m - z_c), both float64.
export const RECORD: usize = 112;
export const TOP: usize = 0;
export const LABEL: usize = 16;
export const OF_TOP: usize = 32;
export const REST_A: usize = 48;
export const REST_B: usize = 64;
export const GAPS_A: usize = 80;
export const GAPS_B: usize = 96;

// Up to four rows; the lanes of those that are not there repeat the last. Returns the first row that is wrong, or `rows`.
export function sumFour(logits: usize, size: usize, row: i32, rows: i32, labels: usize, record: usize): i32 {
  const last = rows - 1;
  setRows(logits + <usize>row * size, size, labels + ((<usize>row) << 2), last);
  const top = transpose(size, keep == 0 ? i32x4.splat(-1) : keptOf32(keep + row, last));
  const wrong = i32x4.bitmask(v128.not(f32x4.lt(f32x4.abs(top), f32x4.splat(Infinity))));
  const bad = wrong == 0 ? rows : min(rows, ctz(wrong));
  if (bad < rows) return bad;
  v128.store(record, top, TOP);
  v128.store(record, gatherLanes(), LABEL);
  if (vector != 0) weigh(size, top, record);
  const ofTop = exponentiate(size, top);
  v128.store(record, ofTop, OF_TOP);
  // The sums of the exponentials without one that is the largest: four classes pairwise in float32, the rest in float64.
  let restA = f64x2.splat(0);
  let restB = f64x2.splat(0);
  // How many are as large, but one.
  let ties = i32x4.splat(-1);
  let from = lanes;
  for (const end = lanes + ((size & ~15) << 2); from < end; from += 64) {
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
  for (const end = lanes + (size << 2); from < end; from += 16) {
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
  v128.store(record, restA, REST_A);
  v128.store(record, restB, REST_B);
  return rows;
}

// The sums of v_c (m - z_c). A class without mass adds nothing even where its logit is -Infinity.
function weigh(size: usize, top: v128, record: usize): void {
  const zero = f32x4.splat(0);
  let a = f64x2.splat(0);
  let b = a;
  for (let at: usize = 0; at < size; at += 4) {
    const v = v128.load32_splat(vector + at);
    const gap = v128.and(f32x4.sub(top, v128.load(lanes + (at << 2))), f32x4.ne(v, zero));
    const term = f32x4.mul(gap, v);
    a = f64x2.add(a, f64x2.promote_low_f32x4(term));
    b = f64x2.add(b, f64x2.promote_low_f32x4(upperHalf(term)));
  }
  v128.store(record, a, GAPS_A);
  v128.store(record, b, GAPS_B);
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
  const end = lanes + (size << 2);
  for (let at = lanes; at < end; at += 16) {
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
