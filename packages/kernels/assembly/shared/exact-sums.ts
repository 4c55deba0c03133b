// Sums without rounding error. A number x of less than 2^23 in size is the sum of a multiple of 2^-28 and a rest of at most
// 2^-29, and this of a multiple of 2^-79 and a rest of at most 2^-80. Adding 1.5 * 2^24 to x, 1.5 * 2^-27 to its rest and
// 1.5 * 2^-78 to the rest of that leaves all three as integers in the bits of the sums, which 64 bits add up exactly. Two
// parts are enough of most float32 numbers.

// prettier-ignore
const SPLIT = memory.data<f64>([25165824, 1.1175870895385742e-8, 4.963083675318166e-24], 16);

// The sum of the losses of a tile, as six numbers in place of the first losses. Returns 0, and leaves them, where some loss
// is too large or too small. `count` is at most 4096, and at least six numbers have room.
export function sumLosses64(losses: usize, count: i32): i32 {
  // What lies past the end counts as 0.
  if (count & 1) f64.store(losses + (<usize>count << 3), 0);
  return sum(losses, count, false);
}

// The same for losses in float32; four numbers, float64, are enough.
export function sumLosses32(losses: usize, count: i32): i32 {
  for (let i = count; (i & 3) != 0; i++) f32.store(losses + (<usize>i << 2), 0);
  return sum(losses, count, true);
}

// @ts-ignore: decorator
@inline
function sum(losses: usize, count: i32, narrow: bool): i32 {
  const big = v128.load64_splat(SPLIT);
  const small = v128.load64_splat(SPLIT, 8);
  let highs = i64x2.splat(0);
  const tiny = v128.load64_splat(SPLIT, 16);
  let lows = i64x2.splat(0);
  let tails = i64x2.splat(0);
  let beyond = i64x2.splat(0);
  let left = i64x2.splat(0);
  const end = <usize>count << (narrow ? 2 : 3);
  let at: usize = 0;
  for (; at < end; at += narrow ? 8 : 16) {
    const x = narrow ? f64x2.promote_low_f32x4(v128.load64_zero(losses + at)) : v128.load(losses + at);
    const shifted = f64x2.add(x, big);
    beyond = v128.or(beyond, v128.xor(shifted, big));
    highs = i64x2.add(highs, shifted);
    const rest = f64x2.sub(x, f64x2.sub(shifted, big));
    const shiftedRest = f64x2.add(rest, small);
    lows = i64x2.add(lows, shiftedRest);
    const last = f64x2.sub(shiftedRest, small);
    if (narrow) {
      left = v128.or(left, f64x2.ne(rest, last));
      continue;
    }
    const tail = f64x2.sub(rest, last);
    const shiftedTail = f64x2.add(tail, tiny);
    tails = i64x2.add(tails, shiftedTail);
    left = v128.or(left, f64x2.ne(tail, f64x2.sub(shiftedTail, tiny)));
  }
  // Sums of 2^23 and more, of infinities and of NaN have other exponents.
  const isBeyond = v128.any_true(i64x2.shr_u(beyond, 52));
  if (isBeyond || v128.any_true(left)) return 0;
  const numbers = at >> (narrow ? 2 : 3);
  storeParts(losses, sumOfLanes(highs, big, numbers), 3.725290298461914e-9);
  storeParts(losses + 16, sumOfLanes(lows, small, numbers), 1.6543612251060553e-24);
  if (narrow) return 4;
  storeParts(losses + 32, sumOfLanes(tails, tiny, numbers), 7.346839692639297e-40);
  return 6;
}

// Without the bits of what was added to each of the numbers, modulo 2^64.
function sumOfLanes(sums: v128, added: v128, numbers: usize): i64 {
  const all = i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1);
  return all - <i64>numbers * i64x2.extract_lane(added, 0);
}

// An integer times a power of two, as two numbers: float64 holds 53 of its bits.
function storeParts(at: usize, integer: i64, unit: f64): void {
  f64.store(at, <f64>(integer >> 32) * 4294967296 * unit);
  f64.store(at, <f64>(integer & 0xffffffff) * unit, 8);
}
