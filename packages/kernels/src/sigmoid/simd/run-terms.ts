import type { Fault, Tile } from '@surprisal/core';
import { applyElementSteps, multiplyBySlopes, stageElementSteps, type StagedElementSteps } from '../element-steps.js';
import { pushOfPartition } from '../general-element.js';
import { fillMasses } from '../outcome-masses.js';
import { BLOCK, VECTOR } from './element-memory.js';
import { labelTile, type Labelled } from './labels-of-tile.js';
import { fillTargets } from './load-tile.js';
import { runOthersAgain, type ElementCall } from './run-tile.js';
import { storeTile } from './store-tile.js';
import { placesOfRecords, type TermRecords } from './term-records.js';
import { placeTile, type TilePlace } from './tile-place.js';

/** What a session for surprisals of terms, partition terms and all logit steps knows of its tiles. */
export interface TermCall extends Omit<ElementCall, 'affine'> {
  readonly records: TermRecords;
  readonly steps: StagedElementSteps;
  /** Where the derivative of the steps goes, where it differs from element to element. */
  readonly slopes: Float64Array;
  /** The logits as float64. */
  readonly wide: Float64Array;
}

export function createTermCall(
  call: Omit<ElementCall, 'affine'>,
  records: TermRecords,
  wide: Float64Array,
  capacity: number,
): TermCall {
  const steps = stageElementSteps(call.problem.plan.logitSteps);
  return { ...call, records, wide, steps, slopes: new Float64Array(steps.varies ? capacity : 0) };
}

/** One tile of float32 (or float16) logits, computed in float64. */
export function runTerms(call: TermCall, tile: Tile): Fault | undefined {
  const { problem, memory } = call;
  const place = placeTile(problem, memory, tile);
  loadLogits(call, place, tile);
  const labelled = loadMasses(call, tile);
  if (runBlocks(call, place, labelled, tile)) {
    fillTargets(problem, tile);
    const fault = runOthersAgain(problem, place, memory.losses, tile, {
      farthest: Infinity,
      lift: 0,
      raise: 1,
      logits: call.wide,
    });
    if (fault !== undefined) return fault;
  }
  storeTile(problem, memory, place, memory.losses, tile);
  return undefined;
}

/** The logits of a tile after their steps. Ignored elements become 0. */
function loadLogits({ problem, memory, steps, slopes, wide }: TermCall, place: TilePlace, tile: Tile): void {
  const { first, count, keep, uniform } = tile;
  if (steps.steps.length > 0) problem.logits.read(first, count, wide);
  else {
    // What becomes the exponentials' place holds the logits as they are.
    if (!place.readsInPlace) problem.logits.read(first, count, memory.q);
    memory.functions.widen(place.readsInPlace ? place.zAt : memory.at.q, memory.at.z, count, 1, 0);
  }
  if (!uniform && problem.hardTargets === undefined) for (let i = 0; i < count; i++) if (keep[i] === 0) wide[i] = 0;
  if (steps.steps.length > 0) {
    fillTargets(problem, tile);
    applyElementSteps(steps, wide, slopes, tile);
  }
  // The last vector of a tile is computed in whole.
  wide.fill(0, count, count + VECTOR - 1);
}

/** Masses of one outcome of each element, where there is one, or of both. Ignored elements have none. */
function loadMasses({ problem, memory, records }: TermCall, tile: Tile): Labelled | undefined {
  const { plan, layout } = problem;
  const { count } = tile;
  const labelled = records.paired && plan.partition === 0 ? labelTile(problem, memory, tile) : undefined;
  if (labelled !== undefined) return labelled;
  const { positive, negative, weights } = memory;
  fillTargets(problem, tile);
  fillMasses(plan, layout, tile, positive, negative);
  if (plan.partition !== 0) for (let i = 0; i < count; i++) weights[i] = pushOfPartition(plan.partition, tile, i);
  for (const array of [positive, negative, weights]) array.fill(0, count, count + VECTOR - 1);
  return undefined;
}

/** Returns whether there may be elements that the functions cannot do. */
function runBlocks(call: TermCall, place: TilePlace, labelled: Labelled | undefined, tile: Tile): boolean {
  const { problem, memory, steps, slopes, records } = call;
  const { functions, at } = memory;
  const { plan, gradientScale, gradient } = problem;
  memory.records.set(records.numbers);
  let others = 0;
  for (let start = 0; start < tile.count; start += BLOCK) {
    const count = Math.min(BLOCK, tile.count - start);
    const z = at.z + start * 8;
    const losses = at.losses + start * 8;
    others |= functions.beginTerms(z, at.exponentials, count);
    score(call, labelled, start, count);
    if (plan.partition !== 0)
      functions.addPartition(z, at.exponentials, at.weights + start * 8, losses, at.slopes, count);
    if (gradient === undefined) continue;
    if (steps.varies) multiplyBySlopes(memory.slopes, slopes.subarray(start), count, 0);
    others |= functions.endTerms(at.slopes, place.qAt + start * 4, count, gradientScale * steps.scale);
  }
  return others !== 0;
}

/** The terms of a block: those of the label, or those of outcome 1 and then of outcome 0. */
function score({ memory, records }: TermCall, labelled: Labelled | undefined, start: number, count: number): void {
  const { functions, at } = memory;
  const { counts, shifts } = records;
  const terms = placesOfRecords(at.records, records);
  const z = at.z + start * 8;
  const losses = at.losses + start * 8;
  const run = (labels: number, outcome: number, masses: number, from: number, number: number, adds: number): void => {
    functions.scoreTerms(
      z,
      at.exponentials,
      labels,
      outcome,
      masses,
      losses,
      at.slopes,
      count,
      from,
      number,
      Number(shifts),
      adds,
    );
  };
  if (labelled !== undefined) {
    const masses = labelled.masses === 0 ? 0 : labelled.masses + start * 8;
    run(labelled.labels + start * 4, 0, masses, terms.both, counts[0], 0);
    return;
  }
  run(0, 1, at.positive + start * 8, terms.positive, counts[1], 0);
  run(0, 0, at.negative + start * 8, terms.negative, counts[2], 1);
}
