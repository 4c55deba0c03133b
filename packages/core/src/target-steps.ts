import { rangeError } from './errors.js';
import type { MixStep, Plan, ScaleStep, TargetStep } from './plan.js';

/** A target step as engines and measures read it: the distribution of a mix is stated. */
export type FullTargetStep = ScaleStep | (MixStep & { readonly towards: readonly number[] });

/** Whether a step maps targets. */
export function isTargetStep(step: Plan[number]): step is TargetStep {
  return step.kind === 'scale' || step.kind === 'mix';
}

/** The classes that every class mask of the plan leaves; undefined when there is no mask. */
export function allowedClasses(of: string, plan: Plan, count: number): readonly boolean[] | undefined {
  const masks = plan.flatMap((step) => (step.kind === 'classMask' ? [step.allowed] : []));
  if (masks.length === 0) return undefined;
  const allowed = Array.from({ length: count }, (_, index) => masks.every((mask) => mask[index] === true));
  if (allowed.filter(Boolean).length < 2)
    throw rangeError({
      of,
      argument: 'allowed',
      requirement: 'at least 2 classes left by the class mask',
      got: String(allowed.filter(Boolean).length),
    });
  return allowed;
}

/** States the distribution of a mix, and writes spread `others` as the spread over all at smoothing C / (C - 1). */
export function fillIn(
  of: string,
  step: TargetStep,
  outcomes: number,
  allowed: readonly boolean[] | undefined,
): FullTargetStep {
  if (step.kind === 'scale') return step;
  const left = allowed?.filter(Boolean).length ?? outcomes;
  const towards =
    step.towards ?? Array.from({ length: outcomes }, (_, index) => (allowed?.[index] === false ? 0 : 1 / left));
  if (step.spread === 'all') return { ...step, towards };
  const limit = (left - 1) / left;
  if (step.smoothing > limit)
    throw rangeError({
      of,
      argument: 'smoothing',
      requirement: `at most (C - 1) / C = ${String(limit)} with spread: 'others'`,
      got: String(step.smoothing),
    });
  return { kind: 'mix', spread: 'all', smoothing: Math.min(1, (step.smoothing * left) / (left - 1)), towards };
}
