import { readRows, writeRows, type ElementType, type Problem, type RowRange } from '@surprisal/core';
import { placeOf } from '../../wasm/kernel-memory.js';
import type { WasmProgram } from '../../wasm/wasm-program.js';
import { rowFunctions32, rowFunctions64, type RowFunctions, type SoftmaxFunctions } from './softmax-program.js';

/** Any typed array of floating-point numbers, seen as what is used of it. */
type Numbers = Float32Array | Float64Array;

/** How the program's memory is used. No result depends on the sizes. */
export interface SimdSizes {
  /** Numbers of the rows that are staged together; a row that is longer goes through in parts. */
  readonly tile: number;
  /** Numbers of a part, a multiple of a block of 512 bytes. */
  readonly part: number;
  /** The most numbers of a long row whose exponentials stay in memory. */
  readonly resident: number;
}

/** Rows of a tile at most. */
const TILE_ROWS = 2048;

/**
 * Where rows lie in the memory that the program runs over. It holds nothing from one tile to the next: another session may use it in between.
 *
 * Rows of `SimdSizes.tile` numbers and fewer are whole, many at a time. Of a longer one the first `resident` classes stay in
 * memory, the others pass through one slot behind them, their exponentials parked in the caller's gradient.
 *
 * A gradient that lies in the same memory is itself the place of its rows, and logits that do are read where they are.
 */
export interface SimdStage {
  readonly problem: Problem;
  readonly rows: RowFunctions;
  readonly functions: SoftmaxFunctions;
  readonly classes: number;
  readonly whole: boolean;
  /** Rows of a tile. */
  readonly capacity: number;
  readonly part: number;
  readonly resident: number;
  /** The program's memory as numbers of the type it computes in, and where in it the rows begin. */
  readonly numbers: Numbers;
  numbersAt: number;
  readonly size: 4 | 8;
  readonly labels: Int32Array;
  readonly masses: Float64Array;
  readonly losses: Float64Array;
  /** b of each row, and v of all classes or of the part at hand, where part of a target is spread. */
  readonly spreads: Float64Array;
  readonly vector: Float32Array;
  /** The same numbers, and room for the rest of a vector of them. */
  readonly wideVector: Float64Array;
  /** The caller's logits and gradient where they are packed numbers of that type. */
  readonly direct: Numbers | undefined;
  readonly directGradient: Numbers | undefined;
  /** Where the caller's logits begin, in bytes, if they are read where they are; where its gradient does, in numbers. */
  readonly logitsAt: number | undefined;
  readonly gradientAt: number | undefined;
  /** Whether the exponentials of a long row can wait in the caller's gradient. */
  readonly parks: boolean;
  /** Between arrays of other types or layouts and the memory. */
  readonly between: Float64Array;
  readonly line: Float64Array;
  /** How many rows are to be looked through for their largest logit at once, after some that had to be. No bit depends on it. */
  lookFirst: number;
  /** How many that will be after the next. */
  lookNext: number;
}

/** Vectors are read whole: up to 16 bytes past the end of a row. */
const SLACK = 64;
const NONE: Float64Array = /* @__PURE__ */ new Float64Array(0);

export function createSimdStage(
  { functions, memory, own, over }: WasmProgram<SoftmaxFunctions>,
  problem: Problem,
  sizes: SimdSizes,
  isSpread = false,
): SimdStage {
  const { layout, logits, gradient } = problem;
  const { classes } = layout;
  const type = logits.type === 'float64' ? 'float64' : 'float32';
  const size = type === 'float64' ? 8 : 4;
  const labelsAt = own.from;
  const massesAt = labelsAt + 4 * TILE_ROWS;
  const lossesAt = massesAt + 8 * TILE_ROWS;
  const spreadsAt = lossesAt + 8 * TILE_ROWS;
  const vectorAt = spreadsAt + 8 * TILE_ROWS;
  const vectorLength = isSpread ? Math.max(sizes.tile, sizes.part) : 0;
  const wideVectorAt = vectorAt + Math.ceil((4 * vectorLength) / SLACK) * SLACK + SLACK;
  const rowsAt = wideVectorAt + Math.ceil((8 * vectorLength) / SLACK) * SLACK + SLACK;
  const room = (own.to - SLACK - rowsAt) / size;
  const whole = classes <= sizes.tile;
  const capacity = whole ? Math.max(1, Math.min(layout.rows, TILE_ROWS, Math.floor(sizes.tile / classes))) : 1;
  const part = whole ? classes : sizes.part;
  const direct = packed(problem, logits.data, logits.type, type);
  const directGradient = gradient && packed(problem, gradient.data, gradient.type, type);
  const isDirect = direct !== undefined && (gradient === undefined || directGradient !== undefined);
  const logitsAt = placeOf(direct, over);
  const gradientAt = placeOf(directGradient, over);
  const kept = Math.min(sizes.resident, room - part);
  const isInPlace = gradientAt !== undefined && directGradient !== undefined;
  const buffer = isInPlace ? directGradient.buffer : memory;
  return {
    problem,
    rows: type === 'float64' ? rowFunctions64(functions) : rowFunctions32(functions),
    functions,
    classes,
    whole,
    capacity,
    part,
    resident: whole || isInPlace ? classes : Math.floor(kept / part) * part,
    numbers: type === 'float64' ? new Float64Array(buffer) : new Float32Array(buffer),
    numbersAt: rowsAt / size,
    size,
    labels: new Int32Array(memory, labelsAt, TILE_ROWS),
    masses: new Float64Array(memory, massesAt, TILE_ROWS),
    losses: new Float64Array(memory, lossesAt, TILE_ROWS),
    spreads: new Float64Array(memory, spreadsAt, TILE_ROWS),
    vector: new Float32Array(memory, vectorAt, vectorLength),
    wideVector: new Float64Array(memory, wideVectorAt, vectorLength + 4),
    direct,
    directGradient,
    logitsAt,
    gradientAt: isInPlace ? gradientAt / size : undefined,
    parks: directGradient !== undefined,
    between: isDirect ? NONE : new Float64Array(capacity * part),
    line: layout.inner === 1 ? NONE : new Float64Array(capacity),
    lookFirst: 0,
    lookNext: 1,
  };
}

/** The caller's array where rows lie in it as they do in the memory. */
function packed(
  { layout }: Problem,
  data: ArrayLike<unknown>,
  type: ElementType,
  wanted: ElementType,
): Numbers | undefined {
  return layout.inner === 1 && type === wanted && ArrayBuffer.isView(data) ? (data as unknown as Numbers) : undefined;
}

/** Where the rows of a tile go. */
export function placeRows(stage: SimdStage, first: number): void {
  if (stage.gradientAt !== undefined) stage.numbersAt = stage.gradientAt + first * stage.classes;
}

/** A logit of the row at hand, whose first is at `numbers[at]` unless it is read where it is. */
export function logitOf({ direct, numbers, classes }: SimdStage, row: number, label: number, at: number): number {
  return direct === undefined ? numbers[at + label] : direct[row * classes + label];
}

/** Where classes from `from` on of the long row at hand lie. */
export function slotOf({ numbersAt, resident }: SimdStage, from: number): number {
  return numbersAt + Math.min(from, resident);
}

/** Brings logits to `numbers[to]`, or says where they are. */
export function loadRange(stage: SimdStage, range: RowRange, to: number): void {
  const { direct, logitsAt, numbers, size, between, line, problem, functions } = stage;
  const count = range.count * range.classCount;
  const from = range.first * stage.classes + range.classFrom;
  functions.setDistance(logitsAt === undefined ? 0 : logitsAt + (from - to) * size);
  if (logitsAt !== undefined) return;
  if (direct !== undefined) {
    numbers.set(direct.subarray(from, from + count), to);
  } else {
    readRows(problem.logits, problem.layout, range, between, line);
    numbers.set(count === between.length ? between : between.subarray(0, count), to);
  }
}

/** Takes the gradient, or what is parked for it, from `numbers[from]`. */
export function storeRange(stage: SimdStage, range: RowRange, from: number): void {
  const { directGradient, gradientAt, numbers, between, line, problem } = stage;
  if (problem.gradient === undefined || gradientAt !== undefined) return;
  const values = numbers.subarray(from, from + range.count * range.classCount);
  if (directGradient !== undefined) {
    directGradient.set(values, range.first * stage.classes + range.classFrom);
  } else {
    between.set(values);
    writeRows(problem.gradient, problem.layout, range, between, line);
  }
}

/** Brings back what was parked. */
export function loadParked({ directGradient, numbers, classes }: SimdStage, range: RowRange, to: number): void {
  const from = range.first * classes + range.classFrom;
  if (directGradient !== undefined) numbers.set(directGradient.subarray(from, from + range.classCount), to);
}

/** Whether to look for the largest logit before anything else. */
export function takeLook(stage: SimdStage): boolean {
  if (stage.lookFirst === 0) return false;
  stage.lookFirst--;
  return true;
}

/** What a row that was tried without says of those that follow: the more had to be done twice, the longer none is tried. */
export function learnFrom(stage: SimdStage, wasUsual: boolean): void {
  stage.lookFirst = wasUsual ? 0 : stage.lookNext;
  stage.lookNext = wasUsual ? 1 : Math.min(63, 2 * stage.lookNext + 1);
}
