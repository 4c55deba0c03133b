import type { Problem, Tile } from '@surprisal/core';
import { surprisal, surprisalSlope } from '../given/surprisal-terms.js';
import { log1p } from '../scalar/index.js';
import { withoutNegativeZero } from '../stage/negative-zero.js';
import type { ElementStage } from './element-stage.js';

/**
 * One element of any plan, infinite logits included:
 *
 *     loss = u1 psi(l1) + u0 psi(l0) + s strength lse^2,   -l1 = softplus(-z),   -l0 = lse = softplus(z)
 *     gradient = u1 psi'(l1) p0 - u0 psi'(l0) p1 + 2 s strength lse p1
 *
 * Writes loss and gradient; reads q = exp(-|z|).
 */
export function runGeneralElement({ plan, gradientScale }: Problem, stage: ElementStage, tile: Tile, i: number): void {
  const { z, q, positive, negative, steps, tiny } = stage;
  const logit = z[i];
  const distance = q[i];
  const logarithm = log1p(distance);
  const cost1 = Math.max(-logit, 0) + logarithm;
  const cost0 = Math.max(logit, 0) + logarithm;
  const likely = 1 / (1 + distance);
  const unlikely = distance / (1 + distance);
  const p1 = logit > 0 ? likely : unlikely;
  const p0 = logit > 0 ? unlikely : likely;
  const u1 = positive[i];
  const u0 = negative[i];
  let loss = 0;
  let gradient = 0;
  // Without mass nothing is added, not even where the surprisal is infinite.
  if (u1 !== 0) {
    loss += u1 * surprisal(plan.terms, -cost1, p0);
    gradient += u1 * surprisalSlope(plan.terms, -cost1, p1, p0) * p0;
  }
  if (u0 !== 0) {
    loss += u0 * surprisal(plan.negativeTerms, -cost0, p1);
    gradient -= u0 * surprisalSlope(plan.negativeTerms, -cost0, p0, p1) * p1;
  }
  if (plan.partition !== 0 && tile.weights[i] !== 0 && tile.keep[i] !== 0) {
    const strength = tile.weights[i] * plan.partition;
    loss += strength * cost0 * cost0;
    gradient += 2 * strength * cost0 * p1;
  }
  const broken = logit !== logit;
  tile.losses[i] = broken ? NaN : loss;
  q[i] = broken ? NaN : withoutNegativeZero(gradient * gradientScale * steps.scale, tiny);
}
