import type { LabelMeasure, Problem, Tile } from '@surprisal/core';
import { addBlocks, pairValue } from '../stage/block-sums.js';
import { createRowStage, roomForTargets, type RowStage, type StageSizes } from './row-stage.js';
import { createRowStatistics } from './row-statistics.js';
import type { RowRun } from './run-rows.js';
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
  /** The largest v_c; Infinity where it is not known. */
  readonly largest: number;
}

type MeasureSource =
  | {
      readonly kind: 'label';
      readonly measure: LabelMeasure;
      readonly vector: Float64Array;
      /** Where v of the row or chunk at hand lies if the kernel needs it in its memory. */
      readonly placed: Float64Array | undefined;
    }
  | { readonly kind: 'dense'; readonly targets: TargetRows };

export function createMeasureRows(problem: Problem, sizes: StageSizes, arrays: number): MeasureRows {
  const stage = createRowStage(problem, sizes, arrays);
  const { labelMeasure: measure } = problem.plan;
  const source: MeasureSource =
    measure === undefined || problem.targets !== undefined
      ? { kind: 'dense', targets: createTargetRows(problem, stage) }
      : labelSource(measure, stage);
  const vectorMass = source.kind === 'label' ? massOfVector(source.vector) : 0.5;
  // Fractions, so that the engine stores floating-point numbers in these fields from the start.
  const target = { label: -1, direct: 0.5, spread: 0.5, mass: 0.5, vectorMass };
  const extremes = extremesOf(source.kind === 'label' ? source.vector : undefined);
  return { problem, stage, statistics: createRowStatistics(), source, ...extremes, ...target };
}

function labelSource(measure: LabelMeasure, stage: RowStage): MeasureSource {
  const placed = stage.kernel.memory && roomForTargets(stage);
  return { kind: 'label', measure, vector: measure.vector ?? new Float64Array(stage.classes), placed };
}

function massOfVector(vector: Float64Array): number {
  const pair = new Float64Array(2);
  addBlocks(pair, vector, 0, vector.length);
  return pairValue(pair);
}

function extremesOf(vector: Float64Array | undefined): { readonly smallest: number; readonly largest: number } {
  if (vector === undefined) return { smallest: 0, largest: Infinity };
  let smallest = Infinity;
  let largest = 0;
  for (const mass of vector) {
    if (mass > largest) largest = mass;
    if (mass > 0 && mass < smallest) smallest = mass;
  }
  return { smallest, largest };
}

/** Reads the target rows of a tile. */
export function loadMeasures({ source, stage }: MeasureRows, tile: Tile): void {
  if (source.kind === 'dense') loadTargetTile(source.targets, stage, tile);
  else if (stage.whole) source.placed?.set(source.vector);
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
  if (source.kind === 'label') {
    if (!stage.whole) source.placed?.set(source.vector.subarray(from, from + count));
    return source.placed ?? source.vector;
  }
  loadTargets(source.targets, stage, from, count);
  return source.targets.u;
}

export function vectorAt({ source }: MeasureRows, from: number): number {
  if (source.kind === 'dense') return source.targets.at;
  return source.placed === undefined ? from : 0;
}
