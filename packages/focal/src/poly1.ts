import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Options of `poly1`. */
export interface Poly1Options {
  /** epsilon >= -1: how much the first term of the polynomial gains; 1 by default, 0 is cross-entropy. */
  readonly epsilon?: number;
}

/**
 * Poly-1 loss: cross-entropy is the sum of (1 - p)^j / j over j >= 1, and here the first of these terms gains epsilon.
 *
 *     psi(l) = -l + epsilon (1 - p)        psi'(l) = -(1 + epsilon p)
 *
 * with l = log p the log-probability of an outcome. The sum runs over all classes of a smoothed or probability target.
 *
 * - epsilon > 0 pushes the last percents of a right prediction harder; epsilon < 0 holds confidence back. At -1 the
 *   slope vanishes as p goes to 1.
 *
 * @throws RangeError for epsilon below -1, where a right prediction would be pushed away; TypeError for a loss that
 * already has another surprisal.
 *
 * @example
 * const loss = poly1(categoricalCrossEntropy(), { epsilon: 1 });
 * loss.value([[1, 2, 0.5]], [1]); // 0.8358370…
 *
 * Source: Leng et al., PolyLoss: A Polynomial Expansion Perspective of Classification Loss Functions (2022), equation 4.
 */
export const poly1: WrapperPlugin<'poly1', Poly1Options> = /* @__PURE__ */ defineWrapper({
  name: 'poly1',
  links: ['softmax', 'sigmoid'],
  options: { epsilon: { kind: 'number', minimum: -1, default: 1 } },
  steps: ({ epsilon = 1 }) => [
    {
      kind: 'surprisal',
      terms: [
        { coefficient: 1, power: 0, order: 0 },
        ...(epsilon === 0 ? [] : [{ coefficient: epsilon, power: 0, order: 1 }]),
      ],
    },
  ],
  traits: { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{ epsilon: 1 }, { epsilon: -0.5 }],
});
