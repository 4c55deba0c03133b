import type { LogitStep } from '@surprisal/core';
import { exp, tanh } from '../scalar/index.js';
import type { LogitCurve } from './hessian.js';

/** A chain of logit steps at one class: where it leads, with first and second derivative. */
interface Point {
  z: number;
  slope: number;
  curvature: number;
}

/**
 * Slopes and curvatures of the logit steps at the logits z of a row (or of elements): z' = f(z), f' and f'', step by step
 *
 *     (g o f)' = g' f',   (g o f)'' = g'' f'^2 + g' f''
 *
 * @param offsetOf the offset of an affine step at class j
 */
export function fillLogitCurve(
  steps: readonly LogitStep[],
  z: Float64Array,
  at: number,
  curve: LogitCurve,
  offsetOf: (offsets: readonly number[], j: number) => number,
): void {
  const { slopes, curvatures } = curve;
  const point: Point = { z: 0, slope: 1, curvature: 0 };
  for (let j = 0; j < slopes.length; j++) {
    point.z = z[at + j];
    point.slope = 1;
    point.curvature = 0;
    for (const step of steps) {
      if (step.kind === 'affine')
        applyAffine(point, step.scale, step.offsets === undefined ? 0 : offsetOf(step.offsets, j));
      else if (step.kind === 'softcap') applySoftcap(point, step.cap);
      else if (step.kind === 'classMask' && !step.allowed[j]) point.slope = 0;
    }
    slopes[j] = point.slope;
    curvatures[j] = point.curvature;
  }
}

function applyAffine(point: Point, scale: number, offset: number): void {
  point.z = scale * point.z + offset;
  point.slope *= scale;
  point.curvature *= scale;
}

/** f = cap tanh(z / cap): f' = 1 - tanh^2 = 4 q / (1 + q)^2 with q = exp(-2 |z| / cap), f'' = -2 tanh f' / cap. */
function applySoftcap(point: Point, cap: number): void {
  if (Math.abs(point.z) === Infinity) return;
  const ratio = point.z / cap;
  const q = exp(-2 * Math.abs(ratio));
  const slope = (4 * q) / ((1 + q) * (1 + q));
  const bend = (-2 * tanh(ratio) * slope) / cap;
  point.curvature = bend * point.slope * point.slope + slope * point.curvature;
  point.slope *= slope;
  point.z = cap * tanh(ratio);
}
