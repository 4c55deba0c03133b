import type { Fault, LabelMeasure, Problem, Session, Tile } from '@surprisal/core';
import { addBlocks, addGaps, clearPair, pairValue } from './block-sums.js';
import { createRowStage, loadExponentials, loadLogits, storeChunk, type StageSizes } from './row-stage.js';
import {
  createRowStatistics,
  findTop,
  isUsual,
  logitOf,
  logPartition,
  shiftToTop,
  sumWithout,
  surprisalOfOwn,
} from './row-statistics.js';
import { runRows, type RowRun } from './run-rows.js';
import { scaleAndPull } from './scale-pass.js';
import { beginTargetRow, createTargetRows, loadTargets, loadTargetTile, type TargetRows } from './target-rows.js';

/** The target of the row at hand: u = direct [c = label] + spread v, with v the plan's vector or a dense row. */
export interface MeasureRows extends RowRun {
  readonly measure: LabelMeasure | undefined;
  readonly vectorMass: number;
  /** Dense rows, where the measure of a label does not say it all. */
  readonly targets: TargetRows | undefined;
  label: number;
  direct: number;
  spread: number;
  mass: number;
}

/**
 * Cross-entropy of rows whose target is spread over the classes:
 *
 *     loss = sum_c u_c (m - z_c) + |u| log(total / e_m) + s strength lse^2,   m the largest logit
 *     gradient_j = (|u| + T) e_j / total - u_j
 *
 * No term of the loss is negative. At the largest logit the gradient is (|u| - u_m + T) p_m - u_m rest / total, so that a
 * one-hot row is as exact as its label.
 */
export function openMeasureRows(problem: Problem, sizes: StageSizes): Session {
  const rows = createMeasureRows(problem, sizes, false);
  return { capacity: rows.stage.capacity, run: (tile) => runMeasureTile(rows, tile) };
}

function runMeasureTile(rows: MeasureRows, tile: Tile): Fault | undefined {
  if (rows.targets !== undefined) loadTargetTile(rows.targets, rows.stage, tile);
  return runRows(rows, tile, runMeasureRow);
}

export function createMeasureRows(problem: Problem, sizes: StageSizes, wholeRows: boolean): MeasureRows {
  const stage = createRowStage(problem, sizes, wholeRows);
  const measure = problem.targets === undefined ? problem.plan.labelMeasure : undefined;
  const targets = measure === undefined ? createTargetRows(problem, stage) : undefined;
  const vectorMass = measure?.vector === undefined ? 0 : massOfVector(measure.vector);
  // Fractions, so that the engine stores floating-point numbers in these fields from the start.
  return {
    problem, stage, statistics: createRowStatistics(), measure, vectorMass, targets,
    label: -1, direct: 0.5, spread: 0.5, mass: 0.5,
  };
}

function massOfVector(vector: Float64Array): number {
  const pair = new Float64Array(2);
  addBlocks(pair, vector, 0, vector.length);
  return pairValue(pair);
}

/** Makes the target of the row at hand. */
export function beginMeasure(rows: MeasureRows, tile: Tile, row: number): void {
  const { measure, targets, stage } = rows;
  const weight = tile.weights[row];
  if (measure === undefined) {
    rows.label = -1;
    rows.direct = 0;
    rows.spread = weight;
    rows.mass = weight * beginTargetRow(targets!, stage);
    return;
  }
  const label = tile.labels[row];
  rows.label = label;
  rows.direct = weight * measure.direct * (measure.directWeights?.[label] ?? 1);
  rows.spread = weight * measure.spread * (measure.spreadWeights?.[label] ?? 1);
  rows.mass = rows.direct + rows.spread * rows.vectorMass;
}
