import { madd32, madd64 } from './madd';

// 1 when a b + c is rounded once in both types: (1 + 2^-12)^2 - 1 - 2^-11 is 2^-24 then, else 0 in float32, and so on.
export function isFused(): i32 {
  const a32 = f32x4.splat(<f32>1.000244140625);
  const c32 = f32x4.splat(<f32>-1.00048828125);
  const a64 = f64x2.splat(1.0000000074505806);
  const c64 = f64x2.splat(-1.0000000149011612);
  const one = f32x4.extract_lane(madd32(a32, a32, c32), 0) != 0;
  const two = f64x2.extract_lane(madd64(a64, a64, c64), 0) != 0;
  return i32(one && two);
}
