import type { Plan } from '../plan.js';
import { numberText } from './number-text.js';
import type { Explained } from './warnings.js';

/** Labels named in a warning. */
const NAMED_LABELS = 5;

/**
 * Smoothing before weights: u = w_c q'_c, whose optimum is p proportional to w_c q'_c. A wrong class is the optimum of
 * label y where w_y (1 - e + e / C) < max over c != y of w_c e / C.
 */
export function smoothedBeforeWeights({ plan, summary }: Explained): string | undefined {
  const { form, weights, smoothing, perLabel } = summary.chain;
  const e = smoothing?.value;
  if (form !== 'smoothed-weighted' || weights === undefined || e === undefined) return undefined;
  if (summary.surprisal.kind !== 'cross-entropy' || summary.custom) return undefined;
  if (summary.link === 'sigmoid')
    return perLabel ? smoothedNegatives([1, Math.max(...weights)], e) : smoothedNegatives(weights, e);
  return wrongOptima(allowedWeights(plan, weights), e);
}

/**
 * Labels whose optimum is a wrong class, or on the sigmoid link outcomes whose optimum is on the wrong side of one half;
 * none where the plan is no smoothing followed by weights.
 */
export function classesWithWrongOptimum(plan: Plan, summary: Explained['summary']): readonly number[] {
  const { form, weights, smoothing, perLabel } = summary.chain;
  const e = smoothing?.value;
  if (form !== 'smoothed-weighted' || weights === undefined || e === undefined) return [];
  if (summary.surprisal.kind !== 'cross-entropy' || summary.custom) return [];
  if (summary.link === 'softmax') return wrongClasses(allowedWeights(plan, weights), e).map(([label]) => label);
  const [negative = 1, positive = 1] = perLabel ? [1, Math.max(...weights)] : weights;
  const [light, heavy] = positive > negative ? [negative, positive] : [positive, negative];
  return heavy * e > light * (2 - e) ? [positive > negative ? 0 : 1] : [];
}

/** The weight of each class that the class masks leave. */
function allowedWeights(plan: Plan, weights: readonly number[]): ReadonlyMap<number, number> {
  const masks = plan.flatMap((step) => (step.kind === 'classMask' ? [step.allowed] : []));
  return new Map([...weights.entries()].filter(([index]) => masks.every((mask) => mask[index] === true)));
}

/** The rival is the heaviest class, which is never itself among the wrong. */
function wrongOptima(weights: ReadonlyMap<number, number>, e: number): string | undefined {
  const heaviest = heaviestOf(weights);
  const spread = e / weights.size;
  const wrong = wrongClasses(weights, e);
  const [first] = wrong;
  if (first === undefined || heaviest === undefined) return undefined;
  const [y, weight] = first;
  const total = [...weights.values()].reduce((sum, other) => sum + other * spread, weight * (1 - e));
  const optimum = rounded((weight * (1 - e + spread)) / total);
  return (
    `The weights act after the smoothing and make a wrong class the optimum for y = ${labelsText(wrong)}: ` +
    `at y = ${String(y)} the loss is least at p_${String(y)} = ${optimum}, with class ${String(heaviest[0])} above it. ` +
    'classWeighted(labelSmoothed(...)) weighs the row by its label instead.'
  );
}

function heaviestOf(weights: ReadonlyMap<number, number>): readonly [label: number, weight: number] | undefined {
  return [...weights].sort(([, one], [, other]) => other - one)[0];
}

function wrongClasses(weights: ReadonlyMap<number, number>, e: number): readonly (readonly [number, number])[] {
  const heaviest = heaviestOf(weights);
  const spread = e / weights.size;
  return [...weights].filter(
    ([, weight]) => heaviest !== undefined && weight * (1 - e + spread) < heaviest[1] * spread,
  );
}

function labelsText(wrong: readonly (readonly [label: number, weight: number])[]): string {
  const labels = wrong.slice(0, NAMED_LABELS).map(([label]) => String(label));
  return [...labels, ...(wrong.length > NAMED_LABELS ? ['...'] : [])].join(', ');
}

function smoothedNegatives([negative = 1, positive = 1]: readonly number[], e: number): string | undefined {
  if (negative === positive) return undefined;
  const [from, light, heavy] =
    positive > negative ? ['negatives', negative, positive] : ['positives', positive, negative];
  const mass = (heavy * e) / 2;
  const wrong = mass / (mass + light * (1 - e / 2));
  const p = rounded(from === 'negatives' ? wrong : 1 - wrong);
  const remark = wrong > 0.5 ? ', the wrong side of 0.5' : '';
  return (
    `The weights act after the smoothing and drive ${from} to p = ${p} (without weights ${rounded(from === 'negatives' ? e / 2 : 1 - e / 2)})${remark}. ` +
    'With the smoothing inside, as in positiveWeighted(labelSmoothed(...)), the optimum is that of the smoothed target.'
  );
}

function rounded(value: number): string {
  return numberText(Number(value.toPrecision(3)));
}
