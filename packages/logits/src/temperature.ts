import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Options of `temperature`. */
export interface TemperatureOptions {
  /** t > 0: above 1 predictions are softer, below 1 sharper; 1 changes nothing. */
  readonly temperature: number;
}

/**
 * Temperature of any loss of the family: divides the logits before they become probabilities.
 *
 *     z' = z / t        d loss / dz = (d loss / dz') / t
 *
 * - Distillation compares teacher and student at the same t > 1, and multiplies by t^2 to keep the size of the gradient.
 * - Calibration after training: the t that minimises the log loss of held-out rows.
 *
 * @throws RangeError for a temperature that is not above 0.
 *
 * @example
 * const loss = temperature(categoricalCrossEntropy(), { temperature: 2 });
 * loss.value([[1, 2, 0.5]], [1]); // 0.7318375…
 *
 * Source: Hinton et al., Distilling the Knowledge in a Neural Network (2015), equation 1.
 */
export const temperature: WrapperPlugin<'temperature', TemperatureOptions> = /* @__PURE__ */ defineWrapper({
  name: 'temperature',
  links: ['softmax', 'sigmoid'],
  options: { temperature: { kind: 'number', above: 0 } },
  steps: (options) => [{ kind: 'affine', scale: inverse(options.temperature) }],
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{ temperature: 2 }, { temperature: 0.25 }],
});

/** 1 / t, finite for the smallest numbers too. */
function inverse(t: number): number {
  return Math.min(1 / t, Number.MAX_VALUE);
}
