import type { Fault, Problem, Tile } from '@surprisal/core';
import { exponentialsOfDistance } from '../cross-entropy-passes.js';
import { createElementStage, loadElements, releaseElements } from '../element-stage.js';
import { findFault } from '../find-fault.js';
import { runGeneralElement } from '../general-element.js';
import { fillMasses } from '../outcome-masses.js';
import type { Affine } from './affine-steps.js';
import type { ElementMemory } from './element-memory.js';
import { fillTargets, loadTile, massesOf, type Masses } from './load-tile.js';
import { storeTile } from './store-tile.js';
import { placeTile, type TilePlace } from './tile-place.js';

/** Elements from the exponential to the gradient, in the first-level cache. */
const BLOCK = 512;

/** What a session knows of all its tiles. */
export interface ElementCall {
  readonly problem: Problem;
  readonly memory: ElementMemory;
  readonly affine: Affine;
}

/** One tile of cross-entropy: loss and gradient of every element. */
export function runTile(call: ElementCall, tile: Tile): Fault | undefined {
  const { problem, memory } = call;
  const masses = massesOf(problem, tile);
  const place = placeTile(problem, memory, tile);
  loadTile(problem, memory, place, masses, tile);
  const losses = masses === 'labels' ? memory.labelLosses : memory.losses;
  if (runBlocks(call, place, masses, tile)) {
    fillTargets(problem, tile);
    const fault = runOthersAgain(problem, place, losses, tile);
    if (fault !== undefined) return fault;
  }
  storeTile(problem, memory, place, losses, tile);
  return undefined;
}

/** Runs the two loops, block by block. Returns whether there may be elements that they cannot do. */
function runBlocks(
  { problem, memory, affine: { scale, offset } }: ElementCall,
  place: TilePlace,
  masses: Masses,
  tile: Tile,
): boolean {
  const { passes, at, bytes } = memory;
  const moves = problem.plan.logitSteps.length > 0;
  const low = moves ? at.low : 0;
  const factor = problem.gradientScale * scale;
  const hasGradient = Number(problem.gradient !== undefined);
  let others = 0;
  for (let start = 0; start < tile.count; start += BLOCK) {
    const count = Math.min(BLOCK, tile.count - start);
    const z = place.zAt + start * bytes;
    const q = place.qAt + start * bytes;
    if (moves) passes.affine(z, low, count, scale, offset);
    others |= passes.exponentials(z, low, q, count);
    const wide = start * 8;
    if (masses === 'targets' || masses === 'made') {
      const negative = masses === 'made' ? at.negative + wide : 0;
      others |= passes.crossEntropy(z, q, at.positive + wide, negative, at.losses + wide, count, factor, hasGradient);
    } else {
      const labels = at.positive + start * 4;
      const weights = masses === 'labels' ? 0 : at.weights + wide;
      const losses = at.losses + (masses === 'labels' ? start * bytes : wide);
      others |= passes.crossEntropyOfLabels(z, q, labels, losses, count, factor, hasGradient, weights);
    }
  }
  return others !== 0;
}

/**
 * Elements with an infinite logit or NaN, and gradients of masses that float32 cannot hold, as the TypeScript engine
 * computes them. Only these: an element's bits do not depend on the others.
 */
export function runOthersAgain(
  problem: Problem,
  place: TilePlace,
  losses: Float32Array | Float64Array,
  tile: Tile,
  logits?: Float64Array,
): Fault | undefined {
  const { z: given, q } = place.arrays();
  const z = logits ?? given;
  const stage = createElementStage(problem, tile.count);
  loadElements(stage, tile);
  const fault = findFault(problem, stage.z, tile);
  if (fault === undefined) {
    fillMasses(problem.plan, problem.layout, tile, stage.positive, stage.negative);
    exponentialsOfDistance(stage.z, stage.q, tile.count);
    for (let i = 0; i < tile.count; i++) {
      const isOther = !Number.isFinite(z[i]);
      if (!isOther && (problem.gradient === undefined || Number.isFinite(q[i]))) continue;
      runGeneralElement(problem, stage, tile, i);
      if (isOther) losses[i] = tile.losses[i];
      q[i] = stage.q[i];
    }
  }
  releaseElements(stage);
  return fault;
}
