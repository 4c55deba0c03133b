import { defineLoss, type LossPlugin } from '@surprisal/core';
import { sigmoidLink } from '@surprisal/kernels/sigmoid';

/** Options of `binaryCrossEntropy`: it has none. */
export type BinaryCrossEntropyOptions = Readonly<Record<string, never>>;

/**
 * Binary cross-entropy: sigmoid cross-entropy, logistic loss, Bernoulli log loss; over the labels of a row the
 * multi-label loss.
 *
 *     loss = y softplus(-z) + (1 - y) softplus(z)        d loss / d z = sigmoid(z) - y
 *
 * with softplus(x) = log(1 + exp(x)), evaluated as max(x, 0) + log1p(exp(-|x|)).
 *
 * - Logits z: any shape; -Infinity and +Infinity are the certain predictions 0 and 1.
 * - Targets y: the same shape, each in [0, 1].
 * - From rank 2 on an axis (`axis`, the last by default) holds the labels of a row; for flat arrays `labels` says how
 *   many. It matters to weights per label and to `denominator: 'rows'`.
 * - The value is in nats, at least 0, and the mean over the counted weight (without weights: over the elements) unless
 *   `reduction` and `denominator` say otherwise. A mean over nothing is NaN, with gradient zeros.
 *
 * @throws RangeError for a target outside [0, 1] or a NaN logit; TypeError for arguments of the wrong kind. Each names
 * the argument, its position, and the fix.
 *
 * @example
 * const loss = binaryCrossEntropy();
 * loss.value([2, -1, 0.5, -3], [1, 1, 0, 0]); // 0.6157135086…
 *
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), equations 4.90 and 4.91.
 */
export const binaryCrossEntropy: LossPlugin<'binary-cross-entropy', BinaryCrossEntropyOptions, 'sigmoid'> =
  /* @__PURE__ */ defineLoss({
    name: 'binary-cross-entropy',
    link: sigmoidLink,
    options: {},
    traits: { convex: true, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
    examples: () => [{}],
  });
