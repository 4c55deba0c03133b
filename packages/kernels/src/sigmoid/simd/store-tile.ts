import type { Problem, Tile } from '@surprisal/core';
import { clearNegativeZeros, roundsToZero } from '../../stage/negative-zero.js';
import type { ElementMemory } from './element-memory.js';
import type { TilePlace } from './tile-place.js';

/** Summing fewer losses takes no longer than asking for their sum. */
const FEW = 32;

/** Brings the losses of a tile, or their sum, and its gradient out of the memory of a program. */
export function storeTile(
  problem: Problem,
  memory: ElementMemory,
  place: TilePlace,
  losses: Float32Array | Float64Array,
  tile: Tile,
): void {
  const { gradient, logits } = problem;
  const { q } = memory;
  const { first, count } = tile;
  if (!storeSum(problem, memory, losses, tile))
    tile.losses.set(count === losses.length ? losses : losses.subarray(0, count));
  if (gradient === undefined || place.writesInPlace) return;
  // The functions leave no -0, but small numbers may be rounded to it.
  if (gradient.type !== logits.type) clearNegativeZeros(q, 0, count, roundsToZero(gradient.type));
  gradient.write(q, count, first);
}

/** Leaves the exact sum of the losses as a few numbers. Returns whether it could. */
function storeSum(
  { sumsOnly = false }: Problem,
  { functions, at, losses: wide }: ElementMemory,
  losses: Float32Array | Float64Array,
  tile: Tile,
): boolean {
  if (!sumsOnly || tile.count < FEW) return false;
  const sumLosses = losses.BYTES_PER_ELEMENT === 4 ? functions.sumLosses32 : functions.sumLosses64;
  const numbers = sumLosses(at.losses, tile.count);
  for (let i = 0; i < numbers; i++) tile.losses[i] = wide[i];
  tile.summed = numbers;
  return numbers > 0;
}
