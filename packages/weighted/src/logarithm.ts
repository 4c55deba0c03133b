/** log 2 in two parts, of which the first has so few bits that k times it is exact (fdlibm, e_log.c). */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** The terms s^(2n) / (2n + 1), n = 1 … 11, of artanh(s) / s: the next is below 2^-60 at s = 3 - 2 sqrt(2). */
const TERMS = 11;

/**
 * log x of a normal number x > 0 within 1 unit in the last place, with the same bits on every machine: `Math.log` may differ in
 * the last one, and then a loss would, too.
 *
 * With x = 2^k (1 + f) and s = f / (2 + f): log(1 + f) = 2 artanh(s) = f - s (f - r), r = 2 (s^2 / 3 + s^4 / 5 + …).
 */
export function logarithm(x: number): number {
  let k = 0;
  let mantissa = x;
  for (; mantissa >= Math.SQRT2; k++) mantissa /= 2;
  for (; mantissa < Math.SQRT1_2; k--) mantissa *= 2;
  const f = mantissa - 1;
  const s = f / (2 + f);
  const square = s * s;
  let sum = 0;
  for (let n = TERMS; n >= 1; n--) sum = (sum + 1 / (2 * n + 1)) * square;
  return k * LN2_HIGH + (f - (s * (f - 2 * sum) - k * LN2_LOW));
}
