import type { Decimal } from 'decimal.js';
import { arithmetic, exactDecimal } from './exact-decimal.js';

/** The type of the numbers whose errors are measured. */
export type FloatType = 'float32' | 'float64';

interface Format {
  /** floor(log2) of the smallest normal number. */
  readonly smallestExponent: number;
  /** floor(log2) of the largest number. */
  readonly largestExponent: number;
  /** Bits after the leading one. */
  readonly fractionBits: number;
}

const FORMATS: Record<FloatType, Format> = {
  float32: { smallestExponent: -126, largestExponent: 127, fractionBits: 23 },
  float64: { smallestExponent: -1022, largestExponent: 1023, fractionBits: 52 },
};

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** The word with sign and exponent; which one it is depends on the machine's byte order. */
const highWord = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** floor(log2 |value|) of a double, from its bits; -1023 for zero and subnormal numbers, 1024 for Infinity. */
function exponentOf(value: number): number {
  double[0] = value;
  return ((words[highWord] >>> 20) & 0x7ff) - 1023;
}

/** floor(log2) of a magnitude from the double nearest to it: one just below a power of two has been rounded up to it. */
function binaryExponent(nearest: number, restTowardsZero: boolean): number {
  const exponent = exponentOf(nearest);
  return restTowardsZero && Math.abs(nearest) === 2 ** exponent ? exponent - 1 : exponent;
}

function exponentOfDecimal(value: Decimal): number {
  const nearest = value.toNumber();
  const exponent = exponentOf(nearest);
  const isPowerOfTwo = words[1 - highWord] === 0 && (words[highWord] & 0xfffff) === 0;
  if (!isPowerOfTwo || exponent === 1024 || exponent === -1023) return exponent;
  return binaryExponent(nearest, value.abs().lt(exactDecimal(Math.abs(nearest))));
}

/** floor(log2) of a unit in the last place of values with this exponent; at least that of the smallest normal number. */
function unitExponent(exponent: number, { smallestExponent, largestExponent, fractionBits }: Format): number {
  return Math.min(Math.max(exponent, smallestExponent), largestExponent) - fractionBits;
}

const Numbers = arithmetic(40);
const powersOfTwo = new Map<number, Decimal>();

function powerOfTwo(exponent: number): Decimal {
  let power = powersOfTwo.get(exponent);
  if (power === undefined) {
    power = Numbers.pow(2, exponent);
    powersOfTwo.set(exponent, power);
  }
  return power;
}

/**
 * The error of `actual` in units in the last place of the exact value in its type: |actual - exact| / ulp(exact), where
 * ulp(v) = 2^(floor(log2 |v|) - 23) in float32 and 2^(floor(log2 |v|) - 52) in float64. Right rounding is at most 0.5.
 *
 * Exact values below the smallest normal number have the unit of that number, and a flush to zero there counts 0. Where
 * the exact value is Infinity, or past the largest number, Infinity counts 0. NaN on either side counts Infinity.
 */
export function ulpsBetween(actual: number, exact: Decimal, type: FloatType): number {
  return ulpsOfScale(actual, exact, exact, type);
}

/**
 * The error of `actual` in units in the last place of `scale`: for differences p - u of numbers of that size, which no
 * arithmetic computes to units of their own where they meet. Otherwise as `ulpsBetween`.
 */
export function ulpsOfScale(actual: number, exact: Decimal, scale: Decimal, type: FloatType): number {
  if (Number.isNaN(actual) || exact.isNaN() || scale.isNaN()) return Infinity;
  const format = FORMATS[type];
  if (!Number.isFinite(actual) || !exact.isFinite()) {
    const overflows = !exact.isFinite() || exact.abs().gte(overflowThreshold(format));
    return overflows && actual === (exact.isNegative() ? -Infinity : Infinity) ? 0 : Infinity;
  }
  if (actual === 0 && exponentOfDecimal(exact) < format.smallestExponent) return 0;
  const unit = unitExponent(exponentOfDecimal(scale), format);
  return Numbers.mul(Numbers.sub(exact, exactDecimal(actual)), powerOfTwo(-unit))
    .abs()
    .toNumber();
}

/** The smallest magnitude that rounds to Infinity: half a unit over the largest number. */
function overflowThreshold({ largestExponent, fractionBits }: Format): Decimal {
  return Numbers.sub(powerOfTwo(largestExponent + 1), powerOfTwo(largestExponent - fractionBits - 1));
}

/**
 * `ulpsBetween` for an exact value given as a double-double `high + low`. Such a pair holds no digits below 2^-1074, so
 * that float64 values within a few binades of the smallest normal number are known to half a unit only.
 */
export function ulpsBetweenPairs(actual: number, high: number, low: number, type: FloatType): number {
  return ulpsOfScaleInPairs(actual, high, low, binaryExponent(high, low !== 0 && low < 0 === high > 0), type);
}

/** `ulpsOfScale` for an exact value given as a double-double, in units of a `scale` that need not be more than a double. */
export function ulpsOfScalePairs(actual: number, high: number, low: number, scale: number, type: FloatType): number {
  return Number.isNaN(scale) ? Infinity : ulpsOfScaleInPairs(actual, high, low, exponentOf(scale), type);
}

function ulpsOfScaleInPairs(actual: number, high: number, low: number, scaleExponent: number, type: FloatType): number {
  if (Number.isNaN(actual) || Number.isNaN(high)) return Infinity;
  const format = FORMATS[type];
  if (!Number.isFinite(actual) || !Number.isFinite(high)) {
    const exact = type === 'float32' ? Math.fround(high) : high;
    return actual === exact ? 0 : Infinity;
  }
  if (actual === 0) {
    const exponent = binaryExponent(high, low !== 0 && low < 0 === high > 0);
    if (exponent < format.smallestExponent) return 0;
  }
  return Math.abs((actual - high - low) / 2 ** unitExponent(scaleExponent, format));
}
