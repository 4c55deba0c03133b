import type { ElementType, Problem, Tile } from '@surprisal/core';
import { placeOf } from '../../wasm/kernel-memory.js';
import { VECTOR, type ElementMemory } from './element-memory.js';

/** Where logits and exponentials, which the gradient replaces, of a tile lie: in the caller's arrays where these allow it. */
export interface TilePlace {
  readonly zAt: number;
  readonly qAt: number;
  readonly readsInPlace: boolean;
  readonly writesInPlace: boolean;
  /** Both as arrays of the tile's elements. */
  readonly arrays: () => { readonly z: Numbers; readonly q: Numbers };
}

type Numbers = Float32Array | Float64Array;

export function placeTile(problem: Problem, memory: ElementMemory, { first, count }: Tile): TilePlace {
  const { at, bytes } = memory;
  const logits = callerArray(problem.logits, memory);
  const gradient = problem.gradient && callerArray(problem.gradient, memory);
  // What functions write goes on to the next multiple of a vector; affine steps write logits.
  const fits = count % VECTOR === 0;
  const readsInPlace = fits && logits !== undefined && problem.plan.logitSteps.length === 0;
  const writesInPlace = fits && gradient !== undefined;
  return {
    zAt: readsInPlace ? logits.byteOffset + first * bytes : at.z,
    qAt: writesInPlace ? gradient.byteOffset + first * bytes : at.q,
    readsInPlace,
    writesInPlace,
    arrays: () => ({
      z: readsInPlace ? logits.subarray(first, first + count) : memory.z,
      q: writesInPlace ? gradient.subarray(first, first + count) : memory.q,
    }),
  };
}

/** An array of the caller's that holds numbers of the type at hand in the program's memory. */
function callerArray(
  { data, type }: { readonly data: ArrayLike<unknown>; readonly type: ElementType },
  { over, bytes }: ElementMemory,
): Numbers | undefined {
  const fits = type === (bytes === 8 ? 'float64' : 'float32') && placeOf(data, over) !== undefined;
  return fits ? (data as unknown as Numbers) : undefined;
}
