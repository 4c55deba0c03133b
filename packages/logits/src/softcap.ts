import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Options of `softcap`. */
export interface SoftcapOptions {
  /** t > 0: no logit goes beyond it; 30 by default. */
  readonly cap?: number;
}

/**
 * Soft cap on the logits of any loss of the family: bends them so that they stay between -t and t.
 *
 *     z' = t tanh(z / t)        dz'/dz = 1 - tanh(z / t)^2
 *
 * - No row can cost more than 2 t + log C, and none can be predicted with certainty.
 * - Far beyond the cap the gradient vanishes, also of rows that are wrong.
 * - A -Infinity logit stays the masked class it is.
 *
 * @throws RangeError for a cap that is not above 0.
 *
 * @example
 * const loss = softcap(categoricalCrossEntropy(), { cap: 30 });
 * loss.value([[1, 2, 0.5]], [1]); // 0.4653762…
 *
 * Source: Gemma Team, Gemma 2: Improving Open Language Models at a Practical Size (2024), section 2.
 */
export const softcap: WrapperPlugin<'softcap', SoftcapOptions> = /* @__PURE__ */ defineWrapper({
  name: 'softcap',
  links: ['softmax', 'sigmoid'],
  options: { cap: { kind: 'number', above: 0, default: 30 } },
  steps: ({ cap = 30 }) => [{ kind: 'softcap', cap }],
  traits: { convex: false, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
  examples: () => [{}, { cap: 5 }],
});
