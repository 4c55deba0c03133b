// log(1 + x) of four float32 numbers from 0 to 2^20, within 1.5 units in the last place.
//
// With 1 + x = 2^k (1 + f), 1 + f in [sqrt(1/2), sqrt(2)), f = 2^-k x - (1 - 2^-k), rounded once; for small x it is x. Then
// log(1 + x) = k log 2 + f - f^2 / 2 + f^3 P(f), P minimax, 2^-27.3 relative to log(1 + f).
import { madd32 } from './madd';

// prettier-ignore
const NUMBERS: usize = memory.data<f32>([
  1, -0.5,
  0.693359375, -2.12194440e-4, // log 2 to nine bits, so that k times it is exact, and the rest
  0.3333333, -0.25000823, 0.20001234, -0.16623297, 0.14201552, -0.13160585, 0.1276334, -0.07635664,
], 16);
const INTEGERS: usize = memory.data<i32>(
  [
    0x3f3504f3, // the bits of sqrt(1/2)
    0xff800000,
  ],
  16,
);

export function log1p32x4(x: v128): v128 {
  const one = v128.load32_splat(NUMBERS);
  const bits = i32x4.sub(f32x4.add(x, one), v128.load32_splat(INTEGERS));
  const exponent = v128.and(bits, v128.load32_splat(INTEGERS, 4));
  const k = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  const power = i32x4.sub(one, exponent);
  const f = madd32(x, power, f32x4.sub(power, one));
  const square = f32x4.mul(f, f);
  const p01 = madd32(v128.load32_splat(NUMBERS, 20), f, v128.load32_splat(NUMBERS, 16));
  const p23 = madd32(v128.load32_splat(NUMBERS, 28), f, v128.load32_splat(NUMBERS, 24));
  const p45 = madd32(v128.load32_splat(NUMBERS, 36), f, v128.load32_splat(NUMBERS, 32));
  const p67 = madd32(v128.load32_splat(NUMBERS, 44), f, v128.load32_splat(NUMBERS, 40));
  const p = madd32(madd32(p67, square, p45), f32x4.mul(square, square), madd32(p23, square, p01));
  const low = madd32(square, v128.load32_splat(NUMBERS, 4), f32x4.mul(k, v128.load32_splat(NUMBERS, 12)));
  const tail = madd32(p, f32x4.mul(square, f), low);
  return madd32(k, v128.load32_splat(NUMBERS, 8), f32x4.add(f, tail));
}
