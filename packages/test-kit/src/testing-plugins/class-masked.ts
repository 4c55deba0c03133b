import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** A class mask: some classes cannot be. */
export const classMasked: WrapperPlugin<'class-masked', { readonly allowed: readonly boolean[] }, 'softmax'> =
  /* @__PURE__ */ defineWrapper({
    name: 'class-masked',
    links: ['softmax'],
    options: { allowed: { kind: 'booleans' } },
    steps: ({ allowed }) => [{ kind: 'classMask', allowed }],
    traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
    examples: (classes) => [{ allowed: Array.from({ length: classes }, (_, index) => classes === 2 || index !== 1) }],
  });
