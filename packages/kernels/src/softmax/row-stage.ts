import { type NumberSink, type NumberSource, type Problem, type RowLayout } from '@surprisal/core';
import { stageLogitSteps, type StagedLogitSteps } from './logit-steps.js';
import { typescriptKernel, type RowKernel } from './row-kernel.js';
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
  /** Whose loops go over the rows; absent: those of TypeScript. */
  readonly kernel?: RowKernel;
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
  readonly spares: Float64Array[];
  readonly steps: StagedLogitSteps;
  readonly kernel: RowKernel;
  /** Whether `z` is the caller's own array, which is read in place. */
  readonly direct: boolean;
  /** Numbers of `z` where that is not the caller's, and of `e` beside those kept. */
  readonly room: number;
  /** Classes of a row in chunks whose exponentials stay in `e` from pass to pass. */
  readonly kept: number;
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
  /** How many of the row's kept exponentials are there. */
  loaded: number;
}

const NONE: Float64Array = /* @__PURE__ */ new Float64Array(0);
const NO_LABELS: Int32Array = /* @__PURE__ */ new Int32Array(0);

/** `arrays`: how many arrays of a row's length the session needs in all; 0 where rows must be whole whatever their length. */
export function createRowStage(problem: Problem, sizes: StageSizes, arrays: number): RowStage {
  const { layout, logits, plan, gradient, scratch } = problem;
  const { classes } = layout;
  const whole = classes * arrays <= sizes.memory;
  const capacity = whole ? rowsOfTile(layout, sizes.tile) : 1;
  const chunk = whole ? classes : Math.max(32, sizes.tile - (sizes.tile % 32));
  const steps = stageLogitSteps(plan.logitSteps);
  const { kernel = typescriptKernel } = sizes;
  const isPlain = layout.inner === 1 && steps.steps.length === 0 && logits.data instanceof Float64Array;
  const direct = isPlain && kernel.memory === undefined;
  // What memory is left keeps exponentials of the first classes of a long row for its next pass. Softcap and class mask
  // must see the logits again for their derivative.
  const spare = whole || steps.varies ? 0 : Math.max(0, sizes.memory - arrays * chunk);
  const kept = spare - (spare % chunk);
  const room = capacity * chunk;
  return {
    layout,
    classes,
    capacity,
    chunk,
    whole,
    source: logits,
    sink: gradient,
    spares: scratch,
    steps,
    kernel,
    direct,
    room,
    kept,
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
    loaded: 0,
  };
}

/** How many rows go through at once where `numbers` are staged. */
export function rowsOfTile({ rows, classes }: RowLayout, numbers: number): number {
  return Math.max(1, Math.min(rows, Math.floor(numbers / classes)));
}

/** Gives the stage its memory for one tile; without it no pass may run. */
export function openStage(stage: RowStage): void {
  const { direct, room, kept, kernel } = stage;
  if (kernel.memory !== undefined) {
    stage.z = kernel.memory.subarray(0, room);
    stage.e = kernel.memory.subarray(room, room + room + kept);
  } else if (room + kept <= LONGEST_LENT) {
    stage.e = borrowScratch(stage.spares, room + kept);
    if (!direct) stage.z = borrowScratch(stage.spares, room);
  } else if (stage.e === NONE) {
    stage.e = new Float64Array(room + kept);
    if (!direct) stage.z = new Float64Array(room);
  }
}

/** Room for the targets of the rows at hand, as many numbers as there are logits. */
export function roomForTargets({ kernel: { memory }, room, kept }: RowStage): Float64Array {
  const at = 2 * room + kept;
  return memory === undefined ? new Float64Array(room) : memory.subarray(at, at + room);
}

export function closeStage(stage: RowStage): void {
  if (stage.room + stage.kept > LONGEST_LENT || stage.kernel.memory !== undefined) return;
  returnScratch(stage.spares, stage.e);
  if (!stage.direct) returnScratch(stage.spares, stage.z);
}
