import { defineWrapper, type CustomRule, type JsonObject, type WrapperPlugin } from '@surprisal/core';

/** Cost strength sum_c p_c l_c, a function of the prediction alone: p_c = exp(l_c), so d cost / d l_c = p_c (l_c + 1). */
const penalty: CustomRule = (
  { rows, outcomes, logProbabilities, probabilities, weights, losses, slopes },
  parameters: JsonObject,
) => {
  const strength = Number(parameters['strength']);
  for (let row = 0; row < rows; row++) {
    const factor = strength * (weights[row] ?? 0);
    for (let i = row * outcomes; i < (row + 1) * outcomes; i++) {
      const probability = probabilities[i] ?? 0;
      // 0 log 0 = 0
      if (probability === 0) continue;
      const logProbability = logProbabilities[i] ?? 0;
      losses[row] = (losses[row] ?? 0) + factor * probability * logProbability;
      slopes[i] = (slopes[i] ?? 0) + factor * probability * (logProbability + 1);
    }
  }
};

/** A custom step that adds to the surprisal. */
export const confident: WrapperPlugin<'confident', { readonly strength: number }> = /* @__PURE__ */ defineWrapper({
  name: 'confident',
  links: ['softmax', 'sigmoid'],
  options: { strength: { kind: 'number', minimum: 0 } },
  steps: ({ strength }) => [{ kind: 'custom', plugin: 'confident', parameters: { strength }, replaces: false }],
  custom: penalty,
  traits: { convex: false, nonNegative: false, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{ strength: 0.2 }],
});
