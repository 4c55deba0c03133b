import { describe, expect, it } from 'vitest';
import { log } from './log.js';
import { binary, draws, exactly, hashOfBits, spread, worstError } from '../testing/ulps.js';

const REGIONS: readonly { where: string; draw: (random: () => number) => number }[] = [
  { where: 'on all normal numbers', draw: (random) => spread(random, -1022, 1024) },
  { where: 'on [1/2, 2]', draw: (random) => 0.5 + 1.5 * random() },
  { where: 'above 1', draw: (random) => 1 + spread(random, -52, -4) },
  { where: 'below 1', draw: (random) => 1 - spread(random, -53, -4) },
  { where: 'near powers of two', draw: (random) => binary(spread(random, -52, -8), 60 * random() - 30) },
  { where: 'between table entries', draw: (random) => 1 + (Math.floor(64 * random()) + 0.5 + 1e-7 * random()) / 64 },
  { where: 'on denormal numbers', draw: (random) => random() * 2.2e-308 },
];

describe('log', () => {
  it.each(REGIONS)('errs by at most 0.54 ulp $where (seed 1)', ({ draw }) => {
    const worst = worstError(
      log,
      (x) => exactly(x).ln(),
      draws(1, 300, draw).map((x) => [x]),
    );
    expect(worst.ulps, `at ${worst.at.join()}`).toBeLessThanOrEqual(0.54);
  });

  it('is exact at 1 and goes to the infinities and NaN where the logarithm does', () => {
    const values = [1, 0, -0, Infinity, -Infinity, NaN, -1, -5e-324, 5e-324];
    const expected = [0, -Infinity, -Infinity, Infinity, NaN, NaN, NaN, NaN, -744.4400719213812];
    expect(values.map(log)).toEqual(expected);
  });

  it('returns the same bits on every runtime', () => {
    const values = draws(2, 10_000, (random) => spread(random, -1022, 1024));
    const nearOne = draws(3, 1000, (random) => 1 + (random() - 0.5) / 32);
    expect(hashOfBits([...values, ...nearOne, 5e-324, 1e-310].map(log))).toBe('191574c1');
  });
});
