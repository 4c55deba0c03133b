// Masses u1, u0 of the two outcomes of each element, in float64: a weight of 1e39 has no place in float32, its product with
// 1e-39 has. Goes on to the next multiple of four elements; what lies past `count` must be there, not mean anything.

// u1 = s (fromPositive1 y + fromNegative1 (1 - y)), u0 likewise, in the order of the TypeScript engine. `positive` holds y.
// Ignored elements, whose y and s are not read, get 0.
export function addMasses(
  positive: usize,
  negative: usize,
  weights: usize,
  keep: usize,
  count: i32,
  positiveFromPositive: f64,
  positiveFromNegative: f64,
  negativeFromPositive: f64,
  negativeFromNegative: f64,
): void {
  const one = f64x2.splat(1);
  const pp = f64x2.splat(positiveFromPositive);
  const pn = f64x2.splat(positiveFromNegative);
  const np = f64x2.splat(negativeFromPositive);
  const nn = f64x2.splat(negativeFromNegative);
  const padded = (<usize>count + 3) & ~3;
  for (let i: usize = 0; i < padded; i += 2) {
    const at = i * 8;
    const kept = keptPair(keep + i);
    const s = v128.and(v128.load(weights + at), kept);
    const yes = v128.and(v128.load(positive + at), kept);
    const no = f64x2.sub(one, yes);
    v128.store(positive + at, f64x2.mul(s, f64x2.add(f64x2.mul(pp, yes), f64x2.mul(pn, no))));
    v128.store(negative + at, f64x2.mul(s, f64x2.add(f64x2.mul(np, yes), f64x2.mul(nn, no))));
  }
}

// All ones for an element that counts (1), zeros for an ignored one (0); two at a time.
function keptPair(keep: usize): v128 {
  const words = i16x8.extend_low_i8x16_s(v128.load16_splat(keep));
  return i64x2.neg(i64x2.extend_low_i32x4_s(i32x4.extend_low_i16x8_s(words)));
}

// The masses of labels 0 and 1 where either leaves the other outcome none: class weights. Globals, since threads may share
// a memory.
let ofLabel0: f64 = 1;
let ofLabel1: f64 = 1;

export function setMassesOfLabels(ofZero: f64, ofOne: f64): void {
  ofLabel0 = ofZero;
  ofLabel1 = ofOne;
}

// `ones` has all bits of label 1, none of label 0.
// @ts-ignore: decorator
@inline
export function massOf(ones: v128): v128 {
  return v128.bitselect(f64x2.splat(ofLabel1), f64x2.splat(ofLabel0), ones);
}

// Targets that are all 0 or 1 as labels of 32 bits. Returns whether they are.
export function labelsOfTargets(targets: usize, labels: usize, count: i32): i32 {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  let others = zero;
  const end = <usize>count * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const y = v128.load(targets + at);
    const ones = f64x2.eq(y, one);
    others = v128.or(others, v128.not(v128.or(ones, f64x2.eq(y, zero))));
    v128.store64_lane(labels + (at >> 1), i32x4.neg(v128.shuffle<i32>(ones, ones, 0, 2, 0, 2)), 0);
  }
  return i32(!v128.any_true(others));
}

// The mass of each label, see `setMassesOfLabels`, times its weight.
export function massesOfLabels(labels: usize, weights: usize, masses: usize, count: i32): void {
  const end = <usize>count * 8;
  for (let at: usize = 0; at < end; at += 16) {
    const ones = i64x2.neg(i64x2.extend_low_i32x4_u(v128.load64_zero(labels + (at >> 1))));
    v128.store(masses + at, f64x2.mul(v128.load(weights + at), massOf(ones)));
  }
}
