import { defineLoss, type LossPlugin, type RuleTile } from '@surprisal/core';

/** (z - t)^2 / 2 of each number. */
function halfSquares({ rows, logits, targets, losses, gradient }: RuleTile): void {
  for (let i = 0; i < rows; i++) {
    const difference = (logits[i] ?? 0) - (targets[i] ?? 0);
    losses[i] = (difference * difference) / 2;
    if (gradient) gradient[i] = difference;
  }
}

/** A loss outside the family whose numbers have targets of their own. */
export const squared: LossPlugin<'squared', object, 'none'> = /* @__PURE__ */ defineLoss({
  name: 'squared',
  tileRule: () => ({ layout: 'elements', targets: 'real', compute: halfSquares }),
  options: {},
  traits: { convex: true, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
  examples: () => [{}],
});
