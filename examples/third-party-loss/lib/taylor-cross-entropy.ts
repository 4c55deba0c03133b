import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Options of `taylorCrossEntropy`. */
export interface TaylorCrossEntropyOptions {
  /** t, how many terms of the series are kept: 1 is the mean absolute error, many are cross-entropy; 2 by default. */
  readonly terms?: number;
}

/**
 * Taylor cross-entropy: the first t terms of the series of -log p about p = 1. It stays bounded where cross-entropy grows
 * without end, so that a wrong label pulls less.
 *
 *     psi = sum over k = 1..t of (1 - p)^k / k
 *
 * Source: Feng et al., Can Cross Entropy Loss Be Robust to Label Noise? (2020), equation 6.
 */
export const taylorCrossEntropy: WrapperPlugin<'taylor-cross-entropy', TaylorCrossEntropyOptions> =
  /* @__PURE__ */ defineWrapper({
    name: 'taylor-cross-entropy',
    links: ['softmax', 'sigmoid'],
    options: { terms: { kind: 'number', integer: true, minimum: 1, maximum: 100, default: 2 } },
    // A term is coefficient (1 - p)^power T_order, and T_1 = 1 - p.
    steps: ({ terms = 2 }) => [
      {
        kind: 'surprisal',
        terms: Array.from({ length: terms }, (_, k) => ({ coefficient: 1 / (k + 1), power: k, order: 1 })),
      },
    ],
    traits: { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
    examples: () => [{ terms: 1 }, { terms: 4 }],
  });
