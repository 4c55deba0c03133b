// Rows of targets under any surprisal, float32 logits: slopes u psi'(l), sums of costs and slopes, and the gradient.
import { demote, storeFirst32, upperHalf } from '../shared/lanes';
import { FACTOR, RECORD, SCALE, SUM } from './records';
import { BLOCK, modulateBlock, TERM } from './surprisal-block32';

// The slopes of the rows, and the sums of costs and slopes, which are added to GAPS and MASS. FACTOR is 1 / total, PULL the
// surprisal of the largest logit.
export function modulateRows32(
  at: usize,
  e: usize,
  low: usize,
  offsets: usize,
  targets: usize,
  slopes: usize,
  records: usize,
  classes: i32,
  rows: i32,
  scale: f64,
  terms: usize,
  count: i32,
): void {
  const size = (<usize>classes) << 2;
  for (let record = records; rows > 0; rows--, record += RECORD) {
    for (let from = 0; from < classes; from += BLOCK) {
      const start = (<usize>from) << 2;
      modulateBlock(
        at + start,
        e + start,
        low == 0 ? 0 : low + start,
        offsets == 0 ? 0 : offsets + (start << 1),
        targets + start,
        slopes + start,
        record,
        min(BLOCK, classes - from),
        scale,
        terms,
        terms + <usize>count * TERM,
      );
    }
    at += size;
    e += size;
    targets += size;
    slopes += size;
    if (low != 0) low += size;
  }
}

// gradient_j = SCALE (slope_j - p_j SUM), SUM with slope_j: no such p_j is over one half, so that their difference keeps its digits.
export function differentiateRows32(e: usize, to: usize, slopes: usize, records: usize, classes: i32, rows: i32): void {
  const size = (<usize>classes) << 2;
  for (let record = records; rows > 0; rows--, record += RECORD) {
    const perTotal = f64x2.splat(load<f64>(record, FACTOR));
    const sum = f64x2.splat(load<f64>(record, SUM));
    const scale = f64x2.splat(load<f64>(record, SCALE));
    let place: usize = 0;
    for (let left = classes; left > 0; left -= 4, place += 16) {
      const exponentials = v128.load(e + place);
      const slope = v128.load(slopes + place);
      const a = differentiate(exponentials, slope, perTotal, sum, scale);
      const b = differentiate(upperHalf(exponentials), upperHalf(slope), perTotal, sum, scale);
      // -0 + 0 is 0.
      storeFirst32(to + place, f32x4.add(demote(a, b), f32x4.splat(0)), left);
    }
    e += size;
    to += size;
    slopes += size;
  }
}

function differentiate(exponentials: v128, slopes: v128, perTotal: v128, sum: v128, scale: v128): v128 {
  const p = f64x2.mul(f64x2.promote_low_f32x4(exponentials), perTotal);
  return f64x2.mul(scale, f64x2.sub(f64x2.promote_low_f32x4(slopes), f64x2.mul(p, sum)));
}
