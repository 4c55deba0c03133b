import type { Fault, Problem, Tile } from '@surprisal/core';
import { exponentialsOfDistance } from '../cross-entropy-passes.js';
import { createElementStage, loadElements, releaseElements } from '../element-stage.js';
import { findFault } from '../find-fault.js';
import { runGeneralElement } from '../general-element.js';
import { fillMasses } from '../outcome-masses.js';
import { clearNegativeZeros, roundsToZero } from '../../stage/negative-zero.js';
import type { Affine } from './affine-steps.js';
import type { ElementMemory } from './element-memory.js';
import { isTargetsAlone, loadTile } from './load-tile.js';
import { placeTile, type TilePlace } from './tile-place.js';

/** Elements from the exponential to the gradient, in the first-level cache. */
const BLOCK = 512;

/** One tile of cross-entropy: loss and gradient of every element. */
export function runTile(problem: Problem, memory: ElementMemory, affine: Affine, tile: Tile): Fault | undefined {
  const place = placeTile(problem, memory, tile);
  loadTile(problem, memory, place, tile);
  if (runBlocks(problem, memory, place, affine, tile)) {
    const fault = runOthersAgain(problem, memory, place, tile);
    if (fault !== undefined) return fault;
  }
  storeTile(problem, memory, place, tile);
  return undefined;
}

/** Runs the two loops, block by block. Returns whether there may be elements that they cannot do. */
function runBlocks(
  problem: Problem,
  memory: ElementMemory,
  place: TilePlace,
  { scale, offset }: Affine,
  tile: Tile,
): boolean {
  const { passes, at, bytes } = memory;
  const { plan, gradient } = problem;
  const moves = plan.logitSteps.length > 0;
  const alone = isTargetsAlone(plan, tile);
  const factor = problem.gradientScale * scale;
  let others = 0;
  for (let start = 0; start < tile.count; start += BLOCK) {
    const count = Math.min(BLOCK, tile.count - start);
    const z = place.zAt + start * bytes;
    const q = place.qAt + start * bytes;
    const positive = at.positive + start * 8;
    const negative = at.negative + start * 8;
    const losses = at.losses + start * 8;
    if (moves) passes.affine(z, at.low, count, scale, offset);
    others |= moves ? passes.exponentialsOfSums(z, at.low, q, count) : passes.exponentials(z, q, count);
    if (gradient === undefined) {
      if (alone) passes.lossesOfTargets(z, q, positive, losses, count);
      else passes.losses(z, q, positive, negative, losses, count);
    } else if (alone) others |= passes.crossEntropyOfTargets(z, q, positive, losses, count, factor);
    else others |= passes.crossEntropy(z, q, positive, negative, losses, count, factor);
  }
  return others !== 0;
}

/**
 * Elements with an infinite logit or NaN, and gradients of masses that float32 cannot hold, as the TypeScript engine
 * computes them. Only these: an element's bits do not depend on the others.
 */
function runOthersAgain(problem: Problem, memory: ElementMemory, place: TilePlace, tile: Tile): Fault | undefined {
  const { z, q } = place.arrays();
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
      if (isOther) memory.losses[i] = tile.losses[i];
      q[i] = stage.q[i];
    }
  }
  releaseElements(stage);
  return fault;
}

function storeTile({ gradient, logits }: Problem, { q, losses }: ElementMemory, place: TilePlace, tile: Tile): void {
  const { first, count } = tile;
  tile.losses.set(count === losses.length ? losses : losses.subarray(0, count));
  if (gradient === undefined || place.writesInPlace) return;
  // The functions leave no -0, but small numbers may be rounded to it.
  if (gradient.type !== logits.type) clearNegativeZeros(q, 0, count, roundsToZero(gradient.type));
  gradient.write(q, count, first);
}
