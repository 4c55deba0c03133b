import { firstOf32, sumOfLanes64, upperHalf } from '../shared/lanes';

// The sum of a block of exponentials: four vectors pairwise in float32, the rest in float64. Longer float32 sums lose up to
// 190 units over 32,000 classes.
export function sumBlock(at: usize, count: i32): f64 {
  let sumA = f64x2.splat(0);
  let sumB = f64x2.splat(0);
  const end = at + ((count & ~15) << 2);
  while (at < end) {
    const e01 = f32x4.add(v128.load(at), v128.load(at, 16));
    const sum = f32x4.add(e01, f32x4.add(v128.load(at, 32), v128.load(at, 48)));
    sumA = f64x2.add(sumA, f64x2.promote_low_f32x4(sum));
    sumB = f64x2.add(sumB, f64x2.promote_low_f32x4(upperHalf(sum)));
    at += 64;
  }
  for (let left = count & 15; left > 0; left -= 4) {
    const e = v128.and(v128.load(at), firstOf32(left));
    sumA = f64x2.add(sumA, f64x2.promote_low_f32x4(e));
    sumB = f64x2.add(sumB, f64x2.promote_low_f32x4(upperHalf(e)));
    at += 16;
  }
  return sumOfLanes64(f64x2.add(sumA, sumB));
}
