import { defineWrapper, type WrapperPlugin } from '@surprisal/core';
import { negativeEntropy } from './negative-entropy.js';

/** Options of `confidencePenalized`. */
export interface ConfidencePenalizedOptions {
  /** The price of a nat of entropy, >= 0; 0.1 by default, 0 changes nothing. */
  readonly strength?: number;
}

/**
 * Confidence penalty on any loss of the family: rewards the entropy H of the prediction, whatever the target is.
 *
 *     adds strength sum_c p_c l_c = -strength H        its gradient: strength p_j (l_j + H)
 *
 * with l = log p over all classes, or the two outcomes of a binary element.
 *
 * - It scales with the sample weight only, not with class weights or the mass of a target.
 * - The value may be negative, down to -strength log C.
 * - It leaves the surprisal as it is: `confidencePenalized(focal(loss))` is a focal loss with a penalty.
 *
 * @throws RangeError for a strength below 0.
 *
 * @example
 * const loss = confidencePenalized(categoricalCrossEntropy(), { strength: 0.1 });
 * loss.value([[1, 2, 0.5]], [1]); // 0.3737728…
 *
 * Source: Pereyra et al., Regularizing Neural Networks by Penalizing Confident Output Distributions (2017), section 3.1.
 */
export const confidencePenalized: WrapperPlugin<'confidence-penalized', ConfidencePenalizedOptions> =
  /* @__PURE__ */ defineWrapper({
    name: 'confidence-penalized',
    links: ['softmax', 'sigmoid'],
    options: { strength: { kind: 'number', minimum: 0, default: 0.1 } },
    steps: ({ strength = 0.1 }) =>
      strength === 0
        ? []
        : [{ kind: 'custom', plugin: 'confidence-penalized', parameters: { strength }, replaces: false }],
    custom: negativeEntropy,
    traits: { convex: false, nonNegative: false, shiftInvariant: true, needsIndexTargets: false },
    examples: () => [{}, { strength: 0.5 }],
  });
