/**
 * Double-double arithmetic: a value is the unevaluated sum of a double and a much smaller one, some 106 bits together.
 *
 * Each function returns the high part and leaves the low part in `low[0]`, to be taken before the next call: pairs in
 * objects would be garbage by the million. Algorithms: Dekker (1971) for products without fused multiply-add, Knuth's
 * two-sum, and Hida, Li and Bailey, "Library for double-double and quad-double arithmetic" (2007) for the rest.
 */

/** The low part of the last result. */
export const low: Float64Array = new Float64Array(1);

/** 2^27 + 1 cuts a double into two halves whose products are exact. */
const SPLITTER = 134217729;

/** a + b exactly. */
export function twoSum(a: number, b: number): number {
  const sum = a + b;
  const part = sum - a;
  low[0] = a - (sum - part) + (b - part);
  return sum;
}

/** a + b exactly, where |a| >= |b| or a = 0. */
export function quickTwoSum(a: number, b: number): number {
  const sum = a + b;
  low[0] = b - (sum - a);
  return sum;
}

/** The rounding error of the double product a b, exactly. */
function productError(a: number, b: number, product: number): number {
  const aShifted = SPLITTER * a;
  const aHigh = aShifted - (aShifted - a);
  const aLow = a - aHigh;
  const bShifted = SPLITTER * b;
  const bHigh = bShifted - (bShifted - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** a + b. */
export function add(aHigh: number, aLow: number, bHigh: number, bLow: number): number {
  const high = twoSum(aHigh, bHigh);
  const highError = low[0];
  const tail = twoSum(aLow, bLow);
  const tailError = low[0];
  const sum = quickTwoSum(high, highError + tail);
  return quickTwoSum(sum, low[0] + tailError);
}

/** a b. */
export function multiply(aHigh: number, aLow: number, bHigh: number, bLow: number): number {
  const product = aHigh * bHigh;
  return quickTwoSum(product, productError(aHigh, bHigh, product) + (aHigh * bLow + aLow * bHigh));
}

/** a b + c, where |a b| is at most |c|. */
export function multiplyAdd(
  aHigh: number,
  aLow: number,
  bHigh: number,
  bLow: number,
  cHigh: number,
  cLow: number,
): number {
  const product = multiply(aHigh, aLow, bHigh, bLow);
  const productLow = low[0];
  const sum = quickTwoSum(cHigh, product);
  return quickTwoSum(sum, low[0] + (cLow + productLow));
}

/** a / b. */
export function divide(aHigh: number, aLow: number, bHigh: number, bLow: number): number {
  const first = aHigh / bHigh;
  let product = multiply(first, 0, bHigh, bLow);
  let rest = add(aHigh, aLow, -product, -low[0]);
  const restLow = low[0];
  const second = rest / bHigh;
  product = multiply(second, 0, bHigh, bLow);
  rest = add(rest, restLow, -product, -low[0]);
  const third = rest / bHigh;
  const sum = quickTwoSum(first, second);
  return quickTwoSum(sum, low[0] + third);
}

const SMALLEST_POWER = -1074;
const powersOfTwo = Float64Array.from({ length: 2098 }, (_, index) => 2 ** (index + SMALLEST_POWER));

/** a 2^exponent, for exponents up to 1023. Where the result has no room for its low bits it is rounded once, or zero. */
export function timesPowerOfTwo(high: number, lowPart: number, exponent: number): number {
  if (exponent >= -900) {
    const factor = powersOfTwo[exponent - SMALLEST_POWER];
    low[0] = lowPart * factor;
    return high * factor;
  }
  const rest = exponent + 900;
  if (rest < SMALLEST_POWER) {
    low[0] = 0;
    return 0;
  }
  // The first factor is exact for the mantissas that come here; only the second can round.
  const first = powersOfTwo[-900 - SMALLEST_POWER];
  const second = powersOfTwo[rest - SMALLEST_POWER];
  low[0] = lowPart * first * second;
  return high * first * second;
}
