import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { defineWrapper, type Loss, type Step, type WrapperPlugin } from '@surprisal/core';

/** A wrapper that adds the given steps. */
function withSteps(steps: readonly Step[]): WrapperPlugin<'with-steps'> {
  return defineWrapper({
    name: 'with-steps',
    links: ['softmax', 'sigmoid'],
    options: {},
    steps: () => steps,
    traits: { convex: false, nonNegative: false, shiftInvariant: false, needsIndexTargets: false },
    examples: () => [{}],
  });
}

/** Cross-entropy over classes with the given steps. */
export function overClasses(...steps: Step[]): Loss<'softmax'> {
  return withSteps(steps)(categoricalCrossEntropy(), {});
}

/** Binary cross-entropy with the given steps. */
export function ofElements(...steps: Step[]): Loss<'sigmoid'> {
  return withSteps(steps)(binaryCrossEntropy(), {});
}
