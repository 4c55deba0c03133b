/**
 * Arithmetic of pairs [high, low], twice the digits of a number: what a plan adds to a logit must not cost the logit its own.
 * Dekker's and Knuth's algorithms. Each function returns the high part and leaves the low one in `pairLow[0]`.
 */
export const pairLow: Float64Array = /* @__PURE__ */ new Float64Array(1);

/** 2^27 + 1 cuts a number into two halves, whose products are exact. */
const SPLITTER = 134217729;

/** What rounding took from the product a b. */
function productError(a: number, b: number, product: number): number {
  const aHigh = a * SPLITTER - (a * SPLITTER - a);
  const bHigh = b * SPLITTER - (b * SPLITTER - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** a + b of two numbers. */
export function addNumbers(a: number, b: number): number {
  const sum = a + b;
  const part = sum - a;
  // Infinity has no low part.
  pairLow[0] = Math.abs(sum) < Infinity ? a - (sum - part) + (b - part) : 0;
  return sum;
}

/** a + b. */
export function addPairs(aHigh: number, aLow: number, bHigh: number, bLow: number): number {
  const high = addNumbers(aHigh, bHigh);
  return addNumbers(high, pairLow[0] + aLow + bLow);
}

/** a b. */
export function multiplyPairs(aHigh: number, aLow: number, bHigh: number, bLow: number): number {
  const product = aHigh * bHigh;
  if (!(Math.abs(product) < Infinity)) return addNumbers(product, 0);
  return addNumbers(product, productError(aHigh, bHigh, product) + (aHigh * bLow + aLow * bHigh));
}

/** a / b. */
export function dividePairs(aHigh: number, aLow: number, bHigh: number, bLow: number): number {
  const quotient = aHigh / bHigh;
  const product = quotient * bHigh;
  const rest = aHigh - product - productError(quotient, bHigh, product) + aLow - quotient * bLow;
  return addNumbers(quotient, rest / bHigh);
}

/** The first `bits` bits of a number, rounded. */
export function firstBits(value: number, bits: number): number {
  const factor = 2 ** (53 - bits) + 1;
  return value * factor - (value * factor - value);
}
