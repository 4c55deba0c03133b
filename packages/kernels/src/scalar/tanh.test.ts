import type { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { tanh } from './tanh.js';
import { draws, exactly, hashOfBits, spread, worstError } from '../testing/ulps.js';

const sign = (random: () => number): number => (random() < 0.5 ? -1 : 1);

const REGIONS: readonly { where: string; draw: (random: () => number) => number }[] = [
  { where: 'on [-20, 20]', draw: (random) => 40 * random() - 20 },
  { where: 'on [-1.1, 1.1]', draw: (random) => 2.2 * random() - 1.1 },
  { where: 'on small numbers', draw: (random) => sign(random) * spread(random, -60, -2) },
  { where: 'on both sides of 0.27', draw: (random) => sign(random) * (0.25 + 0.15 * random()) },
  { where: 'on tiny numbers', draw: (random) => sign(random) * spread(random, -1022, -54) },
];

/** (e^2x - 1) / (e^2x + 1); two terms of the series where sixty digits of e^2x would not hold x. */
function reference(x: number): Decimal {
  const exact = exactly(x);
  if (Math.abs(x) < 1e-15) return exact.minus(exact.pow(3).div(3));
  const power = exact.mul(2).exp();
  return power.minus(1).div(power.plus(1));
}

describe('tanh', () => {
  it.each(REGIONS)('errs by at most 1.4 ulp $where (seed 1)', ({ draw }) => {
    const worst = worstError(
      tanh,
      reference,
      draws(1, 500, draw).map((x) => [x]),
    );
    expect(worst.ulps, `at ${worst.at.join()}`).toBeLessThanOrEqual(1.4);
  });

  it('errs by at most 0.6 ulp for |x| < 0.27 (seed 2)', () => {
    const values = draws(2, 1000, (random) => sign(random) * 0.27 * random());
    const worst = worstError(
      tanh,
      reference,
      values.map((x) => [x]),
    );
    expect(worst.ulps, `at ${worst.at.join()}`).toBeLessThanOrEqual(0.6);
  });

  it('is odd', () => {
    const values = draws(3, 1000, (random) => spread(random, -60, 5));
    expect(values.map((x) => tanh(-x))).toEqual(values.map((x) => -tanh(x)));
  });

  it('returns tiny numbers as they are, denormal ones and -0 too', () => {
    const values = [0, -0, 5e-324, -5e-324, 1e-310, -1e-310, 1e-17, -1e-17];
    expect(values.map(tanh)).toEqual(values);
  });

  it('reaches 1 at 19.0615547465398 and stays there', () => {
    const values = [19.06, 19.0615547465399, 25, 1e308, Infinity, -25, -Infinity, NaN];
    expect(values.map(tanh)).toEqual([0.9999999999999999, 1, 1, 1, 1, -1, -1, NaN]);
  });

  it('returns the same bits on every runtime', () => {
    const values = [
      ...draws(4, 5000, (random) => 4 * random() - 2),
      ...draws(5, 3000, (random) => 44 * random() - 22),
      ...draws(6, 2000, (random) => sign(random) * spread(random, -60, -2)),
    ];
    expect(hashOfBits(values.map(tanh))).toBe('438ac15c');
  });
});
