import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** A margin: the label's logit must win by more. */
export const margined: WrapperPlugin<'margined', { readonly margins: readonly number[] }> =
  /* @__PURE__ */ defineWrapper({
    name: 'margined',
    links: ['softmax', 'sigmoid'],
    options: { margins: { kind: 'vector', minimum: 0 } },
    steps: ({ margins }) => [{ kind: 'margin', margins }],
    traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: true },
    examples: (classes) => [{ margins: Array.from({ length: classes }, (_, index) => 0.5 / (index + 1)) }],
  });
