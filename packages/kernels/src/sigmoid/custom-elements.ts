import type { CustomTile, Problem, Tile } from '@surprisal/core';
import { elementaryFunctions } from '../given/elementary-functions.js';
import { addSurprisals, createOutcomes, type Outcomes } from '../given/outcome-costs.js';
import { clearPair, pairValue } from '../stage/block-sums.js';
import { withoutNegativeZero } from '../stage/negative-zero.js';
import type { ElementStage } from './element-stage.js';
import { pushOfPartition } from './general-element.js';
import { setOutcomes } from './outcome-probabilities.js';

/** Room for the elements of a tile that a rule sees. */
export interface CustomElements {
  /** Which of the tile's elements they are. */
  readonly kept: Int32Array;
  readonly outcomes: Outcomes;
  readonly weights: Float64Array;
  readonly losses: Float64Array;
}

export function createCustomElements(capacity: number): CustomElements {
  return {
    kept: new Int32Array(capacity),
    outcomes: createOutcomes(2 * capacity),
    weights: new Float64Array(capacity),
    losses: new Float64Array(capacity),
  };
}

/**
 * Elements whose cost a custom rule computes, beside the surprisal or in its place. The rule sees the elements of the tile
 * that count as rows of the outcomes [negative, positive], and adds costs and slopes d cost / d l:
 *
 *     gradient = slope1 p0 - slope0 p1 + 2 s strength lse p1
 */
export function runCustomElements(custom: CustomElements, problem: Problem, stage: ElementStage, tile: Tile): void {
  const { kept, outcomes, weights, losses } = custom;
  const rows = findKept(kept, stage, tile);
  outcomes.slopes.fill(0, 0, 2 * rows);
  for (let row = 0; row < rows; row++) {
    weights[row] = tile.weights[kept[row]];
    losses[row] = addElement(problem, stage, tile, kept[row], outcomes, 2 * row);
  }
  if (rows > 0)
    for (const { rule, parameters } of problem.plan.customs)
      rule(customTile(custom, rows), parameters, elementaryFunctions);
  fillOthers(stage, tile);
  for (let row = 0; row < rows; row++) {
    const i = kept[row];
    tile.losses[i] = losses[row];
    stage.q[i] = gradientOf(problem, stage, tile, i, outcomes, 2 * row);
  }
}

function findKept(kept: Int32Array, { z }: ElementStage, { keep, count }: Tile): number {
  let rows = 0;
  for (let i = 0; i < count; i++) if (keep[i] === 1 && !Number.isNaN(z[i])) kept[rows++] = i;
  return rows;
}

function customTile({ outcomes, weights, losses }: CustomElements, rows: number): CustomTile {
  return {
    rows,
    outcomes: 2,
    logProbabilities: outcomes.logProbabilities.subarray(0, 2 * rows),
    probabilities: outcomes.probabilities.subarray(0, 2 * rows),
    complements: outcomes.complements.subarray(0, 2 * rows),
    masses: outcomes.masses.subarray(0, 2 * rows),
    slopes: outcomes.slopes.subarray(0, 2 * rows),
    weights: weights.subarray(0, rows),
    losses: losses.subarray(0, rows),
  };
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
