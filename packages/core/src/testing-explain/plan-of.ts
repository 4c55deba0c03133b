import { defineWrapper, type CustomRule, type Loss, type Plan } from '@surprisal/core';

const NOTHING: CustomRule = () => undefined;

/** A loss with steps put before its own, whatever their plugin would be. */
export function withSteps(loss: Loss, name: string, ...steps: Plan): Loss {
  const plugin = defineWrapper<string, Record<never, never>, 'softmax' | 'sigmoid'>({
    name,
    links: ['softmax', 'sigmoid'],
    options: {},
    steps: () => steps,
    custom: NOTHING,
    traits: { convex: false, nonNegative: false, shiftInvariant: false, needsIndexTargets: false },
    examples: () => [{}],
  });
  return plugin(loss as Loss<'softmax' | 'sigmoid'>);
}

/** A loss with a surprisal of the one term c (1 - p)^a T_q(l). */
export function withSurprisal(
  loss: Loss,
  name: string,
  ...terms: readonly (readonly [c: number, a: number, q: number])[]
): Loss {
  return withSteps(loss, name, {
    kind: 'surprisal',
    terms: terms.map(([coefficient, power, order]) => ({ coefficient, power, order })),
  });
}
