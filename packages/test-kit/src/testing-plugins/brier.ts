import { defineLoss, type LossPlugin, type RuleTile } from '@surprisal/core';

/** sum_c (p_c - t_c)^2 with p = softmax(z); d/dz_j = 2 p_j (e_j - sum_c p_c e_c) with e = p - t. */
function brierScores({ rows, width, logits, targets, losses, gradient }: RuleTile): void {
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    const largest = logits.subarray(from, from + width).reduce((one, other) => Math.max(one, other));
    const powers = Array.from(logits.subarray(from, from + width), (logit) => Math.exp(logit - largest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    const errors = powers.map((power, index) => power / total - (targets[from + index] ?? 0));
    losses[row] = errors.reduce((sum, error) => sum + error * error, 0);
    const mean = errors.reduce((sum, error, index) => sum + (error * (powers[index] ?? 0)) / total, 0);
    if (gradient)
      errors.forEach(
        (error, index) => (gradient[from + index] = ((2 * (powers[index] ?? 0)) / total) * (error - mean)),
      );
  }
}

/** A loss outside the family over rows of classes. */
export const brier: LossPlugin<'brier', object, 'none'> = /* @__PURE__ */ defineLoss({
  name: 'brier',
  tileRule: () => ({ layout: 'classes', targets: 'probabilities', compute: brierScores }),
  options: {},
  traits: { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{}],
});
