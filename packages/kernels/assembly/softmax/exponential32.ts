// What makes exponentials of float32 numbers, here and in the passes over rows.
//
// exp: n = round(z log2 e) by adding 1.5 2^23, r = z - n log 2 in two steps (Cody and Waite), a polynomial of degree 6, n
// added to the exponent.
import { madd32 } from '../shared/madd';

// Loaded into locals where a pass begins: V8 builds a constant anew at every use.
export const CONSTANTS: usize = memory.data<f32>([
  1.44269504088896340736, // log2 e
  -0.693359375, // log 2 to nine bits, so that n times it is exact, and the rest
  2.1219444e-4,
  // Minimax coefficients of exp on [-log(2)/2, log(2)/2] after 1 + r; relative error 2^-28.2.
  0.49999994,
  0.16666517,
  0.041668102,
  0.0083691655,
  0.0013838002,
  1,
]);

export const MAGIC: f32 = 12582912; // 1.5 2^23
export const HALF_LOG2E: f32 = 0.7213475204444817;

// To here the reduction of the exponential is exact enough without subtracting the largest logit.
export const LARGEST_UNSHIFTED: f32 = 256;
export const HEADROOM: f32 = 62;
// exp(-129) is far below the smallest float32: such terms count as zero, that of -Infinity too. Rows that need no look at the
// largest span 184 powers of two at most, which is less.
export const LARGEST_GAP: f32 = 129;

// What makes an exponential of its four mantissas: z = n log 2 + r.
export function reduce(z: v128, n: v128, high: v128, low: v128): v128 {
  return madd32(n, low, madd32(n, high, z));
}

export function poly(r: v128, c2: v128, c3: v128, c4: v128, c5: v128, c6: v128, one: v128): v128 {
  const p = madd32(madd32(madd32(madd32(c6, r, c5), r, c4), r, c3), r, c2);
  return madd32(madd32(p, r, one), r, one);
}
