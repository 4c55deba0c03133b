import type { Fault, Problem, Tile } from '@surprisal/core';

/** The first NaN among a tile's logits, unless those are let through. */
export function findFault({ propagate }: Problem, z: Float64Array, { first, count }: Tile): Fault | undefined {
  const index = propagate ? -1 : z.findIndex((value, i) => i < count && Number.isNaN(value));
  return index < 0 ? undefined : { kind: 'number', position: first + index, value: NaN };
}
