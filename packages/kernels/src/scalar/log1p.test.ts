import type { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { log1p } from './log1p.js';
import { draws, exactly, hashOfBits, spread, worstError } from '../testing/ulps.js';

const REGIONS: readonly { where: string; draw: (random: () => number) => number }[] = [
  { where: 'on (0, 1]', draw: (random) => 1 - random() },
  { where: 'on small numbers', draw: (random) => spread(random, -60, -5) },
  { where: 'on small negative numbers', draw: (random) => -spread(random, -60, -2) },
  { where: 'near -1', draw: (random) => -1 + spread(random, -53, -1) },
  { where: 'on [1, 8]', draw: (random) => 1 + 7 * random() },
  { where: 'on large numbers', draw: (random) => spread(random, 0, 1024) },
  { where: 'between table entries', draw: (random) => (Math.floor(64 * random()) + 0.5 + 1e-7 * random()) / 64 },
  { where: 'below the first table limit', draw: (random) => 0.0078125 - 3e-5 * random() },
  { where: 'on tiny numbers', draw: (random) => spread(random, -1022, -54) },
];

/** log(1 + x); three terms of the series where sixty digits of 1 + x would not hold x. */
function reference(x: number): Decimal {
  const exact = exactly(x);
  if (Math.abs(x) > 1e-15) return exact.plus(1).ln();
  const square = exact.mul(exact);
  return exact.minus(square.div(2)).plus(square.mul(exact).div(3));
}

describe('log1p', () => {
  it.each(REGIONS)('errs by at most 0.54 ulp $where (seed 1)', ({ draw }) => {
    const worst = worstError(
      log1p,
      reference,
      draws(1, 300, draw).map((x) => [x]),
    );
    expect(worst.ulps, `at ${worst.at.join()}`).toBeLessThanOrEqual(0.54);
  });

  it('returns tiny numbers as they are, denormal ones and -0 too', () => {
    const values = [0, -0, 5e-324, -5e-324, 1e-310, -1e-310, 1e-17, -1e-17];
    expect(values.map(log1p)).toEqual(values);
  });

  it('goes to the infinities and NaN where the logarithm does', () => {
    const values = [-1, -1.0000000000000002, -Infinity, Infinity, NaN];
    expect(values.map(log1p)).toEqual([-Infinity, NaN, NaN, Infinity, NaN]);
  });

  it('returns the same bits on every runtime', () => {
    const values = [
      ...draws(2, 5000, (random) => random()),
      ...draws(3, 3000, (random) => spread(random, -1022, 1024)),
      ...draws(4, 2000, (random) => -random()),
    ];
    expect(hashOfBits(values.map(log1p))).toBe('6411d083');
  });
});
