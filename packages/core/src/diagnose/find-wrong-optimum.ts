import { classesWithWrongOptimum } from '../explain/smoothed-before-weights.js';
import { summarize } from '../explain/summary.js';
import type { CallOptions, Loss } from '../loss.js';
import type { Finding } from './finding.js';

/** Weights after smoothing whose best prediction for some label is another class; binary: the wrong side of one half. */
export function findWrongOptimum(loss: Loss, options: CallOptions): readonly Finding[] {
  const { plan } = loss;
  if (plan === undefined) return [];
  let wrong: readonly number[];
  try {
    wrong = classesWithWrongOptimum(plan, summarize(loss, plan, options));
  } catch {
    // Options that cannot be read are a finding of the call.
    return [];
  }
  const [first] = wrong;
  if (first === undefined) return [];
  return [
    {
      code: 'wrong-optimum',
      severity: 'warning',
      argument: 'loss',
      position: first,
      count: wrong.length,
      cause: `The weights act after the smoothing: for label ${String(first)} the loss is least where another class is the most probable.`,
      fix: 'weigh inside the other way round, classWeighted(labelSmoothed(...)), or use lighter weights; explain(loss) shows the numbers',
    },
  ];
}
