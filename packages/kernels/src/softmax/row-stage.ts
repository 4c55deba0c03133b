import {
  readRows,
  writeRows,
  type NumberSink,
  type NumberSource,
  type Problem,
  type RowLayout,
  type Tile,
} from '@surprisal/core';
import { exponentials } from './exponentials.js';
import { applyLogitSteps, multiplyBySlopes, stageLogitSteps, type StagedLogitSteps } from './logit-steps.js';
import { roundsToZero } from '../stage/negative-zero.js';
import { borrowScratch, LONGEST_LENT, returnScratch } from '../stage/scratch.js';

/**
 * Exponentials are first taken as exp(z_j) 2^256, without a look at the row: right wherever their sum lies in
 * [1, 2^512], that is for a log-partition of -177 to 177, and for any logits of a row whose sum says so.
 */
export const USUAL_SHIFT = -256;

/** How many numbers a session stages. */
export interface StageSizes {
  /** Numbers of a tile of short rows; of the rows that are too long to be staged whole, a multiple of 32 at a time. */
  readonly tile: number;
  /** Numbers of all arrays together that hold a whole row. */
  readonly memory: number;
}

/**
 * The logits and exponentials of the rows at hand, as float64. Rows that fit `StageSizes.memory` are staged whole, short ones
 * many at a time; of longer ones a chunk, which each pass over the row loads anew.
 */
export interface RowStage {
  readonly layout: RowLayout;
  readonly classes: number;
  /** Rows of a tile. */
  readonly capacity: number;
  /** Classes of a chunk; all of them where rows are whole. */
  readonly chunk: number;
  readonly whole: boolean;
  readonly source: NumberSource;
  readonly sink: NumberSink | undefined;
  readonly steps: StagedLogitSteps;
  /** Whether `z` is the caller's own array, which is read in place. */
  readonly direct: boolean;
  /** Numbers of `e`, and of `z` where that is not the caller's. */
  readonly room: number;
  z: Float64Array;
  /** Exponentials, which the gradient replaces. */
  e: Float64Array;
  readonly slopes: Float64Array;
  readonly line: Float64Array;
  /** What rounds to zero in the gradient's type. */
  readonly tiny: number;

  /** The tile at hand. */
  first: number;
  labels: Int32Array;
  /** The row at hand, within the tile, and its exponentials' base and shift. */
  row: number;
  base: number;
  shift: number;
  /** Where the row or the chunk at hand begins in `z` and in `e`. */
  zAt: number;
  eAt: number;
}

const NONE: Float64Array = /* @__PURE__ */ new Float64Array(0);
const NO_LABELS: Int32Array = /* @__PURE__ */ new Int32Array(0);

/** `arrays`: how many arrays of a row's length the session needs in all; 0 where rows must be whole whatever their length. */
export function createRowStage(problem: Problem, sizes: StageSizes, arrays: number): RowStage {
  const { layout, logits, plan, gradient } = problem;
  const { classes, rows } = layout;
  const whole = classes * arrays <= sizes.memory;
  const capacity = whole ? Math.max(1, Math.min(rows, Math.floor(sizes.tile / classes))) : 1;
  const chunk = whole ? classes : Math.max(32, sizes.tile - (sizes.tile % 32));
  const steps = stageLogitSteps(plan.logitSteps);
  const direct = layout.inner === 1 && steps.steps.length === 0 && logits.data instanceof Float64Array;
  const room = capacity * chunk;
  return {
    layout,
    classes,
    capacity,
    chunk,
    whole,
    source: logits,
    sink: gradient,
    steps,
    direct,
    room,
    z: direct ? logits.data : NONE,
    e: NONE,
    slopes: steps.varies ? new Float64Array(room) : NONE,
    line: layout.inner === 1 ? NONE : new Float64Array(capacity),
    tiny: roundsToZero(gradient?.type ?? 'float64'),
    first: 0,
    labels: NO_LABELS,
    row: 0,
    base: 0,
    shift: USUAL_SHIFT,
    zAt: 0,
    eAt: 0,
  };
}

/** Gives the stage its memory for one tile; without it no pass may run. */
export function openStage(stage: RowStage): void {
  const { direct, room } = stage;
  if (room <= LONGEST_LENT) {
    stage.e = borrowScratch(room);
    if (!direct) stage.z = borrowScratch(room);
  } else if (stage.e === NONE) {
    stage.e = new Float64Array(room);
    if (!direct) stage.z = new Float64Array(room);
  }
}

export function closeStage(stage: RowStage): void {
  if (stage.room > LONGEST_LENT) return;
  returnScratch(stage.e);
  if (!stage.direct) returnScratch(stage.z);
}

/** Reads the rows of a tile, where rows are whole, and applies the logit steps to those that count. */
export function loadTile(stage: RowStage, { first, count, labels, keep }: Tile): void {
  stage.first = first;
  stage.labels = labels;
  if (!stage.whole || stage.direct) return;
  const { classes, layout, source, steps } = stage;
  readRows(source, layout, { first, count, classFrom: 0, classCount: classes }, stage.z, stage.line);
  if (steps.steps.length > 0) for (let row = 0; row < count; row++) if (keep[row] === 1) stepRow(stage, row);
}

/** Takes the exponentials of the rows of a tile that count, as many in one go as lie side by side. */
export function exponentiateTile({ whole, classes, direct, z, e }: RowStage, { first, count, keep }: Tile): void {
  if (!whole) return;
  const zAt = direct ? first * classes : 0;
  for (let from = 0; from < count;) {
    let end = from;
    while (end < count && keep[end] === 1) end++;
    if (end > from) exponentials(z, zAt + from * classes, e, from * classes, (end - from) * classes, 0, USUAL_SHIFT);
    from = end + 1;
  }
}

function stepRow(stage: RowStage, row: number): void {
  const { classes, z, labels } = stage;
  const label = row < labels.length ? labels[row] : -1;
  applyLogitSteps(stage.steps, { z, at: row * classes, classFrom: 0, count: classes, label }, stage.slopes);
}

/** Turns to a row of the tile. */
export function beginRow(stage: RowStage, row: number): void {
  stage.row = row;
  stage.base = 0;
  stage.shift = USUAL_SHIFT;
  if (stage.whole) {
    stage.eAt = row * stage.classes;
    stage.zAt = stage.direct ? (stage.first + row) * stage.classes : stage.eAt;
  }
}

/** Takes the exponentials of the row at hand anew with another base and shift. */
export function shiftRow(stage: RowStage, base: number, shift: number): void {
  stage.base = base;
  stage.shift = shift;
  if (stage.whole) exponentials(stage.z, stage.zAt, stage.e, stage.eAt, stage.classes, base, shift);
}

/** Makes the logits of classes `from` to `from + count - 1` of the row at hand available at `z[zAt]`. */
export function loadLogits(stage: RowStage, from: number, count: number): void {
  if (stage.whole) return;
  const row = stage.first + stage.row;
  if (stage.direct) {
    stage.zAt = row * stage.classes + from;
    return;
  }
  readRows(
    stage.source,
    stage.layout,
    { first: row, count: 1, classFrom: from, classCount: count },
    stage.z,
    stage.line,
  );
  if (stage.steps.steps.length === 0) return;
  const label = stage.labels.length > 0 ? stage.labels[stage.row] : -1;
  applyLogitSteps(stage.steps, { z: stage.z, at: 0, classFrom: from, count, label }, stage.slopes);
}

/** The same, and their exponentials at `e[eAt]`. */
export function loadExponentials(stage: RowStage, from: number, count: number): void {
  if (stage.whole) return;
  loadLogits(stage, from, count);
  exponentials(stage.z, stage.zAt, stage.e, 0, count, stage.base, stage.shift);
}

/** Writes the gradient of a chunk, which lies at the front of `e`. Whole rows wait for `storeTile`. */
export function storeChunk(stage: RowStage, from: number, count: number): void {
  if (stage.whole || stage.sink === undefined) return;
  if (stage.steps.varies) multiplyBySlopes(stage.e, stage.slopes, 0, count, stage.tiny);
  const row = stage.first + stage.row;
  writeRows(
    stage.sink,
    stage.layout,
    { first: row, count: 1, classFrom: from, classCount: count },
    stage.e,
    stage.line,
  );
}

/** Writes the gradient of the tile. */
export function storeTile(stage: RowStage, { first, count, keep }: Tile): void {
  if (!stage.whole || stage.sink === undefined) return;
  const { classes, layout, e, slopes } = stage;
  if (stage.steps.varies)
    for (let row = 0; row < count; row++)
      if (keep[row] === 1) multiplyBySlopes(e, slopes, row * classes, classes, stage.tiny);
  writeRows(stage.sink, layout, { first, count, classFrom: 0, classCount: classes }, e, stage.line);
}

/** Makes the gradient of the row at hand one number everywhere: 0 of an ignored row, NaN of an invalid one. */
export function fillGradient(stage: RowStage, value: number): void {
  if (stage.sink === undefined) return;
  const { classes, chunk } = stage;
  if (stage.whole) stage.e.fill(value, stage.eAt, stage.eAt + classes);
  else
    for (let from = 0; from < classes; from += chunk) {
      const count = Math.min(chunk, classes - from);
      stage.e.fill(value, 0, count);
      if (stage.steps.varies) stage.slopes.fill(1, 0, count);
      storeChunk(stage, from, count);
    }
}
