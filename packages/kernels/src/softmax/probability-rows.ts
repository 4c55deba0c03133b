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
import { createRowStatistics, sumAroundTop, type RowStatistics } from './row-statistics.js';

interface ProbabilityRows {
  readonly stage: RowStage;
  readonly statistics: RowStatistics;
  readonly request: DetailRequest;
}

/** The most probable class of each row of logits, its probability, and all of them: e_c / total. */
export function openProbabilityRows(problem: Problem, sizes: StageSizes, request: DetailRequest): DetailSession {
  const stage = createRowStage(problem, sizes, 1);
  const rows = { stage, statistics: createRowStatistics(), request };
  return { capacity: stage.capacity, run: (tile, into) => runTile(rows, tile, into) };
}

function runTile(rows: ProbabilityRows, tile: Tile, into: DetailTile): void {
  const { stage, request } = rows;
  const { first, count } = tile;
  openStage(stage);
  loadTile(stage, tile);
  exponentiateTile(stage, tile);
  for (let row = 0; row < count; row++) {
    beginRow(stage, row);
    if (tile.keep[row] === 0) fillRow(rows, row, into, 0);
    else if (sumAroundTop(stage, rows.statistics) !== undefined) fillRow(rows, row, into, NaN);
    else runRow(rows, row, into);
  }
  const { layout, classes, e, line } = stage;
  if (request.probabilities !== undefined)
    writeRows(request.probabilities, layout, { first, count, classFrom: 0, classCount: classes }, e, line);
  closeStage(stage);
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
