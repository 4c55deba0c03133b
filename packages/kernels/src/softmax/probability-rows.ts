import {
  writeRows,
  type DetailRequest,
  type DetailSession,
  type DetailTile,
  type Problem,
  type Tile,
} from '@surprisal/core';
import { beginRow, exponentiateTile, loadTile } from './row-passes.js';
import { closeStage, createRowStage, openStage, type RowStage, type StageSizes } from './row-stage.js';
import { createRowStatistics, findFault, findTop, sumAroundTop, type RowStatistics } from './row-statistics.js';

interface ProbabilityRows {
  readonly problem: Problem;
  readonly stage: RowStage;
  readonly statistics: RowStatistics;
  readonly request: DetailRequest;
  /** The class alone needs no exponential. */
  readonly bare: boolean;
}

/** The most probable class of each row of logits, its probability, and all of them: e_c / total. */
export function openProbabilityRows(problem: Problem, sizes: StageSizes, request: DetailRequest): DetailSession {
  const stage = createRowStage(problem, sizes, 1);
  const bare = !request.confidences && request.probabilities === undefined;
  const rows: ProbabilityRows = { problem, stage, statistics: createRowStatistics(), request, bare };
  return { capacity: stage.capacity, run: (tile, into) => runTile(rows, tile, into) };
}

function runTile(rows: ProbabilityRows, tile: Tile, into: DetailTile): void {
  const { stage, request, bare } = rows;
  const { first, count } = tile;
  openStage(stage);
  loadTile(stage, tile);
  if (!bare) exponentiateTile(stage, tile);
  for (let row = 0; row < count; row++) {
    beginRow(stage, row);
    if (tile.keep[row] === 0) fillRow(rows, row, into, 0);
    else if (isSound(rows)) runRow(rows, row, into);
    else fillRow(rows, row, into, NaN);
  }
  const { layout, classes, e, line } = stage;
  if (request.probabilities !== undefined)
    writeRows(request.probabilities, layout, { first, count, classFrom: 0, classCount: classes }, e, line);
  closeStage(stage);
}

/** Finds the largest logit of the row at hand, and the sums, where its logits are numbers: a call may let others through. */
function isSound({ problem, stage, statistics, bare }: ProbabilityRows): boolean {
  if (!bare) return sumAroundTop(stage, statistics) === undefined;
  findTop(stage, statistics);
  return !problem.propagate || findFault(stage) === undefined;
}

/** Exponentials become probabilities, in place. */
function runRow({ stage, statistics, request }: ProbabilityRows, row: number, into: DetailTile): void {
  const { own, total, topClass } = statistics;
  storePrediction(request, into, row, topClass, own / total);
  if (request.probabilities === undefined) return;
  const { e, eAt, classes } = stage;
  for (let j = eAt; j < eAt + classes; j++) e[j] /= total;
  e[eAt + topClass] = own / total;
}

/** A row that is ignored (0) or not a number. */
function fillRow({ stage, request }: ProbabilityRows, row: number, into: DetailTile, value: number): void {
  const { e, eAt, classes } = stage;
  storePrediction(request, into, row, -1, NaN);
  e.fill(value, eAt, eAt + classes);
}

/** Nothing is written but what was asked for. */
export function storePrediction(
  { predictions, confidences }: DetailRequest,
  into: DetailTile,
  row: number,
  predicted: number,
  confidence: number,
): void {
  if (predictions) into.predicted[row] = predicted;
  if (confidences) into.confidences[row] = confidence;
}
