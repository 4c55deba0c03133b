import type { InputKind } from '../engine.js';
import type { CallOptions, Loss } from '../loss.js';
import type { LogitStep, Plan, SurprisalStep } from '../plan.js';
import { isDeclarative, isLogitStep } from './step-groups.js';
import { readChoices } from '../read-options.js';
import { targetChain, type TargetChain } from './target-chain.js';

/** What a value divides by. `count`: rows over classes, elements of binary losses; `rows`: rows of several labels. */
export type Divisor =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'count' }
  | { readonly kind: 'weight' }
  | { readonly kind: 'rows' };

/** The surprisals that frameworks have. */
export type SurprisalForm =
  | { readonly kind: 'cross-entropy' }
  | { readonly kind: 'focal'; readonly gamma: number }
  | { readonly kind: 'generalized'; readonly order: number }
  | { readonly kind: 'other' };

/** A loss and the options of its calls, as far as other frameworks may have the same: what the table is asked about. */
export interface Summary {
  readonly link: 'softmax' | 'sigmoid';
  readonly input: InputKind;
  readonly chain: TargetChain;
  readonly logitSteps: readonly LogitStep[];
  readonly surprisal: SurprisalForm;
  /** Sum of the strengths of all partition steps. */
  readonly partition: number;
  /** Whether the plan has a custom step, or one this core does not know. */
  readonly custom: boolean;
  readonly divisor: Divisor;
  readonly sampleWeights: boolean;
  readonly labelWeights: boolean;
  readonly unnormalized: boolean;
  readonly clipped: boolean;
  /** The one label that leaves its row out. */
  readonly ignoreIndex?: number;
  /** Whether rows are left out in a way that frameworks have no argument for: a mask, or several labels. */
  readonly selects: boolean;
}

/** Summarises a loss that has a plan. */
export function summarize(loss: Loss, plan: Plan, options: CallOptions): Summary {
  const link = loss.link.name === 'sigmoid' ? 'sigmoid' : 'softmax';
  const { input, unnormalized, clip } = readChoices('explain', options);
  const chain = targetChain(plan, link === 'sigmoid' ? 2 : allowedCount(plan, loss.classes ?? options.classes));
  const ignored = typeof options.ignoreIndex === 'number' ? [options.ignoreIndex] : (options.ignoreIndex ?? []);
  const [ignoreIndex] = ignored;
  return {
    link,
    input,
    chain,
    logitSteps: plan.filter(isLogitStep),
    surprisal: surprisalForm(plan.find((step) => step.kind === 'surprisal')),
    partition: plan.reduce((sum, step) => sum + (step.kind === 'partition' ? step.strength : 0), 0),
    custom: !plan.every(isDeclarative),
    divisor: divisorOf(link, plan, options),
    sampleWeights: options.sampleWeights !== undefined,
    labelWeights: options.labelWeights !== undefined,
    unnormalized,
    clipped: clip > 0,
    ...(ignored.length === 1 && ignoreIndex !== undefined && { ignoreIndex }),
    selects: options.mask !== undefined || ignored.length > 1,
  };
}

/** What the value of a call divides by. */
export function divisorOf(link: Summary['link'], plan: Plan, options: CallOptions): Divisor {
  const { reduction, denominator } = readChoices('explain', options);
  if (reduction === 'sum') return { kind: 'nothing' };
  if (typeof denominator === 'number') return { kind: 'number', value: denominator };
  if (denominator === 'weight') return { kind: hasCounted(plan, options) ? 'weight' : 'count' };
  return { kind: link === 'sigmoid' && denominator === 'rows' ? 'rows' : 'count' };
}

/** Whether any weight counts in a mean by weight. */
function hasCounted(plan: Plan, { sampleWeights, labelWeights }: CallOptions): boolean {
  if (sampleWeights !== undefined || labelWeights !== undefined) return true;
  return plan.some((step) => step.kind === 'scale' && step.counted && step.weights.some((weight) => weight !== 1));
}

function allowedCount(plan: Plan, classes: number | undefined): number | undefined {
  const masks = plan.flatMap((step) => (step.kind === 'classMask' ? [step.allowed] : []));
  const [first] = masks;
  if (first === undefined) return classes;
  return first.filter((_, index) => masks.every((mask) => mask[index] === true)).length;
}

function surprisalForm(step: SurprisalStep | undefined): SurprisalForm {
  if (step === undefined) return { kind: 'cross-entropy' };
  const [term] = step.terms;
  if (step.negativeTerms !== undefined || step.terms.length !== 1 || term?.coefficient !== 1) return { kind: 'other' };
  if ((term.shift ?? 0) > 0) return { kind: 'other' };
  if (term.order === 0) return term.power === 0 ? { kind: 'cross-entropy' } : { kind: 'focal', gamma: term.power };
  return term.power === 0 ? { kind: 'generalized', order: term.order } : { kind: 'other' };
}
