// Any surprisal of target rows, float32 logits, in float64: for each class but the largest logit's, whose u must be 0 here,
//
//     cost u psi(l),   slope u psi'(l),   psi(l) = sum c (1 - p)^a T_q(l),   psi'(l) = -sum c (1 - p)^a [p^q + a p T_q / (1 - p)]
//
// No such class has a probability over one half, so that neither 1 - p nor T_q = (1 - p^q) / q loses digits float32 would show.
import { madd64 } from '../shared/madd';
import { log1p64x2 } from '../shared/log1p';
import { demote, storeFirst32, sumOfLanes64, upperHalf } from '../shared/lanes';
import { poly } from './row64';
import { addTo, FACTOR, GAPS, MASS, PULL, RECORD, SCALE, SUM, TOP, TOP_LOW, TOP_OFFSET } from './records';

const CONSTANTS: usize = memory.data<f64>([
  1.44269504088896340736, // log2 e
  -0.6931471803691238, // log 2 in two parts
  -1.9082149292705877e-10,
  6755399441055744, // 1.5 2^52
  -700,
  1,
]);

// Numbers of a block, whose sums are added exactly.
const BLOCK: i32 = 128;
// Bytes of a term: coefficient, power, order.
const TERM: usize = 24;

// e^x for x <= 0; 0 below -700.
function exp64x2(x: v128): v128 {
  const magic = v128.load64_splat(CONSTANTS, 24);
  const least = v128.load64_splat(CONSTANTS, 32);
  const kept = f64x2.pmax(x, least);
  const t = madd64(kept, v128.load64_splat(CONSTANTS), magic);
  const n = f64x2.sub(t, magic);
  const r = madd64(n, v128.load64_splat(CONSTANTS, 16), madd64(n, v128.load64_splat(CONSTANTS, 8), kept));
  return v128.and(i64x2.add(poly(r), i64x2.shl(t, 52)), f64x2.ge(x, least));
}

// (1 - p)^a.
function modulation(complement: v128, p: v128, power: f64): v128 {
  if (power == 0) return v128.load64_splat(CONSTANTS, 40);
  if (power == 1) return complement;
  if (power == 2) return f64x2.mul(complement, complement);
  return exp64x2(f64x2.mul(log1p64x2(f64x2.div(p, complement)), f64x2.splat(-power)));
}

// The slopes of the rows, in float64, and the sums of costs and slopes, which are added to GAPS and MASS. FACTOR is 1 / total, PULL
// the surprisal of the largest logit.
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
        slopes + (start << 1),
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
    slopes += size << 1;
    if (low != 0) low += size;
  }
}

function modulateBlock(
  at: usize,
  e: usize,
  low: usize,
  offsets: usize,
  targets: usize,
  slopes: usize,
  record: usize,
  count: i32,
  scale: f64,
  terms: usize,
  end: usize,
): void {
  const top = f64x2.splat(load<f64>(record, TOP));
  const topLow = f64x2.splat(load<f64>(record, TOP_LOW));
  const topOffset = f64x2.splat(load<f64>(record, TOP_OFFSET));
  const perTotal = f64x2.splat(load<f64>(record, FACTOR));
  const ofTop = f64x2.splat(load<f64>(record, PULL));
  const s = f64x2.splat(scale);
  const zero = f64x2.splat(0);
  const one = v128.load64_splat(CONSTANTS, 40);
  let costs = zero;
  let sums = zero;
  for (let left = count; left > 0; left -= 2) {
    let u = f64x2.promote_low_f32x4(v128.load64_zero(targets));
    if (left < 2) u = f64x2.replace_lane(u, 1, 0);
    const hasMass = f64x2.ne(u, zero);
    let slope = zero;
    if (v128.any_true(hasMass)) {
      let gap = f64x2.sub(top, f64x2.promote_low_f32x4(v128.load64_zero(at)));
      if (low != 0) gap = f64x2.add(gap, f64x2.sub(topLow, f64x2.promote_low_f32x4(v128.load64_zero(low))));
      gap = f64x2.mul(gap, s);
      if (offsets != 0) gap = f64x2.add(gap, f64x2.sub(topOffset, v128.load(offsets)));
      const surprisal = f64x2.add(gap, ofTop);
      const p = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(e)), perTotal);
      const complement = f64x2.sub(one, p);
      const isPossible = f64x2.ne(p, zero);
      let cost = zero;
      for (let term = terms; term < end; term += TERM) {
        const power = load<f64>(term, 8);
        const order = load<f64>(term, 16);
        let transformed = surprisal;
        let powered = one;
        if (order == 1) {
          transformed = complement;
          powered = p;
        } else if (order != 0) {
          powered = exp64x2(f64x2.mul(surprisal, f64x2.splat(-order)));
          transformed = f64x2.mul(f64x2.sub(one, powered), f64x2.splat(1 / order));
        }
        const factor = f64x2.mul(modulation(complement, p, power), f64x2.splat(load<f64>(term)));
        cost = f64x2.add(cost, f64x2.mul(factor, transformed));
        if (power != 0) {
          const product = f64x2.mul(f64x2.mul(p, f64x2.splat(power)), f64x2.div(transformed, complement));
          powered = f64x2.add(powered, v128.and(product, isPossible));
        }
        slope = f64x2.sub(slope, f64x2.mul(factor, powered));
      }
      costs = f64x2.add(costs, v128.and(f64x2.mul(cost, u), hasMass));
      slope = v128.and(f64x2.mul(slope, u), hasMass);
      sums = f64x2.add(sums, slope);
    }
    v128.store(slopes, slope);
    at += 8;
    e += 8;
    targets += 8;
    slopes += 16;
    if (low != 0) low += 8;
    if (offsets != 0) offsets += 16;
  }
  addTo(record + GAPS, sumOfLanes64(costs));
  addTo(record + MASS, sumOfLanes64(sums));
}

// gradient_j = SCALE (slope_j (1 - p_j) - p_j (SUM - slope_j)).
export function differentiateRows32(e: usize, to: usize, slopes: usize, records: usize, classes: i32, rows: i32): void {
  const size = (<usize>classes) << 2;
  for (let record = records; rows > 0; rows--, record += RECORD) {
    const perTotal = f64x2.splat(load<f64>(record, FACTOR));
    const sum = f64x2.splat(load<f64>(record, SUM));
    const scale = f64x2.splat(load<f64>(record, SCALE));
    let place: usize = 0;
    for (let left = classes; left > 0; left -= 4, place += 16) {
      const exponentials = v128.load(e + place);
      const wide = slopes + (place << 1);
      const a = differentiate(f64x2.promote_low_f32x4(exponentials), v128.load(wide), perTotal, sum, scale);
      const b = differentiate(
        f64x2.promote_low_f32x4(upperHalf(exponentials)),
        v128.load(wide, 16),
        perTotal,
        sum,
        scale,
      );
      // -0 + 0 is 0.
      storeFirst32(to + place, f32x4.add(demote(a, b), f32x4.splat(0)), left);
    }
    e += size;
    to += size;
    slopes += size << 1;
  }
}

function differentiate(e: v128, slope: v128, perTotal: v128, sum: v128, scale: v128): v128 {
  const p = f64x2.mul(e, perTotal);
  const own = f64x2.sub(slope, f64x2.mul(slope, p));
  return f64x2.mul(scale, f64x2.sub(own, f64x2.mul(p, f64x2.sub(sum, slope))));
}
