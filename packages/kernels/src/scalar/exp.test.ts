import { describe, expect, it } from 'vitest';
import { exp, expOfSum } from './exp.js';
import { draws, exactly, hashOfBits, spread, stepped, ulpError, worstError } from '../testing/ulps.js';

const EXP_LIMIT = 709.782712893384; // the last number with a finite exponential
const COUNT = 500;

/** The middle between two multiples of log(2) / 64, where the remainder is largest. */
const middle = (n: number): number => ((n + 0.5) / 64) * 0.6931471805599453;

const REGIONS: readonly { where: string; draw: (random: () => number) => number }[] = [
  { where: 'on [-708, 709.78]', draw: (random) => -708 + random() * (EXP_LIMIT + 708) },
  { where: 'on [-2, 2]', draw: (random) => 4 * random() - 2 },
  { where: 'near 0', draw: (random) => spread(random, -60, 0) * (random() < 0.5 ? -1 : 1) },
  { where: 'between table entries', draw: (random) => middle(Math.floor((random() - 0.5) * 130_000)) },
  { where: 'below the overflow', draw: (random) => stepped(EXP_LIMIT, -Math.floor(random() * 1000)) },
  { where: 'above the denormal results', draw: (random) => -708.39 + random() },
];

describe('exp', () => {
  it.each(REGIONS)('errs by at most 0.53 ulp $where (seed 1)', ({ draw }) => {
    const worst = worstError(
      exp,
      (x) => exactly(x).exp(),
      draws(1, COUNT, draw).map((x) => [x]),
    );
    expect(worst.ulps, `at ${worst.at.join()}`).toBeLessThanOrEqual(0.53);
  });

  it('errs by at most 0.76 ulp where the result is denormal (seed 2): it is rounded twice', () => {
    const values = draws(2, COUNT, (random) => -708.4 - 36.7 * random());
    const worst = worstError(
      exp,
      (x) => exactly(x).exp(),
      values.map((x) => [x]),
    );
    expect(worst.ulps, `at ${worst.at.join()}`).toBeLessThanOrEqual(0.76);
  });

  it('is exact at 0 and goes to 0, Infinity and NaN where the exponential does', () => {
    const values = [0, -0, Infinity, -Infinity, NaN, 1e308, -1e308, 5e-324, EXP_LIMIT, stepped(EXP_LIMIT, 1)];
    const expected = [1, 1, Infinity, 0, NaN, Infinity, 0, 1, 1.7976931348622732e308, Infinity];
    expect(values.map(exp)).toEqual(expected);
  });

  it('ends at the smallest denormal number: exp(x) is 2^-1074 down to -745.1332191019411 and then 0', () => {
    expect([-745, -745.1332191019411, -745.1332191019412].map(exp)).toEqual([5e-324, 5e-324, 0]);
  });

  it('does not fall from one number to the next across a table limit', () => {
    for (let n = -2000; n < 2000; n++) {
      const x = middle(n);
      const around = [-2, -1, 0, 1, 2].map((step) => exp(stepped(x, x < 0 ? -step : step)));
      expect(
        around.slice(1).every((value, j) => value >= around[j]),
        `near ${x}`,
      ).toBe(true);
    }
  });

  it('returns the same bits on every runtime', () => {
    expect(hashOfBits(draws(3, 10_000, (random) => 1460 * random() - 748).map(exp))).toBe('60e12b62');
  });
});

describe('expOfSum', () => {
  it('errs by at most 0.53 ulp of e^(high + low) (seed 4)', () => {
    for (const high of draws(4, COUNT, (random) => 1400 * random() - 700)) {
      const low = high * 1e-16;
      const exact = exactly(high).plus(exactly(low)).exp();
      expect(ulpError(expOfSum(high, low), exact), `at ${high}`).toBeLessThanOrEqual(0.53);
    }
  });
});
