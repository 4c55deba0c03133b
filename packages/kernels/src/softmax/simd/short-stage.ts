import {
  readRows,
  writeRows,
  type ElementType,
  type NumberSink,
  type NumberSource,
  type Problem,
} from '@surprisal/core';
import { placeOf } from '../../wasm/kernel-memory.js';
import type { WasmProgram } from '../../wasm/wasm-program.js';
import type { RunRows, SoftmaxFunctions } from './softmax-program.js';

/** An array of floating-point numbers, seen as what is used of it. */
export type Numbers = Float32Array | Float64Array;

/** Rows of a tile at most, as many as core fills at once, and bytes of them: both caches of the processor hold them. */
const TILE_ROWS = 4096;
const TILE_BYTES = 65_536;
/** The most classes, rounded up to whole vectors. */
const MOST_CLASSES = 256;

/** What lies in the memory of a program. It holds nothing from one tile to the next: another session may use it in between. */
export interface ShortMemory {
  readonly labels: Int32Array;
  readonly masses: Float64Array;
  readonly losses: Float64Array;
  /** b of each row. */
  readonly spreads: Float64Array;
  readonly keep: Uint8Array;
  /** v and the logits, which their gradient replaces, in either type. */
  readonly vector32: Float32Array;
  readonly vector64: Float64Array;
  readonly numbers32: Float32Array;
  readonly numbers64: Float64Array;
}

/** Where the rows of a session lie, in the type they are computed in. */
export interface ShortStage {
  readonly memory: ShortMemory;
  readonly problem: Problem;
  readonly classes: number;
  /** Rows of a tile. */
  readonly capacity: number;
  readonly run: RunRows;
  readonly vector: Numbers;
  readonly numbers: Numbers;
  /** The caller's logits and gradient where they are packed numbers of that type. */
  readonly direct: Numbers | undefined;
  readonly directGradient: Numbers | undefined;
  /** Where these begin, in bytes, if they lie in the memory that the program runs over: rows are computed where they are. */
  readonly logitsAt: number | undefined;
  readonly gradientAt: number | undefined;
  /** Between arrays of other types or layouts and the memory. */
  readonly between: Float64Array;
  readonly line: Float64Array;
}

/** Nine views of a memory take as long as the arithmetic of a small call. */
const memories: WeakMap<object, ShortMemory> = /* @__PURE__ */ new WeakMap<object, ShortMemory>();

function memoryOf(program: WasmProgram<SoftmaxFunctions>): ShortMemory {
  const known = memories.get(program);
  if (known !== undefined) return known;
  const { memory, own } = program;
  let at = own.from;
  const place = (bytes: number): number => {
    const start = at;
    at += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const vectorAt = place(8 * MOST_CLASSES);
  // Vectors are read whole: some bytes past the last row.
  const numbersAt = place(TILE_BYTES + 64);
  const made: ShortMemory = {
    labels: new Int32Array(memory, place(4 * TILE_ROWS), TILE_ROWS),
    masses: new Float64Array(memory, place(8 * TILE_ROWS), TILE_ROWS),
    losses: new Float64Array(memory, place(8 * TILE_ROWS), TILE_ROWS),
    spreads: new Float64Array(memory, place(8 * TILE_ROWS), TILE_ROWS),
    keep: new Uint8Array(memory, place(TILE_ROWS), TILE_ROWS),
    vector32: new Float32Array(memory, vectorAt, MOST_CLASSES),
    vector64: new Float64Array(memory, vectorAt, MOST_CLASSES),
    numbers32: new Float32Array(memory, numbersAt, TILE_BYTES / 4),
    numbers64: new Float64Array(memory, numbersAt, TILE_BYTES / 8),
  };
  memories.set(program, made);
  return made;
}

const NONE: Float64Array = /* @__PURE__ */ new Float64Array(0);

export function openShortStage(program: WasmProgram<SoftmaxFunctions>, problem: Problem): ShortStage {
  const { functions, over } = program;
  const { layout, logits, gradient } = problem;
  const { classes, rows } = layout;
  const memory = memoryOf(program);
  const isDouble = logits.type === 'float64';
  const type = isDouble ? 'float64' : 'float32';
  const capacity = Math.max(1, Math.min(rows, TILE_ROWS, Math.floor(TILE_BYTES / (classes * (isDouble ? 8 : 4)))));
  const direct = packed(problem, logits, type);
  const directGradient = gradient && packed(problem, gradient, type);
  const isDirect = direct !== undefined && (gradient === undefined || directGradient !== undefined);
  return {
    memory,
    problem,
    classes,
    capacity,
    run: isDouble ? functions.runRows64 : functions.runRows32,
    vector: isDouble ? memory.vector64 : memory.vector32,
    numbers: isDouble ? memory.numbers64 : memory.numbers32,
    direct,
    directGradient,
    logitsAt: placeOf(direct, over),
    gradientAt: placeOf(directGradient, over),
    between: isDirect ? NONE : new Float64Array(capacity * classes),
    line: layout.inner === 1 ? NONE : new Float64Array(capacity),
  };
}

/** The caller's array where rows lie in it as they do in the memory. */
function packed(
  { layout }: Problem,
  { data, type }: NumberSource | NumberSink,
  wanted: ElementType,
): Numbers | undefined {
  return layout.inner === 1 && type === wanted && ArrayBuffer.isView(data) ? (data as unknown as Numbers) : undefined;
}

/** Brings the logits of a tile into the memory, unless they are there; returns where they begin. */
export function loadLogits(stage: ShortStage, first: number, count: number): number {
  const { problem, classes, direct, logitsAt, numbers, between, line } = stage;
  if (logitsAt !== undefined) return logitsAt + first * classes * numbers.BYTES_PER_ELEMENT;
  if (direct !== undefined)
    numbers.set(count === problem.layout.rows ? direct : direct.subarray(first * classes, (first + count) * classes));
  else {
    const { logits, layout } = problem;
    readRows(logits, layout, { first, count, classFrom: 0, classCount: classes }, between, line);
    numbers.set(between.subarray(0, count * classes));
  }
  return numbers.byteOffset;
}

/** Where the gradient of a tile goes; 0: there is none. */
export function placeOfGradient({ problem, classes, gradientAt, numbers }: ShortStage, first: number): number {
  if (gradientAt !== undefined) return gradientAt + first * classes * numbers.BYTES_PER_ELEMENT;
  return problem.gradient === undefined ? 0 : numbers.byteOffset;
}

/** Makes the gradient of a row of the tile NaN. */
export function spoilRow(
  { classes, directGradient, gradientAt, numbers }: ShortStage,
  first: number,
  row: number,
): void {
  if (directGradient !== undefined && gradientAt !== undefined)
    directGradient.fill(NaN, (first + row) * classes, (first + row + 1) * classes);
  else numbers.fill(NaN, row * classes, (row + 1) * classes);
}

/** Takes the gradient of a tile out of the memory. */
export function storeGradient(
  { problem, classes, directGradient, gradientAt, numbers, between, line }: ShortStage,
  first: number,
  count: number,
): void {
  const { gradient, layout } = problem;
  if (gradient === undefined || gradientAt !== undefined) return;
  const values = numbers.subarray(0, count * classes);
  if (directGradient !== undefined) {
    directGradient.set(values, first * classes);
    return;
  }
  between.set(values);
  writeRows(gradient, layout, { first, count, classFrom: 0, classCount: classes }, between, line);
}

/** A view takes as long as copying so many numbers one by one. */
const FEW = 48;

/** Copies the first `count` numbers. */
export function copy<Data extends Int32Array | Uint8Array | Numbers>(from: Data, to: Data, count: number): void {
  if (count > FEW) to.set(count === from.length ? from : from.subarray(0, count));
  else for (let i = 0; i < count; i++) to[i] = from[i];
}
