import { defineWrapper, type CustomTile, type WrapperPlugin } from '@surprisal/core';

/** Options of `brierRegularized`. */
export interface BrierRegularizedOptions {
  /** Weight of the squared errors, at least 0; 0.5 by default, 0 changes nothing. */
  readonly strength?: number;
}

/**
 * Adds the squared error of the probabilities to a loss, which keeps them calibrated.
 *
 *     + strength |u| sum over c of (p_c - u_c / |u|)^2
 *
 * No step of a plan says this, so it is a custom step: a function over rows of log-probabilities.
 */
export const brierRegularized: WrapperPlugin<'brier-regularized', BrierRegularizedOptions> =
  /* @__PURE__ */ defineWrapper({
    name: 'brier-regularized',
    links: ['softmax', 'sigmoid'],
    options: { strength: { kind: 'number', minimum: 0, default: 0.5 } },
    // The step is data; the function stays outside of it, under the plugin's name.
    steps: ({ strength = 0.5 }) => [
      { kind: 'custom', plugin: 'brier-regularized', parameters: { strength }, replaces: false },
    ],
    custom: (tile, { strength }) => addSquaredErrors(tile, Number(strength)),
    traits: { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
    examples: () => [{ strength: 0.5 }, { strength: 3 }],
  });

/** Adds each row's cost to `losses`, and d cost / d l_c to `slopes`; the engine does the rest of the chain rule. */
function addSquaredErrors(tile: CustomTile, strength: number): void {
  const { rows, outcomes, probabilities, masses, losses, slopes } = tile;
  for (let row = 0; row < rows; row++) {
    const from = row * outcomes;
    let mass = 0;
    for (let i = from; i < from + outcomes; i++) mass += masses[i] ?? 0;
    if (mass === 0) continue;
    let cost = 0;
    for (let i = from; i < from + outcomes; i++) {
      const error = errorAt(tile, i, mass);
      cost += error * error;
      // d p / d l = p
      slopes[i] = (slopes[i] ?? 0) + 2 * strength * mass * error * (probabilities[i] ?? 0);
    }
    losses[row] = (losses[row] ?? 0) + strength * mass * cost;
  }
}

/** p - u / |u|. Near 1 the difference of the complements keeps the digits that 1 - p would lose. */
function errorAt({ probabilities, complements, masses }: CustomTile, i: number, mass: number): number {
  const p = probabilities[i] ?? 0;
  const share = (masses[i] ?? 0) / mass;
  return p > 0.5 ? 1 - share - (complements[i] ?? 0) : p - share;
}
