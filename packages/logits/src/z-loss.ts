import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Options of `zLoss`. */
export interface ZLossOptions {
  /** The price of a squared log-partition, >= 0; 1e-4 by default, 0 changes nothing. */
  readonly strength?: number;
}

/**
 * z-loss on any loss of the family: pulls the log-partition towards 0, which the loss itself leaves free to drift.
 *
 *     adds strength lse(z)^2        its gradient: 2 strength lse(z) p_j
 *
 * with lse(z) = log sum_c exp(z_c), of a binary element log(1 + exp(z)).
 *
 * - It keeps logits near log-probabilities, where float16 and bfloat16 have digits.
 * - It scales with the sample weight only, not with class weights or the mass of a target. Two of them add up.
 *
 * @throws RangeError for a strength below 0.
 *
 * @example
 * const loss = zLoss(categoricalCrossEntropy(), { strength: 0.01 });
 * loss.value([[1, 2, 0.5]], [1]); // 0.5250999…
 *
 * Source: Chowdhery et al., PaLM: Scaling Language Modeling with Pathways (2022), section 5.
 */
export const zLoss: WrapperPlugin<'z-loss', ZLossOptions> = /* @__PURE__ */ defineWrapper({
  name: 'z-loss',
  links: ['softmax', 'sigmoid'],
  options: { strength: { kind: 'number', minimum: 0, default: 1e-4 } },
  steps: ({ strength = 1e-4 }) => [{ kind: 'partition', strength }],
  // The square of a convex function that changes sign is not convex.
  traits: { convex: false, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
  examples: () => [{}, { strength: 0.1 }],
});
