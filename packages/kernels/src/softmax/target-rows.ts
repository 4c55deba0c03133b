import { readRows, type NumberSource, type Problem, type TargetStep, type Tile } from '@surprisal/core';
import { clearPair, pairValue } from '../stage/block-sums.js';
import { roomForTargets, type RowStage } from './row-stage.js';

/**
 * Target rows u: the probabilities of the call, or the unit mass at the label, after the target steps of the plan. Staged
 * as the logits are: whole rows of a tile, or of longer rows the chunk at hand.
 */
export interface TargetRows {
  readonly source: NumberSource | undefined;
  readonly steps: readonly StagedTargetStep[];
  readonly u: Float64Array;
  /** |u| before each mix, which must be known before a chunk can be mixed. */
  readonly massBefore: Float64Array;
  readonly pair: Float64Array;
  /** Where the row or chunk at hand begins. */
  at: number;
}

type StagedTargetStep =
  | { readonly kind: 'scale'; readonly weights: Float64Array }
  | { readonly kind: 'mix'; readonly smoothing: number; readonly towards: Float64Array };

export function createTargetRows({ plan, targets }: Problem, rowStage: RowStage): TargetRows {
  return {
    source: targets,
    steps: plan.targetSteps.map(stage),
    u: roomForTargets(rowStage),
    massBefore: new Float64Array(plan.targetSteps.length),
    pair: new Float64Array(2),
    at: 0,
  };
}

function stage(step: TargetStep): StagedTargetStep {
  if (step.kind === 'scale') return { kind: 'scale', weights: Float64Array.from(step.weights) };
  const { kind, smoothing, towards = [] } = step;
  return { kind, smoothing, towards: Float64Array.from(towards) };
}

/** Reads the target rows of a tile where rows are whole. */
export function loadTargetTile({ source, u }: TargetRows, stage: RowStage, { first, count }: Tile): void {
  if (!stage.whole || source === undefined) return;
  readRows(source, stage.layout, { first, count, classFrom: 0, classCount: stage.classes }, u, stage.line);
}

/** Makes u of the row at hand, as far as that can be done before a chunk is asked for, and returns its mass |u|. */
export function beginTargetRow(rows: TargetRows, stage: RowStage): number {
  const { steps, massBefore } = rows;
  rows.at = stage.whole ? stage.eAt : 0;
  if (stage.whole) {
    loadTargetsRaw(rows, stage, 0, stage.classes);
    for (const step of steps) {
      if (step.kind === 'scale') scale(rows, 0, stage.classes, step.weights);
      else mix(rows, 0, stage.classes, step, massOf(rows, stage));
    }
    return massOf(rows, stage);
  }
  steps.forEach((step, index) => {
    if (step.kind === 'mix') massBefore[index] = massAfter(rows, stage, index);
  });
  return massAfter(rows, stage, steps.length);
}

function massOf({ u, at, pair }: TargetRows, { classes, kernel }: RowStage): number {
  clearPair(pair);
  kernel.addBlocks(pair, u, at, classes);
  return pairValue(pair);
}

/** The mass of a row in chunks after the first `count` steps. */
function massAfter(rows: TargetRows, stage: RowStage, count: number): number {
  const { u, pair } = rows;
  clearPair(pair);
  for (let from = 0; from < stage.classes; from += stage.chunk) {
    const length = Math.min(stage.chunk, stage.classes - from);
    loadTargetsAfter(rows, stage, from, length, count);
    stage.kernel.addBlocks(pair, u, 0, length);
  }
  return pairValue(pair);
}

/** Makes u of classes `from` to `from + count - 1` of the row at hand available at u[at]. */
export function loadTargets(rows: TargetRows, stage: RowStage, from: number, count: number): void {
  if (!stage.whole) loadTargetsAfter(rows, stage, from, count, rows.steps.length);
}

function loadTargetsAfter(rows: TargetRows, stage: RowStage, from: number, count: number, stepCount: number): void {
  loadTargetsRaw(rows, stage, from, count);
  for (let index = 0; index < stepCount; index++) {
    const step = rows.steps[index];
    if (step.kind === 'scale') scale(rows, from, count, step.weights);
    else mix(rows, from, count, step, rows.massBefore[index]);
  }
}

/** The target as given. Probabilities of whole rows are there already. */
function loadTargetsRaw({ source, u, at }: TargetRows, stage: RowStage, from: number, count: number): void {
  if (source === undefined) {
    u.fill(0, at, at + count);
    const label = stage.labels[stage.row] - from;
    if (label >= 0 && label < count) u[at + label] = 1;
  } else if (!stage.whole) {
    const range = { first: stage.first + stage.row, count: 1, classFrom: from, classCount: count };
    readRows(source, stage.layout, range, u, stage.line);
  }
}

/** u'_c = w_c u_c. */
function scale({ u, at }: TargetRows, from: number, count: number, weights: Float64Array): void {
  for (let j = 0; j < count; j++) u[at + j] *= weights[from + j];
}

/** u' = (1 - e) u + e |u| D. */
function mix(
  { u, at }: TargetRows,
  from: number,
  count: number,
  { smoothing, towards }: { readonly smoothing: number; readonly towards: Float64Array },
  mass: number,
): void {
  const spread = smoothing * mass;
  for (let j = 0; j < count; j++) u[at + j] = (1 - smoothing) * u[at + j] + spread * towards[from + j];
}
