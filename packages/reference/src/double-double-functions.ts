import { add, divide, low, multiply, multiplyAdd, quickTwoSum, timesPowerOfTwo, twoSum } from './double-double.js';

/** log 2 = its first 38 bits + the next 38 + the next 53, so that k times each of the first two is exact up to k = 2^15. */
const LN2_FIRST = 0.6931471805582987;
const LN2_SECOND = 1.6465949582866463e-12;
const LN2_THIRD = 3.061840736018652e-24;

/** The k for which x - k log 2 is small, where |x| < 2^14. */
export function exponentialPower(x: number): number {
  return Math.round(x * Math.LOG2E);
}

/** 1/n! in pairs, n = 0 … 12. */
const TAYLOR_TERMS = 12;
const inverseFactorialHigh = new Float64Array(TAYLOR_TERMS + 1).fill(1);
const inverseFactorialLow = new Float64Array(TAYLOR_TERMS + 1);
for (let n = 2; n <= TAYLOR_TERMS; n += 1) {
  inverseFactorialHigh[n] = divide(inverseFactorialHigh[n - 1], inverseFactorialLow[n - 1], n, 0);
  inverseFactorialLow[n] = low[0];
}

/** exp(i / 64) in pairs, i = -TABLE_MIDDLE … TABLE_MIDDLE: |x - k log 2| is at most log(2) / 2 < 23 / 64. */
const TABLE_MIDDLE = 23;
const exponentialHigh = new Float64Array(2 * TABLE_MIDDLE + 1);
const exponentialLow = new Float64Array(2 * TABLE_MIDDLE + 1);
for (let i = -TABLE_MIDDLE; i <= TABLE_MIDDLE; i += 1) {
  // Horner's scheme of the Taylor series: (23 / 64)^25 / 25! is below 2^-120.
  let [high, lowPart] = [1, 0];
  for (let n = 25; n >= 1; n -= 1) {
    high = multiply(high, lowPart, i / 64, 0);
    high = divide(high, low[0], n, 0);
    high = add(1, 0, high, low[0]);
    lowPart = low[0];
  }
  exponentialHigh[i + TABLE_MIDDLE] = high;
  exponentialLow[i + TABLE_MIDDLE] = lowPart;
}

/**
 * exp(x - k log 2) with k = `exponentialPower(x)`, between 0.7 and 1.42, so that exp(x) is that times 2^k for any x:
 * measured to 2^-104.
 */
export function exponential(xHigh: number, xLow: number, k: number): number {
  const first = xHigh - k * LN2_FIRST; // Exact: both are near each other.
  let high = twoSum(first, -k * LN2_SECOND);
  const error = low[0];
  // The low part of a large x is large beside what is left: rounding its sum with the error would cost 13 bits.
  high = twoSum(high, xLow);
  high = quickTwoSum(high, error + low[0] - k * LN2_THIRD);
  const highLow = low[0];
  const step = Math.round(high * 64);
  high = quickTwoSum(high - step / 64, highLow);
  const r = high;
  const rLow = low[0];
  // exp(r) = 1 + r (1 + r / 2 + r^2 / 6 + …), |r| <= 1 / 128: terms from r^7 / 7! < 2^-61 need no low part.
  let tail = inverseFactorialHigh[TAYLOR_TERMS];
  for (let n = TAYLOR_TERMS - 1; n >= 7; n -= 1) tail = tail * r + inverseFactorialHigh[n];
  let sum = tail;
  low[0] = 0;
  for (let n = 6; n >= 1; n -= 1) {
    sum = multiplyAdd(sum, low[0], r, rLow, inverseFactorialHigh[n], inverseFactorialLow[n]);
  }
  sum = multiply(sum, low[0], r, rLow);
  const tableHigh = exponentialHigh[step + TABLE_MIDDLE];
  const tableLow = exponentialLow[step + TABLE_MIDDLE];
  return multiplyAdd(sum, low[0], tableHigh, tableLow, tableHigh, tableLow);
}

/** 1 / (2 n + 1) in pairs, n = 0 … 11. */
const ARTANH_TERMS = 12;
const inverseOddHigh = new Float64Array(ARTANH_TERMS);
const inverseOddLow = new Float64Array(ARTANH_TERMS);
for (let n = 0; n < ARTANH_TERMS; n += 1) {
  inverseOddHigh[n] = divide(1, 0, 2 * n + 1, 0);
  inverseOddLow[n] = low[0];
}

/** log(1 + x) for x from 2^-200 to 2^40: measured to 2^-101. */
export function logOnePlus(xHigh: number, xLow: number): number {
  if (xHigh < 1 / 16) return logOnePlusSmall(xHigh, xLow);
  // Whatever Math.log1p of a machine gives to some 1e-15 is a start, and the result the same to 100 bits.
  // One step of Newton's method from the double y: log(1 + x) = y + log(w), w = (1 + x) exp(-y) = 1 + some 1e-16.
  const y = Math.log1p(xHigh);
  const k = exponentialPower(-y);
  let inverse = exponential(-y, 0, k);
  inverse = timesPowerOfTwo(inverse, low[0], k);
  const inverseLow = low[0];
  let ratio = add(1, 0, xHigh, xLow);
  ratio = multiply(ratio, low[0], inverse, inverseLow);
  const correction = add(ratio, low[0], -1, 0);
  return add(y, 0, correction, low[0] - (correction * correction) / 2);
}

/** log(1 + x) = 2 artanh(s) = 2 s (1 + s^2 / 3 + s^4 / 5 + …) with s = x / (2 + x) < 1 / 33: 12 terms to 2^-120. */
function logOnePlusSmall(xHigh: number, xLow: number): number {
  const denominator = add(2, 0, xHigh, xLow);
  const s = divide(xHigh, xLow, denominator, low[0]);
  const sLow = low[0];
  const square = multiply(s, sLow, s, sLow);
  const squareLow = low[0];
  let sum = inverseOddHigh[ARTANH_TERMS - 1];
  low[0] = inverseOddLow[ARTANH_TERMS - 1];
  for (let n = ARTANH_TERMS - 2; n >= 0; n -= 1) {
    sum = multiplyAdd(sum, low[0], square, squareLow, inverseOddHigh[n], inverseOddLow[n]);
  }
  return multiply(sum, low[0], 2 * s, 2 * sLow);
}
