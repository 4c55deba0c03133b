import { refuseOverlap } from '../outputs.js';
import type { AskedExtras } from './read-extras.js';

/** Arrays of a call beside gradient and losses. */
export interface ExtraOutputs {
  readonly argmax?: Int32Array;
  readonly probabilities?: NonNullable<AskedExtras['probabilities']>['array'];
  readonly hessianDiagonal?: NonNullable<AskedExtras['hessianDiagonal']>['array'];
}

/** The arrays that a call asked for. */
export function extraOutputs(asked: AskedExtras | undefined): ExtraOutputs {
  return {
    ...(asked?.argmax && { argmax: asked.argmax }),
    ...(asked?.probabilities && { probabilities: asked.probabilities.array }),
    ...(asked?.hessianDiagonal && { hessianDiagonal: asked.hessianDiagonal.array }),
  };
}

/** Refuses arrays that share memory with others of the call. */
export function refuseSharedExtras(
  of: string,
  asked: AskedExtras,
  others: readonly (readonly [name: string, data: unknown])[],
): void {
  const known = [...others];
  for (const [name, array] of Object.entries(extraOutputs(asked)) as [string, ArrayLike<number>][]) {
    refuseOverlap(of, name, { array }, known);
    known.push([name, array]);
  }
}

/** Marks the arrays as no result: NaN, and -1 where there is no NaN. */
export function spoilExtras(asked: AskedExtras | undefined): void {
  asked?.argmax?.fill(-1);
  asked?.probabilities?.spoil();
  asked?.hessianDiagonal?.spoil();
}
