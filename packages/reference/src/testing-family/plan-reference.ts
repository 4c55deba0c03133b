import type { Loss, Plan, SurprisalTerm } from '@surprisal/core';
import { exp, tanh } from '@surprisal/kernels/scalar';
import type { Decimal } from 'decimal.js';
import {
  arithmetic,
  doubleDoubleTermsRow,
  exactDecimal,
  exactMeasure,
  pairsOf,
  type MassPairs,
  type FloatType,
  type ScaledPair,
  type TermsRow,
} from '../index.js';

const CROSS_ENTROPY: readonly SurprisalTerm[] = [{ coefficient: 1, power: 0, order: 0 }];
const Numbers = arithmetic(60);

/**
 * The results of one row (softmax link) or element, of whatever its plan says, in double-double arithmetic; from the logits
 * that its steps make, as doubles. Those of a soft cap are exact for float32; for float64 they are what the engines' own
 * tanh makes of them, since two of its last digits are more of a probability than is measured here.
 */
export function referenceRow(
  loss: Loss,
  given: ArrayLike<number>,
  target: number | ArrayLike<number>,
  type: FloatType,
): TermsRow {
  const plan = loss.plan ?? [];
  const cap = type === 'float32' ? cappedExactly : cappedByEngine;
  return loss.link.name === 'softmax'
    ? softmaxRow(plan, given, target, cap)
    : sigmoidElement(plan, given[0], Number(target), cap);
}

function softmaxRow(plan: Plan, given: ArrayLike<number>, target: number | ArrayLike<number>, cap: Capping): TermsRow {
  const row = Array.from(given, (logit, index) =>
    stepped(plan, logit, index, typeof target === 'number' ? target : -1, cap),
  );
  const logits = row.map(({ logit }) => logit);
  const scored = doubleDoubleTermsRow(logits, measureOf(plan, target, logits.length), optionsOf(plan));
  return withSlopes(scored, row);
}

function sigmoidElement(plan: Plan, given: number, target: number, cap: Capping): TermsRow {
  const { logit, slope } = binaryStepped(plan, given, target, cap);
  const masses = measureOf(plan, [1 - target, target], 2);
  const { loss, gradient } = doubleDoubleTermsRow([0, logit], masses, optionsOf(plan));
  return withSlopes({ loss, gradient: [gradient[1]] }, [{ logit, slope }]);
}

function optionsOf(plan: Plan) {
  const surprisal = plan.find((step) => step.kind === 'surprisal');
  const penalty = plan.find((step) => step.kind === 'custom' && step.plugin === 'confidence-penalized');
  const terms = surprisal?.terms ?? CROSS_ENTROPY;
  const negativeTerms = surprisal?.negativeTerms;
  return {
    terms: (outcome: number) => (outcome === 0 && negativeTerms !== undefined ? negativeTerms : terms),
    partition: plan.reduce((strength, step) => strength + (step.kind === 'partition' ? step.strength : 0), 0),
    negativeEntropy: penalty?.kind === 'custom' ? Number(penalty.parameters['strength']) : 0,
  };
}

const measures = new WeakMap<Plan, Map<string, MassPairs>>();

/** The target measure; rows with the same target, of which there are many, share it. */
function measureOf(plan: Plan, target: number | ArrayLike<number>, outcomes: number): MassPairs {
  const made = measures.get(plan) ?? new Map<string, MassPairs>();
  measures.set(plan, made);
  const key = `${JSON.stringify(target)} of ${outcomes}`;
  const measure = made.get(key) ?? pairsOf(exactMeasureOf(plan, target, outcomes));
  made.set(key, measure);
  return measure;
}

function exactMeasureOf(plan: Plan, target: number | ArrayLike<number>, outcomes: number): Decimal[] {
  const steps = plan.flatMap((step) => (step.kind === 'scale' || step.kind === 'mix' ? [step] : []));
  const mask = plan.find((step) => step.kind === 'classMask')?.allowed;
  const measure = exactMeasure(
    target,
    outcomes,
    mask === undefined ? steps : steps.filter(({ kind }) => kind === 'scale'),
  );
  if (mask === undefined) return measure;
  // Smoothing spreads over the classes that the mask leaves.
  const smoothing = steps.find((step) => step.kind === 'mix')?.smoothing ?? 0;
  const total = measure.reduce((sum, mass) => sum.plus(mass), exactDecimal(0));
  const share = Numbers.div(Numbers.mul(total, exactDecimal(smoothing)), mask.filter(Boolean).length);
  return measure.map((mass, index) =>
    Numbers.add(Numbers.mul(mass, Numbers.sub(1, exactDecimal(smoothing))), mask[index] ? share : 0),
  );
}

/** A logit after some steps, and its derivative by the logit as given. */
interface Stepped {
  readonly logit: number;
  readonly slope: number;
}

function stepped(plan: Plan, given: number, index: number, label: number, cap: Capping): Stepped {
  return plan.reduce<Stepped>(
    ({ logit, slope }, step) => {
      if (step.kind === 'affine')
        return { logit: step.scale * logit + (step.offsets?.[index] ?? 0), slope: slope * step.scale };
      if (step.kind === 'margin') return { logit: index === label ? logit - (step.margins[index] ?? 0) : logit, slope };
      if (step.kind === 'classMask') return step.allowed[index] ? { logit, slope } : { logit: -Infinity, slope: 0 };
      return step.kind === 'softcap' ? cap({ logit, slope }, step.cap) : { logit, slope };
    },
    { logit: given, slope: 1 },
  );
}

function binaryStepped(plan: Plan, given: number, target: number, cap: Capping): Stepped {
  return plan.reduce<Stepped>(
    ({ logit, slope }, step) => {
      if (step.kind === 'affine') {
        const [negative = 0, positive = 0] = step.offsets ?? [];
        return { logit: step.scale * logit + (positive - negative), slope: slope * step.scale };
      }
      if (step.kind === 'margin')
        return { logit: target === 1 ? logit - (step.margins[1] ?? 0) : logit + (step.margins[0] ?? 0), slope };
      return step.kind === 'softcap' ? cap({ logit, slope }, step.cap) : { logit, slope };
    },
    { logit: given, slope: 1 },
  );
}

/** t tanh(z / t) of a finite logit, and the derivative. */
type Capping = (given: Stepped, cap: number) => Stepped;

function cappedExactly({ logit, slope }: Stepped, cap: number): Stepped {
  if (!Number.isFinite(logit)) return { logit, slope };
  const ratio = Numbers.div(exactDecimal(logit), exactDecimal(cap));
  const power = Numbers.exp(ratio.abs().times(-2));
  const tangent = Numbers.div(Numbers.sub(1, power), Numbers.add(1, power));
  const derivative = Numbers.div(power.times(4), Numbers.add(1, power).pow(2));
  return { logit: Math.sign(logit) * cap * Number(tangent), slope: slope * Number(derivative) };
}

function cappedByEngine({ logit, slope }: Stepped, cap: number): Stepped {
  if (!Number.isFinite(logit)) return { logit, slope };
  const power = exp(-2 * Math.abs(logit / cap));
  return { logit: cap * tanh(logit / cap), slope: (slope * (4 * power)) / ((1 + power) * (1 + power)) };
}

/** The chain rule. */
function withSlopes({ loss, gradient }: TermsRow, row: readonly Stepped[]): TermsRow {
  return { loss, gradient: gradient.map((element, index) => timesNumber(element, row[index].slope)) };
}

function timesNumber({ value: [high, low], scale }: ScaledPair, factor: number): ScaledPair {
  if (factor === 1) return { value: [high, low], scale };
  if (factor === 0) return { value: [0, 0], scale: 0 };
  const [a, b] = pairProduct(high, low, factor);
  return { value: [a, b], scale: scale * Math.abs(factor) };
}

function pairProduct(high: number, low: number, factor: number): readonly [number, number] {
  const { high: highs, low: lows } = pairsOf([
    Numbers.mul(exactDecimal(high).plus(exactDecimal(low)), exactDecimal(factor)),
  ]);
  return [highs[0], lows[0]];
}
