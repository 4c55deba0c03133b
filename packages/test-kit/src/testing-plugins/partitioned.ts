import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** A partition term: + strength lse(z)^2. */
export const partitioned: WrapperPlugin<'partitioned', { readonly strength: number }> = /* @__PURE__ */ defineWrapper({
  name: 'partitioned',
  links: ['softmax', 'sigmoid'],
  options: { strength: { kind: 'number', minimum: 0 } },
  steps: ({ strength }) => [{ kind: 'partition', strength }],
  // The square of a convex function that changes sign is not convex.
  traits: { convex: false, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
  examples: () => [{ strength: 0.01 }],
});
