import type { LogitStep } from '@surprisal/core';

/** z' = scale z + offset. */
export interface Affine {
  readonly scale: number;
  readonly offset: number;
}

/** The steps as one affine map, z' = z where there are none; undefined where one of them is something else. */
export function affineOf(steps: readonly LogitStep[]): Affine | undefined {
  let scale = 1;
  let offset = 0;
  for (const step of steps) {
    if (step.kind !== 'affine') return undefined;
    const [negative, positive] = step.offsets ?? [0, 0];
    scale *= step.scale;
    offset = offset * step.scale + (positive - negative);
  }
  return { scale, offset };
}
