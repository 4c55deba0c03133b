/** A number as the unevaluated sum of two: high is the number rounded to float64, low what is left of it. */
export interface Pair {
  readonly high: number;
  readonly low: number;
}

/** 2^27 + 1, which splits a float64 in two halves of 26 bits. */
const SPLITTER = 134_217_729;

/** The sum of numbers, with Neumaier's correction: 2^-106 of the sum of their magnitudes are lost, not 2^-53. */
export function sumOf(values: Float64Array, from = 0, count: number = values.length): Pair {
  let sum = 0;
  let lost = 0;
  for (let i = from; i < from + count; i++) {
    const value = values[i];
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  const high = sum + lost;
  // The lost part of an infinite sum is not a number.
  return Number.isFinite(high) ? { high, low: sum - high + lost } : { high: sum, low: 0 };
}

/** The sum of two pairs. */
export function sumOfPairs(one: Pair, other: Pair): Pair {
  const sum = one.high + other.high;
  const virtual = sum - one.high;
  const low = one.high - (sum - virtual) + (other.high - virtual) + one.low + other.low;
  const high = sum + low;
  return { high, low: sum - high + low };
}

/** The product of two pairs. */
export function productOf(one: Pair, other: Pair): Pair {
  const product = one.high * other.high;
  const low = productError(one.high, other.high, product) + (one.high * other.low + one.low * other.high);
  const high = product + low;
  return { high, low: product - high + low };
}

/**
 * one - other, to a unit in the last place of the difference, however much cancels.
 */
export function differenceOf(one: Pair, other: Pair): number {
  const difference = one.high - other.high;
  const virtual = one.high - difference;
  const lost = one.high - (difference + virtual) + (virtual - other.high);
  return difference + (lost + (one.low - other.low));
}

/** A float64 as a pair. */
export function pairOf(value: number): Pair {
  return { high: value, low: 0 };
}

/**
 * a b - product, exactly: T. J. Dekker, "A floating-point technique for extending the available precision", Numerische
 * Mathematik 18 (1971). For factors below 2^996 whose product is above 2^-968; below, what is lost is 2^-1074.
 */
function productError(a: number, b: number, product: number): number {
  const aSplit = a * SPLITTER;
  const aHigh = aSplit - (aSplit - a);
  const aLow = a - aHigh;
  const bSplit = b * SPLITTER;
  const bHigh = bSplit - (bSplit - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
