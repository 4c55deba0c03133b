import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** An affine logit step: z / temperature. */
export const tempered: WrapperPlugin<'tempered', { readonly temperature: number }> = /* @__PURE__ */ defineWrapper({
  name: 'tempered',
  links: ['softmax', 'sigmoid'],
  options: { temperature: { kind: 'number', above: 0 } },
  steps: ({ temperature }) => [{ kind: 'affine', scale: 1 / temperature }],
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{ temperature: 2 }, { temperature: 0.25 }],
});
