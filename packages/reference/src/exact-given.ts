import type { Decimal } from 'decimal.js';
import { arithmetic, exactDecimal, withEnoughDigits, ZERO, type Exact } from './exact-decimal.js';
import type { ExactElement } from './exact-sigmoid.js';
import type { ExactRow } from './exact-softmax.js';
import { logarithmOf } from './surprisal-terms.js';

/** Digits in which sums and products of doubles of ordinary exponents are exact. */
const EXACT_DIGITS = 400;

function complementOf(probability: Decimal): Decimal {
  return arithmetic(EXACT_DIGITS).sub(1, probability);
}

/** -log p without loss near p = 1, also for p > 1; Infinity for p = 0. */
function negativeLogarithm(probability: Decimal, Numbers: typeof Decimal): Decimal {
  if (probability.isZero()) return new Numbers(Infinity);
  const complement = complementOf(probability);
  if (complement.isNegative()) return Numbers.ln(probability).neg();
  return logarithmOf(new Numbers(probability), complement, Numbers).neg();
}

/**
 * Cross-entropy from probabilities as given: -sum u_c log p_c and the plain partial derivatives -u_c / p_c.
 *
 * @param probabilities - p, not renormalised. Where p_c = 0, mass makes the loss Infinity and no mass costs nothing.
 * @param measure - u, length C, each >= 0.
 */
export function exactFromProbabilities(probabilities: ArrayLike<Exact>, measure: ArrayLike<Exact>): ExactRow {
  const p = Array.from(probabilities, exactDecimal);
  const u = Array.from(measure, exactDecimal);
  const [loss] = withEnoughDigits(0, (Numbers) => {
    let [value, scale] = [new Numbers(0), new Numbers(0)];
    u.forEach((mass, index) => {
      if (mass.isZero()) return;
      const cost = Numbers.mul(mass, negativeLogarithm(p[index], Numbers));
      value = Numbers.add(value, cost);
      scale = Numbers.add(scale, cost.abs());
    });
    return [{ value, scale }];
  });
  const Numbers = arithmetic(60);
  return { loss, gradient: u.map((mass, index) => (mass.isZero() ? ZERO : Numbers.div(mass, p[index]).neg())) };
}

/**
 * Cross-entropy from log-probabilities as given: -sum u_c l_c and the plain partial derivatives -u_c.
 *
 * @param logProbabilities - l, not renormalised, of any sign; -Infinity under mass makes the loss Infinity.
 * @param measure - u, length C, each >= 0.
 */
export function exactFromLogProbabilities(logProbabilities: ArrayLike<Exact>, measure: ArrayLike<Exact>): ExactRow {
  const l = Array.from(logProbabilities, exactDecimal);
  const u = Array.from(measure, exactDecimal);
  const Numbers = arithmetic(EXACT_DIGITS);
  const loss = u.reduce(
    (sum, mass, index) => (mass.isZero() ? sum : Numbers.sub(sum, Numbers.mul(mass, l[index]))),
    new Numbers(0),
  );
  return { loss, gradient: u.map((mass) => (mass.isZero() ? ZERO : mass.neg())) };
}

/**
 * Binary cross-entropy from the probability of the positive outcome: -u1 log p - u0 log(1 - p), with derivative
 * u0 / (1 - p) - u1 / p.
 *
 * @param probability - p in [0, 1].
 */
export function exactFromProbability(probability: Exact, u1: Exact, u0: Exact): ExactElement {
  const p = exactDecimal(probability);
  const { loss } = exactFromProbabilities([p, complementOf(p)], [u1, u0]);
  const [gradient] = withEnoughDigits(0, (Numbers) => {
    const [byPositive, byNegative] = [exactDecimal(u1), exactDecimal(u0)].map((mass, index) =>
      mass.isZero() ? ZERO : Numbers.div(mass, index === 0 ? p : complementOf(p)),
    );
    return [{ value: Numbers.sub(byNegative, byPositive), scale: Numbers.add(byNegative, byPositive) }];
  });
  return { loss, gradient };
}
