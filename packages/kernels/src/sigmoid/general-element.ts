import type { Problem, Tile } from '@surprisal/core';
import { surprisal, surprisalSlope } from '../given/surprisal-terms.js';
import { withoutNegativeZero } from '../stage/negative-zero.js';
import type { ElementStage } from './element-stage.js';
import { setOutcomes } from './outcome-probabilities.js';

/**
 * One element of any plan, infinite logits included:
 *
 *     loss = u1 psi(l1) + u0 psi(l0) + s strength lse^2,   -l1 = softplus(-z),   -l0 = lse = softplus(z)
 *     gradient = u1 psi'(l1) p0 - u0 psi'(l0) p1 + 2 s strength lse p1
 *
 * Reads q = exp(-|z|) and writes the gradient in its place.
 */
export function runGeneralElement({ plan, gradientScale }: Problem, stage: ElementStage, tile: Tile, i: number): void {
  const { z, q, positive, negative, steps, tiny, outcomes } = stage;
  setOutcomes(outcomes, z[i], q[i]);
  const { cost1, cost0, p1, p0 } = outcomes;
  const u1 = positive[i];
  const u0 = negative[i];
  let loss = 0;
  let gradient = 0;
  // Without mass nothing is added, not even where the surprisal is infinite.
  if (u1 !== 0) {
    loss += u1 * surprisal(plan.terms, -cost1, p0, p1);
    gradient += u1 * surprisalSlope(plan.terms, -cost1, p1, p0) * p0;
  }
  if (u0 !== 0) {
    loss += u0 * surprisal(plan.negativeTerms, -cost0, p1, p0);
    gradient -= u0 * surprisalSlope(plan.negativeTerms, -cost0, p0, p1) * p1;
  }
  const push = pushOfPartition(plan.partition, tile, i);
  if (push !== 0) {
    loss += push * cost0 * cost0;
    gradient += 2 * push * cost0 * p1;
  }
  const broken = Number.isNaN(z[i]);
  tile.losses[i] = broken ? NaN : loss;
  q[i] = broken ? NaN : withoutNegativeZero(gradient * gradientScale * steps.scale, tiny);
}

/** s strength; 0 of an ignored element. */
export function pushOfPartition(strength: number, { weights, keep }: Tile, i: number): number {
  return strength === 0 || keep[i] === 0 ? 0 : strength * weights[i];
}
