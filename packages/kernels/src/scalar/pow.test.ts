import type { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { log } from './log.js';
import { pow } from './pow.js';
import { draws, exactly, hashOfBits, randomSource, spread, worstError } from '../testing/ulps.js';

type Pair = readonly [number, number];

/** An exponent that brings x^a to a place between e^-708 and e^709, so that the results fill the whole range. */
const filling = (x: number, random: () => number): Pair => [x, (1417 * random() - 708) / log(x)];

const REGIONS: readonly { where: string; draw: (random: () => number) => Pair }[] = [
  { where: 'on [0, 1) to the power 0..6', draw: (random) => [random(), 6 * random()] },
  { where: 'on all normal x', draw: (random) => filling(spread(random, -1022, 1024), random) },
  { where: 'on [1/2, 2] with large a', draw: (random) => filling(0.5 + 1.5 * random(), random) },
  { where: 'above 1 with large a', draw: (random) => filling(1 + spread(random, -52, -4), random) },
  { where: 'below 1 with large a', draw: (random) => filling(1 - spread(random, -53, -4), random) },
  { where: 'at the ends of the middle interval', draw: (random) => filling(0.992 + 0.016 * random(), random) },
  { where: 'on denormal x', draw: (random) => [random() * 2.2e-308, 0.99 * random()] },
  { where: 'with tiny a', draw: (random) => [random(), spread(random, -60, 0)] },
];

const pairs = (seed: number, count: number, draw: (random: () => number) => Pair): Pair[] => {
  const random = randomSource(seed);
  return Array.from({ length: count }, () => draw(random));
};

function reference(x: number, a: number): Decimal {
  return exactly(x).ln().mul(exactly(a)).exp();
}

describe('pow', () => {
  it.each(REGIONS)('errs by at most 0.57 ulp $where (seed 1)', ({ draw }) => {
    const worst = worstError(pow, reference, pairs(1, 300, draw));
    expect(worst.ulps, `at ${worst.at.join()}`).toBeLessThanOrEqual(0.57);
  });

  it('errs by at most 0.77 ulp where the result is denormal (seed 2): it is rounded twice', () => {
    const list = pairs(2, 300, (random) => {
      const x = random();
      return [x, (-708.4 - 36 * random()) / log(x)];
    });
    const worst = worstError(pow, reference, list);
    expect(worst.ulps, `at ${worst.at.join()}`).toBeLessThanOrEqual(0.77);
  });

  it('is the identity for a = 1 and exact for squares of short numbers', () => {
    const values = draws(3, 1000, (random) => spread(random, -1000, 1000));
    expect(values.map((x) => pow(x, 1))).toEqual(values);
    const short = draws(4, 1000, (random) => Math.fround(random()));
    expect(short.map((x) => pow(x, 2))).toEqual(short.map((x) => x * x));
  });

  it('knows 0, 1 and Infinity as base and as exponent', () => {
    const cases: readonly (readonly [...Pair, number])[] = [
      [0, 0, 1],
      [0, 0.5, 0],
      [0, 1e-320, 0],
      [-0, 3, 0],
      [0, -1, Infinity],
      [0, NaN, NaN],
      [1, 1e300, 1],
      [1, -1e300, 1],
      [1, Infinity, NaN],
      [0.5, Infinity, 0],
      [0.5, -Infinity, Infinity],
      [2, Infinity, Infinity],
      [Infinity, 2, Infinity],
      [Infinity, -2, 0],
      [Infinity, 0, 1],
      [Infinity, NaN, NaN],
      [NaN, 0, 1],
      [NaN, 1, NaN],
      [2, NaN, NaN],
      [-1, 2, NaN],
      [0.5, 1075, 0],
      [0.5, 1074, 5e-324],
      [2, 1024, Infinity],
      [2, 1023, 8.98846567431158e307],
      [0.9999999999999999, 1e300, 0],
      [1.0000000000000002, 1e300, Infinity],
    ];
    expect(cases.map(([x, a]) => [x, a, pow(x, a)])).toEqual(cases);
  });

  it('returns the same bits on every runtime', () => {
    const list = [
      ...pairs(5, 5000, (random) => [random(), 6 * random()]),
      ...pairs(6, 3000, (random) => filling(spread(random, -1022, 1024), random)),
      ...pairs(7, 2000, (random) => filling(1 - spread(random, -53, -4), random)),
    ];
    expect(hashOfBits(list.map(([x, a]) => pow(x, a)))).toBe('fad4ff17');
  });
});
