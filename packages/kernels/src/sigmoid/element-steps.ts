import type { LogitStep, Tile } from '@surprisal/core';
import { exp, tanh } from '../scalar/index.js';
import { withoutNegativeZero } from '../stage/negative-zero.js';

/** The logit steps of a plan for elements, whose two logits are (0, z). */
export interface StagedElementSteps {
  readonly steps: readonly StagedElementStep[];
  /** The product of the affine scales: the constant factor of the derivative. */
  readonly scale: number;
  /** Whether the derivative also differs from element to element (softcap). */
  readonly varies: boolean;
}

type StagedElementStep =
  | { readonly kind: 'affine'; readonly scale: number; readonly offset: number }
  | { readonly kind: 'softcap'; readonly cap: number }
  | { readonly kind: 'margin'; readonly negative: number; readonly positive: number };

export function stageElementSteps(steps: readonly LogitStep[]): StagedElementSteps {
  return {
    steps: steps.flatMap(stage),
    scale: steps.reduce((product, step) => (step.kind === 'affine' ? product * step.scale : product), 1),
    varies: steps.some(({ kind }) => kind === 'softcap'),
  };
}

function stage(step: LogitStep): readonly StagedElementStep[] {
  switch (step.kind) {
    case 'affine': {
      const [negative, positive] = step.offsets ?? [0, 0];
      return [{ kind: 'affine', scale: step.scale, offset: positive - negative }];
    }
    case 'softcap':
      return [step];
    case 'margin':
      return [{ kind: 'margin', negative: step.margins[0], positive: step.margins[1] }];
    case 'classMask':
      // The link has no classes to mask; core refuses the step.
      return [];
  }
}

/** Applies the steps, first to act first; `slopes` becomes the part of dz'/dz that differs, where one does. */
export function applyElementSteps(
  { steps, varies }: StagedElementSteps,
  z: Float64Array,
  slopes: Float64Array,
  tile: Tile,
): void {
  if (varies) slopes.fill(1, 0, tile.count);
  for (const step of steps) {
    if (step.kind === 'affine') for (let i = 0; i < tile.count; i++) z[i] = step.scale * z[i] + step.offset;
    else if (step.kind === 'softcap') applySoftcap(step.cap, z, slopes, tile.count);
    else applyMargin(step, z, tile);
  }
}

/** z' = cap tanh(z / cap), dz'/dz = 1 - tanh^2 = 4 q / (1 + q)^2 with q = exp(-2 |z| / cap): no cancellation. */
function applySoftcap(cap: number, z: Float64Array, slopes: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const ratio = z[i] / cap;
    const q = exp(-2 * Math.abs(ratio));
    slopes[i] *= (4 * q) / ((1 + q) * (1 + q));
    z[i] = cap * tanh(ratio);
  }
}

/** The logit of the outcome that is the label falls by its margin: z - D1 at label 1, z + D0 at label 0. */
function applyMargin(
  { negative, positive }: { readonly negative: number; readonly positive: number },
  z: Float64Array,
  { targets, count }: Tile,
): void {
  for (let i = 0; i < count; i++) z[i] += targets[i] === 1 ? -positive : negative;
}

/** Multiplies the gradient by the part of the derivative that differs from element to element. */
export function multiplyBySlopes(gradient: Float64Array, slopes: Float64Array, count: number, tiny: number): void {
  for (let i = 0; i < count; i++) gradient[i] = withoutNegativeZero(gradient[i] * slopes[i], tiny);
}
