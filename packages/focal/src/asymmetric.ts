import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Options of `asymmetric`. */
export interface AsymmetricOptions {
  /** gamma of the positive outcome, >= 0; 1 by default. */
  readonly gammaPositive?: number;
  /** gamma of the negative outcome, >= 0; 4 by default. */
  readonly gammaNegative?: number;
  /** m in [0, 1]: negatives predicted with p <= m cost nothing; 0.05 by default. */
  readonly shift?: number;
}

/**
 * Asymmetric loss of a binary or multi-label loss: focal with another gamma for negatives, whose easiest ones cost nothing.
 *
 *     positives: (1 - p)^g+ (-log p)
 *     negatives: pm^g- (-log(1 - pm)),  pm = max(p - m, 0): a surprisal of 1 - p with a shift
 *
 * with p = sigmoid(z). A target y in [0, 1] is y of the first and 1 - y of the second.
 *
 * - Its default shift drops negatives below p = 0.05, mislabelled and easy ones alike: they have no gradient at all.
 * - With `shift: 0` it is two focal losses. All engines compute it with any shift, and it takes probabilities, too.
 * - At p = m the derivative of a negative is 0, also where gamma is below 1.
 * - With shift 0 and both gammas 0 it is binary cross-entropy.
 *
 * @throws RangeError for a gamma below 0 or a shift outside [0, 1]; TypeError for a loss over classes, and for one that
 * already has another surprisal.
 *
 * @example
 * const loss = asymmetric(binaryCrossEntropy());
 * loss.value([2, -1, 0.5, -3], [1, 1, 0, 0]); // 0.2666136…
 *
 * Source: Ridnik et al., Asymmetric Loss For Multi-Label Classification (2021), equations 4, 5 and 7.
 */
export const asymmetric: WrapperPlugin<'asymmetric', AsymmetricOptions, 'sigmoid'> = /* @__PURE__ */ defineWrapper({
  name: 'asymmetric',
  links: ['sigmoid'],
  options: {
    gammaPositive: { kind: 'number', minimum: 0, default: 1 },
    gammaNegative: { kind: 'number', minimum: 0, default: 4 },
    shift: { kind: 'number', minimum: 0, maximum: 1, default: 0.05 },
  },
  steps: ({ gammaPositive = 1, gammaNegative = 4, shift = 0.05 }) => [
    {
      kind: 'surprisal',
      terms: [{ coefficient: 1, power: gammaPositive, order: 0 }],
      negativeTerms: [{ coefficient: 1, power: gammaNegative, order: 0, ...(shift > 0 && { shift }) }],
    },
  ],
  traits: { convex: false, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
  examples: () => [
    {},
    { gammaPositive: 0, gammaNegative: 2, shift: 0 },
    { gammaPositive: 0, gammaNegative: 0.5, shift: 0.25 },
  ],
});
