import type { ResolvedPlan } from '@surprisal/core';
import type { Outcomes } from '../given/outcome-costs.js';
import { surprisalSlope } from '../given/surprisal-terms.js';
import { sumOf } from '../information/pair.js';
import { surprisalCurvature } from './surprisal-curvature.js';

/** How the logits that the link sees depend on those of the caller. */
export interface LogitCurve {
  /** d z' / d z and d^2 z' / d z^2 of each class. */
  readonly slopes: Float64Array;
  readonly curvatures: Float64Array;
}

/** What a partition term adds: 2 s strength and lse. */
export interface PartitionPush {
  readonly push: number;
  readonly lse: number;
}

/** Scratch of a row: u psi'' (1 - p) and u psi''. */
export interface HessianStage {
  readonly own: Float64Array;
  readonly curvatures: Float64Array;
}

export function createHessianStage(classes: number): HessianStage {
  return { own: new Float64Array(classes), curvatures: new Float64Array(classes) };
}

/**
 * Second derivatives of a softmax row by each logit z_j, with g_j and h_j those by the logits z'_j that the steps make:
 *
 *     g_j = u_j psi'_j (1 - p_j) - p_j (S1 - u_j psi'_j) + T lse p_j
 *     h_j = u_j psi''_j (1 - p_j)^2 + p_j^2 (S2 - u_j psi''_j) - p_j (1 - p_j) S1 + T (p_j^2 + lse p_j (1 - p_j))
 *     d^2 loss / dz_j^2 = h_j (dz'_j/dz_j)^2 + g_j d^2 z'_j/dz_j^2
 *
 * with S1 = sum u psi', S2 = sum u psi'', T = 2 s strength. Of cross-entropy it is |u| p_j (1 - p_j).
 */
export function fillHessian(
  stage: HessianStage,
  outcomes: Outcomes,
  plan: Pick<ResolvedPlan, 'terms' | 'crossEntropy'>,
  { push, lse }: PartitionPush,
  curve: LogitCurve | undefined,
): void {
  const { probabilities, complements, slopes } = outcomes;
  const { own, curvatures } = stage;
  addDerivatives(stage, outcomes, plan);
  const top = indexOfLargest(probabilities, own.length);
  const slope = sumAround(slopes, top, own.length);
  const curvature = sumAround(curvatures, top, own.length);
  const pull = slope.total - push * lse;
  for (let j = 0; j < own.length; j++) {
    const p = probabilities[j];
    const rest = complements[j];
    const others = p === 0 ? 0 : p * (p * othersOf(curvature, curvatures, j, top));
    const value = own[j] * rest + others - p * rest * pull + push * p * p;
    if (curve === undefined) own[j] = value;
    else own[j] = bent(value, slopes[j] * rest - p * (othersOf(slope, slopes, j, top) - push * lse), curve, j);
  }
}

/** The chain rule through logit steps; 0 of a masked class, whatever it would be. */
function bent(value: number, gradient: number, { slopes, curvatures }: LogitCurve, j: number): number {
  if (slopes[j] === 0) return 0;
  return value * slopes[j] * slopes[j] + (curvatures[j] === 0 ? 0 : gradient * curvatures[j]);
}

/** A sum, and the sum without the most probable class: the only one that counts where one number exceeds all others. */
interface SumAround {
  readonly total: number;
  readonly withoutTop: number;
}

function sumAround(values: Float64Array, top: number, count: number): SumAround {
  const before = sumOf(values, 0, top);
  const after = sumOf(values, top + 1, count - top - 1);
  const withoutTop = before.high + after.high;
  return { total: withoutTop + values[top], withoutTop };
}

function othersOf({ total, withoutTop }: SumAround, values: Float64Array, j: number, top: number): number {
  return j === top ? withoutTop : total - values[j];
}

function indexOfLargest(values: Float64Array, count: number): number {
  let largest = 0;
  for (let j = 1; j < count; j++) if (values[j] > values[largest]) largest = j;
  return largest;
}

/** u psi' into the slopes of the outcomes, u psi'' (1 - p) and u psi'' into the stage. */
function addDerivatives(
  { own, curvatures }: HessianStage,
  { masses, logProbabilities, probabilities, complements, slopes }: Outcomes,
  { terms, crossEntropy }: Pick<ResolvedPlan, 'terms' | 'crossEntropy'>,
): void {
  for (let j = 0; j < own.length; j++) {
    const mass = masses[j];
    const plain = mass === 0 || crossEntropy;
    const [l, p, rest] = [logProbabilities[j], probabilities[j], complements[j]];
    slopes[j] = plain ? -mass : mass * surprisalSlope(terms, l, p, rest);
    own[j] = plain ? 0 : mass * surprisalCurvature(terms, l, p, rest);
    curvatures[j] = own[j] === 0 ? 0 : own[j] / rest;
  }
}
