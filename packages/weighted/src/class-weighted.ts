import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Options of `classWeighted`. */
export interface ClassWeightedOptions {
  /** w_c >= 0 for each class; for a binary loss [w0, w1], the weights of the two outcomes. */
  readonly weights: readonly number[] | Float32Array | Float64Array;
}

/**
 * Class weights on any loss of the family: what an imbalanced data set is usually given.
 *
 *     u'_c = w_c u_c
 *
 * - Counted: a mean with the default denominator divides by the sum of w_y (and sample weights), as PyTorch's
 *   cross_entropy(weight) does for index targets. `denominator: 'rows'` divides by the rows instead, as Keras does.
 * - The length of the vector states the class count.
 * - Order has meaning with label smoothing; see `labelSmoothed`.
 * - For a multi-label loss a weight per label is the call option `labelWeights`, and one on the positives only is
 *   `positiveWeighted`.
 *
 * @throws RangeError for a weight that is negative or not finite, or a vector of another length than the classes.
 *
 * @example
 * const loss = classWeighted(categoricalCrossEntropy(), { weights: [1, 2, 3] });
 * loss.value([[1, 2, 0.5], [0.1, -1, 3], [2, 2, 2]], [1, 2, 0]); // 0.3732787523…
 *
 * Source: King and Zeng, Logistic Regression in Rare Events Data (2001), equation 8.
 */
export const classWeighted: WrapperPlugin<'class-weighted', ClassWeightedOptions> = /* @__PURE__ */ defineWrapper({
  name: 'class-weighted',
  links: ['softmax', 'sigmoid'],
  options: { weights: { kind: 'vector', minimum: 0 } },
  steps: ({ weights }) => [{ kind: 'scale', by: 'outcome', weights: weights, counted: true }],
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: (classes) => [{ weights: Array.from({ length: classes }, (_, index) => 0.5 + index / classes) }],
});
