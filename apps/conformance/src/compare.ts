/** Compares numbers with the reference, within a tolerance and in units in the last place. */
import type { Precision, Tolerance } from './conformance-case.js';

/** One number that is further from the reference than the tolerance allows. */
export interface Deviation {
  /** `loss`, `gradient` and the like. */
  readonly quantity: string;
  /** Absent where there is one number only. */
  readonly position?: number;
  readonly actual: number;
  readonly expected: number;
  /** Error as a multiple of the allowed one. */
  readonly share: number;
}

/** The outcome of comparing a list of numbers. */
export interface Comparison {
  readonly quantity: string;
  /** Largest error as a multiple of the allowed one; up to 1 passes. */
  readonly share: number;
  /** Largest error in units in the last place, where the case states its tolerance in them. */
  readonly ulps?: number | undefined;
  readonly deviations: readonly Deviation[];
}

export interface Subject {
  readonly quantity: string;
  readonly tolerance: Tolerance;
  readonly precision: Precision;
  /** Whether 0 will do for what is smaller than the smallest normal number, as it does for the SIMD engines. */
  readonly mayFlush: boolean;
}

/** Compares every number; lists of different lengths are a deviation of their own. */
export function compare(actual: ArrayLike<number>, expected: ArrayLike<number>, subject: Subject): Comparison {
  const { quantity, tolerance, precision, mayFlush } = subject;
  if (actual.length !== expected.length) return compareLengths(actual.length, expected.length, quantity);
  const deviations: Deviation[] = [];
  const place = (position: number): Pick<Deviation, 'position'> => (expected.length > 1 ? { position } : {});
  let [share, ulps] = [0, 0];
  for (let position = 0; position < expected.length; position++) {
    const [value, wanted] = [rounded(actual[position] ?? NaN, precision), expected[position] ?? NaN];
    const flushed = mayFlush && value === 0 && Math.abs(wanted) < smallestNormal(precision);
    const own = flushed ? 0 : shareOf(value, wanted, tolerance);
    share = Math.max(share, own);
    if (own > 1) deviations.push({ quantity, ...place(position), actual: value, expected: wanted, share: own });
    if (isRelative(wanted, tolerance, precision))
      ulps = Math.max(ulps, Math.abs(value - wanted) / ulp(wanted, precision));
  }
  return { quantity, share, deviations, ulps: tolerance.inUlps ? ulps : undefined };
}

/** Distance from a float of the precision to the next one away from 0. */
export function ulp(value: number, precision: Precision): number {
  const [digits, smallest] = precision === 'float32' ? [23, -126] : [52, -1022];
  return 2 ** (Math.max(exponent(Math.abs(value)), smallest) - digits);
}

/** A deviation in words. */
export function inWords({ quantity, position, actual, expected, share }: Deviation): string {
  const times = Number.isFinite(share) ? ` (${share.toPrecision(2)} times the tolerance)` : '';
  const place = position === undefined ? '' : `[${position}]`;
  return `${quantity}${place}: expected ${expected}, got ${actual}${times}`;
}

/** A float32 case promises float32 results; values of a call come in float64. */
function rounded(value: number, precision: Precision): number {
  return precision === 'float32' ? Math.fround(value) : value;
}

function shareOf(actual: number, expected: number, { relative, absolute }: Tolerance): number {
  if (actual === expected || Object.is(actual, expected)) return 0;
  if (!Number.isFinite(actual) || !Number.isFinite(expected)) return Infinity;
  return Math.abs(actual - expected) / (absolute + relative * Math.abs(expected));
}

/** Whether units in the last place measure an error here: not below the smallest normal number, nor for differences. */
function isRelative(expected: number, { relative, absolute }: Tolerance, precision: Precision): boolean {
  const size = Math.abs(expected);
  return Number.isFinite(size) && size >= smallestNormal(precision) && relative * size >= absolute;
}

function smallestNormal(precision: Precision): number {
  return precision === 'float32' ? 2 ** -126 : 2 ** -1022;
}

/** floor(log2 value), exact: Math.log2 may round up to a power of two. */
function exponent(value: number): number {
  if (value === 0) return -Infinity;
  const guess = Math.floor(Math.log2(value));
  return 2 ** guess > value ? guess - 1 : guess;
}

function compareLengths(actual: number, expected: number, name: string): Comparison {
  const quantity = `length of ${name}`;
  return { quantity, share: Infinity, deviations: [{ quantity, actual, expected, share: Infinity }] };
}
