import { Decimal } from 'decimal.js';

/** A number given exactly: a double stands for its binary value (0.1 is 0.1000000000000000055…), a Decimal for itself. */
export type Exact = number | Decimal;

const arithmetics = new Map<number, typeof Decimal>();

/** Decimal arithmetic that rounds to so many significant digits; exponents reach to ±9e15, so e^-10000 is an ordinary number. */
export function arithmetic(digits: number): typeof Decimal {
  let found = arithmetics.get(digits);
  if (found === undefined) {
    found = Decimal.clone({ precision: digits, rounding: Decimal.ROUND_HALF_EVEN, minE: -9e15, maxE: 9e15 });
    arithmetics.set(digits, found);
  }
  return found;
}

/** What doubles become: sums and products of a few of them, of ordinary exponents, stay exact. */
const ExactNumbers = arithmetic(400);

/** The number zero. */
export const ZERO: Decimal = new ExactNumbers(0);

/** Powers of five as they are needed: a double with k fractional bits has k decimals, m 2^-k = m 5^k 10^-k. */
const powersOfFive: bigint[] = [1n];

/**
 * The exact decimal value of a double: all its digits, not the shortest ones that read back as it.
 *
 * `new Decimal(0.1)` is 0.1; `exactDecimal(0.1)` is 0.1000000000000000055511151231257827021181583404541015625.
 */
export function exactDecimal(value: Exact): Decimal {
  if (typeof value !== 'number') return value;
  if (Number.isInteger(value)) return new ExactNumbers(Math.abs(value) < 1e15 ? value : BigInt(value).toString());
  if (!Number.isFinite(value)) return new ExactNumbers(value);
  let mantissa = value;
  let bits = 0;
  if (Math.abs(mantissa) < 2 ** -900) {
    mantissa *= 2 ** 512;
    bits = 512;
  }
  // Doubling is exact; steps of 32 first, so that a fraction with many bits takes few of them.
  while (!Number.isInteger(mantissa * 2 ** 32)) {
    mantissa *= 2 ** 32;
    bits += 32;
  }
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    bits += 1;
  }
  for (let power = powersOfFive.length; power <= bits; power += 1) powersOfFive.push(powersOfFive[power - 1] * 5n);
  return new ExactNumbers(`${BigInt(mantissa) * powersOfFive[bits]}e-${bits}`);
}

/** A computed value and the sum of the magnitudes that were added to make it: their quotient is what cancellation cost. */
export interface Conditioned {
  readonly value: Decimal;
  readonly scale: Decimal;
}

/** Digits that a result is right to, and digits kept beyond them for rounding errors of sums over many classes. */
const DIGITS_WANTED = 32;
const GUARD_DIGITS = 10;
/** Digits that the first attempt can lose, so that ordinary differences need no second. */
const SPARE_DIGITS = 6;
/** Differences that vanish to this many digits are zero: doubles that differ at all differ far sooner. */
const DIGITS_LIMIT = 160;

function digitsLost({ value, scale }: Conditioned): number {
  if (scale.isZero() || !value.isFinite() || !scale.isFinite()) return 0;
  return value.isZero() ? Infinity : scale.e - value.e;
}

/**
 * Computes with enough digits: repeats `compute` with more of them until every result is right to 32 digits after what
 * cancellation took. `extraDigits` are those the computation needs for itself (an exponential of -10000 needs four).
 */
export function withEnoughDigits(
  extraDigits: number,
  compute: (arithmetic: typeof Decimal) => Conditioned[],
): Decimal[] {
  const needed = DIGITS_WANTED + GUARD_DIGITS + extraDigits;
  let digits = needed + SPARE_DIGITS;
  for (;;) {
    const results = compute(arithmetic(digits));
    const lost = results.reduce((most, result) => Math.max(most, digitsLost(result)), 0);
    if (needed + lost <= digits) return results.map((result) => result.value);
    if (digits === DIGITS_LIMIT + extraDigits) {
      const vanishing = DIGITS_LIMIT - GUARD_DIGITS;
      return results.map((result) => (digitsLost(result) > vanishing ? ZERO : result.value));
    }
    digits = Math.min(DIGITS_LIMIT + extraDigits, needed + lost);
  }
}
