import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** A target step with a distribution of its own: (1 - amount) u + amount |u| priors. */
export const mixedTowards: WrapperPlugin<
  'mixed-towards',
  { readonly amount: number; readonly priors: readonly number[] }
> = /* @__PURE__ */ defineWrapper({
  name: 'mixed-towards',
  links: ['softmax', 'sigmoid'],
  options: { amount: { kind: 'number', minimum: 0, maximum: 1 }, priors: { kind: 'vector', minimum: 0 } },
  steps: ({ amount, priors }) => [{ kind: 'mix', smoothing: amount, spread: 'all', towards: priors }],
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: (classes) => [
    {
      amount: 0.25,
      priors: Array.from({ length: classes }, (_, index) => (2 * (index + 1)) / (classes * (classes + 1))),
    },
  ],
});
