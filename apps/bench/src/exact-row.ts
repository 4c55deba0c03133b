import type { Loss, MarginStep, Plan, SoftcapStep, SurprisalTerm } from '@surprisal/core';
import { exactDecimal, exactSigmoidElement, exactSoftmaxRow } from '@surprisal/reference';
import { Decimal } from 'decimal.js';
import { exactTarget } from './exact-target.js';
import { gradientScale } from './gradient-scale.js';

/** What a loss and its gradient are, to 30 digits and more. */
export interface ExactResult {
  readonly loss: Decimal;
  /** By each logit of the row. */
  readonly gradient: readonly Decimal[];
  /** In whose units in the last place an error of the gradient counts: its own, or that of the two sides of a difference. */
  readonly scale: readonly Decimal[];
}

/** Exact results of the rows of one loss, by their logits and label or, over classes, probabilities. */
export type ExactLoss = (logits: ArrayLike<number>, target: number | ArrayLike<number>) => ExactResult;

/** A logit after the steps of a plan, and its derivative by the logit as given. */
interface Transformed {
  readonly logit: Decimal;
  readonly slope: Decimal;
}

/** Enough for logits whose differences are then taken, and their exponentials. */
const Numbers = Decimal.clone({ precision: 120, minE: -9e15, maxE: 9e15 });

const CROSS_ENTROPY: readonly SurprisalTerm[] = [{ coefficient: 1, power: 0, order: 0 }];

/**
 * The exact results of a loss, read from its plan: nothing of how the loss is computed is used. Undefined for a loss
 * that a plan does not say: one with a tile rule, or a custom step.
 */
export function exactLoss({ link, plan }: Loss): ExactLoss | undefined {
  if (plan === undefined || plan.some((step) => step.kind === 'custom')) return undefined;
  const surprisal = plan.find((step) => step.kind === 'surprisal');
  const terms = surprisal?.terms ?? CROSS_ENTROPY;
  const negativeTerms = surprisal?.negativeTerms ?? terms;
  const partition = plan.reduce((sum, step) => sum + (step.kind === 'partition' ? step.strength : 0), 0);
  const measures = new Map<number, Decimal[]>();
  const measureOf = (target: number | ArrayLike<number>, classes: number): Decimal[] => {
    if (typeof target !== 'number') return exactTarget(plan, target, classes);
    const measure = measures.get(target) ?? exactTarget(plan, target, classes);
    measures.set(target, measure);
    return measure;
  };
  if (link.name === 'softmax')
    return (logits, target) => {
      const measure = measureOf(target, logits.length);
      // A margin, which needs a label, moves none of a row of probabilities.
      const label = typeof target === 'number' ? target : -1;
      const row = Array.from(logits, (logit, index) => throughLogitSteps(plan, logit, index, label));
      const z = row.map(({ logit }) => logit);
      const exact = exactSoftmaxRow(z, measure, { terms, partition });
      const scale = gradientScale(z, measure, exact.gradient, [terms], partition);
      return { loss: exact.loss, gradient: timesSlopes(exact.gradient, row), scale: timesSlopes(scale, row) };
    };
  return (logits, label) => {
    if (typeof label !== 'number') throw new TypeError('"target" expected a number, that of an element, got a row');
    const measure = measureOf(label, 2);
    const [negative = exactDecimal(0), positive = exactDecimal(0)] = measure;
    const row = [throughBinarySteps(plan, logits[0] ?? NaN, label)];
    const z = row.map(({ logit }) => logit);
    // One call for each outcome: they may have surprisals of their own.
    const one = exactSigmoidElement(z[0] ?? NaN, positive, 0, { terms, partition });
    const zero = exactSigmoidElement(z[0] ?? NaN, 0, negative, { terms: negativeTerms });
    const gradient = one.gradient.plus(zero.gradient);
    const scale = gradientScale(
      [exactDecimal(0), ...z],
      measure,
      [gradient.neg(), gradient],
      [negativeTerms, terms],
      partition,
    );
    return {
      loss: one.loss.plus(zero.loss),
      gradient: timesSlopes([gradient], row),
      scale: timesSlopes(scale.slice(1), row),
    };
  };
}

function timesSlopes(values: readonly Decimal[], row: readonly Transformed[]): Decimal[] {
  return values.map((value, index) => value.times(row[index]?.slope ?? 1));
}

/** The logit steps for class `index` of a row with this label. */
function throughLogitSteps(plan: Plan, given: number, index: number, label: number): Transformed {
  let [logit, slope] = [exactDecimal(given), exactDecimal(1)];
  for (const step of plan) {
    if (step.kind === 'classMask' && step.allowed[index] !== true) {
      [logit, slope] = [exactDecimal(-Infinity), exactDecimal(0)];
    }
    if (step.kind === 'margin' && index === label) logit = logit.minus(exactDecimal(step.margins[index] ?? 0));
    if (step.kind === 'affine') {
      logit = logit.times(exactDecimal(step.scale)).plus(exactDecimal(step.offsets?.[index] ?? 0));
      slope = slope.times(exactDecimal(step.scale));
    }
    if (step.kind === 'softcap' && logit.isFinite()) ({ logit, slope } = capped({ logit, slope }, step));
  }
  return { logit, slope };
}

/** The logit steps for the one logit z of a sigmoid, which stands for the two logits (0, z). */
function throughBinarySteps(plan: Plan, given: number, label: number): Transformed {
  let [logit, slope] = [exactDecimal(given), exactDecimal(1)];
  for (const step of plan) {
    if (step.kind === 'margin') logit = logit.plus(binaryMargin(step, label));
    if (step.kind === 'affine') {
      const [negative = 0, positive = 0] = step.offsets ?? [];
      logit = logit.times(exactDecimal(step.scale)).plus(exactDecimal(positive)).minus(exactDecimal(negative));
      slope = slope.times(exactDecimal(step.scale));
    }
    if (step.kind === 'softcap' && logit.isFinite()) ({ logit, slope } = capped({ logit, slope }, step));
  }
  return { logit, slope };
}

/** A margin takes from the logit of the label: z for 1, and 0 for 0, which is to add to z. */
function binaryMargin({ margins }: MarginStep, label: number): Decimal {
  const margin = exactDecimal(margins[label] ?? 0);
  return label === 1 ? margin.neg() : margin;
}

/** cap tanh(z / cap) and its derivative 4 e / (1 + e)^2, e = exp(-2 |z| / cap). */
function capped({ logit, slope }: Transformed, { cap }: SoftcapStep): Transformed {
  const ratio = Numbers.div(logit, exactDecimal(cap));
  const e = Numbers.exp(ratio.abs().times(-2));
  const tanh = Numbers.div(Numbers.sub(1, e), Numbers.add(1, e)).times(ratio.isNegative() ? -1 : 1);
  const derivative = Numbers.div(e.times(4), Numbers.add(1, e).pow(2));
  return { logit: tanh.times(exactDecimal(cap)), slope: slope.times(derivative) };
}
