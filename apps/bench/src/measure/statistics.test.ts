import { describe, expect, test } from 'vitest';
import { estimate, median, probabilityOfNoDifference } from './statistics.js';

test('the median is the middle value, or between the two middle ones', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

describe("Student's interval", () => {
  // Quantiles 0.995 of t as printed in tables: 63.657, 9.925 and 3.499 for 1, 2 and 7 degrees of freedom.
  test.each([
    [[0, 2], 1, 63.657],
    [[0, 1, 2], 1, 9.925 / Math.sqrt(3)],
    [[1, 1, 1, 1, 3, 3, 3, 3], 2, 3.499 * Math.sqrt(8 / 7 / 8)],
  ])('of %j is %f plus or minus %f', (values, mean, half) => {
    const { low, high, ...rest } = estimate(values);
    expect(rest).toEqual({ mean, n: values.length });
    // Tables have three digits.
    expect(high).toBeCloseTo(mean + half, 2);
    expect(low).toBeCloseTo(mean - half, 2);
  });

  test('needs two values', () => {
    expect(estimate([3])).toEqual({ mean: 3, n: 1 });
  });
});

describe("Student's test", () => {
  test('gives the probabilities of the tables', () => {
    // t = 3.499 with 7 degrees of freedom is exceeded on either side with probability 0.01.
    const shift = 3.499 * Math.sqrt(8 / 7 / 8);
    const values = [-1, -1, -1, -1, 1, 1, 1, 1].map((value) => value + shift);
    expect(probabilityOfNoDifference(values)).toBeCloseTo(0.01, 4);
    expect(probabilityOfNoDifference(values.map((value) => -value))).toBeCloseTo(0.01, 4);
  });

  test('finds nothing where there is nothing, and all where nothing varies', () => {
    expect(probabilityOfNoDifference([0, 0, 0])).toBe(1);
    expect(probabilityOfNoDifference([1, 1, 1])).toBe(0);
    expect(probabilityOfNoDifference([5])).toBe(1);
  });
});
