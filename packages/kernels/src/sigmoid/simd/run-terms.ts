import type { Fault, Problem, SurprisalTerm, Tile } from '@surprisal/core';
import { applyElementSteps, multiplyBySlopes, stageElementSteps, type StagedElementSteps } from '../element-steps.js';
import { pushOfPartition } from '../general-element.js';
import { fillMasses } from '../outcome-masses.js';
import { VECTOR } from './element-memory.js';
import { fillTargets, loadLabels, massesOf } from './load-tile.js';
import { runOthersAgain, type ElementCall } from './run-tile.js';
import { storeTile } from './store-tile.js';
import { placeTile, type TilePlace } from './tile-place.js';

/** What a session for surprisals of terms, partition terms and all logit steps knows of its tiles. */
export interface TermCall extends Omit<ElementCall, 'affine'> {
  readonly steps: StagedElementSteps;
  /** Where the derivative of the steps goes, where it differs from element to element. */
  readonly slopes: Float64Array;
  /** The logits as float64. */
  readonly wide: Float64Array;
}

/** Elements from the exponential to the gradient: their arrays stay in the first-level cache. */
const BLOCK = 512;

export function createTermCall(call: Omit<ElementCall, 'affine'>, wide: Float64Array, capacity: number): TermCall {
  const steps = stageElementSteps(call.problem.plan.logitSteps);
  return { ...call, wide, steps, slopes: new Float64Array(steps.varies ? capacity : 0) };
}

/** One tile of float32 (or float16) logits, computed in float64. */
export function runTerms(call: TermCall, tile: Tile): Fault | undefined {
  const { problem, memory } = call;
  const place = placeTile(problem, memory, tile);
  const hasLabels = isOfLabels(problem, tile);
  loadTerms(call, hasLabels, tile);
  if (runBlocks(call, place, hasLabels, tile)) {
    fillTargets(problem, tile);
    const fault = runOthersAgain(problem, place, memory.losses, tile, {
      farthest: Infinity,
      lift: 0,
      logits: call.wide,
    });
    if (fault !== undefined) return fault;
  }
  storeTile(problem, memory, place, memory.losses, tile);
  return undefined;
}

/** Whether each element has mass on the outcome that is its label alone, and the outcomes do not differ otherwise. */
function isOfLabels(problem: Problem, tile: Tile): boolean {
  const { terms, negativeTerms, partition } = problem.plan;
  const masses = massesOf(problem, tile);
  return terms === negativeTerms && partition === 0 && (masses === 'labels' || masses === 'weighted labels');
}

/** Ignored elements become 0 and have no mass. */
function loadTerms({ problem, memory, steps, slopes, wide }: TermCall, hasLabels: boolean, tile: Tile): void {
  const { first, count, keep, uniform } = tile;
  const { functions, at, positive, negative, weights } = memory;
  const { plan, layout, hardTargets } = problem;
  problem.logits.read(first, count, wide);
  if (!uniform && hardTargets === undefined) for (let i = 0; i < count; i++) if (keep[i] === 0) wide[i] = 0;
  if (steps.steps.length > 0 || !hasLabels) fillTargets(problem, tile);
  applyElementSteps(steps, wide, slopes, tile);
  if (hasLabels) {
    loadLabels(problem, memory, tile);
    functions.massesOfLabels(at.positive, at.weights, at.negative, count);
  } else fillMasses(plan, layout, tile, positive, negative);
  if (plan.partition !== 0) for (let i = 0; i < count; i++) weights[i] = pushOfPartition(plan.partition, tile, i);
  // The last vector of a tile is computed in whole.
  for (const array of [wide, negative, weights]) array.fill(0, count, count + VECTOR - 1);
  if (!hasLabels) positive.fill(0, count, count + VECTOR - 1);
}

/** Returns whether there may be elements that the functions cannot do. */
function runBlocks(
  { problem, memory, steps, slopes }: TermCall,
  place: TilePlace,
  hasLabels: boolean,
  tile: Tile,
): boolean {
  const { functions, at, terms } = memory;
  const { plan, gradientScale } = problem;
  let others = 0;
  for (let start = 0; start < tile.count; start += BLOCK) {
    const count = Math.min(BLOCK, tile.count - start);
    const wide = start * 8;
    const losses = at.losses + wide;
    const labels = hasLabels ? at.positive + start * 4 : 0;
    others |= functions.beginTerms(at.z + wide, at.terms, losses, count, labels);
    const add = (list: readonly SurprisalTerm[], masses: number, sign: number): void => {
      for (const { coefficient, power, order } of list)
        functions.addTerm(at.terms, masses + wide, losses, count, coefficient, power, order, sign);
    };
    add(plan.terms, hasLabels ? at.negative : at.positive, 1);
    if (!hasLabels) add(plan.negativeTerms, at.negative, -1);
    if (plan.partition !== 0) functions.addPartition(at.terms, at.weights + wide, losses, count);
    if (problem.gradient === undefined) continue;
    if (steps.varies) multiplyBySlopes(terms, slopes.subarray(start), count, 0);
    others |= functions.endTerms(at.terms, place.qAt + start * 4, count, gradientScale * steps.scale, labels);
  }
  return others !== 0;
}
