import { expm1 } from './expm1.js';

/**
 * The hyperbolic tangent, the same bits on every runtime.
 *
 * Formula: for |x| < 0.27 an odd polynomial of degree 17; else, with t = expm1(2|x|), t / (t + 2) below 1 and
 * 1 - 2 / (t + 2) from 1 on; the sign of x.
 *
 * @param x any number; odd, so -0 gives -0. NaN gives NaN; from |x| = 19.0615 on the result is 1 or -1.
 * @returns tanh x; error at most 1.4 ulp (0.6 for |x| < 0.27), measured against 113-bit arithmetic on 10 million random
 * arguments: [-20, 20], near 0 and on both sides of 0.27 and 1.
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.27) return tanhNear0(x);
  if (!(size < 20)) return x > 0 ? 1 : x < 0 ? -1 : NaN;
  const t = expm1(2 * size);
  const value = size < 1 ? t / (t + 2) : 1 - 2 / (t + 2);
  return x < 0 ? -value : value;
}

/** x - x^3/3 + ... for |x| < 0.27; interpolated, truncation below 2^-60 of x. */
function tanhNear0(x: number): number {
  const s = x * x;
  const fourth = s * s;
  const low =
    -0.3333333333333332 + 0.13333333333327071 * s + fourth * (-0.05396825395872071 + 0.021869487833548272 * s);
  const high =
    -0.008863206837122464 + 0.0035914434053457935 * s + fourth * (-0.0014463087981086606 + 0.0005178445320162048 * s);
  // -0 + 0 is +0; so nothing is added to tiny x.
  return s === 0 ? x : x + x * s * (low + fourth * fourth * high);
}
