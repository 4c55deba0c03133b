import type { LogitStep } from '@surprisal/core';
import { exp, tanh } from '../scalar/index.js';
import { withoutNegativeZero } from '../stage/negative-zero.js';

/** The logit steps of a plan, ready to act on staged logits. */
export interface StagedLogitSteps {
  readonly steps: readonly StagedLogitStep[];
  /** The product of the affine scales: the constant factor of the derivative. */
  readonly scale: number;
  /** Whether the derivative also differs from class to class (softcap, class mask). */
  readonly varies: boolean;
}

type StagedLogitStep =
  | { readonly kind: 'affine'; readonly scale: number; readonly offsets?: Float64Array }
  | { readonly kind: 'softcap'; readonly cap: number }
  | { readonly kind: 'classMask'; readonly allowed: readonly boolean[] }
  | { readonly kind: 'margin'; readonly margins: readonly number[] };

/** Where the staged logits of one row, or a chunk of it, lie. */
export interface StagedRow {
  readonly z: Float64Array;
  readonly at: number;
  readonly classFrom: number;
  readonly count: number;
  /** -1 where targets are probabilities. */
  readonly label: number;
}

export function stageLogitSteps(steps: readonly LogitStep[]): StagedLogitSteps {
  return {
    steps: steps.map(stage),
    scale: steps.reduce((product, step) => (step.kind === 'affine' ? product * step.scale : product), 1),
    varies: steps.some(({ kind }) => kind === 'softcap' || kind === 'classMask'),
  };
}

function stage(step: LogitStep): StagedLogitStep {
  if (step.kind !== 'affine') return step;
  const { kind, scale, offsets } = step;
  return { kind, scale, ...(offsets && { offsets: Float64Array.from(offsets) }) };
}

/**
 * Applies the steps, first to act first. `slopes[at + j]` becomes the part of dz'/dz that differs from class to class;
 * it is left alone where no step needs it.
 *
 * A -Infinity logit is a masked class and stays one under every step, and +Infinity stays the error it is.
 */
export function applyLogitSteps({ steps, varies }: StagedLogitSteps, row: StagedRow, slopes: Float64Array): void {
  if (varies) slopes.fill(1, row.at, row.at + row.count);
  for (const step of steps) {
    switch (step.kind) {
      case 'affine':
        applyAffine(step.scale, step.offsets, row);
        break;
      case 'softcap':
        applySoftcap(step.cap, row, slopes);
        break;
      case 'classMask':
        applyClassMask(step.allowed, row, slopes);
        break;
      case 'margin':
        applyMargin(step.margins, row);
        break;
    }
  }
}

function applyAffine(scale: number, offsets: Float64Array | undefined, { z, at, classFrom, count }: StagedRow): void {
  if (offsets === undefined) for (let j = 0; j < count; j++) z[at + j] *= scale;
  else for (let j = 0; j < count; j++) z[at + j] = scale * z[at + j] + offsets[classFrom + j];
}

/** z' = cap tanh(z / cap), dz'/dz = 1 - tanh^2 = 4 q / (1 + q)^2 with q = exp(-2 |z| / cap): no cancellation. */
function applySoftcap(cap: number, { z, at, count }: StagedRow, slopes: Float64Array): void {
  for (let j = at; j < at + count; j++) {
    const ratio = z[j] / cap;
    if (Math.abs(z[j]) === Infinity) continue;
    const q = exp(-2 * Math.abs(ratio));
    slopes[j] *= (4 * q) / ((1 + q) * (1 + q));
    z[j] = cap * tanh(ratio);
  }
}

function applyClassMask(
  allowed: readonly boolean[],
  { z, at, classFrom, count }: StagedRow,
  slopes: Float64Array,
): void {
  for (let j = 0; j < count; j++) {
    if (allowed[classFrom + j]) continue;
    z[at + j] = -Infinity;
    slopes[at + j] = 0;
  }
}

function applyMargin(margins: readonly number[], { z, at, classFrom, count, label }: StagedRow): void {
  if (label >= classFrom && label < classFrom + count) z[at + label - classFrom] -= margins[label];
}

/** Multiplies the gradient by the part of the derivative that differs from class to class; a masked class gets +0. */
export function multiplyBySlopes(
  gradient: Float64Array,
  slopes: Float64Array,
  from: number,
  count: number,
  tiny: number,
): void {
  for (let j = from; j < from + count; j++) gradient[j] = withoutNegativeZero(gradient[j] * slopes[j], tiny);
}
