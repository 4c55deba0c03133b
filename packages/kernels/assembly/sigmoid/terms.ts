// Surprisals of terms c (1 - p)^a T_q(l) and partition terms of float32 logits, in float64: a power taken by way of the
// logarithm loses as many units as the logarithm is large, of which float64 has 2^29 to spare. 512 elements at a time at most;
// every function goes on to the next multiple of four elements.
import { madd64 } from '../shared/madd';
import { EXP, exponentials64, LOG } from './float64';
import { massOf } from './masses';

// Arrays of 512 float64 one after the other: -l1, -l0, p1, p0, gradient, exponentials.
const ARRAY: usize = 4096;

// -log p and p of both outcomes: softplus(-z), softplus(z), 1 / (1 + q) and q / (1 + q), q = exp(-|z|). The gradient is made 0,
// the losses too. Returns whether some z is infinite or NaN. With an address of `labels`, 0 or 1 in 32 bits, outcome 1 is the
// label, so that its terms are all there are: -z stands for z at label 0.
export function beginTerms(z: usize, arrays: usize, losses: usize, count: i32, labels: usize): i32 {
  const padded = (count + 3) & ~3;
  const q = arrays + 5 * ARRAY;
  const others = exponentials64(z, 0, q, padded, false);
  const zero = f64x2.splat(0);
  const one = v128.load64_splat(EXP, 40);
  const end = <usize>padded * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const x = labels ? v128.xor(v128.load(z + at), signsOf(labels + (at >> 1))) : v128.load(z + at);
    const t = v128.load(q + at);
    const logarithm = logarithmOf(t);
    const above = f64x2.pmax(zero, x);
    const likely = f64x2.div(one, f64x2.add(one, t));
    const unlikely = f64x2.mul(t, likely);
    const isBelow = f64x2.lt(x, zero);
    const to = arrays + at;
    v128.store(to, f64x2.add(f64x2.sub(above, x), logarithm));
    v128.store(to + ARRAY, f64x2.add(above, logarithm));
    v128.store(to + 2 * ARRAY, v128.bitselect(unlikely, likely, isBelow));
    v128.store(to + 3 * ARRAY, v128.bitselect(likely, unlikely, isBelow));
    v128.store(to + 4 * ARRAY, zero);
    v128.store(losses + at, zero);
  }
  return others;
}

// The sign bit for label 0.
function signsOf(labels: usize): v128 {
  const wide = i64x2.extend_low_i32x4_u(v128.load64_zero(labels));
  return i64x2.shl(i64x2.sub(wide, i64x2.splat(1)), 63);
}

// The mass of each label, see `setMassesOfLabels`, times its weight.
export function massesOfLabels(labels: usize, weights: usize, masses: usize, count: i32): void {
  const end = <usize>count * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const ones = i64x2.neg(i64x2.extend_low_i32x4_u(v128.load64_zero(labels + (at >> 1))));
    v128.store(masses + at, f64x2.mul(v128.load(weights + at), massOf(ones)));
  }
}

// log(1 + t) for t in [0, 1], as in float64.ts.
function logarithmOf(t: v128): v128 {
  const s = f64x2.div(t, f64x2.add(t, v128.load64_splat(LOG, 88)));
  const square = f64x2.mul(s, s);
  const fourth = f64x2.mul(square, square);
  const eighth = f64x2.mul(fourth, fourth);
  const lower = madd64(pairOf(24, 16, square), fourth, pairOf(8, 0, square));
  const upper = madd64(pairOf(56, 48, square), fourth, pairOf(40, 32, square));
  const series = madd64(madd64(pairOf(72, 64, square), eighth, upper), eighth, lower);
  const h = f64x2.mul(f64x2.mul(t, t), v128.load64_splat(LOG, 80));
  return f64x2.sub(t, f64x2.sub(h, f64x2.mul(s, madd64(series, square, h))));
}

// @ts-ignore: decorator
@inline
function pairOf(high: usize, low: usize, x: v128): v128 {
  return madd64(v128.load64_splat(LOG + high), x, v128.load64_splat(LOG + low));
}

// exp(-y), y >= 0; 0 from 708.39 on.
function exponentialOf(y: v128): v128 {
  const x = f64x2.neg(y);
  const magic = v128.load64_splat(EXP, 8);
  const shifted = madd64(x, v128.load64_splat(EXP), magic);
  const n = f64x2.sub(shifted, magic);
  const r = madd64(n, v128.load64_splat(EXP, 24), madd64(n, v128.load64_splat(EXP, 16), x));
  const square = f64x2.mul(r, r);
  const fourth = f64x2.mul(square, square);
  const low = madd64(termsOf(72, 64, r), square, termsOf(56, 48, r));
  const high = madd64(termsOf(104, 96, r), square, termsOf(88, 80, r));
  const series = madd64(madd64(termsOf(120, 112, r), fourth, high), fourth, low);
  const p = madd64(series, square, r);
  const power = i64x2.add(f64x2.add(p, v128.load64_splat(EXP, 40)), i64x2.shl(shifted, 52));
  return v128.and(power, f64x2.ge(x, v128.load64_splat(EXP, 32)));
}

// @ts-ignore: decorator
@inline
function termsOf(high: usize, low: usize, x: v128): v128 {
  return madd64(v128.load64_splat(EXP + high), x, v128.load64_splat(EXP + low));
}

// (1 - exp(-y)) / q, y = q times a cost; by its series where the difference would cancel: y^6 / 5040 of y is left.
function costOfOrder(y: v128, power: v128, q: v128): v128 {
  const one = f64x2.splat(1);
  let series = one;
  for (let k: f64 = 6; k > 1; k--) series = f64x2.sub(one, f64x2.div(f64x2.mul(y, series), f64x2.splat(k)));
  const small = f64x2.mul(y, series);
  return f64x2.div(v128.bitselect(small, f64x2.sub(one, power), f64x2.lt(y, f64x2.splat(0.03125))), q);
}

// Adds u c (1 - p)^a T_q(l) to the losses, and to the gradient the derivative, -sign u c (1 - p)^a ((1 - p) p^q + a p T_q(l)),
// of outcome 1 (sign 1) or 0 (sign -1). No masses: u = 1.
export function addTerm(
  arrays: usize,
  masses: usize,
  losses: usize,
  count: i32,
  coefficient: f64,
  a: f64,
  q: f64,
  sign: f64,
): void {
  const first: usize = sign > 0 ? 0 : ARRAY;
  const second: usize = ARRAY - first;
  const power = f64x2.splat(a);
  const order = f64x2.splat(q);
  const factor = f64x2.splat(coefficient);
  const minusSign = f64x2.splat(-sign);
  const one = f64x2.splat(1);
  const end = <usize>((count + 3) & ~3) * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const to = arrays + at;
    const cost = v128.load(to + first);
    const p = v128.load(to + 2 * ARRAY + first);
    const complement = v128.load(to + 2 * ARRAY + second);
    let mass = f64x2.mul(v128.load(masses + at), factor);
    if (a == 1) mass = f64x2.mul(mass, complement);
    else if (a == 2) mass = f64x2.mul(mass, f64x2.mul(complement, complement));
    else if (a != 0) mass = f64x2.mul(mass, exponentialOf(f64x2.mul(power, v128.load(to + second))));
    let termCost = cost;
    let weight = one;
    if (q == 1) {
      termCost = complement;
      weight = p;
    } else if (q != 0) {
      const y = f64x2.mul(order, cost);
      weight = exponentialOf(y);
      termCost = costOfOrder(y, weight, order);
    }
    v128.store(losses + at, f64x2.add(v128.load(losses + at), f64x2.mul(mass, termCost)));
    const slope = f64x2.add(f64x2.mul(complement, weight), f64x2.mul(f64x2.mul(power, p), termCost));
    const gradient = v128.load(to + 4 * ARRAY);
    v128.store(to + 4 * ARRAY, f64x2.add(gradient, f64x2.mul(f64x2.mul(minusSign, mass), slope)));
  }
}

// Adds r lse^2 to the losses and 2 r lse p1 to the gradient, lse = -l0.
export function addPartition(arrays: usize, factors: usize, losses: usize, count: i32): void {
  const end = <usize>((count + 3) & ~3) * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const to = arrays + at;
    const lse = v128.load(to + ARRAY);
    const part = f64x2.mul(v128.load(factors + at), lse);
    v128.store(losses + at, f64x2.add(v128.load(losses + at), f64x2.mul(part, lse)));
    const slope = f64x2.mul(f64x2.add(part, part), v128.load(to + 2 * ARRAY));
    v128.store(to + 4 * ARRAY, f64x2.add(v128.load(to + 4 * ARRAY), slope));
  }
}

// The gradient times scale, in float32 and without -0; negated at label 0 as z was. Returns whether some number is too large.
export function endTerms(arrays: usize, gradient: usize, count: i32, scale: f64, labels: usize): i32 {
  const factor = f64x2.splat(scale);
  const from = arrays + 4 * ARRAY;
  let finite = f32x4.splat(0);
  const end = <usize>((count + 3) & ~3) * 4;
  for (let at: usize = 0; at < end; at += 16) {
    const low = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(from + 2 * at), factor));
    const high = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(from + 2 * at, 16), factor));
    let both = v128.shuffle<u64>(low, high, 0, 2);
    if (labels) both = v128.xor(both, i32x4.shl(i32x4.sub(v128.load(labels + at), i32x4.splat(1)), 31));
    // x - x is NaN of infinities, and so is its sum.
    finite = f32x4.add(finite, f32x4.sub(both, both));
    v128.store(gradient + at, f32x4.add(both, f32x4.splat(0)));
  }
  return i32(v128.any_true(f32x4.ne(finite, finite)));
}
