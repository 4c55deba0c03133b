import type { Loss } from '@surprisal/core';
import {
  doubleDoubleSigmoidElement,
  doubleDoubleSoftmaxRow,
  exactDecimal,
  pairsOf,
  type MassPairs,
} from '@surprisal/reference';
import { exactLoss } from '../exact-row.js';
import { exactTarget } from '../exact-target.js';

/** A row's exact loss and gradient as pairs of doubles, and in whose units in the last place the gradient's errors count. */
export interface ExactPairs {
  readonly loss: readonly [high: number, low: number];
  readonly gradientHigh: ArrayLike<number>;
  readonly gradientLow: ArrayLike<number>;
  readonly scale: ArrayLike<number>;
}

/** Exact results of a row with a label, or with a row of probabilities. */
export interface ExactRows {
  readonly ofRow: (logits: ArrayLike<number>, target: number | ArrayLike<number>) => ExactPairs;
  /** Logits that a second or so suffices for. */
  readonly affordable: number;
}

/**
 * Exact results of a loss. Cross-entropy with any target steps takes double-double arithmetic, a microsecond a logit;
 * other plans take Decimal, a millisecond a logit. Undefined for what has no exact form.
 */
export function exactRows(loss: Loss): ExactRows | undefined {
  const { plan, link } = loss;
  const plain = plan?.every(({ kind }) => kind === 'scale' || kind === 'mix') ?? false;
  if (plan !== undefined && plain) {
    const target = rememberedTarget(plan);
    const ofRow = link.name === 'sigmoid' ? pairElement(target) : pairRow(target);
    return { ofRow, affordable: 40_000 };
  }
  const exact = exactLoss(loss);
  if (exact === undefined) return undefined;
  return { ofRow: (logits, target) => decimalRow(exact, logits, target), affordable: 1000 };
}

type TargetOf = (target: number | ArrayLike<number>, outcomes: number) => MassPairs;

/** Target measures of labels, made once each: a smoothed one has as many masses as there are classes. */
function rememberedTarget(plan: NonNullable<Loss['plan']>): TargetOf {
  const made = new Map<number, MassPairs>();
  return (target, outcomes) => {
    if (typeof target !== 'number') return pairsOf(target);
    const pairs = made.get(target) ?? pairsOf(exactTarget(plan, target, outcomes));
    if (made.size < 64) made.set(target, pairs);
    return pairs;
  };
}

function pairRow(targetOf: TargetOf): ExactRows['ofRow'] {
  return (logits, target) => {
    const u = targetOf(target, logits.length);
    const into = {
      loss: new Float64Array(2),
      gradientHigh: new Float64Array(logits.length),
      gradientLow: new Float64Array(logits.length),
    };
    doubleDoubleSoftmaxRow(logits, u, into);
    const single = Array.from(u.high).filter((mass) => mass !== 0).length === 1;
    // |u| p + u = gradient + 2 u; where one class has all the mass nothing cancels.
    const scale = into.gradientHigh.map((element, index) => (single ? element : element + 2 * (u.high[index] ?? 0)));
    return { ...into, loss: [into.loss[0] ?? NaN, into.loss[1] ?? NaN], scale };
  };
}

function pairElement(targetOf: TargetOf): ExactRows['ofRow'] {
  return (logits, target) => {
    const logit = logits[0] ?? NaN;
    const u = targetOf(typeof target === 'number' ? target : [1 - (target[0] ?? NaN), target[0] ?? NaN], 2);
    const [negative, positive] = [0, 1].map((side) => [u.high[side] ?? NaN, u.low[side] ?? NaN] as const) as [
      Pair,
      Pair,
    ];
    const into = new Float64Array(4);
    doubleDoubleSigmoidElement(logit, ...positive, ...negative, into);
    const [loss = NaN, lossLow = NaN, gradient = NaN, gradientLow = NaN] = into;
    const single = positive[0] === 0 || negative[0] === 0;
    const scale = single ? gradient : Math.abs(gradient) + 2 * positive[0];
    return { loss: [loss, lossLow], gradientHigh: [gradient], gradientLow: [gradientLow], scale: [scale] };
  };
}

type Pair = readonly [high: number, low: number];

function decimalRow(
  exact: NonNullable<ReturnType<typeof exactLoss>>,
  logits: ArrayLike<number>,
  target: number | ArrayLike<number>,
): ExactPairs {
  const { loss, gradient, scale } = exact(logits, target);
  const pairs = pairsOf([loss, ...gradient].map(exactDecimal));
  return {
    loss: [pairs.high[0] ?? NaN, pairs.low[0] ?? NaN],
    gradientHigh: pairs.high.subarray(1),
    gradientLow: pairs.low.subarray(1),
    scale: scale.map(Number),
  };
}
