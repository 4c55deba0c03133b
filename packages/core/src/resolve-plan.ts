import type { LinkName, ResolvedCustom, ResolvedPlan } from './engine.js';
import { kindError } from './errors.js';
import { labelMeasure, scaled } from './label-measure.js';
import { outcomeMeasure } from './outcome-measure.js';
import type { CustomRule, LogitStep, Plan, SurprisalStep, SurprisalTerm } from './plan.js';
import { allowedClasses, fillIn, isTargetStep, type FullTargetStep } from './target-steps.js';

const CROSS_ENTROPY: readonly SurprisalTerm[] = [{ coefficient: 1, power: 0, order: 0 }];

/** A plan as a call sees it: what the engine reads, and what core counts. */
export interface CallPlan {
  readonly resolved: ResolvedPlan;
  /** k: the product of all counted weights over the outcomes; absent when there are none. */
  readonly counted: Float64Array | undefined;
}

/** What a loss holds that its plan needs. */
export interface PlannedLoss {
  readonly name: string;
  readonly plan: Plan;
  readonly customs: Readonly<Record<string, CustomRule>>;
}

/** Resolves a plan for the softmax link and a class count, or for the sigmoid link and the labels of a row. */
export function resolvePlan(loss: PlannedLoss, link: LinkName, count: number): CallPlan {
  const { name, plan } = loss;
  const allowed = allowedClasses(name, plan, count);
  const outcomes = link === 'softmax' ? count : 2;
  const targetSteps = plan.filter(isTargetStep).map((step) => fillIn(name, step, outcomes, allowed));
  const surprisal = plan.find((step) => step.kind === 'surprisal');
  const customs = resolveCustoms(loss);
  const replaced = plan.some((step) => step.kind === 'custom' && step.replaces);
  const terms = replaced ? [] : (surprisal?.terms ?? CROSS_ENTROPY);
  const negativeTerms = replaced ? [] : (surprisal?.negativeTerms ?? terms);
  const measure = link === 'softmax' ? labelMeasure(targetSteps, outcomes) : undefined;
  const resolved: ResolvedPlan = {
    ...(measure === undefined ? {} : { labelMeasure: measure }),
    ...(link === 'sigmoid' ? { outcomeMeasure: outcomeMeasure(targetSteps, count) } : {}),
    targetSteps,
    logitSteps: plan.filter(isLogitStep),
    terms,
    negativeTerms,
    crossEntropy: isCrossEntropy(terms) && isCrossEntropy(negativeTerms),
    partition: plan.reduce((sum, step) => sum + (step.kind === 'partition' ? step.strength : 0), 0),
    customs,
  };
  return { resolved, counted: countedWeights(targetSteps, outcomes) };
}

/** Whether a step maps logits. */
function isLogitStep(step: Plan[number]): step is LogitStep {
  return step.kind === 'affine' || step.kind === 'softcap' || step.kind === 'classMask' || step.kind === 'margin';
}

function isCrossEntropy(terms: SurprisalStep['terms']): boolean {
  const [term] = terms;
  const isLogarithm = term?.coefficient === 1 && term.power === 0 && term.order === 0;
  return terms.length === 1 && isLogarithm && (term.shift ?? 0) === 0;
}

function resolveCustoms({ name, plan, customs }: PlannedLoss): readonly ResolvedCustom[] {
  return plan.flatMap((step) => {
    if (step.kind !== 'custom') return [];
    const rule = customs[step.plugin];
    if (rule === undefined)
      throw kindError({
        of: name,
        argument: 'plan',
        requirement: `the custom function of plugin '${step.plugin}'`,
        got: 'a plan without it',
      });
    return [{ rule, parameters: step.parameters }];
  });
}

function countedWeights(steps: readonly FullTargetStep[], outcomes: number): Float64Array | undefined {
  let counted: Float64Array | undefined;
  for (const step of steps)
    if (step.kind === 'scale' && step.counted && step.by === 'outcome') counted = scaled(counted, step, outcomes);
  return counted;
}
