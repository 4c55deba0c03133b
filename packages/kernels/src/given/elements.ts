import type { Fault, Problem, Session, SurprisalTerm, Tile } from '@surprisal/core';
import { elementaryFunctions } from './elementary-functions.js';
import { exp, expm1, log, log1p } from '../scalar/index.js';
import {
  createElementStage,
  loadElements,
  releaseElements,
  storeElements,
  type ElementStage,
} from '../sigmoid/element-stage.js';
import { fillMasses } from '../sigmoid/outcome-masses.js';
import { clearPair, pairValue } from '../stage/block-sums.js';
import { withoutNegativeZero } from '../stage/negative-zero.js';
import { addSurprisals, createOutcomes, type Outcomes } from './outcome-costs.js';
import { shiftedSlope } from './surprisal-terms.js';

interface GivenElements {
  readonly problem: Problem;
  readonly stage: ElementStage;
  /** [negative, positive] of the element at hand. */
  readonly outcomes: Outcomes;
}

const LN2 = 0.6931471805599453;

/**
 * Elements given as the probability p of the positive outcome, or as its logarithm, in place of logits:
 *
 *     loss = u1 psi(log p) + u0 psi(log(1 - p))
 *     gradient = u1 psi'(l1) / p - u0 psi'(l0) / (1 - p), times p where l = log p is given
 *
 * With `clip` neither outcome's probability is below it, and one that was raised has no part in the gradient.
 */
export function openGivenElements(problem: Problem, tileSize: number): Session {
  const stage = createElementStage(problem, tileSize);
  const elements: GivenElements = { problem, stage, outcomes: createOutcomes(2) };
  return { capacity: stage.capacity, run: (tile) => runGivenElements(elements, tile) };
}

function runGivenElements(elements: GivenElements, tile: Tile): Fault | undefined {
  const { problem, stage } = elements;
  loadElements(stage, tile);
  fillMasses(problem.plan, problem.layout, tile, stage.positive, stage.negative);
  const fault = findFault(elements, tile);
  if (fault === undefined) {
    for (let i = 0; i < tile.count; i++) runGivenElement(elements, tile, i);
    storeElements(stage, tile);
  }
  releaseElements(stage);
  return fault;
}

function findFault({ problem, stage }: GivenElements, { first, count }: Tile): Fault | undefined {
  const areProbabilities = problem.input === 'probabilities';
  for (let i = 0; i < count; i++) {
    const value = stage.z[i];
    if (areProbabilities ? value >= 0 && value <= 1 : value <= 0) continue;
    if (Number.isNaN(value) && problem.propagate) continue;
    const kind = areProbabilities || value < Infinity ? 'range' : 'number';
    return { kind, position: first + i, value };
  }
  return undefined;
}

function runGivenElement(elements: GivenElements, tile: Tile, i: number): void {
  const { problem, stage, outcomes } = elements;
  const value = stage.z[i];
  if (tile.keep[i] === 0 || Number.isNaN(value)) {
    tile.losses[i] = tile.keep[i] === 0 ? 0 : NaN;
    stage.q[i] = tile.losses[i];
    return;
  }
  setGivenOutcomes(outcomes, problem, value);
  if (problem.clip > 0) raiseTo(problem.clip, outcomes);
  outcomes.masses[0] = stage.negative[i];
  outcomes.masses[1] = stage.positive[i];
  outcomes.slopes.fill(0);
  const { terms, negativeTerms, customs } = problem.plan;
  clearPair(stage.pair);
  addSurprisals(negativeTerms, outcomes, 0, 1, stage.pair);
  addSurprisals(terms, outcomes, 1, 1, stage.pair);
  tile.losses[i] = pairValue(stage.pair);
  const part = { ...outcomes, weights: tile.weights.subarray(i, i + 1), losses: tile.losses.subarray(i, i + 1) };
  for (const { rule, parameters } of customs) rule({ rows: 1, outcomes: 2, ...part }, parameters, elementaryFunctions);
  const gradient = problem.gradientScale * gradientOf(problem, outcomes, value);
  stage.q[i] = withoutNegativeZero(gradient, stage.tiny);
}

/** Log-probabilities, probabilities and complements [negative, positive] of an element. */
export function setGivenOutcomes(outcomes: Outcomes, { input, clip }: Problem, value: number): void {
  if (input === 'probabilities') setProbabilities(outcomes, value, clip);
  else setLogProbabilities(outcomes, value);
}

function setProbabilities({ logProbabilities, probabilities, complements }: Outcomes, p: number, clip: number): void {
  // log1p keeps the digits of a small p that 1 - p rounds away.
  logProbabilities[0] = 1 - p < clip ? log(clip) : log1p(-p);
  logProbabilities[1] = log(Math.max(p, clip));
  probabilities[0] = complements[1] = 1 - p;
  probabilities[1] = complements[0] = p;
}

/** Costs are those of the raised probability in whole, as they are of classes. */
function raiseTo(clip: number, { probabilities, complements }: Outcomes): void {
  for (let outcome = 0; outcome < 2; outcome++) {
    if (probabilities[outcome] >= clip) continue;
    probabilities[outcome] = clip;
    complements[outcome] = 1 - clip;
  }
}

/** log(1 - exp(l)): of the two forms the one that does not cancel (M. Maechler, "Accurately computing log(1 - exp(-|a|))", 2012). */
function setLogProbabilities({ logProbabilities, probabilities, complements }: Outcomes, l: number): void {
  const p = exp(l);
  const rest = -expm1(l);
  logProbabilities[0] = l > -LN2 ? log(rest) : log1p(-p);
  logProbabilities[1] = l;
  probabilities[0] = complements[1] = rest;
  probabilities[1] = complements[0] = p;
}

function gradientOf({ input, clip, plan }: Problem, outcomes: Outcomes, value: number): number {
  const { slopes, probabilities } = outcomes;
  if (input === 'log-probabilities') {
    // By l1, of which l0 = log(1 - p1) has the derivative -p1 / p0.
    return slopes[1] - probabilities[1] * byProbability(outcomes, 0, plan.negativeTerms);
  }
  const of1 = value < clip ? 0 : byProbability(outcomes, 1, plan.terms);
  const of0 = 1 - value < clip ? 0 : byProbability(outcomes, 0, plan.negativeTerms);
  return of1 - of0;
}

/** The slope of an outcome by its p in place of l. */
function byProbability({ slopes, probabilities, masses }: Outcomes, outcome: 0 | 1, terms: readonly SurprisalTerm[]) {
  const p = probabilities[outcome];
  if (slopes[outcome] !== 0) return slopes[outcome] / p;
  return p === 0 && masses[outcome] !== 0 ? masses[outcome] * shiftedSlope(terms, 0, 1) : 0;
}
