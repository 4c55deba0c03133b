import type { Fault, LabelMeasure, Problem, Session, Tile } from '@surprisal/core';
import { addBlocks, addGaps, clearPair, pairValue } from '../stage/block-sums.js';
import { createRowStage, loadExponentials, loadLogits, storeChunk, type StageSizes } from './row-stage.js';
import { createRowStatistics, logitOf, logPartition, sumAroundTop, surprisalOfOwn } from './row-statistics.js';
import { runRows, type RowRun } from './run-rows.js';
import { clearNegativeZeros, withoutNegativeZero } from '../stage/negative-zero.js';
import { isSplit, scaleAndPull, scaleBy } from './scale-pass.js';
import { beginTargetRow, createTargetRows, loadTargets, loadTargetTile, type TargetRows } from './target-rows.js';

/** Rows and the target of the one at hand: u = direct [c = label] + spread v, with v the plan's vector or a dense row. */
export interface MeasureRows extends RowRun {
  readonly source: MeasureSource;
  label: number;
  direct: number;
  spread: number;
  /** |u|. */
  mass: number;
  /** |v|. */
  vectorMass: number;
  /** The smallest v_c but zero; 0 where it is not known. */
  readonly smallest: number;
}

type MeasureSource =
  | { readonly kind: 'label'; readonly measure: LabelMeasure; readonly vector: Float64Array }
  | { readonly kind: 'dense'; readonly targets: TargetRows };

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
  return { capacity: rows.stage.capacity, run: (tile) => runMeasureTile(rows, tile) };
}

export function createMeasureRows(problem: Problem, sizes: StageSizes, arrays: number): MeasureRows {
  const stage = createRowStage(problem, sizes, arrays);
  const { labelMeasure: measure } = problem.plan;
  const source: MeasureSource =
    measure === undefined || problem.targets !== undefined
      ? { kind: 'dense', targets: createTargetRows(problem, stage) }
      : { kind: 'label', measure, vector: measure.vector ?? new Float64Array(stage.classes) };
  const vectorMass = source.kind === 'label' ? massOfVector(source.vector) : 0.5;
  // Fractions, so that the engine stores floating-point numbers in these fields from the start.
  const target = { label: -1, direct: 0.5, spread: 0.5, mass: 0.5, vectorMass };
  const smallest = source.kind === 'label' ? smallestMass(source.vector) : 0;
  return { problem, stage, statistics: createRowStatistics(), source, smallest, ...target };
}

function massOfVector(vector: Float64Array): number {
  const pair = new Float64Array(2);
  addBlocks(pair, vector, 0, vector.length);
  return pairValue(pair);
}

function smallestMass(vector: Float64Array): number {
  return vector.reduce((smallest, mass) => (mass > 0 && mass < smallest ? mass : smallest), Infinity);
}

function runMeasureTile(rows: MeasureRows, tile: Tile): Fault | undefined {
  loadMeasures(rows, tile);
  return runRows(rows, tile, runMeasureRow);
}

/** Reads the target rows of a tile. */
export function loadMeasures({ source, stage }: MeasureRows, tile: Tile): void {
  if (source.kind === 'dense') loadTargetTile(source.targets, stage, tile);
}

/** Makes the target of the row at hand, the sample weight included. */
export function beginMeasure(rows: MeasureRows, tile: Tile, row: number): void {
  const weight = tile.weights[row];
  if (rows.source.kind === 'dense') {
    rows.direct = 0;
    rows.spread = weight;
    rows.vectorMass = beginTargetRow(rows.source.targets, rows.stage);
  } else {
    const { measure } = rows.source;
    const label = tile.labels[row];
    rows.label = label;
    rows.direct = weight * measure.direct * (measure.directWeights?.[label] ?? 1);
    rows.spread = weight * measure.spread * (measure.spreadWeights?.[label] ?? 1);
  }
  rows.mass = rows.direct + rows.spread * rows.vectorMass;
}

/** The array that holds v for the classes from `from` on, made if need be; it begins at `vectorAt`. */
export function loadVector({ source, stage }: MeasureRows, from: number, count: number): Float64Array {
  if (source.kind === 'label') return source.vector;
  loadTargets(source.targets, stage, from, count);
  return source.targets.u;
}

export function vectorAt({ source }: MeasureRows, from: number): number {
  return source.kind === 'label' ? from : source.targets.at;
}

function runMeasureRow(rows: MeasureRows, tile: Tile, row: number): Fault | undefined {
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
  if (stage.sink !== undefined) writeGradient(rows, 2 * weight * partition * lse);
  return undefined;
}

/** sum_c u_c (m - z_c). */
function gapsOfRow(rows: MeasureRows): number {
  const { stage, statistics, label, direct, spread } = rows;
  const { pair, top } = statistics;
  const gap = direct === 0 ? 0 : direct * (top - logitOf(stage, label));
  if (spread === 0) return gap;
  clearPair(pair);
  for (let from = 0; from < stage.classes; from += stage.chunk) {
    const count = Math.min(stage.chunk, stage.classes - from);
    loadLogits(stage, from, count);
    const vector = loadVector(rows, from, count);
    addGaps(pair, vector, vectorAt(rows, from), stage.z, stage.zAt, count, top);
  }
  return gap + spread * pairValue(pair);
}

function writeGradient(rows: MeasureRows, push: number): void {
  const { stage, statistics, label, direct, spread, mass, problem } = rows;
  const { total, topClass } = statistics;
  const { e, classes, chunk, tiny } = stage;
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
    if (split) scaleBy(e, stage.eAt, count, 1 / total);
    scaleAndPull(e, stage.eAt, count, split ? factor : factor / total, vector, vAt, scale * spread);
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
