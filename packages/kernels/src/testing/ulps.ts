import { Decimal } from 'decimal.js';

/** Decimal arithmetic of the references: fifty digits and ten to lose. */
export const Exact: typeof Decimal = Decimal.clone({ precision: 60, minE: -9e15, maxE: 9e15 });

const WORDS = new DataView(new ArrayBuffer(8));

/** Uniform numbers of [0, 1) with 53 bits, by Marsaglia's xorshift32; the same on every runtime. */
export function randomSource(seed: number): () => number {
  let state = seed;
  const word = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return () => ((word() >>> 6) * 134_217_728 + (word() >>> 5)) / 9_007_199_254_740_992;
}

/** `count` numbers that `draw` makes of a seeded source. */
export function draws(seed: number, count: number, draw: (random: () => number) => number): number[] {
  const random = randomSource(seed);
  return Array.from({ length: count }, () => draw(random));
}

/** (1 + fraction) 2^exponent for any exponent of a normal number, by its bits: no power is computed. */
export function binary(fraction: number, exponent: number): number {
  WORDS.setFloat64(0, 1 + fraction);
  WORDS.setInt16(0, WORDS.getInt16(0) + Math.floor(exponent) * 16);
  return WORDS.getFloat64(0);
}

/** A number whose exponent is uniform in [low, high). */
export function spread(random: () => number, low: number, high: number): number {
  return binary(random(), low + random() * (high - low));
}

/** The number `steps` representable numbers away from zero. */
export function stepped(value: number, steps: number): number {
  WORDS.setFloat64(0, value);
  WORDS.setBigInt64(0, WORDS.getBigInt64(0) + BigInt(steps));
  return WORDS.getFloat64(0);
}

const powersOfTwo = new Map<number, Decimal>();
function powerOfTwo(exponent: number): Decimal {
  const known = powersOfTwo.get(exponent) ?? new Exact(2).pow(exponent);
  powersOfTwo.set(exponent, known);
  return known;
}

/** The value of a double to sixty digits: `new Decimal(0.1)` would be one tenth, which no double is. */
export function exactly(value: number): Decimal {
  if (Number.isInteger(value)) return new Exact(BigInt(value).toString());
  let integer = value;
  let doublings = 0;
  for (; !Number.isInteger(integer); doublings++) integer *= 2;
  return new Exact(integer).div(powerOfTwo(doublings));
}

/** The error of `actual` in units in the last place of `exact`: 2^(floor(log2 |exact|) - 52), at least 2^-1074. */
export function ulpError(actual: number, exact: Decimal): number {
  const size = exact.abs();
  WORDS.setFloat64(0, size.toNumber());
  let exponent = Math.max((WORDS.getInt16(0) >> 4) - 1023, -1022);
  if (size.lt(powerOfTwo(exponent)) && exponent > -1022) exponent -= 1; // it was rounded up to a power of two
  return exactly(actual)
    .minus(exact)
    .abs()
    .div(powerOfTwo(exponent - 52))
    .toNumber();
}

/** Where a function errs most, in units in the last place; arguments that are not numbers of its domain fail. */
export interface WorstError {
  readonly ulps: number;
  readonly at: readonly number[];
}

/** The largest error of `compute` on the given argument lists, against `reference`. */
export function worstError(
  compute: (...values: number[]) => number,
  reference: (...values: number[]) => Decimal,
  argumentLists: readonly (readonly number[])[],
): WorstError {
  let worst: WorstError = { ulps: 0, at: [] };
  for (const values of argumentLists) {
    const actual = compute(...values);
    const ulps = Number.isFinite(actual) ? ulpError(actual, reference(...values)) : Infinity;
    if (ulps > worst.ulps) worst = { ulps, at: values };
  }
  return worst;
}

/** The 32-bit FNV-1a hash of the bits of numbers, lowest byte first. */
export function hashOfBits(values: readonly number[]): string {
  let hash = 0x811c9dc5;
  for (const value of values) {
    WORDS.setFloat64(0, value, true);
    for (let byte = 0; byte < 8; byte++) hash = Math.imul(hash ^ WORDS.getUint8(byte), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
