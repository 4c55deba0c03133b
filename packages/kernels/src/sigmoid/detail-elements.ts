import type {
  DetailEngine,
  DetailRequest,
  DetailSession,
  DetailTile,
  NumberSink,
  Problem,
  Tile,
} from '@surprisal/core';
import { createFloorStage, floorOf, type FloorStage } from '../details/floor.js';
import type { LogitCurve } from '../details/hessian.js';
import { fillLogitCurve } from '../details/logit-curve.js';
import { surprisalCurvature } from '../details/surprisal-curvature.js';
import { setGivenOutcomes } from '../given/elements.js';
import { createOutcomes, type Outcomes } from '../given/outcome-costs.js';
import { surprisalSlope } from '../given/surprisal-terms.js';
import { roundsToZero, withoutNegativeZero } from '../stage/negative-zero.js';
import { exponentialsOfDistance } from './cross-entropy-passes.js';
import { createElementStage, loadElements, releaseElements, type ElementStage } from './element-stage.js';
import { pushOfPartition } from './general-element.js';
import { fillMasses } from './outcome-masses.js';
import { setOutcomes } from './outcome-probabilities.js';

interface DetailElements {
  readonly problem: Problem;
  readonly request: DetailRequest;
  readonly stage: ElementStage;
  /** Whether probabilities come in, and whether they are needed. */
  readonly given: boolean;
  readonly needsOutcomes: boolean;
  /** [negative, positive] of the element at hand. */
  readonly outcomes: Outcomes;
  readonly floors: FloorStage;
  /** Of the elements of a tile. */
  readonly raw: Float64Array;
  readonly curve: LogitCurve;
  readonly probabilities: Float64Array;
  readonly curvatures: Float64Array;
}

const TILE = 1024;

/** Details of elements, in the arithmetic of the TypeScript engine. */
export const detailEngine: DetailEngine = { name: 'typescript', open: openDetailElements };

function openDetailElements(problem: Problem, request: DetailRequest): DetailSession {
  const stage = createElementStage(problem, TILE);
  const given = problem.input !== 'logits';
  const { confidences, floors, probabilities, hessianDiagonal } = request;
  const room = (): Float64Array => new Float64Array(stage.capacity);
  const elements: DetailElements = {
    problem,
    request,
    stage,
    given,
    needsOutcomes: given || confidences || floors || probabilities !== undefined || hessianDiagonal !== undefined,
    outcomes: createOutcomes(2),
    floors: createFloorStage(2),
    raw: room(),
    curve: { slopes: room(), curvatures: room() },
    probabilities: room(),
    curvatures: room(),
  };
  return { capacity: stage.capacity, run: (tile, into) => runDetails(elements, tile, into) };
}

function runDetails(elements: DetailElements, tile: Tile, into: DetailTile): void {
  const { problem, stage, request, raw, curve } = elements;
  const { plan, layout, logits } = problem;
  loadElements(stage, tile);
  if (elements.needsOutcomes) {
    fillMasses(plan, layout, tile, stage.positive, stage.negative);
    if (!elements.given) exponentialsOfDistance(stage.z, stage.q, tile.count);
  }
  if (request.hessianDiagonal !== undefined) {
    logits.read(tile.first, tile.count, raw);
    fillLogitCurve(plan.logitSteps, raw, 0, curve, ([negative, positive]) => positive - negative);
  }
  for (let i = 0; i < tile.count; i++) {
    if (tile.keep[i] === 0) fillDetails(elements, i, into, 0);
    else if (Number.isNaN(stage.z[i])) fillDetails(elements, i, into, NaN);
    else runElement(elements, tile, i, into);
  }
  releaseElements(stage);
  store(request.probabilities, elements.probabilities, tile);
  store(request.hessianDiagonal, elements.curvatures, tile);
}

function runElement(elements: DetailElements, tile: Tile, i: number, into: DetailTile): void {
  const { request, stage, given, needsOutcomes, outcomes, floors, probabilities, problem, curvatures } = elements;
  // Near z = 0 both probabilities round to one half.
  if (request.predictions && !given) into.predicted[i] = stage.z[i] > 0 ? 1 : 0;
  if (!needsOutcomes) return;
  writeOutcomes(elements, i);
  const [negative, positive] = outcomes.probabilities;
  if (request.predictions && given) into.predicted[i] = positive > negative ? 1 : 0;
  if (request.confidences) into.confidences[i] = Math.max(positive, negative);
  if (request.floors) {
    const { floor, excess } = floorOf(floors, outcomes, true);
    into.floors[i] = floor;
    into.excesses[i] = excess;
  }
  probabilities[i] = positive;
  if (request.hessianDiagonal === undefined) return;
  const tiny = roundsToZero(request.hessianDiagonal.type);
  curvatures[i] = withoutNegativeZero(problem.gradientScale * hessianOf(elements, tile, i), tiny);
}

function writeOutcomes({ problem, stage, outcomes }: DetailElements, i: number): void {
  const { logProbabilities, probabilities, complements, masses } = outcomes;
  if (problem.input !== 'logits') setGivenOutcomes(outcomes, problem, stage.z[i]);
  else {
    setOutcomes(stage.outcomes, stage.z[i], stage.q[i]);
    const { cost1, cost0, p1, p0 } = stage.outcomes;
    logProbabilities[0] = -cost0;
    logProbabilities[1] = -cost1;
    probabilities[0] = complements[1] = p0;
    probabilities[1] = complements[0] = p1;
  }
  masses[0] = stage.negative[i];
  masses[1] = stage.positive[i];
}

/**
 * With p1 the probability of the positive outcome, p0 of the other, and lse = -log p0:
 *
 *     g = u1 psi'(l1) p0 - u0 psi'(l0) p1 + T lse p1
 *     h = u1 (psi''(l1) p0^2 - psi'(l1) p0 p1) + u0 (psi''(l0) p1^2 - psi'(l0) p0 p1) + T (p1^2 + lse p0 p1)
 */
function hessianOf({ problem, outcomes, curve }: DetailElements, tile: Tile, i: number): number {
  const { terms, negativeTerms, partition } = problem.plan;
  const { logProbabilities, probabilities, masses } = outcomes;
  const [p0, p1] = probabilities;
  const [l0, l1] = logProbabilities;
  const [u0, u1] = masses;
  const push = 2 * pushOfPartition(partition, tile, i);
  let gradient = push === 0 ? 0 : push * -l0 * p1;
  let value = push === 0 ? 0 : push * (p1 * p1 - l0 * p0 * p1);
  if (u1 !== 0) {
    const slope = u1 * surprisalSlope(terms, l1, p1, p0);
    gradient += slope * p0;
    value += u1 * surprisalCurvature(terms, l1, p1, p0) * p0 - slope * p0 * p1;
  }
  if (u0 !== 0) {
    const slope = u0 * surprisalSlope(negativeTerms, l0, p0, p1);
    gradient -= slope * p1;
    value += u0 * surprisalCurvature(negativeTerms, l0, p0, p1) * p1 - slope * p0 * p1;
  }
  const factor = curve.slopes[i];
  return value * factor * factor + (curve.curvatures[i] === 0 ? 0 : gradient * curve.curvatures[i]);
}

function fillDetails(
  { request, probabilities, curvatures }: DetailElements,
  i: number,
  into: DetailTile,
  value: number,
): void {
  if (request.predictions) into.predicted[i] = -1;
  if (request.confidences) into.confidences[i] = NaN;
  if (request.floors) into.floors[i] = into.excesses[i] = value;
  probabilities[i] = curvatures[i] = value;
}

function store(sink: NumberSink | undefined, values: Float64Array, { first, count }: Tile): void {
  sink?.write(values, count, first);
}
