import type { Fault, Problem, Tile } from '@surprisal/core';
import { exponentialsOfDistance } from '../cross-entropy-passes.js';
import { createElementStage, loadElements, releaseElements } from '../element-stage.js';
import { findFault } from '../find-fault.js';
import { runGeneralElement } from '../general-element.js';
import { fillMasses } from '../outcome-masses.js';
import type { Affine } from './affine-steps.js';
import { BLOCK, type ElementMemory } from './element-memory.js';
import { fillTargets, loadTile, massesOf, type Masses } from './load-tile.js';
import { storeTile } from './store-tile.js';
import { placeTile, type TilePlace } from './tile-place.js';

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
  const raises = mayRaise(call, masses);
  if (runBlocks(call, place, masses, raises, tile)) {
    fillTargets(problem, tile);
    const lift = Math.abs(problem.gradientScale * call.affine.scale);
    const fault = runOthersAgain(problem, place, losses, tile, {
      farthest: FARTHEST[memory.bytes],
      lift,
      raise: 1,
    });
    if (fault !== undefined) return fault;
  }
  storeTile(problem, memory, place, losses, tile);
  return undefined;
}

/** From here on exp(-|z|) is below the smallest normal number, and the loops make it 0. */
export const FARTHEST = { 4: 87.33654022216797, 8: 708.3964185322641 } as const;

/** Whether a factor above 1 may turn what is below the smallest normal number into one that is not. */
export function mayRaise({ problem, affine }: ElementCall, masses: Masses): boolean {
  return masses === 'made' || masses === 'weighted labels' || Math.abs(problem.gradientScale * affine.scale) > 1;
}

/** Runs the two loops, block by block. Returns whether there may be elements that they cannot do. */
function runBlocks(
  { problem, memory, affine: { scale, offset } }: ElementCall,
  place: TilePlace,
  masses: Masses,
  raises: boolean,
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
    others |= passes.exponentials(z, low, q, count, Number(raises));
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

/** Which elements are done again. */
export interface Others {
  /** Those with logits beyond it whose masses, or the factor of the gradient, may lift what was made 0. */
  readonly farthest: number;
  readonly lift: number;
  /** What a surprisal lifts by itself. */
  readonly raise: number;
  /** The logits after all steps, where they are not those of the place. */
  readonly logits?: Float64Array;
}

/**
 * Elements with an infinite logit, NaN or one that is too far from 0, and gradients of masses that float32 cannot hold, as the
 * TypeScript engine computes them. Only these: an element's bits do not depend on the others.
 */
export function runOthersAgain(
  problem: Problem,
  place: TilePlace,
  losses: Float32Array | Float64Array,
  tile: Tile,
  { farthest, lift, raise, logits }: Others,
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
      const isFar = Math.abs(z[i]) > farthest;
      const isLifted = isFar && Math.max(stage.positive[i], stage.negative[i]) * raise > 1;
      const hasLoss = isLifted || !Number.isFinite(z[i]);
      const hasGradient = problem.gradient !== undefined && ((isFar && lift * raise > 1) || !Number.isFinite(q[i]));
      if (!hasLoss && !hasGradient) continue;
      runGeneralElement(problem, stage, tile, i);
      if (hasLoss) losses[i] = tile.losses[i];
      q[i] = stage.q[i];
    }
  }
  releaseElements(stage);
  return fault;
}
