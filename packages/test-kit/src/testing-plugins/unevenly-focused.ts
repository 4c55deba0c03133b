import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Surprisals of their own for the two outcomes: focal on negatives, cross-entropy on positives. */
export const unevenlyFocused: WrapperPlugin<'unevenly-focused', { readonly gamma?: number }, 'sigmoid'> =
  /* @__PURE__ */ defineWrapper({
    name: 'unevenly-focused',
    links: ['sigmoid'],
    options: { gamma: { kind: 'number', minimum: 0, default: 2 } },
    steps: ({ gamma = 2 }) => [
      {
        kind: 'surprisal',
        terms: [{ coefficient: 1, power: 0, order: 0 }],
        negativeTerms: [{ coefficient: 1, power: gamma, order: 0 }],
      },
    ],
    traits: { convex: false, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
    examples: () => [{ gamma: 3 }],
  });
