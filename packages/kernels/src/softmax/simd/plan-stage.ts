import { readRows, writeRows, type NumberSource, type Problem, type RowRange } from '@surprisal/core';
import { clearNegativeZeros, roundsToZero } from '../../stage/negative-zero.js';
import type { WasmProgram } from '../../wasm/wasm-program.js';
import { RECORD_LENGTH } from './row-records.js';
import type { PlanFunctions, SoftmaxFunctions } from './softmax-program.js';
import type { SimdSizes } from './simd-stage.js';

/** Numbers in the program's memory, and where they lie, in bytes. */
export interface Region {
  readonly at: number;
  readonly numbers: Float32Array | Float64Array;
}

/** The same, of float64. */
export interface WideRegion {
  readonly at: number;
  readonly numbers: Float64Array;
}

/**
 * Where rows of a plan lie in the program's memory: whole ones, as many as a tile holds, or a part of one that is longer. It
 * holds nothing from one tile to the next: another session may use it in between.
 */
export interface PlanStage {
  readonly problem: Problem;
  readonly functions: PlanFunctions;
  readonly classes: number;
  readonly whole: boolean;
  /** Rows of a tile, and classes of a part. */
  readonly capacity: number;
  readonly part: number;
  /** The numbers of the plan, which the functions read. */
  readonly constants: Region;
  readonly records: WideRegion;
  /** Logits, and then exponentials, and then the gradient. */
  readonly rows: Region;
  /** More memory for a session. */
  readonly reserve: (count: number) => Region;
  readonly reserveWide: (count: number) => WideRegion;
  readonly between: Float64Array;
  readonly line: Float64Array;
  /** What rounds to zero in the gradient's type, where that is not the type computed in. */
  readonly tiny: number;
}

/** Records of a tile at most. */
const TILE_ROWS = 1024;
/** Vectors are read whole: up to 16 bytes past the end of a row. */
const SLACK = 64;

export function createPlanStage(
  { functions, memory, own }: WasmProgram<SoftmaxFunctions>,
  problem: Problem,
  sizes: SimdSizes,
): PlanStage {
  const { layout, logits, gradient } = problem;
  const { classes, rows } = layout;
  const whole = classes <= sizes.tile;
  const capacity = whole ? Math.max(1, Math.min(rows, TILE_ROWS, Math.floor(sizes.tile / classes))) : 1;
  const part = whole ? classes : sizes.part;
  const room = capacity * part;
  let free = own.from;
  const take = (bytes: number): number => {
    const at = free;
    free += Math.ceil(bytes / SLACK) * SLACK + SLACK;
    return at;
  };
  const reserveWide = (count: number): WideRegion => {
    const at = take(8 * count);
    return { at, numbers: new Float64Array(memory, at, count) };
  };
  const reserve = (count: number): Region => {
    const at = take(4 * count);
    return { at, numbers: new Float32Array(memory, at, count) };
  };
  const constantsAt = functions.plan();
  return {
    problem,
    functions,
    classes,
    whole,
    capacity,
    part,
    constants: { at: constantsAt, numbers: new Float32Array(memory, constantsAt, 12) },
    records: reserveWide(capacity * RECORD_LENGTH),
    rows: reserve(room),
    reserve,
    reserveWide,
    between: new Float64Array(layout.inner === 1 ? 0 : room),
    line: new Float64Array(layout.inner === 1 ? 0 : capacity),
    tiny: gradient === undefined || gradient.type === logits.type ? -1 : roundsToZero(gradient.type),
  };
}

/** Brings numbers of the caller, logits or targets, into a region. */
export function loadRange(stage: PlanStage, source: NumberSource, range: RowRange, { numbers }: Region): void {
  const { problem, classes, between, line } = stage;
  const { layout } = problem;
  const count = range.count * range.classCount;
  if (layout.inner === 1) source.read(range.first * classes + range.classFrom, count, numbers);
  else {
    readRows(source, layout, range, between, line);
    numbers.set(count === between.length ? between : between.subarray(0, count));
  }
}

/** Brings the gradient to the caller. */
export function storeRange(stage: PlanStage, range: RowRange): void {
  const { problem, classes, rows, between, line, tiny } = stage;
  const { layout, gradient } = problem;
  if (gradient === undefined) return;
  const count = range.count * range.classCount;
  if (tiny >= 0) clearNegativeZeros(rows.numbers, 0, count, tiny);
  if (layout.inner === 1) gradient.write(rows.numbers, count, range.first * classes + range.classFrom);
  else {
    between.set(rows.numbers.subarray(0, count));
    writeRows(gradient, layout, range, between, line);
  }
}
