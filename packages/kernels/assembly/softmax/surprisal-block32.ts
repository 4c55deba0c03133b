// A block of a target row under any surprisal, float32 logits: for each class but the largest logit's, whose u must be 0 here,
//
//     cost u psi(l),   slope u psi'(l),   psi(l) = sum c (1 - p)^a T_q(l),   psi'(l) = -sum c (1 - p)^a [p^q + a p T_q / (1 - p)]
//
// No such class has a probability over one half, so that neither 1 - p nor T_q = (1 - p^q) / q loses digits. The surprisal -l is
// float64 until it is rounded, since q l would else cost p^q half of |q l| units.
import { madd32, madd64 } from '../shared/madd';
import { demote, firstOf32, storeFirst32, sumOfLanes64, upperHalf } from '../shared/lanes';
import { CONSTANTS } from './exponential32';
import { exp32x4, power64, powerOfProbability } from './powers32';
import { addTo, FACTOR, GAPS, MASS, PULL, TOP, TOP_LOW, TOP_OFFSET } from './records';

// 2 / (2 k + 1): -log(1 - p) = s (2 + 2/3 s^2 + 2/5 s^4 + ...), s = p / (2 - p) < 1/3; seven terms leave 2^-26.
const ARTANH: usize = memory.data<f32>([2, 0.6666667, 0.4, 0.2857143, 0.22222222, 0.18181819, 0.15384616]);

// Numbers of a block, whose sums are added exactly. It goes through one loop after another, each for one power or order, since a
// choice in the loop takes as long as what it chooses.
export const BLOCK: i32 = 128;
// Of each class of a block: p, -l rounded and in full, (1 - p)^a, T_q, p^q, and the sums over the terms.
const P: usize = memory.data(512, 16);
const SURPRISAL: usize = memory.data(512, 16);
const WIDE_SURPRISAL: usize = memory.data(1024, 16);
const MODULATION: usize = memory.data(512, 16);
const TRANSFORMED: usize = memory.data(512, 16);
const POWERED: usize = memory.data(512, 16);
const COSTS: usize = memory.data(512, 16);
const SLOPES: usize = memory.data(512, 16);
// Bytes of a term: coefficient, power, order.
export const TERM: usize = 24;
// Up to this power float32 logarithms are good for (1 - p)^a: half a unit of error each for a log 2.
const LARGEST_POWER: f64 = 5;

// (1 - p)^a of a block, a > 0.
function modulate(bytes: usize, power: f64): void {
  const one = v128.load32_splat(CONSTANTS, 32);
  if (power > LARGEST_POWER) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const p = v128.load(P + at);
      const a = power64(f64x2.promote_low_f32x4(p), power);
      v128.store(MODULATION + at, demote(a, power64(f64x2.promote_low_f32x4(upperHalf(p)), power)));
    }
    return;
  }
  if (power == 1 || power == 2) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const complement = f32x4.sub(one, v128.load(P + at));
      v128.store(MODULATION + at, power == 1 ? complement : f32x4.mul(complement, complement));
    }
    return;
  }
  const minusPower = f32x4.splat(<f32>-power);
  const c0 = v128.load32_splat(ARTANH);
  const c1 = v128.load32_splat(ARTANH, 4);
  const c2 = v128.load32_splat(ARTANH, 8);
  const c3 = v128.load32_splat(ARTANH, 12);
  const c4 = v128.load32_splat(ARTANH, 16);
  const c5 = v128.load32_splat(ARTANH, 20);
  const c6 = v128.load32_splat(ARTANH, 24);
  for (let at: usize = 0; at < bytes; at += 16) {
    const p = v128.load(P + at);
    const s = f32x4.div(p, f32x4.add(f32x4.sub(one, p), one));
    const square = f32x4.mul(s, s);
    const upper = madd32(madd32(madd32(c6, square, c5), square, c4), square, c3);
    const sum = madd32(madd32(madd32(upper, square, c2), square, c1), square, c0);
    v128.store(MODULATION + at, exp32x4(f32x4.mul(f32x4.mul(sum, s), minusPower)));
  }
}

// T_q and p^q of a block, q > 0.
function transform(bytes: usize, order: f64): void {
  const one = v128.load32_splat(CONSTANTS, 32);
  const perOrder = f32x4.splat(<f32>(1 / order));
  for (let at: usize = 0; at < bytes; at += 16) {
    let powered = v128.load(P + at);
    if (order != 1) {
      const a = v128.load(WIDE_SURPRISAL + 2 * at);
      powered = powerOfProbability(a, v128.load(WIDE_SURPRISAL + 2 * at, 16), order);
    }
    v128.store(POWERED + at, powered);
    v128.store(TRANSFORMED + at, f32x4.mul(f32x4.sub(one, powered), perOrder));
  }
}

// Adds psi and psi' of one term, for a mass of one, to COSTS and SLOPES.
function addTerm(bytes: usize, coefficient: f64, power: f64, order: f64): void {
  if (power != 0) modulate(bytes, power);
  if (order != 0) transform(bytes, order);
  const one = v128.load32_splat(CONSTANTS, 32);
  const zero = f32x4.splat(0);
  const c = f32x4.splat(<f32>coefficient);
  const a = f32x4.splat(<f32>power);
  const t = order == 0 ? SURPRISAL : TRANSFORMED;
  for (let at: usize = 0; at < bytes; at += 16) {
    const transformed = v128.load(t + at);
    const factor = power == 0 ? c : f32x4.mul(v128.load(MODULATION + at), c);
    let powered = order == 0 ? one : v128.load(POWERED + at);
    if (power != 0) {
      const p = v128.load(P + at);
      const product = f32x4.mul(f32x4.mul(p, a), f32x4.div(transformed, f32x4.sub(one, p)));
      // Where p is 0 the product is, too: p goes faster than its logarithm.
      powered = f32x4.add(powered, v128.and(product, f32x4.ne(p, zero)));
    }
    v128.store(COSTS + at, madd32(factor, transformed, v128.load(COSTS + at)));
    v128.store(SLOPES + at, f32x4.sub(v128.load(SLOPES + at), f32x4.mul(factor, powered)));
  }
}

// The slopes of a block, whose sum is added to MASS, that of its costs to GAPS.
export function modulateBlock(
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
  const bytes = (<usize>((count + 3) & ~3)) << 2;
  if (!hasMass(targets, count)) {
    memory.fill(slopes, 0, (<usize>count) << 2);
    return;
  }
  beginBlock(at, e, low, offsets, record, bytes, scale);
  for (let term = terms; term < end; term += TERM)
    addTerm(bytes, load<f64>(term), load<f64>(term, 8), load<f64>(term, 16));
  endBlock(targets, slopes, record, count);
}

function hasMass(targets: usize, count: i32): bool {
  let any = f32x4.splat(0);
  for (let left = count; left > 0; left -= 4, targets += 16)
    any = v128.or(any, v128.and(v128.load(targets), firstOf32(left)));
  return v128.any_true(any);
}

// p and -l of a block.
function beginBlock(at: usize, e: usize, low: usize, offsets: usize, record: usize, bytes: usize, scale: f64): void {
  const top = f64x2.splat(load<f64>(record, TOP));
  const topLow = f64x2.splat(load<f64>(record, TOP_LOW));
  const topOffset = f64x2.splat(load<f64>(record, TOP_OFFSET));
  const perTotal = f32x4.splat(<f32>load<f64>(record, FACTOR));
  const ofTop = f64x2.splat(load<f64>(record, PULL));
  const s = f64x2.splat(scale);
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const z = v128.load(at + i);
    let a = f64x2.sub(top, f64x2.promote_low_f32x4(z));
    let b = f64x2.sub(top, f64x2.promote_low_f32x4(upperHalf(z)));
    if (low != 0) {
      const given = v128.load(low + i);
      a = f64x2.add(a, f64x2.sub(topLow, f64x2.promote_low_f32x4(given)));
      b = f64x2.add(b, f64x2.sub(topLow, f64x2.promote_low_f32x4(upperHalf(given))));
    }
    a = madd64(a, s, ofTop);
    b = madd64(b, s, ofTop);
    if (offsets != 0) {
      a = f64x2.add(a, f64x2.sub(topOffset, v128.load(offsets + 2 * i)));
      b = f64x2.add(b, f64x2.sub(topOffset, v128.load(offsets + 2 * i, 16)));
    }
    v128.store(WIDE_SURPRISAL + 2 * i, a);
    v128.store(WIDE_SURPRISAL + 2 * i, b, 16);
    v128.store(SURPRISAL + i, demote(a, b));
    v128.store(P + i, f32x4.mul(v128.load(e + i), perTotal));
    v128.store(COSTS + i, zero);
    v128.store(SLOPES + i, zero);
  }
}

// The slopes of a block, and the sums of costs and slopes. A class without mass has none, whatever its cost.
function endBlock(targets: usize, slopes: usize, record: usize, count: i32): void {
  const zero = f32x4.splat(0);
  let costs = f64x2.splat(0);
  let sums = costs;
  let i: usize = 0;
  for (let left = count; left > 0; left -= 4, i += 16) {
    let u = v128.load(targets + i);
    if (left < 4) u = v128.and(u, firstOf32(left));
    const hasMass = f32x4.ne(u, zero);
    const cost = v128.and(f32x4.mul(v128.load(COSTS + i), u), hasMass);
    const slope = v128.and(f32x4.mul(v128.load(SLOPES + i), u), hasMass);
    costs = f64x2.add(costs, f64x2.add(f64x2.promote_low_f32x4(cost), f64x2.promote_low_f32x4(upperHalf(cost))));
    sums = f64x2.add(sums, f64x2.add(f64x2.promote_low_f32x4(slope), f64x2.promote_low_f32x4(upperHalf(slope))));
    storeFirst32(slopes + i, slope, left);
  }
  addTo(record + GAPS, sumOfLanes64(costs));
  addTo(record + MASS, sumOfLanes64(sums));
}
