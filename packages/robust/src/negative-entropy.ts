import type { CustomRule } from '@surprisal/core';

/**
 * strength s sum_c p_c l_c. Its derivative by l_c is strength s p_c (l_c + 1), and the ones are left out: sum_c p_c is 1
 * whatever the logits are, so that they add nothing to the gradient but what cancels in it.
 */
export const negativeEntropy: CustomRule = (
  { rows, outcomes, logProbabilities, probabilities, weights, losses, slopes },
  parameters,
) => {
  const strength = Number(parameters['strength']);
  for (let row = 0; row < rows; row++) {
    const factor = strength * (weights[row] ?? 0);
    let sum = 0;
    for (let i = row * outcomes; i < (row + 1) * outcomes; i++) {
      const p = probabilities[i] ?? 0;
      // p log p is 0 at 0, where the logarithm may be -Infinity.
      if (p === 0) continue;
      const part = p * (logProbabilities[i] ?? 0);
      sum += part;
      slopes[i] = (slopes[i] ?? 0) + factor * part;
    }
    losses[row] = (losses[row] ?? 0) + factor * sum;
  }
};
