import type { Fault, Problem, Session, Tile } from '@surprisal/core';
import { log } from '../scalar/index.js';
import { gapsOfVector, runMeasureRow, runMeasureTile, writeMeasureGradient } from './measure-rows.js';
import { beginMeasure, createMeasureRows, type MeasureRows } from './row-measures.js';
import { shiftRow } from './row-passes.js';
import { USUAL_SHIFT, type StageSizes } from './row-stage.js';
import { exponentialOf, isUsual, logPartition, sumWithout, surprisalOfOwn } from './row-statistics.js';

/**
 * Cross-entropy of labels whose mass is partly spread, u = d [c = y] + b v, as label smoothing does:
 *
 *     loss = d log1p(rest / e_y) + b (sum_c v_c (R - z_c) + |v| log(total / e^R)) + s strength lse^2
 *
 * with R the log-partition rounded down to a short number, in place of the largest logit, for which there is no pass. That
 * is as exact where v is spread widely: sum v_c (lse - z_c) is at least |v| times the entropy of v / |v|, so that R, which is
 * wrong by 2^-10 at most, leaves a remainder that is small and whose rounding is smaller still.
 */
export function openSpreadRows(problem: Problem, sizes: StageSizes): Session {
  const rows = createMeasureRows(problem, sizes, 3);
  // The entropy is at least log(|v| / max v): log 8 keeps the remainder's rounding below one unit in the last place.
  const runRow = rows.largest * 8 <= rows.vectorMass ? runSpreadRow : runMeasureRow;
  return { capacity: rows.stage.capacity, run: (tile) => runMeasureTile(rows, tile, runRow) };
}

function runSpreadRow(rows: MeasureRows, tile: Tile, row: number): Fault | undefined {
  const { stage, statistics, problem } = rows;
  const label = tile.labels[row];
  sumWithout(stage, statistics, label);
  if (!isUsual(statistics.total, statistics.own)) {
    shiftRow(stage, 0, USUAL_SHIFT);
    return runMeasureRow(rows, tile, row);
  }
  beginMeasure(rows, tile, row);
  statistics.topClass = label;
  const lse = logPartition(stage, statistics);
  const reference = Math.floor(lse * 1024) / 1024;
  const remainder = log(statistics.total / exponentialOf(stage, statistics, reference));
  const { direct, spread, vectorMass } = rows;
  const { partition } = problem.plan;
  const weight = tile.weights[row];
  tile.losses[row] =
    (direct === 0 ? 0 : direct * surprisalOfOwn(statistics)) +
    gapsOfVector(rows, reference) +
    spread * vectorMass * remainder +
    weight * partition * lse * lse;
  if (stage.sink !== undefined) writeMeasureGradient(rows, 2 * weight * partition * lse);
  return undefined;
}
