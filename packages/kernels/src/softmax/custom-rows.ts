import type { CustomTile, Fault, Problem, Session, Tile } from '@surprisal/core';
import { elementaryFunctions } from '../given/elementary-functions.js';
import { addSurprisals, createOutcomes, type Outcomes } from '../given/outcome-costs.js';
import { clearPair, pairValue } from '../stage/block-sums.js';
import { beginMeasure, createMeasureRows, loadMeasures, type MeasureRows } from './row-measures.js';
import { sumSlopes, writeOutcomes, writeSlopeGradient } from './row-outcomes.js';
import { beginRow, exponentiateTile, fillGradient, loadTile, storeTile } from './row-passes.js';
import { closeStage, openStage, type StageSizes } from './row-stage.js';
import { logPartition, sumAroundTop } from './row-statistics.js';

interface CustomRows extends MeasureRows {
  /** The rows of the tile that count, packed. */
  readonly outcomes: Outcomes;
  readonly losses: Float64Array;
  readonly weights: Float64Array;
  readonly pushes: Float64Array;
}

/**
 * Rows whose cost a custom rule computes, beside the surprisal or in its place: the rule sees the log-probabilities of all
 * rows of a tile that count and adds costs and slopes d cost / d l_c. Rows are staged whole, whatever their length.
 */
export function openCustomRows(problem: Problem, sizes: StageSizes): Session {
  const measured = createMeasureRows(problem, sizes, 0);
  const { capacity, classes } = measured.stage;
  const rows: CustomRows = {
    ...measured,
    outcomes: createOutcomes(capacity * classes),
    losses: new Float64Array(capacity),
    weights: new Float64Array(capacity),
    pushes: new Float64Array(capacity),
  };
  return { capacity, run: (tile) => runStaged(rows, tile) };
}

function runStaged(rows: CustomRows, tile: Tile): Fault | undefined {
  openStage(rows.stage);
  loadMeasures(rows, tile);
  loadTile(rows.stage, tile);
  exponentiateTile(rows.stage, tile);
  const fault = runCustomTile(rows, tile);
  closeStage(rows.stage);
  return fault;
}

function runCustomTile(rows: CustomRows, tile: Tile): Fault | undefined {
  const { stage, problem } = rows;
  // Which of the tile's rows count and are sound.
  const kept: number[] = [];
  for (let row = 0; row < tile.count; row++) {
    beginRow(stage, row);
    const fault = tile.keep[row] === 0 ? undefined : addRow(rows, tile, row, kept.length);
    if (fault !== undefined && (!problem.propagate || fault.kind !== 'number')) return fault;
    if (tile.keep[row] === 1 && fault === undefined) {
      kept.push(row);
      continue;
    }
    tile.losses[row] = tile.keep[row] === 0 ? 0 : NaN;
    fillGradient(stage, tile.losses[row]);
  }
  const { customs } = problem.plan;
  if (kept.length > 0)
    for (const { rule, parameters } of customs) rule(customTile(rows, kept.length), parameters, elementaryFunctions);
  kept.forEach((row, index) => finishRow(rows, tile, row, index));
  storeTile(stage, tile);
  return undefined;
}

/** Adds a row's outcomes to those the rules will see, and the cost and slopes of the plan's own surprisal. */
function addRow(rows: CustomRows, tile: Tile, row: number, index: number): Fault | undefined {
  const { problem, stage, statistics, outcomes } = rows;
  const fault = sumAroundTop(stage, statistics);
  if (fault !== undefined) return fault;
  beginMeasure(rows, tile, row);
  const { partition, terms } = problem.plan;
  const lse = partition === 0 ? 0 : logPartition(stage, statistics);
  const at = index * stage.classes;
  writeOutcomes(rows, 0, stage.classes, outcomes, at);
  clearPair(statistics.pair);
  addSurprisals(terms, outcomes, at, stage.classes, statistics.pair);
  const weight = tile.weights[row];
  rows.weights[index] = weight;
  rows.losses[index] = pairValue(statistics.pair) + weight * partition * lse * lse;
  rows.pushes[index] = 2 * weight * partition * lse;
  return undefined;
}

function customTile({ stage, outcomes, losses, weights }: CustomRows, count: number): CustomTile {
  const length = count * stage.classes;
  return {
    rows: count,
    outcomes: stage.classes,
    logProbabilities: outcomes.logProbabilities.subarray(0, length),
    probabilities: outcomes.probabilities.subarray(0, length),
    complements: outcomes.complements.subarray(0, length),
    masses: outcomes.masses.subarray(0, length),
    slopes: outcomes.slopes.subarray(0, length),
    weights: weights.subarray(0, count),
    losses: losses.subarray(0, count),
  };
}

function finishRow(rows: CustomRows, tile: Tile, row: number, index: number): void {
  const { stage, statistics, outcomes, problem } = rows;
  const at = index * stage.classes;
  tile.losses[row] = rows.losses[index];
  if (stage.sink === undefined) return;
  sumSlopes(outcomes, at, stage.classes, statistics.pair);
  const factors = {
    slope: statistics.pair[0],
    lost: statistics.pair[1],
    push: rows.pushes[index],
    scale: problem.gradientScale * stage.steps.scale,
    tiny: stage.tiny,
  };
  writeSlopeGradient(outcomes, at, stage.classes, factors, stage.e, row * stage.classes);
}
