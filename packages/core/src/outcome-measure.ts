import type { OutcomeMeasure } from './engine.js';
import type { MixStep, ScaleStep } from './plan.js';
import type { FullTargetStep } from './target-steps.js';

/** The target steps as a matrix over the two outcomes, for each label where one of them has weights by label. */
export function outcomeMeasure(steps: readonly FullTargetStep[], labels: number): OutcomeMeasure {
  const entries = steps.some((step) => step.kind === 'scale' && step.by === 'label') ? labels : 1;
  const filled = (value: number): Float64Array => new Float64Array(entries).fill(value);
  const measure = {
    positiveFromPositive: filled(1),
    positiveFromNegative: filled(0),
    negativeFromPositive: filled(0),
    negativeFromNegative: filled(1),
  };
  for (const step of steps) {
    if (step.kind === 'mix') {
      mixOutcomes(measure.negativeFromPositive, measure.positiveFromPositive, step);
      mixOutcomes(measure.negativeFromNegative, measure.positiveFromNegative, step);
    } else scaleOutcomes(measure, step);
  }
  return measure;
}

function mixOutcomes(negative: Float64Array, positive: Float64Array, { smoothing, towards = [] }: MixStep): void {
  for (let i = 0; i < negative.length; i++) {
    const u0 = negative[i] ?? 0;
    const u1 = positive[i] ?? 0;
    negative[i] = (1 - smoothing) * u0 + smoothing * (u0 + u1) * (towards[0] ?? 0);
    positive[i] = (1 - smoothing) * u1 + smoothing * (u0 + u1) * (towards[1] ?? 0);
  }
}

function scaleOutcomes(measure: OutcomeMeasure, { by, weights }: ScaleStep): void {
  const scale = (masses: Float64Array, weightOf: (label: number) => number): void => {
    for (let i = 0; i < masses.length; i++) masses[i] = (masses[i] ?? 0) * weightOf(i);
  };
  const positive = (label: number): number => (by === 'label' ? weights[label] : weights[1]) ?? 1;
  const negative = (): number => (by === 'label' ? 1 : (weights[0] ?? 1));
  scale(measure.positiveFromPositive, positive);
  scale(measure.positiveFromNegative, positive);
  scale(measure.negativeFromPositive, negative);
  scale(measure.negativeFromNegative, negative);
}
