import { expect, test } from 'vitest';
import { distribution, type Compared } from './error-distribution.js';

const margin = { low: 0, high: 1 };
const logitsOf = (row: number): Float32Array => Float32Array.of(row, -0, 1.5);
const compared = (errors: readonly number[]): Compared[] =>
  errors.map((error, row) => ({ row, actual: 1, exact: 1, error }));

test('a distribution has the largest error with the bits of its logits, percentiles, and the share rounded rightly', () => {
  const errors = Array.from({ length: 2000 }, (_, index) => index / 1000);
  const found = distribution(margin, compared(errors), logitsOf, 'float32');
  expect(found).toMatchObject({ margin, count: 2000, largest: 1.999, p999: 1.997, median: 0.999, nan: 0 });
  expect(found.correctlyRounded).toBe(501 / 2000);
  // 1999 = 1.1111001111 (binary) 2^10: sign 0, exponent 10 + 127 = 137.
  expect(found.largestInput).toBe('44f9e000 80000000 3fc00000');
});

test('NaN, wrong signs and false zeros are counted, true underflow is none', () => {
  const one = (actual: number, exact: number, error: number): Compared => ({ row: 0, actual, exact, error });
  const found = distribution(
    margin,
    [one(NaN, 1, Infinity), one(-1, 1, 2 ** 24), one(0, 1e-30, 2 ** 23), one(0, 1e-40, 0), one(0, 0, 0)],
    logitsOf,
    'float32',
  );
  expect(found).toMatchObject({ largest: Infinity, nan: 1, wrongSign: 1, falseZero: 1 });
});

test('bits of doubles have sixteen digits, and long rows are cut', () => {
  const row = new Float64Array(20).fill(1);
  const { largestInput } = distribution(margin, compared([1]), () => row, 'float64');
  expect(largestInput).toBe(`${Array(16).fill('3ff0000000000000').join(' ')} …`);
});
