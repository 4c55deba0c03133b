import { expect, test } from 'vitest';
import { doubleDoubleShiftedNegative } from './double-double-asymmetric.js';
import { arithmetic, exactDecimal } from './exact-decimal.js';
import { randomNumbers } from './random-numbers.js';
import { pairValue, relativeError } from './relative-error.js';

const SEED = 44;
const Numbers = arithmetic(60);

/** The paper's formula, and its derivative by the product rule. */
function exactNegative(logit: number, gamma: number, shift: number) {
  const p = Numbers.div(1, Numbers.add(1, Numbers.exp(exactDecimal(-logit))));
  const shifted = Numbers.sub(p, exactDecimal(shift));
  const cost = Numbers.ln(Numbers.sub(1, shifted)).neg();
  const power = Numbers.pow(shifted, exactDecimal(gamma));
  const slope = Numbers.add(
    Numbers.div(Numbers.mul(Numbers.mul(gamma, power), cost), shifted),
    Numbers.div(power, Numbers.sub(1, shifted)),
  );
  const gradient = Numbers.mul(slope, Numbers.mul(p, Numbers.sub(1, p)));
  return { loss: Numbers.mul(power, cost), gradient };
}

test(`agrees with Decimal to 1e-28 (seed ${SEED})`, () => {
  const random = randomNumbers(SEED);
  let [worst, compared] = [0, 0];
  for (let n = 0; n < 400; n += 1) {
    const logit = random.pick([0.1, 1, 5, 20]) * random.normal();
    const gamma = random.pick([0, 0.5, 1, 4]);
    const shift = random.pick([0.01, 0.05, 0.5]);
    const { loss, gradient } = doubleDoubleShiftedNegative(logit, gamma, shift);
    if (loss.scale === 0) continue;
    const exact = exactNegative(logit, gamma, shift);
    worst = Math.max(
      worst,
      relativeError(pairValue(...loss.value), exact.loss, exactDecimal(loss.scale)),
      relativeError(pairValue(...gradient.value), exact.gradient, exactDecimal(gradient.scale)),
    );
    compared += 1;
  }
  expect(compared).toBeGreaterThan(200);
  expect(worst).toBeLessThan(1e-28);
  expect(worst).toBeGreaterThan(0);
});

test('costs nothing up to the shift', () => {
  const { loss, gradient } = doubleDoubleShiftedNegative(-Math.log(3) - 0.01, 2, 0.25);
  expect([...loss.value, ...gradient.value]).toEqual([0, 0, 0, 0]);
});
