import type { Problem, Tile } from '@surprisal/core';
import { elementaryFunctions } from '../given/elementary-functions.js';
import { addSurprisals, createOutcomes, type Outcomes } from '../given/outcome-costs.js';
import { clearPair, pairValue } from '../stage/block-sums.js';
import { withoutNegativeZero } from '../stage/negative-zero.js';
import type { ElementStage } from './element-stage.js';
import { pushOfPartition } from './general-element.js';
import { setOutcomes } from './outcome-probabilities.js';

/**
 * Elements whose cost a custom rule computes, beside the surprisal or in its place. The rule sees the elements of the tile
 * that count as rows of the outcomes [negative, positive], and adds costs and slopes d cost / d l:
 *
 *     gradient = slope1 p0 - slope0 p1 + 2 s strength lse p1
 */
export function runCustomElements(problem: Problem, stage: ElementStage, tile: Tile): void {
  const kept: number[] = [];
  for (let i = 0; i < tile.count; i++) if (tile.keep[i] === 1 && !Number.isNaN(stage.z[i])) kept.push(i);
  const outcomes = createOutcomes(2 * kept.length);
  const losses = new Float64Array(kept.length);
  kept.forEach((i, row) => (losses[row] = addElement(problem, stage, tile, i, outcomes, 2 * row)));
  const weights = Float64Array.from(kept, (i) => tile.weights[i]);
  if (kept.length > 0)
    for (const { rule, parameters } of problem.plan.customs)
      rule({ rows: kept.length, outcomes: 2, ...outcomes, weights, losses }, parameters, elementaryFunctions);
  fillOthers(stage, tile);
  kept.forEach((i, row) => {
    tile.losses[i] = losses[row];
    stage.q[i] = gradientOf(problem, stage, tile, i, outcomes, 2 * row);
  });
}

/** Writes the two outcomes of element i, and returns the cost of the plan's own surprisal and partition. */
function addElement(
  { plan }: Problem,
  stage: ElementStage,
  tile: Tile,
  i: number,
  outcomes: Outcomes,
  at: number,
): number {
  setOutcomes(stage.outcomes, stage.z[i], stage.q[i]);
  const { cost1, cost0, p1, p0 } = stage.outcomes;
  const { logProbabilities, probabilities, complements, masses } = outcomes;
  logProbabilities[at] = -cost0;
  logProbabilities[at + 1] = -cost1;
  probabilities[at] = complements[at + 1] = p0;
  probabilities[at + 1] = complements[at] = p1;
  masses[at] = stage.negative[i];
  masses[at + 1] = stage.positive[i];
  clearPair(stage.pair);
  addSurprisals(plan.negativeTerms, outcomes, at, 1, stage.pair);
  addSurprisals(plan.terms, outcomes, at + 1, 1, stage.pair);
  const push = pushOfPartition(plan.partition, tile, i);
  return pairValue(stage.pair) + (push === 0 ? 0 : push * cost0 * cost0);
}

function gradientOf(
  { plan, gradientScale }: Problem,
  { steps, tiny }: ElementStage,
  tile: Tile,
  i: number,
  { slopes, probabilities, logProbabilities }: Outcomes,
  at: number,
): number {
  const [p0, p1] = [probabilities[at], probabilities[at + 1]];
  // A rule may return 0 * Infinity as the slope of an outcome that has no part in the gradient.
  const of1 = p0 === 0 ? 0 : slopes[at + 1] * p0;
  const of0 = p1 === 0 ? 0 : slopes[at] * p1;
  const push = pushOfPartition(plan.partition, tile, i);
  const ofPartition = push === 0 ? 0 : 2 * push * -logProbabilities[at] * p1;
  return withoutNegativeZero((of1 - of0 + ofPartition) * gradientScale * steps.scale, tiny);
}

/** Ignored elements get 0, those that `propagate` let through NaN. */
function fillOthers({ z, q }: ElementStage, { losses, count }: Tile): void {
  for (let i = 0; i < count; i++) losses[i] = q[i] = Number.isNaN(z[i]) ? NaN : 0;
}
