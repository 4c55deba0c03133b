import type { Problem, SurprisalTerm, Tile } from '@surprisal/core';
import { logarithmOfShifted, powerOfProbability } from '../given/surprisal-terms.js';
import { exp, expm1, pow } from '../scalar/index.js';
import {
  LOG_C2,
  LOG_C3,
  LOG_C4,
  LOG_C5,
  LOG_C6,
  LOG_C7,
  LOG_HIGH,
  LOG_LOW,
  LOG_RECIPROCAL,
} from '../scalar/log-parts.js';
import type { ElementStage } from './element-stage.js';
import { runGeneralElement } from './general-element.js';

/** The terms of both outcomes as a session's loop reads them. */
export interface StagedTerms {
  readonly ofOutcome: readonly [negative: readonly StagedTerm[], positive: readonly StagedTerm[]];
  /** Whether logits are float32 or float16, for which exp(a log(1 - p)) is as good as the power. */
  readonly narrow: boolean;
  /** psi and -d psi / dx of the outcome at hand. */
  readonly score: Float64Array;
}

interface StagedTerm {
  readonly coefficient: number;
  readonly power: number;
  /** Twice the power, where that is a small whole number; else -1. */
  readonly halves: number;
  readonly order: number;
  readonly shift: number;
}

/** Products of more factors lose more digits than a power does. */
const MOST_HALVES = 8;

export function stageTerms({ plan, logits }: Problem): StagedTerms {
  return {
    ofOutcome: [plan.negativeTerms.map(stageTerm), plan.terms.map(stageTerm)],
    narrow: logits.type !== 'float64',
    score: new Float64Array(2),
  };
}

function stageTerm({ coefficient, power, order, shift = 0 }: SurprisalTerm): StagedTerm {
  const isProduct = Number.isInteger(2 * power) && 2 * power <= MOST_HALVES;
  return { coefficient, power, halves: isProduct ? 2 * power : -1, order, shift };
}

/**
 * Losses and, in place of q, gradients of elements under terms: of each outcome with mass, with x = z or -z, p = sigmoid(x),
 *
 *     u psi,   psi = c (1 - p)^a T,   d psi / dx = -c (1 - p)^a ((1 - p) p^q + a p T)
 *
 * in which nothing cancels and nothing is divided. Infinite logits are done one by one.
 */
export function termsOfElements(terms: StagedTerms, problem: Problem, stage: ElementStage, tile: Tile): void {
  const { z, q, positive, negative, tiny } = stage;
  const { score } = terms;
  const scale = problem.gradientScale * stage.steps.scale;
  for (let i = 0; i < tile.count; i++) {
    const x = z[i];
    if (!(Math.abs(x) < Infinity)) {
      runGeneralElement(problem, stage, tile, i);
      continue;
    }
    const u1 = positive[i];
    const u0 = negative[i];
    let loss = 0;
    let gradient = 0;
    // The outcomes with mass. Labels are as hard to predict as signs: no branch.
    const last = Number(u0 === 0);
    for (let outcome = Number(u1 !== 0); outcome >= last; outcome--) {
      const sign = 2 * outcome - 1;
      const mass = outcome * u1 + (1 - outcome) * u0;
      scoreOutcome(terms, outcome, sign * x, q[i]);
      loss += mass * score[0];
      gradient -= sign * mass * score[1];
    }
    tile.losses[i] = loss;
    const scaled = gradient * scale;
    q[i] = Math.abs(scaled) > tiny ? scaled : 0;
  }
}

/** The score of an outcome with p = sigmoid(x), t = exp(-|x|). */
function scoreOutcome({ ofOutcome, narrow, score }: StagedTerms, outcome: number, x: number, t: number): void {
  const logarithm = log1pOfUnit(t);
  const below = Number(x < 0);
  const likely = 1 / (1 + t);
  const unlikely = t * likely;
  const p = likely * (1 - below) + unlikely * below;
  const complement = unlikely * (1 - below) + likely * below;
  // max(x, 0); halved first, since x + |x| overflows from 9e307 on.
  const above = x * 0.5 + Math.abs(x) * 0.5;
  const cost = above - x + logarithm;
  const costOfOther = above + logarithm;
  let psi = 0;
  let slope = 0;
  for (const term of ofOutcome[outcome]) {
    const { coefficient, power, order, shift } = term;
    let r = p;
    let rest = complement;
    let costOfR = cost;
    // dr / dx over r (1 - r).
    let chain = 1;
    if (shift !== 0) {
      rest = complement - shift;
      if (!(rest > 0)) continue;
      r = p + shift;
      costOfR = -logarithmOfShifted(r, rest);
      chain = ((p / r) * complement) / rest;
    }
    const modulation = coefficient * powerOf(term, rest, shift === 0 && narrow ? costOfOther : -1);
    let termCost = costOfR;
    let weighted = rest;
    if (order === 1) {
      termCost = rest;
      weighted = rest * r;
    } else if (order !== 0) {
      const root = narrow ? exp(-order * costOfR) : powerOfProbability(r, -costOfR, 0, order);
      weighted = rest * root;
      termCost = (narrow && root < 0.5 ? 1 - root : -expm1(-order * costOfR)) / order;
    }
    psi += modulation * termCost;
    slope += modulation * (weighted + power * r * termCost) * chain;
  }
  score[0] = psi;
  score[1] = slope;
}

/** rest^a; from -log(rest), where that is not negative, if products do not make it. */
function powerOf({ power, halves }: StagedTerm, rest: number, costOfOther: number): number {
  if (halves < 0) return costOfOther < 0 ? pow(rest, power) : exp(-power * costOfOther);
  if (halves === 4) return rest * rest;
  let product = (halves & 1) === 0 ? 1 : Math.sqrt(rest);
  for (let n = 2; n <= halves; n += 2) product *= rest;
  return product;
}

/** log(1 + t) for t in [0, 1]: the steps of `scalar/log1p.ts` but for the exact product, which costs 0.5 ulp. */
function log1pOfUnit(t: number): number {
  const k = (t * 64 + 0.5) | 0;
  const reciprocal = LOG_RECIPROCAL[k];
  const r = t * reciprocal + (reciprocal - 1);
  const square = r * r;
  const p = LOG_C2 + LOG_C3 * r + square * (LOG_C4 + LOG_C5 * r + square * (LOG_C6 + LOG_C7 * r));
  return LOG_HIGH[k] + (r + (LOG_LOW[k] + square * p));
}
