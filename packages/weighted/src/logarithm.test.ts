import { arithmetic, exactDecimal, randomNumbers, ulpsBetween } from '@surprisal/reference';
import { expect, it } from 'vitest';
import { logarithm } from './logarithm.js';

const Numbers = arithmetic(40);

it('is within 1 unit in the last place of the logarithm (seed 3)', () => {
  const random = randomNumbers(3);
  let worst = 0;
  for (let n = 0; n < 5000; n++) {
    const spread = random.pick([1e-9, 1e-3, 1, 20, 600]);
    const x =
      n % 2 === 0 ? 1 + Math.min(0.5, spread) * (random.uniform() - 0.5) : 2 ** ((spread * random.normal()) / 6);
    worst = Math.max(worst, ulpsBetween(logarithm(x), Numbers.ln(exactDecimal(x)), 'float64'));
  }
  expect(worst).toBeLessThanOrEqual(1);
});

it('is exact where the logarithm is', () => {
  expect(logarithm(1)).toBe(0);
  expect(logarithm(0.5)).toBe(-Math.LN2);
  expect(logarithm(2 ** -1074)).toBe(-1074 * Math.LN2);
});
