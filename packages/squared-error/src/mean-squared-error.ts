import { defineLoss, type LossPlugin, type RuleTile } from '@surprisal/core';

/** Options of `meanSquaredError`: it has none. */
export type MeanSquaredErrorOptions = Readonly<Record<string, never>>;

/**
 * Mean squared error: L2 loss, quadratic loss. For regression; of a classifier's probabilities it is `brierScore`.
 *
 *     loss = (z - t)^2        d loss / dz = 2 (z - t)
 *
 * - Predictions z (the argument `logits`): any shape, finite. Targets t: the same shape, any finite numbers.
 * - Without the factor 1/2 that some books have: the same as PyTorch's mse_loss and scikit-learn's mean_squared_error.
 * - The value is the mean over the counted weight (without weights: over the elements) unless `reduction` and
 *   `denominator` say otherwise. With `sampleWeights` it divides by their sum, as scikit-learn does.
 * - It is not of the cross-entropy family: wrappers refuse it.
 *
 * @throws RangeError for a prediction or target that is not finite; TypeError for arguments of the wrong kind. Each names
 * the argument, its position, and the fix.
 *
 * @example
 * const loss = meanSquaredError();
 * loss.value([2.5, 0, 2, 8], [3, -0.5, 2, 7]); // 0.375
 *
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 1.2, without the factor.
 */
export const meanSquaredError: LossPlugin<'mean-squared-error', MeanSquaredErrorOptions, 'none'> =
  /* @__PURE__ */ defineLoss({
    name: 'mean-squared-error',
    tileRule: () => ({ layout: 'elements', targets: 'real', compute: squareDifferences }),
    options: {},
    traits: { convex: true, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
    examples: () => [{}],
  });

function squareDifferences({ rows, logits, targets, losses, gradient }: RuleTile): void {
  for (let i = 0; i < rows; i++) {
    const difference = (logits[i] ?? 0) - (targets[i] ?? 0);
    losses[i] = difference * difference;
    if (gradient) gradient[i] = 2 * difference;
  }
}
