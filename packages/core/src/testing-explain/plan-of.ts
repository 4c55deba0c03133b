import { defineWrapper, type CustomRule, type Loss, type Plan } from '@surprisal/core';

/** A loss that wrappers take. */
export type FamilyLoss = Loss<'softmax' | 'sigmoid'>;

const NOTHING: CustomRule = () => undefined;

/** A loss with steps put before its own, whatever their plugin would be. */
export function withSteps(loss: FamilyLoss, name: string, ...steps: Plan): FamilyLoss {
  const plugin = defineWrapper<string, object, 'softmax' | 'sigmoid'>({
    name,
    links: ['softmax', 'sigmoid'],
    options: {},
    steps: () => steps,
    custom: NOTHING,
    traits: { convex: false, nonNegative: false, shiftInvariant: false, needsIndexTargets: false },
    examples: () => [{}],
  });
  return plugin(loss);
}

/** A loss with a surprisal of the one term c (1 - p)^a T_q(l). */
export function withSurprisal(
  loss: FamilyLoss,
  name: string,
  ...terms: readonly (readonly [c: number, a: number, q: number])[]
): FamilyLoss {
  return withSteps(loss, name, {
    kind: 'surprisal',
    terms: terms.map(([coefficient, power, order]) => ({ coefficient, power, order })),
  });
}
