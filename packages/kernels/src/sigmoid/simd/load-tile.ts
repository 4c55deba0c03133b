import type { Problem, ResolvedPlan, Tile } from '@surprisal/core';
import { AS_GIVEN, fillMasses, isAsGiven } from '../outcome-masses.js';
import { VECTOR, type ElementMemory } from './element-memory.js';
import type { TilePlace } from './tile-place.js';

/** Whether the elements of a tile have the masses u1 = y and u0 = 1 - y, which need not be made first. */
export function isTargetsAlone({ outcomeMeasure }: ResolvedPlan, tile: Tile): boolean {
  return tile.uniform && (outcomeMeasure === undefined || isAsGiven(outcomeMeasure));
}

/**
 * Brings a tile into the memory of a program: its logits and their masses u1 and u0. Ignored elements have no mass, and a
 * logit of theirs that is no finite number counts among those that are done again.
 */
export function loadTile(problem: Problem, memory: ElementMemory, place: TilePlace, tile: Tile): void {
  const { first, count } = tile;
  if (!place.readsInPlace) {
    problem.logits.read(first, count, memory.z);
    // The last vector of a tile is computed in whole.
    memory.z.fill(0, count, count + VECTOR - 1);
  }
  loadMasses(problem, memory, tile);
}

function loadMasses({ plan, layout }: Problem, memory: ElementMemory, tile: Tile): void {
  const { functions, positive, negative, at } = memory;
  const { count } = tile;
  const { outcomeMeasure: measure = AS_GIVEN } = plan;
  if (measure.positiveFromPositive.length > 1) {
    fillMasses(plan, layout, tile, positive, negative);
    return;
  }
  copy(tile.targets, count, positive);
  if (isTargetsAlone(plan, tile)) return;
  copy(tile.weights, count, memory.weights);
  copy(tile.keep, count, memory.keep);
  functions.addMasses(
    at.positive,
    at.negative,
    at.weights,
    at.keep,
    count,
    measure.positiveFromPositive[0],
    measure.positiveFromNegative[0],
    measure.negativeFromPositive[0],
    measure.negativeFromNegative[0],
  );
}

type Copied = Float64Array | Uint8Array;

/** A view costs as much as the copy of a small tile. */
function copy(from: Copied, count: number, into: Copied): void {
  into.set(count === from.length ? from : from.subarray(0, count));
}
