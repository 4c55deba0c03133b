import {
  exponentialOf,
  logarithmOfOnePlus,
  negative,
  product,
  quotient,
  softmaxPairs,
  sum,
  ZERO_PAIR,
  type Pair,
} from './double-double-outcomes.js';
import type { ScaledPair } from './double-double-terms.js';

/** The cost of a negative under asymmetric loss and its derivative by the logit. */
export interface ShiftedNegative {
  readonly loss: ScaledPair;
  readonly gradient: ScaledPair;
}

const NOTHING: ScaledPair = { value: ZERO_PAIR, scale: 0 };

/**
 * C = pm^g (-log(1 - pm)) with pm = max(p - m, 0) and p = sigmoid(logit), and dC/dz = dC/dp p (1 - p), in double-double
 * arithmetic. An error counts in units of what p itself is known to: pm is a difference.
 */
export function doubleDoubleShiftedNegative(logit: number, gamma: number, shift: number): ShiftedNegative {
  const [, positive] = softmaxPairs([0, logit]).outcomes;
  const p = exponentialOf(positive.logarithm);
  const shifted = sum(p, [-shift, 0]);
  if (!(shifted[0] > 0)) return { loss: NOTHING, gradient: NOTHING };
  const rest = sum([1, 0], negative(shifted));
  // -log(1 - pm) = log(1 + pm / (1 - pm))
  const cost = logarithmOfOnePlus(quotient(shifted, rest));
  const power = exponentialOf(times(logarithm(shifted), gamma));
  const loss = product(power, cost);
  const slope = product(power, sum(quotient(product([gamma, 0], cost), shifted), quotient([1, 0], rest)));
  const gradient = product(slope, product(p, exponentialOf(positive.complement)));
  const blur = 1 + ((gamma + 2) * p[0]) / shifted[0];
  return {
    loss: { value: loss, scale: loss[0] * blur },
    gradient: { value: gradient, scale: gradient[0] * blur },
  };
}

/** log x of 0 < x <= 1, as -log(1 + (1 - x) / x). */
function logarithm(x: Pair): Pair {
  return negative(logarithmOfOnePlus(quotient(sum([1, 0], negative(x)), x)));
}

function times(x: Pair, factor: number): Pair {
  return factor === 0 ? ZERO_PAIR : product(x, [factor, 0]);
}
