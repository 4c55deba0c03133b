import type { OutcomeMeasure, Problem, Tile } from '@surprisal/core';
import { AS_GIVEN, fillMasses, isAsGiven } from '../outcome-masses.js';
import { VECTOR, type ElementMemory } from './element-memory.js';
import type { TilePlace } from './tile-place.js';

/** Where the masses u1 and u0 of a tile's elements come from. */
export type Masses =
  /** y is 0 or 1, and u1 = y; an array of the caller's holds them. */
  | 'labels'
  /** y is 0 or 1, and u1 = s k_1 y, u0 = s k_0 (1 - y). */
  | 'weighted labels'
  /** u1 = y and u0 = 1 - y, which need not be made first. */
  | 'targets'
  /** Something else is made of them. */
  | 'made';

/** Says it of a tile; the tiles of a call do not differ. */
export function massesOf({ plan: { outcomeMeasure = AS_GIVEN }, hardTargets }: Problem, { uniform }: Tile): Masses {
  const isPlain = uniform && isAsGiven(outcomeMeasure);
  if (hardTargets === undefined) return isPlain ? 'targets' : 'made';
  if (isPlain) return 'labels';
  return isDiagonal(outcomeMeasure) ? 'weighted labels' : 'made';
}

/** The measure of a call's plan. */
export function measureOf({ plan: { outcomeMeasure = AS_GIVEN } }: Problem): OutcomeMeasure {
  return outcomeMeasure;
}

/** Whether each outcome keeps its mass but for a factor, the same for all labels. */
export function isDiagonal({
  positiveFromPositive,
  positiveFromNegative,
  negativeFromPositive,
}: OutcomeMeasure): boolean {
  return positiveFromPositive.length === 1 && positiveFromNegative[0] === 0 && negativeFromPositive[0] === 0;
}

/**
 * Brings a tile into the memory of a program: its logits and their masses u1 and u0. Ignored elements have no mass, and a
 * logit of theirs that is no finite number counts among those that are done again.
 */
export function loadTile(problem: Problem, memory: ElementMemory, place: TilePlace, masses: Masses, tile: Tile): void {
  loadLogits(problem, memory, place, tile);
  loadMasses(problem, memory, masses, tile);
}

export function loadLogits(problem: Problem, memory: ElementMemory, place: TilePlace, { first, count }: Tile): void {
  if (place.readsInPlace) return;
  problem.logits.read(first, count, memory.z);
  // The last vector of a tile is computed in whole.
  memory.z.fill(0, count, count + VECTOR - 1);
}

export function loadMasses(problem: Problem, memory: ElementMemory, masses: Masses, tile: Tile): void {
  const { first, count } = tile;
  if (masses === 'targets') copyPart(tile.targets, 0, count, memory.positive);
  else if (masses === 'made') makeMasses(problem, memory, tile);
  else if (masses === 'labels') copyPart(problem.hardTargets, first, count, memory.labels);
  else loadLabels(problem, memory, tile);
}

/** Targets that core left to the session, where they are to be computed in TypeScript. */
export function fillTargets({ hardTargets }: Problem, { first, count, targets }: Tile): void {
  copyPart(hardTargets, first, count, targets);
}

/** Labels, the mass of either, and weights. */
export function loadLabels(problem: Problem, memory: ElementMemory, tile: Tile): void {
  copyPart(problem.hardTargets, tile.first, tile.count, memory.labels);
  loadWeights(problem, memory, tile);
}

/** The mass of either label, and weights. */
export function loadWeights(problem: Problem, memory: ElementMemory, { weights, count }: Tile): void {
  const { positiveFromPositive, negativeFromNegative } = measureOf(problem);
  copyPart(weights, 0, count, memory.weights);
  memory.functions.setMassesOfLabels(negativeFromNegative[0], positiveFromPositive[0]);
}

/** Targets as they are, and zeros up to the end of the last vector. */
export function loadTargets(memory: ElementMemory, { targets, count }: Tile): void {
  copyPart(targets, 0, count, memory.positive);
  memory.positive.fill(0, count, count + VECTOR - 1);
}

function makeMasses(problem: Problem, memory: ElementMemory, tile: Tile): void {
  const { plan, layout } = problem;
  const { functions, positive, negative, at } = memory;
  const { count } = tile;
  const { outcomeMeasure = AS_GIVEN } = plan;
  fillTargets(problem, tile);
  if (outcomeMeasure.positiveFromPositive.length > 1) {
    fillMasses(plan, layout, tile, positive, negative);
    return;
  }
  copyPart(tile.targets, 0, count, positive);
  copyPart(tile.weights, 0, count, memory.weights);
  copyPart(tile.keep, 0, count, memory.keep);
  functions.addMasses(
    at.positive,
    at.negative,
    at.weights,
    at.keep,
    count,
    outcomeMeasure.positiveFromPositive[0],
    outcomeMeasure.positiveFromNegative[0],
    outcomeMeasure.negativeFromPositive[0],
    outcomeMeasure.negativeFromNegative[0],
  );
}

interface Numbers extends ArrayLike<number> {
  readonly subarray: (from: number, to: number) => ArrayLike<number>;
}

interface Target {
  readonly set: (numbers: ArrayLike<number>) => void;
}

/** A view costs as much as the copy of a small tile. */
function copyPart(numbers: Numbers | undefined, from: number, count: number, into: Target): void {
  if (numbers === undefined) return;
  into.set(from === 0 && count === numbers.length ? numbers : numbers.subarray(from, from + count));
}
