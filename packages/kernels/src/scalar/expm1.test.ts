import type { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { expm1 } from './expm1.js';
import { draws, exactly, hashOfBits, spread, worstError } from '../testing/ulps.js';

const sign = (random: () => number): number => (random() < 0.5 ? -1 : 1);

const REGIONS: readonly { where: string; draw: (random: () => number) => number }[] = [
  { where: 'on [-40, 709]', draw: (random) => 749 * random() - 40 },
  { where: 'on [-1, 1]', draw: (random) => 2 * random() - 1 },
  { where: 'on small numbers', draw: (random) => sign(random) * spread(random, -60, -2) },
  { where: 'on both sides of 1/8', draw: (random) => sign(random) * (0.1 + 0.05 * random()) },
  { where: 'where 1 stops to count', draw: (random) => sign(random) * (34 + 32 * random()) },
  { where: 'on tiny numbers', draw: (random) => sign(random) * spread(random, -1022, -54) },
];

/** e^x - 1; three terms of the series where sixty digits of e^x would not hold x. */
function reference(x: number): Decimal {
  const exact = exactly(x);
  if (Math.abs(x) > 1e-15) return exact.exp().minus(1);
  const square = exact.mul(exact);
  return exact.plus(square.div(2)).plus(square.mul(exact).div(6));
}

describe('expm1', () => {
  it.each(REGIONS)('errs by at most 0.68 ulp $where (seed 1)', ({ draw }) => {
    const worst = worstError(
      expm1,
      reference,
      draws(1, 500, draw).map((x) => [x]),
    );
    expect(worst.ulps, `at ${worst.at.join()}`).toBeLessThanOrEqual(0.68);
  });

  it('errs by at most 0.53 ulp where |x| > 1/2 and the polynomial near 0 plays no part (seed 2)', () => {
    const values = draws(2, 1000, (random) => sign(random) * (0.5 + 8 * random()));
    const worst = worstError(
      expm1,
      reference,
      values.map((x) => [x]),
    );
    expect(worst.ulps, `at ${worst.at.join()}`).toBeLessThanOrEqual(0.53);
  });

  it('returns tiny numbers as they are, denormal ones and -0 too', () => {
    const values = [0, -0, 5e-324, -5e-324, 1e-310, -1e-310, 1e-17, -1e-17];
    expect(values.map(expm1)).toEqual(values);
  });

  it('goes to -1, Infinity and NaN where the exponential does', () => {
    const values = [-Infinity, -1e308, -40, Infinity, 709.782712893384, 709.7827128933841, NaN];
    expect(values.map(expm1)).toEqual([-1, -1, -1, Infinity, 1.7976931348622732e308, Infinity, NaN]);
  });

  it('returns the same bits on every runtime', () => {
    const values = [
      ...draws(3, 5000, (random) => 16 * random() - 8),
      ...draws(4, 3000, (random) => 760 * random() - 50),
      ...draws(5, 2000, (random) => sign(random) * spread(random, -60, -2)),
    ];
    expect(hashOfBits(values.map(expm1))).toBe('da86dc8c');
  });
});
