import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Options of `labelSmoothed`. */
export interface LabelSmoothingOptions {
  /** e in [0, 1]: the share of a target's mass that is spread; 0 changes nothing. */
  readonly smoothing: number;
  /**
   * Where it goes. `all`: evenly over all C classes, the label's included (the usual definition). `others`: evenly over
   * the C - 1 other classes, for e <= (C - 1) / C; the same as `all` at smoothing e C / (C - 1).
   */
  readonly spread?: 'all' | 'others';
}

/**
 * Label smoothing of any loss of the family: moves a share of each target's mass to the other classes.
 *
 *     u'_c = (1 - e) u_c + e |u| / C        binary: y' = y (1 - e) + e / 2
 *
 * - It keeps the mass |u|, so sample weights and denominators do not change.
 * - Order has meaning, the outermost wrapper acts first. `labelSmoothed(classWeighted(loss))` smooths and then weighs
 *   every smoothed class, as PyTorch's cross_entropy(weight, label_smoothing) does. `classWeighted(labelSmoothed(loss))`
 *   weighs the row by its label, as Keras' class_weight does (there with `denominator: 'rows'`).
 * - C counts the classes that a class mask of the loss leaves; an ignored row has no smoothing part either.
 * - The smallest value is no longer 0 but the entropy of the smoothed target.
 *
 * @throws RangeError for smoothing outside [0, 1], or above (C - 1) / C with `spread: 'others'`.
 *
 * @example
 * const loss = labelSmoothed(categoricalCrossEntropy(), { smoothing: 0.1 });
 * loss.value([[1, 2, 0.5]], [1]); // 0.5477021174…
 *
 * Source: Szegedy et al., Rethinking the Inception Architecture for Computer Vision (2016), section 7.
 */
export const labelSmoothed: WrapperPlugin<'label-smoothed', LabelSmoothingOptions> = /* @__PURE__ */ defineWrapper({
  name: 'label-smoothed',
  links: ['softmax', 'sigmoid'],
  options: {
    smoothing: { kind: 'number', minimum: 0, maximum: 1 },
    spread: { kind: 'choice', choices: ['all', 'others'], default: 'all' },
  },
  steps: ({ smoothing, spread = 'all' }) => [{ kind: 'mix', smoothing, spread }],
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{ smoothing: 0.1 }, { smoothing: 0.1, spread: 'others' }],
});
