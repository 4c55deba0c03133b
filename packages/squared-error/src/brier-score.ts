import { defineLoss, type LossPlugin } from '@surprisal/core';
import { scoreRows } from './score-rows.js';

/** Options of `brierScore`. */
export interface BrierScoreOptions {
  /** Class count C >= 2: needed for logits without a shape, checked in every call. */
  readonly classes?: number;
}

/**
 * Brier score: the squared error of softmax probabilities, quadratic score.
 *
 *     loss = sum_c (p_c - t_c)^2,  p = softmax(z)        d loss / dz_j = 2 p_j (e_j - sum_c p_c e_c),  e = p - t
 *
 * - Logits z: any shape with a class axis (`axis`, the last by default), C >= 2, finite. Targets: class indices, or
 *   probabilities t in the logits' shape. The score lies in [0, 2].
 * - A proper score, as cross-entropy is. As a loss to train with it is not convex, and a confident mistake has hardly a
 *   gradient: p_j is a factor of it, where cross-entropy has p_j - t_j.
 * - Brier's own definition, over all classes. For two classes it is twice (p_1 - y)^2, which scikit-learn's
 *   brier_score_loss returns.
 * - It is not of the cross-entropy family: wrappers refuse it.
 *
 * @throws RangeError for one class, a label outside 0..C-1, a logit that is not finite, probabilities that do not sum to
 * one; TypeError for arguments of the wrong kind. Each names the argument, its position, and the fix.
 *
 * @example
 * const loss = brierScore();
 * loss.value([[1, 2, 0.5]], [1]); // 0.2111216…
 *
 * Source: Brier, Verification of Forecasts Expressed in Terms of Probability (1950), equation 2.
 */
export const brierScore: LossPlugin<'brier-score', BrierScoreOptions, 'none'> = /* @__PURE__ */ defineLoss({
  name: 'brier-score',
  tileRule: () => ({ layout: 'classes', targets: 'probabilities', compute: scoreRows }),
  options: { classes: { kind: 'number', integer: true, minimum: 2, optional: true } },
  classes: (options) => options.classes,
  traits: { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: (classes) => [{}, { classes }],
});
