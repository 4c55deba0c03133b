import type { LabelMeasure, LinkName, OutcomeMeasure, ResolvedCustom, ResolvedPlan } from './engine.js';
import { kindError, rangeError } from './errors.js';
import type { CustomRule, LogitStep, MixStep, Plan, ScaleStep, SurprisalStep, SurprisalTerm, TargetStep } from './plan.js';

const CROSS_ENTROPY: readonly SurprisalTerm[] = Object.freeze([Object.freeze({ coefficient: 1, power: 0, order: 0 })]);

/** A mix whose distribution is stated. */
type FullMix = MixStep & { readonly towards: readonly number[] };

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
    ...(link === 'sigmoid' ? { outcomeMeasure: outcomeMeasure(name, targetSteps, count) } : {}),
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

/** Whether a step maps targets. */
export function isTargetStep(step: Plan[number]): step is TargetStep {
  return step.kind === 'scale' || step.kind === 'mix';
}

/** Whether a step maps logits. */
export function isLogitStep(step: Plan[number]): step is LogitStep {
  return step.kind === 'affine' || step.kind === 'softcap' || step.kind === 'classMask' || step.kind === 'margin';
}

function isCrossEntropy(terms: SurprisalStep['terms']): boolean {
  const [term] = terms;
  return terms.length === 1 && term?.coefficient === 1 && term.power === 0 && term.order === 0;
}

function resolveCustoms({ name, plan, customs }: PlannedLoss): readonly ResolvedCustom[] {
  return plan.flatMap((step) => {
    if (step.kind !== 'custom') return [];
    const rule = customs[step.plugin];
    if (rule === undefined)
      throw kindError({ of: name, argument: 'plan', requirement: `the custom function of plugin '${step.plugin}'`, got: 'a plan without it' });
    return [{ rule, parameters: step.parameters }];
  });
}

/** The classes that every class mask of the plan leaves; undefined when there is no mask. */
function allowedClasses(of: string, plan: Plan, count: number): readonly boolean[] | undefined {
  const masks = plan.flatMap((step) => (step.kind === 'classMask' ? [step.allowed] : []));
  if (masks.length === 0) return undefined;
  const allowed = Array.from({ length: count }, (_, index) => masks.every((mask) => mask[index] === true));
  if (allowed.filter(Boolean).length < 2)
    throw rangeError({ of, argument: 'allowed', requirement: 'at least 2 classes left by the class mask', got: String(allowed.filter(Boolean).length) });
  return allowed;
}

/** States the distribution of a mix, and writes spread `others` as the spread over all at smoothing C / (C - 1). */
function fillIn(of: string, step: TargetStep, outcomes: number, allowed: readonly boolean[] | undefined): TargetStep {
  if (step.kind === 'scale') return step;
  const left = allowed?.filter(Boolean).length ?? outcomes;
  const towards = step.towards ?? Array.from({ length: outcomes }, (_, index) => (allowed?.[index] === false ? 0 : 1 / left));
  if (step.spread === 'all') return { ...step, towards };
  const limit = (left - 1) / left;
  if (step.smoothing > limit)
    throw rangeError({ of, argument: 'smoothing', requirement: `at most (C - 1) / C = ${String(limit)} with spread: 'others'`, got: String(step.smoothing) });
  return { kind: 'mix', spread: 'all', smoothing: Math.min(1, (step.smoothing * left) / (left - 1)), towards };
}

/**
 * The target steps on a hard label, as u = d [c = y] + b W_c. Only a chain that smooths, weighs and smooths again (or
 * smooths towards two distributions) has no such form; it takes the dense row.
 */
function labelMeasure(steps: readonly TargetStep[], classes: number): LabelMeasure | undefined {
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
        vector = Float64Array.from((step as FullMix).towards);
        spread = smoothing * direct;
        spreadWeights = weights;
        towards = (step as FullMix).towards;
      } else if (towards !== undefined && sameNumbers(towards, (step as FullMix).towards)) {
        spread = (1 - smoothing) * spread + smoothing * (direct + spread);
      } else return undefined;
      direct *= 1 - smoothing;
    }
  }
  return {
    direct,
    spread,
    vectorMass: vector?.reduce((sum, mass) => sum + mass, 0) ?? 0,
    ...(weights && { directWeights: weights }),
    ...(spreadWeights && { spreadWeights }),
    ...(vector && { vector }),
  };
}

function scaled(values: Float64Array | undefined, step: ScaleStep, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => (values?.[index] ?? 1) * (step.weights[index] ?? 1));
}

function sameNumbers(one: readonly number[], other: readonly number[]): boolean {
  return one === other || (one.length === other.length && one.every((value, index) => value === other[index]));
}

/** The target steps as a matrix over the two outcomes, for each label where one of them has weights by label. */
function outcomeMeasure(of: string, steps: readonly TargetStep[], labels: number): OutcomeMeasure {
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
      mixOutcomes(measure.negativeFromPositive, measure.positiveFromPositive, step as FullMix);
      mixOutcomes(measure.negativeFromNegative, measure.positiveFromNegative, step as FullMix);
    } else scaleOutcomes(of, measure, step, labels);
  }
  return measure;
}

function mixOutcomes(negative: Float64Array, positive: Float64Array, { smoothing, towards }: FullMix): void {
  for (let i = 0; i < negative.length; i++) {
    const u0 = negative[i] ?? 0;
    const u1 = positive[i] ?? 0;
    negative[i] = (1 - smoothing) * u0 + smoothing * (u0 + u1) * (towards[0] ?? 0);
    positive[i] = (1 - smoothing) * u1 + smoothing * (u0 + u1) * (towards[1] ?? 0);
  }
}

function scaleOutcomes(of: string, measure: OutcomeMeasure, { by, weights }: ScaleStep, labels: number): void {
  if (by === 'label' && weights.length !== labels)
    throw rangeError({ of, argument: 'weight', requirement: `${String(labels)} weights, one per label`, got: String(weights.length) });
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

function countedWeights(steps: readonly TargetStep[], outcomes: number): Float64Array | undefined {
  let counted: Float64Array | undefined;
  for (const step of steps)
    if (step.kind === 'scale' && step.counted && step.by === 'outcome') counted = scaled(counted, step, outcomes);
  return counted;
}
