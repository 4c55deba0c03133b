import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Options of `generalized`. */
export interface GeneralizedOptions {
  /** q in [0, 1]: 0 is cross-entropy, 1 the probability that is not on the target; 0.7 by default. */
  readonly q?: number;
}

/**
 * Generalised cross-entropy, the L_q loss: between cross-entropy and the absolute error of the probabilities.
 *
 *     psi(l) = (1 - p^q) / q        psi'(l) = -p^q
 *
 * with l = log p the log-probability of an outcome; towards q = 0 it becomes -l.
 *
 * - Never above 1 / q for a target of mass one: a wrong label costs no more than that, and its pull p^q fades where the
 *   model is sure of another class. A model that knows nothing yet learns slowly for the same reason.
 * - The sum runs over all classes of a smoothed or probability target.
 *
 * @throws RangeError for q outside [0, 1]; TypeError for a loss that already has another surprisal.
 *
 * @example
 * const loss = generalized(categoricalCrossEntropy(), { q: 0.7 });
 * loss.value([[1, 2, 0.5]], [1]); // 0.3964495…
 *
 * Source: Zhang and Sabuncu, Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy Labels (2018),
 * equation 6.
 */
export const generalized: WrapperPlugin<'generalized', GeneralizedOptions> = /* @__PURE__ */ defineWrapper({
  name: 'generalized',
  links: ['softmax', 'sigmoid'],
  options: { q: { kind: 'number', minimum: 0, maximum: 1, default: 0.7 } },
  steps: ({ q = 0.7 }) => [{ kind: 'surprisal', terms: [{ coefficient: 1, power: 0, order: q }] }],
  traits: { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{ q: 0.7 }, { q: 1 }],
});
