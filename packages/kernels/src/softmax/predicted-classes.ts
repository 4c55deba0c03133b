import type { DetailSession, DetailTile, Problem, Tile } from '@surprisal/core';
import { beginRow, loadTile } from './row-passes.js';
import { closeStage, createRowStage, openStage, type RowStage, type StageSizes } from './row-stage.js';
import { createRowStatistics, findFault, findTop, type RowStatistics } from './row-statistics.js';

/** The class of the largest logit of each row, which needs no exponential. */
export function openPredictedClasses(problem: Problem, sizes: StageSizes): DetailSession {
  const stage = createRowStage(problem, sizes, 1);
  const statistics = createRowStatistics();
  return {
    capacity: stage.capacity,
    run: (tile, into) => predict(stage, statistics, problem.propagate, tile, into),
  };
}

function predict(
  stage: RowStage,
  statistics: RowStatistics,
  propagate: boolean,
  tile: Tile,
  { predicted }: DetailTile,
): void {
  openStage(stage);
  loadTile(stage, tile);
  for (let row = 0; row < tile.count; row++) {
    beginRow(stage, row);
    predicted[row] = -1;
    if (tile.keep[row] === 0) continue;
    findTop(stage, statistics);
    // Of rows that nothing is wrong with, the engine of the losses has made sure, unless they may be let through.
    if (!propagate || findFault(stage) === undefined) predicted[row] = statistics.topClass;
  }
  closeStage(stage);
}
