import type { Fault, Problem, Session, Tile } from '@surprisal/core';
import { addSurprisals, createOutcomes, type Outcomes } from '../given/outcome-costs.js';
import { clearPair, pairValue } from '../stage/block-sums.js';
import { beginMeasure, createMeasureRows, loadMeasures, type MeasureRows } from './row-measures.js';
import { addSlopes, writeOutcomes, writeSlopeGradient, type SlopeFactors } from './row-outcomes.js';
import { storeChunk } from './row-passes.js';
import { type StageSizes } from './row-stage.js';
import { logPartition, sumAroundTop } from './row-statistics.js';
import { runRows } from './run-rows.js';

interface SlopeRows extends MeasureRows {
  /** The row or chunk at hand. */
  readonly outcomes: Outcomes;
  readonly slopePair: Float64Array;
}

/** Logits, exponentials, target row and the six arrays of the outcomes. */
const ARRAYS = 9;

/**
 * Rows of any surprisal whose target is spread over the classes:
 *
 *     loss = sum_c u_c psi(l_c) + s strength lse^2
 *     gradient_j = u_j psi'(l_j) - p_j (sum_c u_c psi'(l_c) - T),   T = 2 s strength lse
 */
export function openSlopeRows(problem: Problem, sizes: StageSizes): Session {
  const measured = createMeasureRows(problem, sizes, ARRAYS);
  const { stage } = measured;
  const rows: SlopeRows = { ...measured, outcomes: createOutcomes(stage.chunk), slopePair: new Float64Array(2) };
  return { capacity: stage.capacity, run: (tile) => runSlopeTile(rows, tile) };
}

function runSlopeTile(rows: SlopeRows, tile: Tile): Fault | undefined {
  loadMeasures(rows, tile);
  return runRows(rows, tile, runSlopeRow);
}

function runSlopeRow(rows: SlopeRows, tile: Tile, row: number): Fault | undefined {
  const { problem, stage, statistics, slopePair } = rows;
  const fault = sumAroundTop(stage, statistics);
  if (fault !== undefined) return fault;
  beginMeasure(rows, tile, row);
  const { partition } = problem.plan;
  const weight = tile.weights[row];
  const lse = partition === 0 ? 0 : logPartition(stage, statistics);
  const { pair } = statistics;
  clearPair(pair);
  clearPair(slopePair);
  for (let from = 0; from < stage.classes; from += stage.chunk) {
    const count = Math.min(stage.chunk, stage.classes - from);
    addChunk(rows, from, count);
    addSlopes(rows.outcomes, 0, count, slopePair);
  }
  tile.losses[row] = pairValue(pair) + weight * partition * lse * lse;
  if (stage.sink === undefined) return undefined;
  writeGradient(rows, {
    slope: slopePair[0],
    lost: slopePair[1],
    push: 2 * weight * partition * lse,
    scale: problem.gradientScale * stage.steps.scale,
    tiny: stage.tiny,
  });
  return undefined;
}

/** Makes the outcomes of a chunk, adding its cost to the pair of the statistics. */
function addChunk(rows: SlopeRows, from: number, count: number): void {
  writeOutcomes(rows, from, count, rows.outcomes, 0);
  addSurprisals(rows.problem.plan.terms, rows.outcomes, 0, count, rows.statistics.pair);
}

function writeGradient(rows: SlopeRows, factors: SlopeFactors): void {
  const { stage, outcomes } = rows;
  for (let from = 0; from < stage.classes; from += stage.chunk) {
    const count = Math.min(stage.chunk, stage.classes - from);
    if (!stage.whole) addChunk(rows, from, count);
    writeSlopeGradient(outcomes, 0, count, factors, stage.e, stage.eAt);
    storeChunk(stage, from, count);
  }
}
