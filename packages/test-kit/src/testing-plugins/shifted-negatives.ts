import { defineWrapper, type CustomRule, type JsonObject, type WrapperPlugin } from '@surprisal/core';

/** Positives cost -l_1; negatives cost pm^2 (-log(1 - pm)) with pm = max(p_1 - shift, 0): easy negatives cost nothing. */
const shifted: CustomRule = (
  { rows, logProbabilities, probabilities, masses, losses, slopes },
  parameters: JsonObject,
) => {
  const shift = Number(parameters['shift']);
  for (let row = 0; row < rows; row++) {
    const [negative, positive] = [2 * row, 2 * row + 1];
    const u1 = masses[positive] ?? 0;
    if (u1 > 0) {
      losses[row] = (losses[row] ?? 0) - u1 * (logProbabilities[positive] ?? 0);
      slopes[positive] = (slopes[positive] ?? 0) - u1;
    }
    const p1 = probabilities[positive] ?? 0;
    const pm = Math.max(p1 - shift, 0);
    const u0 = masses[negative] ?? 0;
    if (u0 === 0 || pm === 0) continue;
    losses[row] = (losses[row] ?? 0) - u0 * pm * pm * Math.log1p(-pm);
    // d/d l_1 = p_1 d/d p_1
    slopes[positive] = (slopes[positive] ?? 0) + u0 * p1 * (-2 * pm * Math.log1p(-pm) + (pm * pm) / (1 - pm));
  }
};

/** A custom step in place of the surprisal. */
export const shiftedNegatives: WrapperPlugin<'shifted-negatives', { readonly shift?: number }, 'sigmoid'> =
  /* @__PURE__ */ defineWrapper({
    name: 'shifted-negatives',
    links: ['sigmoid'],
    options: { shift: { kind: 'number', above: 0, maximum: 1, default: 0.05 } },
    steps: ({ shift = 0.05 }) => [
      { kind: 'custom', plugin: 'shifted-negatives', parameters: { shift }, replaces: true },
    ],
    custom: shifted,
    traits: { convex: false, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
    examples: () => [{ shift: 0.05 }],
  });
