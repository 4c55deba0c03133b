import type { CustomRule } from '@surprisal/core';

/**
 * The negatives of `asymmetric`: u0 C(p), C = pm^g L with L = -log(1 - pm) and pm = max(p - m, 0), where
 *
 *     dC/dp = pm^g (g L / pm + 1 / (1 - pm)) for p > m, 0 below,
 *
 * and dC/dl = p dC/dp at l = log p. L / pm is at least 1 and 1 at pm = 0, so that g < 1 stays finite.
 */
export const shiftedNegatives: CustomRule = (
  { rows, probabilities, complements, masses, losses, slopes },
  parameters,
  { log, log1p, pow },
) => {
  const gamma = Number(parameters['gamma']);
  const shift = Number(parameters['shift']);
  for (let row = 0; row < rows; row++) {
    const negative = 2 * row;
    const positive = negative + 1;
    const mass = masses[negative] ?? 0;
    const p = probabilities[positive] ?? 0;
    const shifted = p - shift;
    if (mass === 0 || !(shifted > 0)) continue;
    // 1 - p is known better than p where p is near 1.
    const rest = (complements[positive] ?? 0) + shift;
    const cost = shifted < 0.5 ? -log1p(-shifted) : -log(rest);
    const modulation = mass * pow(shifted, gamma);
    losses[row] = (losses[row] ?? 0) + modulation * cost;
    slopes[positive] = (slopes[positive] ?? 0) + modulation * p * ((gamma * cost) / shifted + 1 / rest);
  }
};
