import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** A softcap step: cap tanh(z / cap). */
export const softCapped: WrapperPlugin<'soft-capped', { readonly cap: number }> = /* @__PURE__ */ defineWrapper({
  name: 'soft-capped',
  links: ['softmax', 'sigmoid'],
  options: { cap: { kind: 'number', above: 0 } },
  steps: ({ cap }) => [{ kind: 'softcap', cap }],
  traits: { convex: false, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
  examples: () => [{ cap: 5 }],
});
