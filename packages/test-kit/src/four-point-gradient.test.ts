import { expect, it } from 'vitest';
import { fourPointGradient } from './four-point-gradient.js';

it('four-point differences are exact for polynomials of degree four', () => {
  // The error term has the fifth derivative. Powers of two keep every number exact.
  const value = ([x = 0, y = 0]: Float64Array): number => x ** 4 - 3 * x ** 2 + x * y;
  expect(fourPointGradient(value, [2, -1], [0, 1], 0.25)).toEqual([4 * 8 - 6 * 2 - 1, 2]);
});

it('the point is left as it was, and each position is moved alone', () => {
  const point = Float64Array.of(1, 2, 3);
  const seen = new Set<number>();
  fourPointGradient(
    (moved) => {
      moved.forEach((item, index) => item !== point[index] && seen.add(index));
      return 0;
    },
    point,
    [1],
  );
  expect([...seen]).toEqual([1]);
  expect(point).toEqual(Float64Array.of(1, 2, 3));
});
