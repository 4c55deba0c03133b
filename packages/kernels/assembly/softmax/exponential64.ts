// What makes exponentials of float64 numbers (`exponential32.ts`).
import { madd64 } from '../shared/madd';

export const CONSTANTS: usize = memory.data<f64>([
  1.44269504088896340736, // log2 e
  -0.6931471803691238, // log 2 to 32 bits, so that n times it is exact, and the rest
  -1.9082149292705877e-10,
  1,
  // Coefficients of exp after 1 + r; relative error 2^-55.6 (scripts/exp-polynomial.ts).
  0.5000000000000001,
  0.16666666666666669,
  0.04166666666662413,
  0.008333333333330062,
  0.0013888888917213717,
  0.00019841269863053618,
  0.000024801521295954376,
  0.0000027557268459997064,
  2.7620088445409746e-7,
  2.510038549551032e-8,
]);
export const MAGIC: f64 = 6755399441055744; // 1.5 2^52
export const LOG2E: f64 = 1.4426950408889634;

// n log 2 in two steps is exact enough up to here.
export const LARGEST_UNSHIFTED: f64 = 2048;
export const HEADROOM: f64 = 500;
// exp(-800) is below the smallest float64.
export const LARGEST_GAP: f64 = 800;

// e^r by Estrin's scheme: the chain of Horner's is twice as long as the loop can hide.
export function poly(r: v128): v128 {
  const r2 = f64x2.mul(r, r);
  const p2 = madd64(r, v128.load64_splat(CONSTANTS, 40), v128.load64_splat(CONSTANTS, 32));
  const p4 = madd64(r, v128.load64_splat(CONSTANTS, 56), v128.load64_splat(CONSTANTS, 48));
  const p6 = madd64(r, v128.load64_splat(CONSTANTS, 72), v128.load64_splat(CONSTANTS, 64));
  const p8 = madd64(r, v128.load64_splat(CONSTANTS, 88), v128.load64_splat(CONSTANTS, 80));
  const p10 = madd64(r, v128.load64_splat(CONSTANTS, 104), v128.load64_splat(CONSTANTS, 96));
  const q = madd64(madd64(madd64(madd64(p10, r2, p8), r2, p6), r2, p4), r2, p2);
  const one = v128.load64_splat(CONSTANTS, 24);
  return f64x2.add(one, madd64(q, r2, r));
}

// Below it the exponential counts as 0 here.
const LEAST: f64 = -700;

// Of two numbers at once, x <= 0.
export function exponential64x2(x: v128): v128 {
  const least = f64x2.splat(LEAST);
  const magic = f64x2.splat(MAGIC);
  const kept = f64x2.pmax(x, least);
  const t = madd64(kept, v128.load64_splat(CONSTANTS), magic);
  const n = f64x2.sub(t, magic);
  const r = madd64(n, v128.load64_splat(CONSTANTS, 16), madd64(n, v128.load64_splat(CONSTANTS, 8), kept));
  return v128.and(i64x2.add(poly(r), i64x2.shl(t, 52)), f64x2.ge(x, least));
}
