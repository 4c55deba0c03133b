import {
  readRows,
  writeRows,
  type DetailEngine,
  type DetailRequest,
  type DetailSession,
  type DetailTile,
  type NumberSink,
  type Problem,
  type Tile,
} from '@surprisal/core';
import { createFloorStage, floorOf, type FloorStage } from '../details/floor.js';
import { createHessianStage, fillHessian, type HessianStage, type LogitCurve } from '../details/hessian.js';
import { fillLogitCurve } from '../details/logit-curve.js';
import { writeGivenOutcomes } from '../given/class-rows.js';
import { createOutcomes, type Outcomes } from '../given/outcome-costs.js';
import { roundsToZero, withoutNegativeZero } from '../stage/negative-zero.js';
import { openProbabilityRows, storePrediction } from './probability-rows.js';
import { beginMeasure, createMeasureRows, loadMeasures, type MeasureRows } from './row-measures.js';
import { writeOutcomes } from './row-outcomes.js';
import { beginRow, exponentiateTile, loadTile } from './row-passes.js';
import { closeStage, openStage } from './row-stage.js';
import { logPartition, sumAroundTop } from './row-statistics.js';
import { indexOfLargest, openTargetClasses } from './target-classes.js';

interface DetailRows {
  readonly rows: MeasureRows;
  readonly request: DetailRequest;
  readonly given: boolean;
  /** The row at hand. */
  readonly outcomes: Outcomes;
  readonly floors: FloorStage | undefined;
  readonly hessian: HessianStage | undefined;
  readonly curve: LogitCurve | undefined;
  /** The rows of a tile as they will be written, and as the caller gave them. */
  readonly probabilities: Float64Array;
  readonly curvatures: Float64Array;
  readonly raw: Float64Array;
  readonly line: Float64Array;
}

/** Rows are staged whole, whatever their length. */
const SIZES = { tile: 4096, memory: Infinity };

/** Details of rows of classes, in the arithmetic of the TypeScript engine. */
export const detailEngine: DetailEngine = { name: 'typescript', open: openDetails };

/** The sessions that find what is asked for, run in turn. */
function openDetails(problem: Problem, request: DetailRequest): DetailSession {
  const sessions: DetailSession[] = [];
  if (request.truths) sessions.push(openTargetClasses(problem, SIZES.tile));
  if (needsOutcomes(problem, request)) sessions.push(openDetailRows(problem, request));
  else if (asksForProbabilities(request)) sessions.push(openProbabilityRows(problem, SIZES, request));
  return {
    capacity: Math.min(...sessions.map(({ capacity }) => capacity)),
    run: (tile, into) => sessions.forEach((session) => session.run(tile, into)),
  };
}

/** Whether masses and log-probabilities are needed, or those that were given. */
function needsOutcomes({ input }: Problem, request: DetailRequest): boolean {
  const { floors, hessianDiagonal } = request;
  return floors || hessianDiagonal !== undefined || (input !== 'logits' && asksForProbabilities(request));
}

function asksForProbabilities({ predictions, confidences, probabilities }: DetailRequest): boolean {
  return predictions || confidences || probabilities !== undefined;
}

function openDetailRows(problem: Problem, request: DetailRequest): DetailSession {
  const rows = createMeasureRows(problem, SIZES, 1);
  const { capacity, classes } = rows.stage;
  const room = (asked: unknown, count = capacity * classes): Float64Array =>
    new Float64Array(asked === undefined || asked === false ? 0 : count);
  const bends = request.hessianDiagonal !== undefined && problem.plan.logitSteps.length > 0;
  const details: DetailRows = {
    rows,
    request,
    given: problem.input !== 'logits',
    outcomes: createOutcomes(classes),
    floors: request.floors ? createFloorStage(classes) : undefined,
    hessian: request.hessianDiagonal && createHessianStage(classes),
    curve: bends ? { slopes: new Float64Array(classes), curvatures: new Float64Array(classes) } : undefined,
    probabilities: room(request.probabilities),
    curvatures: room(request.hessianDiagonal),
    raw: room(bends),
    line: room(problem.layout.inner > 1, capacity),
  };
  return { capacity, run: (tile, into) => runDetails(details, tile, into) };
}

function runDetails(details: DetailRows, tile: Tile, into: DetailTile): void {
  const { rows, request } = details;
  const { stage } = rows;
  openStage(stage);
  loadMeasures(rows, tile);
  loadTile(stage, tile);
  if (!details.given) exponentiateTile(stage, tile);
  if (details.curve !== undefined) readTile(details, tile, rows.problem.logits, details.raw);
  for (let row = 0; row < tile.count; row++) {
    beginRow(stage, row);
    if (tile.keep[row] === 0) fillDetails(details, row, into, 0);
    else if (hasOutcomes(details, tile, row)) runRow(details, tile, row, into);
    else fillDetails(details, row, into, NaN);
  }
  closeStage(stage);
  store(details, tile, request.probabilities, details.probabilities);
  store(details, tile, request.hessianDiagonal, details.curvatures);
}

/** Makes the outcomes of the row at hand; false where its logits are NaN, which a call may let through. */
function hasOutcomes({ rows, outcomes, given }: DetailRows, tile: Tile, row: number): boolean {
  const { stage, statistics } = rows;
  if (!given && sumAroundTop(stage, statistics) !== undefined) return false;
  beginMeasure(rows, tile, row);
  if (!given) writeOutcomes(rows, 0, stage.classes, outcomes, 0);
  else writeGivenOutcomes(rows, 0, stage.classes, outcomes, true);
  return !given || !outcomes.probabilities.some(Number.isNaN);
}

function runRow(details: DetailRows, tile: Tile, row: number, into: DetailTile): void {
  const { request, rows, outcomes, floors, given, probabilities } = details;
  const top = given ? indexOfLargest(outcomes.logProbabilities, 0, rows.stage.classes) : rows.statistics.topClass;
  storePrediction(request, into, row, top, outcomes.probabilities[top]);
  if (floors !== undefined) {
    const { floor, excess } = floorOf(floors, outcomes, !given);
    into.floors[row] = floor;
    into.excesses[row] = excess;
  }
  if (request.probabilities !== undefined) probabilities.set(outcomes.probabilities, row * rows.stage.classes);
  if (details.hessian !== undefined) runHessian(details, details.hessian, tile, row);
}

function runHessian(
  { rows, outcomes, curve, raw, request, curvatures }: DetailRows,
  hessian: HessianStage,
  tile: Tile,
  row: number,
): void {
  const { stage, statistics, problem } = rows;
  const { plan, gradientScale } = problem;
  const at = row * stage.classes;
  const lse = plan.partition === 0 ? 0 : logPartition(stage, statistics);
  const push = 2 * tile.weights[row] * plan.partition;
  if (curve !== undefined) fillLogitCurve(plan.logitSteps, raw, at, curve, (offsets, j) => offsets[j]);
  fillHessian(hessian, outcomes, plan, { push, lse }, curve);
  const tiny = roundsToZero(request.hessianDiagonal?.type ?? 'float64');
  for (let j = 0; j < stage.classes; j++)
    curvatures[at + j] = withoutNegativeZero(gradientScale * hessian.own[j], tiny);
}

/** Details of a row that is ignored (0) or not a number. */
function fillDetails(
  { rows, probabilities, curvatures, request }: DetailRows,
  row: number,
  into: DetailTile,
  value: number,
): void {
  const { classes } = rows.stage;
  storePrediction(request, into, row, -1, NaN);
  if (request.floors) into.floors[row] = into.excesses[row] = value;
  if (request.probabilities !== undefined) probabilities.fill(value, row * classes, (row + 1) * classes);
  if (request.hessianDiagonal !== undefined) curvatures.fill(value, row * classes, (row + 1) * classes);
}

function readTile(
  { rows, line }: DetailRows,
  { first, count }: Tile,
  source: Problem['logits'],
  into: Float64Array,
): void {
  const { layout, classes } = rows.stage;
  readRows(source, layout, { first, count, classFrom: 0, classCount: classes }, into, line);
}

function store(
  { rows, line }: DetailRows,
  { first, count }: Tile,
  sink: NumberSink | undefined,
  values: Float64Array,
): void {
  const { layout, classes } = rows.stage;
  if (sink !== undefined) writeRows(sink, layout, { first, count, classFrom: 0, classCount: classes }, values, line);
}
