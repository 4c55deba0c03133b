import { defineLoss, type LossPlugin } from '@surprisal/core';
import { softmaxLink } from '@surprisal/kernels/softmax';

/** Options of `categoricalCrossEntropy`. */
export interface CategoricalCrossEntropyOptions {
  /** Class count C >= 2: needed for logits without a shape, checked in every call. */
  readonly classes?: number;
}

/**
 * Cross-entropy over classes: softmax cross-entropy, multinomial log loss, negative log-likelihood.
 *
 *     loss = -sum_c u_c log p_c = |u| lse(z) - sum_c u_c z_c        d loss / d z_j = |u| p_j - u_j
 *
 * with p = softmax(z), lse(z) = log sum_c exp(z_c), and u the target: 1 at the label's class, or the probabilities
 * given. For a hard label it is computed as log1p(rest / e_y), where e_c = exp(z_c) and rest is their sum without the
 * label's: exact in relative terms, and 0 only where the true value underflows.
 *
 * - Logits z: any shape with a class axis (`axis`, the last by default), C >= 2; finite or -Infinity, which masks a class.
 * - Targets: class indices 0..C-1 in the logits' shape without the class axis, or probabilities in their shape. Shape
 *   alone tells them apart. Rows of probabilities sum to one, unless `unnormalized: true`, which keeps the factor |u|.
 * - The value is in nats, at least 0, and the mean over the counted weight unless `reduction` and `denominator` say
 *   otherwise. A mean over nothing is NaN, with gradient zeros.
 *
 * @throws RangeError for one class (its softmax is always 1), a label outside 0..C-1, a NaN or +Infinity logit, a row of
 * -Infinity only, probabilities that do not sum to one; TypeError for arguments of the wrong kind. Each names the
 * argument, its position, and the fix.
 *
 * @example
 * const loss = categoricalCrossEntropy();
 * loss.value([[1, 2, 0.5], [0.1, -1, 3]], [1, 2]); // 0.26757150153421816
 *
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), equations 4.108 and 4.109.
 */
export const categoricalCrossEntropy: LossPlugin<
  'categorical-cross-entropy',
  CategoricalCrossEntropyOptions,
  'softmax'
> = /* @__PURE__ */ defineLoss({
  name: 'categorical-cross-entropy',
  link: softmaxLink,
  options: { classes: { kind: 'number', integer: true, minimum: 2, optional: true } },
  classes: (options) => options.classes,
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: (classes) => [{}, { classes }],
});
