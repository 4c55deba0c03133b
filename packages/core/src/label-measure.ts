import type { LabelMeasure } from './engine.js';
import type { ScaleStep } from './plan.js';
import type { FullTargetStep } from './target-steps.js';

/**
 * The target steps on a hard label, as u = d [c = y] + b W_c. Only a chain that smooths, weighs and smooths again (or
 * smooths towards two distributions) has no such form; it takes the dense row.
 */
export function labelMeasure(steps: readonly FullTargetStep[], classes: number): LabelMeasure | undefined {
  let direct = 1;
  let spread = 0;
  let weights: Float64Array | undefined;
  let spreadWeights: Float64Array | undefined;
  let vector: Float64Array | undefined;
  let towards: readonly number[] | undefined;
  for (const step of steps) {
    if (step.kind === 'scale') {
      weights = scaled(weights, step, classes);
      vector = vector && scaled(vector, step, classes);
      towards = undefined;
    } else if (step.smoothing > 0) {
      const { smoothing } = step;
      if (vector === undefined) {
        vector = Float64Array.from(step.towards);
        spread = smoothing * direct;
        spreadWeights = weights;
        towards = step.towards;
      } else if (towards !== undefined && sameNumbers(towards, step.towards)) {
        spread = (1 - smoothing) * spread + smoothing * (direct + spread);
      } else return undefined;
      direct *= 1 - smoothing;
    }
  }
  return {
    direct,
    spread,
    ...(weights && { directWeights: weights }),
    ...(spreadWeights && { spreadWeights }),
    ...(vector && { vector }),
  };
}

/** Weights times the weights of one more step. */
export function scaled(values: Float64Array | undefined, step: ScaleStep, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => (values?.[index] ?? 1) * (step.weights[index] ?? 1));
}

function sameNumbers(one: readonly number[], other: readonly number[]): boolean {
  return one === other || (one.length === other.length && one.every((value, index) => value === other[index]));
}
