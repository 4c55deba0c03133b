import { defineWrapper, kindError, type Loss, type ScaleStep, type WrapperPlugin } from '@surprisal/core';

/** Options of `focal`. */
export interface FocalOptions {
  /** gamma >= 0: how fast a row that is predicted well loses its say; 2 by default, 0 is cross-entropy. */
  readonly gamma?: number;
  /** alpha in [0, 1], binary losses only: positives weigh alpha, negatives 1 - alpha. Absent: both weigh 1. */
  readonly alpha?: number;
}

/**
 * Focal loss: cross-entropy that counts a row the less, the better it is predicted.
 *
 *     psi(l) = (1 - p)^gamma (-l)        psi'(l) = -(1 - p)^gamma (1 + gamma p (-l) / (1 - p))
 *
 * with l = log p the log-probability of an outcome, of the prediction without weights.
 *
 * - Target q, smoothed or probabilities: sum_c q_c (1 - p_c)^gamma (-l_c), each outcome with its own 1 - p. torchvision,
 *   Keras and optax modulate binary focal loss by 1 - p_t, p_t = p y + (1 - p)(1 - y): the same at targets 0 and 1.
 * - `alpha` is a target step, u1' = alpha u1 and u0' = (1 - alpha) u0, and like a positive weight not counted: the mean
 *   still divides by the elements. Over classes use `classWeighted`.
 * - The gradient is finite at every p and every gamma, gamma < 1 and p = 1 included.
 *
 * @throws RangeError for gamma below 0 or alpha outside [0, 1]; TypeError for alpha over classes, and for a loss that
 * already has another surprisal.
 *
 * @example
 * const loss = focal(categoricalCrossEntropy(), { gamma: 2 });
 * loss.value([[1, 2, 0.5]], [1]); // 0.0640776…
 *
 * Source: Lin et al., Focal Loss for Dense Object Detection (2017), equations 4 and 5.
 */
export const focal: WrapperPlugin<'focal', FocalOptions> = /* @__PURE__ */ defineWrapper({
  name: 'focal',
  links: ['softmax', 'sigmoid'],
  options: {
    gamma: { kind: 'number', minimum: 0, default: 2 },
    alpha: { kind: 'number', minimum: 0, maximum: 1, optional: true },
  },
  steps: ({ gamma = 2, alpha }, loss) => [
    ...(alpha === undefined ? [] : [balance(alpha, loss)]),
    { kind: 'surprisal', terms: [{ coefficient: 1, power: gamma, order: 0 }] },
  ],
  traits: { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{ gamma: 2 }, { gamma: 0.5 }],
});

function balance(alpha: number, { name, link }: Loss): ScaleStep {
  if (link.name === 'sigmoid') return { kind: 'scale', by: 'outcome', weights: [1 - alpha, alpha], counted: false };
  throw kindError({
    of: 'focal',
    argument: 'alpha',
    requirement: 'a loss with the sigmoid link',
    got: `'${name}' with the ${link.name} link`,
    fix: 'a weight for each class is classWeighted(loss, { weights })',
  });
}
