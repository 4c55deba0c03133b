import type { Problem, TargetStep } from '@surprisal/core';

/**
 * Target steps up to one that mixes, and what only scales after it, as one map of a target row:
 *
 *     u'_c = kept_c u_c + (sum_k counted_k u_k) added_c
 *
 * Absent vectors: kept and counted are ones, added is 0.
 */
export interface TargetGroup {
  readonly kept?: Float64Array;
  readonly counted?: Float64Array;
  readonly added?: Float64Array;
}

interface Folding {
  kept?: Float64Array;
  counted?: Float64Array;
  added?: Float64Array;
}

/** What the target of a row is. */
export type TargetKind =
  /** A mass at the label. */
  | { readonly kind: 'label' }
  /** One at the label and b v over the classes. */
  | { readonly kind: 'spread'; readonly vector: Float64Array }
  /** A row of the call's probabilities, or the unit mass at the label, after some groups of steps. */
  | { readonly kind: 'row'; readonly groups: readonly TargetGroup[] };

export function targetKind({ plan, targets, layout }: Problem): TargetKind {
  const { labelMeasure: measure, targetSteps } = plan;
  const isModulated = !plan.crossEntropy && measure?.vector !== undefined;
  if (targets !== undefined || measure === undefined || isModulated)
    return { kind: 'row', groups: groupSteps(targetSteps, layout.classes) };
  return measure.vector === undefined ? { kind: 'label' } : { kind: 'spread', vector: measure.vector };
}

function groupSteps(steps: readonly TargetStep[], classes: number): readonly TargetGroup[] {
  const groups: Folding[] = [];
  let group: Folding | undefined;
  for (const step of steps) {
    if (group === undefined || (step.kind === 'mix' && group.added !== undefined)) groups.push((group = {}));
    if (step.kind === 'scale') {
      group.kept = scaled(group.kept, step.weights);
      if (group.added !== undefined) group.added = scaled(group.added, step.weights);
    } else {
      const { smoothing, towards = [] } = step;
      group.counted = group.kept ?? new Float64Array(classes).fill(1);
      group.kept = group.counted.map((weight) => (1 - smoothing) * weight);
      group.added = Float64Array.from(towards, (share) => smoothing * share);
    }
  }
  return groups;
}

function scaled(values: Float64Array | undefined, weights: readonly number[]): Float64Array {
  return Float64Array.from(weights, (weight, c) => weight * (values === undefined ? 1 : values[c]));
}
