import { defineWrapper, type SurprisalTerm, type WrapperPlugin } from '@surprisal/core';

/** Options of `symmetric`. */
export interface SymmetricOptions {
  /** a >= 0: the weight of the cross-entropy; 0.1 by default. */
  readonly a?: number;
  /** b >= 0: the weight of the reverse cross-entropy; 1 by default. */
  readonly b?: number;
  /** A <= 0: what stands for log 0 in the reverse cross-entropy; -4 by default. */
  readonly A?: number;
}

/**
 * Symmetric cross-entropy: cross-entropy and, against wrong labels, its reverse, in which model and label change places.
 *
 *     psi(l) = a (-l) + b (-A) (1 - p)        psi'(l) = -(a - b A p)
 *
 * with l = log p the log-probability of an outcome.
 *
 * - The reverse term is bounded by -b A: wrong labels weigh in it no more than that.
 * - For hard labels it is the paper's loss. With probability or smoothed targets q it is the sum of q_c psi(l_c), where
 *   the paper has -sum_c p_c log q_c.
 * - a = 1 and b = 0 is cross-entropy.
 *
 * @throws RangeError for a or b below 0, or A above 0; TypeError for a loss that already has another surprisal.
 *
 * @example
 * const loss = symmetric(categoricalCrossEntropy());
 * loss.value([[1, 2, 0.5]], [1]); // 1.5323100…
 *
 * Source: Wang et al., Symmetric Cross Entropy for Robust Learning with Noisy Labels (2019), equations 6 and 7.
 */
export const symmetric: WrapperPlugin<'symmetric', SymmetricOptions> = /* @__PURE__ */ defineWrapper({
  name: 'symmetric',
  links: ['softmax', 'sigmoid'],
  options: {
    a: { kind: 'number', minimum: 0, default: 0.1 },
    b: { kind: 'number', minimum: 0, default: 1 },
    A: { kind: 'number', maximum: 0, default: -4 },
  },
  steps: ({ a = 0.1, b = 1, A = -4 }) => {
    const terms: readonly SurprisalTerm[] = [
      { coefficient: a, power: 0, order: 0 },
      { coefficient: b * -A, power: 0, order: 1 },
    ];
    return [{ kind: 'surprisal', terms: terms.filter(({ coefficient }) => coefficient !== 0) }];
  },
  traits: { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{}, { a: 2, b: 0.5, A: -6 }],
});
