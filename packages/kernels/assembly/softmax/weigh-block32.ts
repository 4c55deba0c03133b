import { firstOf32, sumOfLanes64, upperHalf } from '../shared/lanes';
import { madd64 } from '../shared/madd';
import { base, distance } from './state';

// The sum of v_c (z_c - base) over a block, in float64: the terms cancel against the log-partition. v is float64 in memory, since
// conversions are what this takes most time for.
export function weighBlock(at: usize, v: usize, count: i32, shifted: bool): f64 {
  return shifted ? weigh(at, v, count, true) : weigh(at, v, count, false);
}

// @ts-ignore: decorator
@inline
function weigh(at: usize, v: usize, count: i32, shifted: bool): f64 {
  const offset = f32x4.splat(<f32>base);
  let sumA = f64x2.splat(0);
  let sumB = f64x2.splat(0);
  let sumC = f64x2.splat(0);
  let sumD = f64x2.splat(0);
  at += distance;
  const end = at + ((count & ~7) << 2);
  while (at < end) {
    const z0 = v128.load(at);
    const x0 = shifted ? f32x4.sub(z0, offset) : z0;
    sumA = weighPair(x0, v128.load(v), sumA, shifted);
    sumB = weighPair(upperHalf(x0), v128.load(v, 16), sumB, shifted);
    const z1 = v128.load(at, 16);
    const x1 = shifted ? f32x4.sub(z1, offset) : z1;
    sumC = weighPair(x1, v128.load(v, 32), sumC, shifted);
    sumD = weighPair(upperHalf(x1), v128.load(v, 48), sumD, shifted);
    at += 32;
    v += 64;
  }
  for (let left = count & 7; left > 0; left -= 4) {
    const x0 = v128.and(f32x4.sub(v128.load(at), offset), firstOf32(left));
    sumA = weighPair(x0, v128.load(v), sumA, true);
    sumB = weighPair(upperHalf(x0), v128.load(v, 16), sumB, true);
    at += 16;
    v += 32;
  }
  return sumOfLanes64(f64x2.add(f64x2.add(sumA, sumB), f64x2.add(sumC, sumD)));
}

// A class without mass adds nothing even where its logit is -Infinity. A row that needs no look at its largest logit has no such
// logit, or is refused, and has no base.
// @ts-ignore: decorator
@inline
function weighPair(x: v128, v: v128, sum: v128, shifted: bool): v128 {
  const wide = f64x2.promote_low_f32x4(x);
  return madd64(shifted ? v128.and(wide, f64x2.ne(v, f64x2.splat(0))) : wide, v, sum);
}
