import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** A surprisal of one modulated term: (1 - p)^gamma (-l), with another gamma for the negative outcome where stated. */
export const focused: WrapperPlugin<'focused', { readonly gamma?: number }> = /* @__PURE__ */ defineWrapper({
  name: 'focused',
  links: ['softmax', 'sigmoid'],
  options: { gamma: { kind: 'number', minimum: 0, default: 2 } },
  steps: ({ gamma = 2 }) => [{ kind: 'surprisal', terms: [{ coefficient: 1, power: gamma, order: 0 }] }],
  traits: { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{ gamma: 2 }, { gamma: 0.5 }],
});
