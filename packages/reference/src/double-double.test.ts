import { describe, expect, test } from 'vitest';
import { exponential, exponentialPower, logOnePlus } from './double-double-functions.js';
import { add, divide, low, multiply, timesPowerOfTwo, twoSum } from './double-double.js';
import { arithmetic, exactDecimal } from './exact-decimal.js';
import { randomNumbers } from './random-numbers.js';
import { pairValue, relativeError } from './relative-error.js';

const Numbers = arithmetic(80);
const SEED = 20;
const COUNT = 400;

/** A pair of some size, and its exact value. */
function randomPair(random: ReturnType<typeof randomNumbers>, size: number) {
  const high = size * (random.uniform() + 0.5);
  const lowPart = high * (random.uniform() - 0.5) * 2 ** -53;
  return { high, low: lowPart, exact: pairValue(high, lowPart) };
}

describe('double-double arithmetic', () => {
  test('twoSum is exact', () => {
    const sum = twoSum(1e16, Math.PI);
    expect(pairValue(sum, low[0]).equals(exactDecimal(1e16).plus(exactDecimal(Math.PI)))).toBe(true);
    expect(low[0]).not.toBe(0);
  });

  test('sums, products and quotients are right to 2^-102', () => {
    const random = randomNumbers(SEED);
    let worst = 0;
    for (let n = 0; n < COUNT; n += 1) {
      const a = randomPair(random, 10 ** (random.below(20) - 10));
      const b = randomPair(random, 10 ** (random.below(20) - 10));
      const sum = add(a.high, a.low, -b.high, -b.low);
      const sumError = relativeError(
        pairValue(sum, low[0]),
        Numbers.sub(a.exact, b.exact),
        Numbers.add(a.exact, b.exact),
      );
      const product = multiply(a.high, a.low, b.high, b.low);
      const productError = relativeError(pairValue(product, low[0]), Numbers.mul(a.exact, b.exact));
      const quotient = divide(a.high, a.low, b.high, b.low);
      const quotientError = relativeError(pairValue(quotient, low[0]), Numbers.div(a.exact, b.exact));
      worst = Math.max(worst, sumError, productError, quotientError);
    }
    expect(worst).toBeLessThan(2 ** -102);
    // Plain doubles would be at 2^-53; no error at all would mean that nothing was compared.
    expect(worst).toBeGreaterThan(2 ** -112);
  });

  test('exp is right to 2^-104 from 0 to -9000', () => {
    const random = randomNumbers(SEED);
    let worst = 0;
    for (let n = 0; n < COUNT; n += 1) {
      const x = randomPair(random, -random.pick([1e-9, 0.01, 1, 10, 100, 1000, 6000]));
      const k = exponentialPower(x.high);
      const actual = exponential(x.high, x.low, k);
      const exact = Numbers.div(Numbers.exp(x.exact), Numbers.pow(2, k));
      worst = Math.max(worst, relativeError(pairValue(actual, low[0]), exact));
    }
    expect(worst).toBeLessThan(2 ** -104);
    expect(exponential(0, 0, 0)).toBe(1);
  });

  test('log(1 + x) is right to 2^-101 from 1e-30 to 1e6', () => {
    const random = randomNumbers(SEED);
    let worst = 0;
    for (let n = 0; n < COUNT; n += 1) {
      const x = randomPair(random, random.pick([1e-30, 1e-16, 1e-8, 1e-3, 0.05, 0.1, 1, 30, 1e4, 1e6]));
      const actual = logOnePlus(x.high, x.low);
      const More = arithmetic(120);
      worst = Math.max(worst, relativeError(pairValue(actual, low[0]), More.ln(More.add(1, x.exact))));
    }
    expect(worst).toBeLessThan(2 ** -101);
  });

  test('powers of two scale exactly and flush to zero at the end', () => {
    expect([timesPowerOfTwo(1.5, 2 ** -60, -1000), low[0]]).toEqual([1.5 * 2 ** -1000, 2 ** -1060]);
    expect([timesPowerOfTwo(1.5, 2 ** -60, 10), low[0]]).toEqual([1536, 2 ** -50]);
    expect([timesPowerOfTwo(1, 2 ** -60, -1074), low[0]]).toEqual([2 ** -1074, 0]);
    expect([timesPowerOfTwo(1.5, 2 ** -60, -14000), low[0]]).toEqual([0, 0]);
  });
});
