import { defineWrapper, type WrapperPlugin } from '@surprisal/core';
import { logarithm } from './logarithm.js';
import { checkLength } from './outcome-vector.js';

/** Options of `logitAdjusted`. */
export interface LogitAdjustedOptions {
  /** pi_c > 0, the share of each class among the training rows; for a binary loss [pi0, pi1]. Only their ratios matter. */
  readonly priors: readonly number[] | Float32Array | Float64Array;
  /** How far to adjust, >= 0: 1 by default, 0 not at all. */
  readonly tau?: number;
}

/**
 * Logit adjustment of any loss of the family: trains with the priors in the logits, so that the model learns without them.
 *
 *     z'_c = z_c + tau log pi_c        for a binary loss z' = z + tau (log pi_1 - log pi_0)
 *
 * - For training only. The logits of the model so trained are for balanced classes as they are: score them with the loss
 *   inside. A model trained without adjustment is adjusted afterwards by `adjustPredictions`, with the opposite sign.
 * - With tau = 1 it minimises the balanced error, the mean of the classes' errors.
 * - `classPriors` counts priors; the length of the vector states the class count.
 *
 * @throws RangeError for a prior that is not above 0, a tau below 0, or a vector of another length than the classes.
 *
 * @example
 * const loss = logitAdjusted(categoricalCrossEntropy(), { priors: [0.5, 0.3, 0.2] });
 * loss.value([[1, 2, 0.5]], [1]); // 0.5663847…
 *
 * Source: Menon et al., Long-Tail Learning via Logit Adjustment (2021), equation 10.
 */
export const logitAdjusted: WrapperPlugin<'logit-adjusted', LogitAdjustedOptions> = /* @__PURE__ */ defineWrapper({
  name: 'logit-adjusted',
  links: ['softmax', 'sigmoid'],
  options: {
    priors: { kind: 'vector', above: 0 },
    tau: { kind: 'number', minimum: 0, default: 1 },
  },
  steps: ({ priors, tau = 1 }, loss) => {
    checkLength('logit-adjusted', 'priors', priors, loss);
    return [{ kind: 'affine', scale: 1, offsets: priors.map((prior) => tau * logarithm(prior)) }];
  },
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: (classes) => {
    const priors = Array.from({ length: classes }, (_, index) => (2 * (index + 1)) / (classes * (classes + 1)));
    return [{ priors }, { priors, tau: 0.5 }];
  },
});
