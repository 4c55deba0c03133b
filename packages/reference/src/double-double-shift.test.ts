import { expect, test } from 'vitest';
import { doubleDoubleTermsRow } from './double-double-terms.js';
import { arithmetic, exactDecimal } from './exact-decimal.js';
import { exactSigmoidElement } from './exact-sigmoid.js';
import { randomNumbers } from './random-numbers.js';
import { pairValue, relativeError } from './relative-error.js';
import type { SurprisalTerm } from './surprisal-terms.js';

const SEED = 44;
const Numbers = arithmetic(60);

/** The formula of asymmetric loss for negatives, with p the probability of the positive outcome, and its derivative by the product rule. */
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

/** The same as a term with a shift of the negative outcome. */
function negativeOf(logit: number, gamma: number, shift: number) {
  const terms: readonly SurprisalTerm[] = [{ coefficient: 1, power: gamma, order: 0, shift }];
  const { loss, gradient } = doubleDoubleTermsRow([0, logit], { high: [1, 0], low: [0, 0] }, { terms: () => terms });
  return { loss, gradient: gradient[1], terms };
}

test(`terms with a shift agree with the formula of asymmetric loss, in both arithmetics (seed ${SEED})`, () => {
  const random = randomNumbers(SEED);
  let [worst, worstDecimal, compared] = [0, 0, 0];
  for (let n = 0; n < 400; n += 1) {
    const logit = random.pick([0.1, 1, 5, 20]) * random.normal();
    const gamma = random.pick([0, 0.5, 1, 4]);
    const shift = random.pick([0.01, 0.05, 0.5]);
    const { loss, gradient, terms } = negativeOf(logit, gamma, shift);
    if (loss.scale === 0) continue;
    const exact = exactNegative(logit, gamma, shift);
    worst = Math.max(
      worst,
      relativeError(pairValue(...loss.value), exact.loss, exactDecimal(loss.scale)),
      relativeError(pairValue(...gradient.value), exact.gradient, exactDecimal(gradient.scale)),
    );
    const element = exactSigmoidElement(logit, 0, 1, { terms });
    worstDecimal = Math.max(
      worstDecimal,
      relativeError(element.loss, exact.loss),
      relativeError(element.gradient, exact.gradient),
    );
    compared += 1;
  }
  expect(compared).toBeGreaterThan(200);
  expect(worst).toBeLessThan(1e-28);
  expect(worst).toBeGreaterThan(0);
  expect(worstDecimal).toBeLessThan(1e-30);
});

test('a term with a shift of any order is the same term of p + shift', () => {
  const [shift, logit] = [0.25, 0.5];
  const terms = [{ coefficient: 2, power: 1.5, order: 0.5, shift }];
  const { loss } = exactSigmoidElement(logit, 1, 0, { terms });
  const r = 1 / (1 + Math.exp(-logit)) + shift;
  expect(Number(loss)).toBeCloseTo((2 * (1 - r) ** 1.5 * (1 - Math.sqrt(r))) / 0.5, 14);
});

test('costs nothing up to the shift', () => {
  const { loss, gradient, terms } = negativeOf(-Math.log(3) - 0.01, 2, 0.25);
  expect([loss.value[0], gradient.value[0] + 0]).toEqual([0, 0]);
  const exact = exactSigmoidElement(-Math.log(3) - 0.01, 0, 1, { terms });
  expect([Number(exact.loss), Number(exact.gradient) + 0]).toEqual([0, 0]);
});
