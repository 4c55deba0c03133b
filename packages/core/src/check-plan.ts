import type { LinkName } from './engine.js';
import { kindError, rangeError, show } from './errors.js';
import type { Plan, Step, SurprisalStep } from './plan.js';

/** Where a step may stand, and how long its vectors over the outcomes are. */
interface StepRule {
  readonly links: readonly LinkName[];
  /** The name a user knows the vector by, and its length. */
  readonly vector: (step: never) => { readonly argument: string; readonly length: number } | undefined;
}

const BOTH: readonly LinkName[] = ['softmax', 'sigmoid'];
const NONE = (): undefined => undefined;

/** Every kind this version of core knows; it refuses the others, since a step it skipped would change the loss silently. */
const STEP_RULES: Readonly<Record<Step['kind'], StepRule>> = {
  scale: {
    links: BOTH,
    vector: (step: Step & { kind: 'scale' }) =>
      step.by === 'outcome' ? { argument: 'weights', length: step.weights.length } : undefined,
  },
  mix: {
    links: BOTH,
    vector: (step: Step & { kind: 'mix' }) => step.towards && { argument: 'towards', length: step.towards.length },
  },
  affine: {
    links: BOTH,
    vector: (step: Step & { kind: 'affine' }) => step.offsets && { argument: 'offsets', length: step.offsets.length },
  },
  softcap: { links: BOTH, vector: NONE },
  classMask: {
    links: ['softmax'],
    vector: (step: Step & { kind: 'classMask' }) => ({ argument: 'allowed', length: step.allowed.length }),
  },
  margin: {
    links: BOTH,
    vector: (step: Step & { kind: 'margin' }) => ({ argument: 'margins', length: step.margins.length }),
  },
  surprisal: { links: BOTH, vector: NONE },
  partition: { links: BOTH, vector: NONE },
  custom: { links: BOTH, vector: NONE },
};

/**
 * Checks that a plan makes sense for a link, and returns the class count that its vectors state, if any (for the
 * sigmoid link: the label count that its label weights state).
 *
 * @throws TypeError for a step this core does not know, a step that the link cannot have, or a second surprisal;
 * RangeError for vectors of lengths that disagree, or a shift outside [0, 1].
 */
export function checkPlan(of: string, plan: Plan, link: LinkName, stated: number | undefined): number | undefined {
  let count = stated;
  for (const step of plan) {
    const rule = (STEP_RULES as Readonly<Record<string, StepRule | undefined>>)[step.kind];
    if (rule === undefined) throw unknownStep(of, step);
    if (!rule.links.includes(link))
      throw kindError({
        of,
        argument: 'loss',
        requirement: `a loss with the ${rule.links.join(' or ')} link for a step '${step.kind}'`,
        got: `one with the ${link} link`,
      });
    const vector = rule.vector(step as never);
    if (vector !== undefined) count = link === 'softmax' ? agree(of, vector, count) : twoOutcomes(of, vector, count);
    if (step.kind === 'scale' && step.by === 'label') count = agreeOnLabels(of, step.weights.length, link, count);
    if (step.kind === 'surprisal') checkSurprisal(of, step, link);
  }
  refuseSecondSurprisal(of, plan);
  return count;
}

function unknownStep(of: string, step: unknown): TypeError {
  const kind = (step as { kind?: unknown } | null)?.kind;
  return kindError({
    of,
    argument: 'plan',
    requirement: `steps of the kinds ${Object.keys(STEP_RULES).join(', ')}`,
    got: show(kind),
    fix: 'a newer @surprisal/core may know it',
  });
}

function agree(of: string, vector: { argument: string; length: number }, count: number | undefined): number {
  if (count === undefined || count === vector.length) return vector.length;
  throw rangeError({
    of,
    argument: vector.argument,
    requirement: `${String(count)} numbers, one per class`,
    got: String(vector.length),
  });
}

function twoOutcomes(
  of: string,
  vector: { argument: string; length: number },
  count: number | undefined,
): number | undefined {
  if (vector.length === 2) return count;
  const fix =
    vector.argument === 'weights'
      ? 'weights per label of a multi-label row are the call option labelWeights'
      : undefined;
  throw rangeError({
    of,
    argument: vector.argument,
    requirement: '2 numbers for a binary loss, one per outcome [negative, positive]',
    got: String(vector.length),
    fix,
  });
}

function agreeOnLabels(of: string, length: number, link: LinkName, count: number | undefined): number {
  if (link !== 'sigmoid') throw sigmoidOnly(of, 'weights per label', link);
  if (count === undefined || count === length) return length;
  throw rangeError({
    of,
    argument: 'weight',
    requirement: `${String(count)} weights, one per label`,
    got: String(length),
  });
}

function checkSurprisal(of: string, { terms, negativeTerms }: SurprisalStep, link: LinkName): void {
  if (negativeTerms !== undefined && link !== 'sigmoid') throw sigmoidOnly(of, 'terms of the negative outcome', link);
  for (const { shift = 0 } of [...terms, ...(negativeTerms ?? [])]) {
    if (!(shift >= 0 && shift <= 1))
      throw rangeError({ of, argument: 'shift', requirement: 'a number in [0, 1] for a term', got: show(shift) });
    if (shift > 0 && link !== 'sigmoid') throw sigmoidOnly(of, 'terms with a shift', link);
  }
}

function sigmoidOnly(of: string, what: string, link: LinkName): TypeError {
  return kindError({
    of,
    argument: 'loss',
    requirement: `a loss with the sigmoid link for ${what}`,
    got: `one with the ${link} link`,
  });
}

function refuseSecondSurprisal(of: string, plan: Plan): void {
  const surprisals = plan.filter((step) => step.kind === 'surprisal' || (step.kind === 'custom' && step.replaces));
  if (surprisals.length < 2) return;
  throw kindError({
    of,
    argument: 'loss',
    requirement: 'a loss whose surprisal is still cross-entropy',
    got: 'one that already has another surprisal',
    fix: 'a plan has one surprisal: leave one of the two wrappers out',
  });
}
