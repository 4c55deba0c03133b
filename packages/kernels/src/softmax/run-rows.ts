import type { Fault, Problem, Tile } from '@surprisal/core';
import { beginRow, exponentiateTile, fillGradient, loadTile, storeTile } from './row-passes.js';
import { closeStage, openStage, type RowStage } from './row-stage.js';
import type { RowStatistics } from './row-statistics.js';

/** What every way to compute rows has. */
export interface RowRun {
  readonly problem: Problem;
  readonly stage: RowStage;
  readonly statistics: RowStatistics;
}

/** Computes the row at hand: writes its loss into the tile and its gradient into the stage. */
export type RunRow<Run extends RowRun> = (run: Run, tile: Tile, row: number) => Fault | undefined;

/** Computes a tile row by row. Ignored rows get loss and gradient 0, rows that `propagate` lets through get NaN. */
export function runRows<Run extends RowRun>(run: Run, tile: Tile, runRow: RunRow<Run>): Fault | undefined {
  openStage(run.stage);
  const fault = runStaged(run, tile, runRow);
  closeStage(run.stage);
  return fault;
}

function runStaged<Run extends RowRun>(run: Run, tile: Tile, runRow: RunRow<Run>): Fault | undefined {
  const { stage, problem } = run;
  loadTile(stage, tile);
  exponentiateTile(stage, tile);
  for (let row = 0; row < tile.count; row++) {
    beginRow(stage, row);
    if (tile.keep[row] === 0) {
      fillRow(stage, tile, row, 0);
      continue;
    }
    const fault = runRow(run, tile, row);
    if (fault === undefined) continue;
    if (!problem.propagate || fault.kind !== 'number') return fault;
    fillRow(stage, tile, row, NaN);
  }
  storeTile(stage, tile);
  return undefined;
}

function fillRow(stage: RowStage, tile: Tile, row: number, value: number): void {
  tile.losses[row] = value;
  fillGradient(stage, value);
}
