import type { Fault, Problem, Session, Tile } from '@surprisal/core';
import { clearPair, pairValue } from '../stage/block-sums.js';
import { clearNegativeZeros, withoutNegativeZero } from '../stage/negative-zero.js';
import {
  beginMeasure,
  createMeasureRows,
  loadMeasures,
  loadVector,
  vectorAt,
  type MeasureRows,
} from './row-measures.js';
import { loadExponentials, loadLogits, storeChunk } from './row-passes.js';
import { type StageSizes } from './row-stage.js';
import { logitOf, logPartition, sumAroundTop, surprisalOfOwn } from './row-statistics.js';
import { runRows, type RunRow } from './run-rows.js';
import { isSplit } from './scale-pass.js';

/**
 * Cross-entropy of rows whose target is spread over the classes:
 *
 *     loss = sum_c u_c (m - z_c) + |u| log(total / e_m) + s strength lse^2,   m the largest logit
 *     gradient_j = (|u| + T) e_j / total - u_j,   T = 2 s strength lse
 *
 * No term of the loss is negative. At the largest logit the gradient is (|u| - u_m + T) p_m - u_m rest / total, so that a
 * one-hot row is as exact as its label.
 */
export function openMeasureRows(problem: Problem, sizes: StageSizes): Session {
  const rows = createMeasureRows(problem, sizes, 3);
  return { capacity: rows.stage.capacity, run: (tile) => runMeasureTile(rows, tile, runMeasureRow) };
}

export function runMeasureTile(rows: MeasureRows, tile: Tile, runRow: RunRow<MeasureRows>): Fault | undefined {
  loadMeasures(rows, tile);
  return runRows(rows, tile, runRow);
}

export function runMeasureRow(rows: MeasureRows, tile: Tile, row: number): Fault | undefined {
  const { problem, stage, statistics } = rows;
  const fault = sumAroundTop(stage, statistics);
  if (fault !== undefined) return fault;
  beginMeasure(rows, tile, row);
  const { partition } = problem.plan;
  const weight = tile.weights[row];
  const lse = partition === 0 ? 0 : logPartition(stage, statistics);
  // A row without mass has no loss, not even where a surprisal is infinite.
  const crossEntropy = rows.mass === 0 ? 0 : gapsOfRow(rows) + rows.mass * surprisalOfOwn(statistics);
  tile.losses[row] = crossEntropy + weight * partition * lse * lse;
  if (stage.sink !== undefined) writeMeasureGradient(rows, 2 * weight * partition * lse);
  return undefined;
}

/** sum_c u_c (m - z_c). */
function gapsOfRow(rows: MeasureRows): number {
  const { stage, statistics, label, direct } = rows;
  const gap = direct === 0 ? 0 : direct * (statistics.top - logitOf(stage, label));
  return gap + gapsOfVector(rows, statistics.top);
}

/** spread times sum_c v_c (reference - z_c). */
export function gapsOfVector(rows: MeasureRows, reference: number): number {
  const { stage, statistics, spread } = rows;
  const { pair } = statistics;
  if (spread === 0) return 0;
  clearPair(pair);
  for (let from = 0; from < stage.classes; from += stage.chunk) {
    const count = Math.min(stage.chunk, stage.classes - from);
    loadLogits(stage, from, count);
    const vector = loadVector(rows, from, count);
    stage.kernel.addGaps(pair, vector, vectorAt(rows, from), stage.z, stage.zAt, count, reference);
  }
  return spread * pairValue(pair);
}

/** Writes the gradient of the row at hand; the class left out of the sum, `topClass`, gets its own from `own` and `rest`. */
export function writeMeasureGradient(rows: MeasureRows, push: number): void {
  const { stage, statistics, label, direct, spread, mass, problem } = rows;
  const { total, topClass } = statistics;
  const { e, classes, chunk, tiny, kernel } = stage;
  const scale = problem.gradientScale * stage.steps.scale;
  const factor = scale * (mass + push);
  const split = isSplit(factor, total);
  // A difference may be stored as -0 where the factor is negative or a mass is tiny without being zero.
  const careful = factor < 0 || scale * spread * rows.smallest <= tiny;
  for (let from = 0; from < classes; from += chunk) {
    const count = Math.min(chunk, classes - from);
    loadExponentials(stage, from, count);
    const vector = loadVector(rows, from, count);
    const vAt = vectorAt(rows, from);
    if (split) kernel.scaleBy(e, stage.eAt, count, 1 / total);
    kernel.scaleAndPull(e, stage.eAt, count, split ? factor : factor / total, vector, vAt, scale * spread);
    if (careful) clearNegativeZeros(e, stage.eAt, count, tiny);
    if (direct !== 0 && label >= from && label < from + count) e[stage.eAt + label - from] -= scale * direct;
    if (topClass >= from && topClass < from + count) {
      const ofTop = scale * gradientOfTop(rows, vector[vAt + topClass - from], push);
      e[stage.eAt + topClass - from] = withoutNegativeZero(ofTop, tiny);
    }
    storeChunk(stage, from, count);
  }
}

/** (|u| - u_m + T) p_m - u_m (1 - p_m), the mass of the others summed without u_m. */
function gradientOfTop(rows: MeasureRows, vectorOfTop: number, push: number): number {
  const { statistics, label, direct, spread, vectorMass } = rows;
  const { own, rest, total, topClass } = statistics;
  const isLabel = label === topClass;
  const others = spread * (vectorMass - vectorOfTop) + (isLabel ? 0 : direct);
  const ofTop = spread * vectorOfTop + (isLabel ? direct : 0);
  return ((others + push) * own) / total - (ofTop * rest) / total;
}
