import { describe, expect, test } from 'vitest';
import { arithmetic, exactDecimal } from './exact-decimal.js';
import { randomNumbers } from './random-numbers.js';
import { ulpsBetween, ulpsBetweenPairs, ulpsOfScale, ulpsOfScalePairs } from './ulps.js';

const Numbers = arithmetic(60);
const ofText = (text: string) => new Numbers(text);

describe('ulpsBetween', () => {
  test('counts neighbours as one and fractions as fractions', () => {
    expect(ulpsBetween(1 + 2 ** -52, ofText('1'), 'float64')).toBe(1);
    expect(ulpsBetween(1 + 2 ** -23, ofText('1'), 'float32')).toBe(1);
    expect(ulpsBetween(1, Numbers.add(1, Numbers.pow(2, -54)), 'float64')).toBe(0.25);
    expect(ulpsBetween(-3, Numbers.sub(-3, Numbers.pow(2, -50)), 'float64')).toBe(2);
  });

  test('takes the unit below a power of two from the exact value, however near it is', () => {
    const below = Numbers.sub(1, Numbers.pow(2, -60));
    expect(ulpsBetween(1, below, 'float64')).toBe(2 ** -7);
    expect(ulpsBetween(1 - 2 ** -53, below, 'float64')).toBe(1 - 2 ** -7);
    const above = Numbers.add(1, Numbers.pow(2, -60));
    expect(ulpsBetween(1, above, 'float64')).toBe(2 ** -8);
    expect(ulpsBetween(-1, below.neg(), 'float32')).toBe(2 ** -36);
  });

  test('is at most half for a rounded value', () => {
    const random = randomNumbers(1);
    let worst = 0;
    for (let n = 0; n < 500; n += 1) {
      const exact = Numbers.mul(exactDecimal(random.normal()), Numbers.pow(10, random.below(200) - 100)).div(3);
      worst = Math.max(worst, ulpsBetween(exact.toNumber(), exact, 'float64'));
      const single = Numbers.mul(exactDecimal(random.normal()), Numbers.pow(10, random.below(60) - 30)).div(3);
      worst = Math.max(worst, ulpsBetween(Math.fround(single.toNumber()), single, 'float32'));
    }
    expect(worst).toBeGreaterThan(0.49);
    expect(worst).toBeLessThanOrEqual(0.5);
  });

  test('counts exact values below the smallest normal number in its unit, and a flush to zero there as nothing', () => {
    expect(ulpsBetween(0, ofText('1e-310'), 'float64')).toBe(0);
    expect(ulpsBetween(0, ofText('1e-39'), 'float32')).toBe(0);
    expect(ulpsBetween(-0, ofText('1e-4343'), 'float64')).toBe(0);
    expect(ulpsBetween(2 ** -1074, ofText('0'), 'float64')).toBe(1);
    expect(ulpsBetween(2 ** -140, exactDecimal(2 ** -141), 'float32')).toBe(2 ** 8);
    expect(ulpsBetween(0, exactDecimal(2 ** -1022), 'float64')).toBe(2 ** 52);
    expect(ulpsBetween(0, exactDecimal(2 ** -126), 'float32')).toBe(2 ** 23);
  });

  test('takes Infinity for what overflows and nothing else', () => {
    expect(ulpsBetween(Infinity, new Numbers(Infinity), 'float64')).toBe(0);
    expect(ulpsBetween(-Infinity, new Numbers(Infinity), 'float64')).toBe(Infinity);
    expect(ulpsBetween(Infinity, ofText('1e39'), 'float32')).toBe(0);
    expect(ulpsBetween(Infinity, ofText('3.4028234e38'), 'float32')).toBe(Infinity);
    expect(ulpsBetween(1, new Numbers(Infinity), 'float64')).toBe(Infinity);
    expect(ulpsBetween(Infinity, ofText('1'), 'float64')).toBe(Infinity);
  });

  test('counts NaN as Infinity', () => {
    expect(ulpsBetween(NaN, ofText('1'), 'float64')).toBe(Infinity);
    expect(ulpsBetween(1, new Numbers(NaN), 'float64')).toBe(Infinity);
    expect(ulpsOfScale(1, ofText('1'), new Numbers(NaN), 'float64')).toBe(Infinity);
  });
});

test('ulpsOfScale measures in units of the scale', () => {
  expect(ulpsOfScale(2 ** -52, ofText('0'), ofText('1.5'), 'float64')).toBe(1);
  expect(ulpsOfScale(2 ** -52, ofText('0'), ofText('0.75'), 'float64')).toBe(2);
});

describe('ulpsBetweenPairs', () => {
  test('agrees with ulpsBetween', () => {
    const random = randomNumbers(2);
    for (let n = 0; n < 500; n += 1) {
      const high = random.normal() * 10 ** (random.below(40) - 20);
      const low = high * (random.uniform() - 0.5) * 2 ** -53;
      const exact = Numbers.add(exactDecimal(high), exactDecimal(low));
      const actual = high * (1 + (random.uniform() - 0.5) * 2 ** -48);
      const measured = ulpsBetween(actual, exact, 'float64');
      expect(ulpsBetweenPairs(actual, high, low, 'float64')).toBeCloseTo(measured, 10);
      const scaled = ulpsOfScale(actual, exact, exactDecimal(3 * high), 'float64');
      expect(ulpsOfScalePairs(actual, high, low, 3 * high, 'float64')).toBeCloseTo(scaled, 10);
    }
  });

  test('knows the unit just below a power of two, and the edges', () => {
    expect(ulpsBetweenPairs(1, 1, -(2 ** -60), 'float64')).toBe(2 ** -7);
    expect(ulpsBetweenPairs(-1, -1, 2 ** -60, 'float64')).toBe(2 ** -7);
    expect(ulpsBetweenPairs(-1, -1, -(2 ** -60), 'float64')).toBe(2 ** -8);
    expect(ulpsBetweenPairs(0, 1e-310, 0, 'float64')).toBe(0);
    expect(ulpsBetweenPairs(0, 2 ** -126, -(2 ** -190), 'float32')).toBe(0);
    expect(ulpsBetweenPairs(0, 2 ** -126, 0, 'float32')).toBe(2 ** 23);
    expect(ulpsBetweenPairs(Infinity, 1e39, 0, 'float32')).toBe(0);
    expect(ulpsBetweenPairs(Infinity, Infinity, 0, 'float64')).toBe(0);
    expect(ulpsBetweenPairs(Infinity, 1, 0, 'float64')).toBe(Infinity);
    expect(ulpsBetweenPairs(NaN, 1, 0, 'float64')).toBe(Infinity);
    expect(ulpsBetweenPairs(1, NaN, 0, 'float64')).toBe(Infinity);
    expect(ulpsOfScalePairs(1, 1, 0, NaN, 'float64')).toBe(Infinity);
  });
});
