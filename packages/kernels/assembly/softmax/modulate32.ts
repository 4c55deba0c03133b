// Any surprisal of target rows, float32 logits: for each class but the largest logit's, whose u must be 0 here,
//
//     cost u psi(l),   slope u psi'(l),   psi(l) = sum c (1 - p)^a T_q(l),   psi'(l) = -sum c (1 - p)^a [p^q + a p T_q / (1 - p)]
//
// No such class has a probability over one half, so that neither 1 - p nor T_q = (1 - p^q) / q loses digits. The surprisal -l is
// float64 until it is rounded, since q l would else cost p^q half of |q l| units.
import { madd32, madd64 } from '../shared/madd';
import { log1p64x2 } from '../shared/log1p';
import { demote, firstOf32, storeFirst32, sumOfLanes64, upperHalf } from '../shared/lanes';
import { exponential64x2 } from './exponentials64';
import { CONSTANTS, MAGIC, poly, reduce } from './row32';
import { addTo, FACTOR, GAPS, MASS, PULL, RECORD, SCALE, SUM, TOP, TOP_LOW, TOP_OFFSET } from './records';

const WIDE: usize = memory.data<f64>([
  1.44269504088896340736, // log2 e
  -0.6931471803691238, // log 2 in two parts
  -1.9082149292705877e-10,
  6755399441055744, // 1.5 2^52
]);
// 2 / (2 k + 1): -log(1 - p) = s (2 + 2/3 s^2 + 2/5 s^4 + ...), s = p / (2 - p) < 1/3; seven terms leave 2^-26.
const ARTANH: usize = memory.data<f32>([2, 0.6666667, 0.4, 0.2857143, 0.22222222, 0.18181819, 0.15384616]);

// Numbers of a block, whose sums are added exactly.
const BLOCK: i32 = 128;
// Bytes of a term: coefficient, power, order.
const TERM: usize = 24;
// Up to this power float32 logarithms are good for (1 - p)^a: half a unit of error each for a log 2.
const LARGEST_POWER: f64 = 5;

// e^x for x <= 0; 0 below -87.
function exp32x4(x: v128): v128 {
  const magic = f32x4.splat(MAGIC);
  const t = madd32(x, v128.load32_splat(CONSTANTS), magic);
  const r = reduce(x, f32x4.sub(t, magic), v128.load32_splat(CONSTANTS, 4), v128.load32_splat(CONSTANTS, 8));
  return powerOfTwo(r, t, f32x4.ge(x, f32x4.splat(-87)));
}

function powerOfTwo(r: v128, t: v128, kept: v128): v128 {
  const c2 = v128.load32_splat(CONSTANTS, 12);
  const c3 = v128.load32_splat(CONSTANTS, 16);
  const c4 = v128.load32_splat(CONSTANTS, 20);
  const c5 = v128.load32_splat(CONSTANTS, 24);
  const c6 = v128.load32_splat(CONSTANTS, 28);
  const one = v128.load32_splat(CONSTANTS, 32);
  return v128.and(i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23)), kept);
}

// e^(-q surprisal) of four classes: reduced in float64, the rest in float32.
function powerOfProbability(a: v128, b: v128, order: f64): v128 {
  const minusOrder = f64x2.splat(-order);
  const x = f64x2.pmax(f64x2.mul(a, minusOrder), f64x2.splat(-100));
  const y = f64x2.pmax(f64x2.mul(b, minusOrder), f64x2.splat(-100));
  const magic = v128.load64_splat(WIDE, 24);
  const log2e = v128.load64_splat(WIDE);
  const tx = madd64(x, log2e, magic);
  const ty = madd64(y, log2e, magic);
  const high = v128.load64_splat(WIDE, 8);
  const rx = madd64(f64x2.sub(tx, magic), high, x);
  const ry = madd64(f64x2.sub(ty, magic), high, y);
  // The low words of the sums are the integers n.
  const t = i32x4.shuffle(tx, ty, 0, 2, 4, 6);
  const kept = f32x4.ge(demote(x, y), f32x4.splat(-87));
  return powerOfTwo(demote(rx, ry), t, kept);
}

// (1 - p)^a.
function modulation(complement: v128, p: v128, power: f64): v128 {
  if (power == 0) return v128.load32_splat(CONSTANTS, 32);
  if (power == 1) return complement;
  if (power == 2) return f32x4.mul(complement, complement);
  if (power > LARGEST_POWER)
    return demote(power64(f64x2.promote_low_f32x4(p), power), power64(f64x2.promote_low_f32x4(upperHalf(p)), power));
  const s = f32x4.div(p, f32x4.add(complement, v128.load32_splat(CONSTANTS, 32)));
  const square = f32x4.mul(s, s);
  let sum = v128.load32_splat(ARTANH, 24);
  for (let at: usize = 24; at > 0; at -= 4) sum = madd32(sum, square, v128.load32_splat(ARTANH + at - 4));
  return exp32x4(f32x4.mul(f32x4.mul(sum, s), f32x4.splat(<f32>-power)));
}

// The same in float64.
function power64(p: v128, power: f64): v128 {
  const odds = f64x2.div(p, f64x2.sub(f64x2.splat(1), p));
  return exponential64x2(f64x2.mul(log1p64x2(odds), f64x2.splat(-power)));
}

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
  const perTotal = f32x4.splat(<f32>load<f64>(record, FACTOR));
  const ofTop = f64x2.splat(load<f64>(record, PULL));
  const s = f64x2.splat(scale);
  const zero = f32x4.splat(0);
  const one = v128.load32_splat(CONSTANTS, 32);
  let costs = zero;
  let sums = zero;
  for (let left = count; left > 0; left -= 4) {
    let u = v128.load(targets);
    if (left < 4) u = v128.and(u, firstOf32(left));
    const hasMass = f32x4.ne(u, zero);
    let slope = zero;
    if (v128.any_true(hasMass)) {
      const z = v128.load(at);
      let a = f64x2.sub(top, f64x2.promote_low_f32x4(z));
      let b = f64x2.sub(top, f64x2.promote_low_f32x4(upperHalf(z)));
      if (low != 0) {
        const given = v128.load(low);
        a = f64x2.add(a, f64x2.sub(topLow, f64x2.promote_low_f32x4(given)));
        b = f64x2.add(b, f64x2.sub(topLow, f64x2.promote_low_f32x4(upperHalf(given))));
      }
      a = madd64(a, s, ofTop);
      b = madd64(b, s, ofTop);
      if (offsets != 0) {
        a = f64x2.add(a, f64x2.sub(topOffset, v128.load(offsets)));
        b = f64x2.add(b, f64x2.sub(topOffset, v128.load(offsets, 16)));
      }
      const surprisal = demote(a, b);
      const p = f32x4.mul(v128.load(e), perTotal);
      const complement = f32x4.sub(one, p);
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
          powered = powerOfProbability(a, b, order);
          transformed = f32x4.mul(f32x4.sub(one, powered), f32x4.splat(<f32>(1 / order)));
        }
        const factor = f32x4.mul(modulation(complement, p, power), f32x4.splat(<f32>load<f64>(term)));
        cost = madd32(factor, transformed, cost);
        if (power != 0) {
          const product = f32x4.mul(f32x4.mul(p, f32x4.splat(<f32>power)), f32x4.div(transformed, complement));
          // Where p is 0 the product is, too: p goes faster than its logarithm.
          powered = f32x4.add(powered, v128.and(product, f32x4.ne(p, zero)));
        }
        slope = f32x4.sub(slope, f32x4.mul(factor, powered));
      }
      cost = v128.and(f32x4.mul(cost, u), hasMass);
      slope = v128.and(f32x4.mul(slope, u), hasMass);
      costs = f64x2.add(costs, f64x2.add(f64x2.promote_low_f32x4(cost), f64x2.promote_low_f32x4(upperHalf(cost))));
      sums = f64x2.add(sums, f64x2.add(f64x2.promote_low_f32x4(slope), f64x2.promote_low_f32x4(upperHalf(slope))));
    }
    storeFirst32(slopes, slope, left);
    at += 16;
    e += 16;
    targets += 16;
    slopes += 16;
    if (low != 0) low += 16;
    if (offsets != 0) offsets += 32;
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
  const slope = f64x2.promote_low_f32x4(slopes);
  const own = f64x2.sub(slope, f64x2.mul(slope, p));
  return f64x2.mul(scale, f64x2.sub(own, f64x2.mul(p, f64x2.sub(sum, slope))));
}
