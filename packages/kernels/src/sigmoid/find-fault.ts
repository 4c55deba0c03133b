import type { Fault, Problem, Tile } from '@surprisal/core';

/** The first NaN among a tile's logits, unless those are let through. */
export function findFault({ propagate }: Problem, z: Float64Array, { first, count }: Tile): Fault | undefined {
  if (propagate) return undefined;
  for (let i = 0; i < count; i++) if (Number.isNaN(z[i])) return { kind: 'number', position: first + i, value: NaN };
  return undefined;
}
