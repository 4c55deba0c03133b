import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** A surprisal of two terms: -l + epsilon (1 - p). */
export const poly: WrapperPlugin<'poly', { readonly epsilon?: number }> = /* @__PURE__ */ defineWrapper({
  name: 'poly',
  links: ['softmax', 'sigmoid'],
  options: { epsilon: { kind: 'number', minimum: -1, default: 1 } },
  steps: ({ epsilon = 1 }) => [
    {
      kind: 'surprisal',
      terms: [
        { coefficient: 1, power: 0, order: 0 },
        { coefficient: epsilon, power: 0, order: 1 },
      ],
    },
  ],
  traits: { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{ epsilon: 2 }, { epsilon: -0.5 }],
});
