import {
  readRows,
  writeRows,
  type ElementType,
  type NumberSink,
  type NumberSource,
  type Problem,
} from '@surprisal/core';
import type { WasmProgram } from '../../wasm/wasm-program.js';
import type { RunRows, SoftmaxFunctions } from './softmax-program.js';

/** An array of floating-point numbers, seen as what is used of it. */
export type Numbers = Float32Array | Float64Array;

/** Rows of a tile at most, and numbers: 32 KiB of float32 stay close to the processor. */
const TILE_ROWS = 2048;
const TILE_NUMBERS = 8192;
/** The most classes, rounded up to whole vectors. */
const MOST_CLASSES = 48;

/** What lies in the module's memory. It holds nothing from one tile to the next: another session may use it in between. */
interface ShortMemory {
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
export interface ShortStage extends ShortMemory {
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
  /** Between arrays of other types or layouts and the memory. */
  readonly between: Float64Array;
  readonly line: Float64Array;
}

/** Seven views of a memory take as long as the arithmetic of a small call. */
const memories: WeakMap<ArrayBuffer, ShortMemory> = /* @__PURE__ */ new WeakMap<ArrayBuffer, ShortMemory>();

function memoryOf({ functions, memory }: WasmProgram<SoftmaxFunctions>): ShortMemory {
  const known = memories.get(memory);
  if (known !== undefined) return known;
  let at = functions.freeMemory();
  const place = (bytes: number): number => {
    const start = Math.ceil(at / 64) * 64;
    at = start + bytes;
    return start;
  };
  const vectorAt = place(8 * MOST_CLASSES);
  // Vectors are read whole: some bytes past the last row.
  const numbersAt = place(8 * TILE_NUMBERS + 64);
  const made: ShortMemory = {
    labels: new Int32Array(memory, place(4 * TILE_ROWS), TILE_ROWS),
    masses: new Float64Array(memory, place(8 * TILE_ROWS), TILE_ROWS),
    losses: new Float64Array(memory, place(8 * TILE_ROWS), TILE_ROWS),
    spreads: new Float64Array(memory, place(8 * TILE_ROWS), TILE_ROWS),
    keep: new Uint8Array(memory, place(TILE_ROWS), TILE_ROWS),
    vector32: new Float32Array(memory, vectorAt, MOST_CLASSES),
    vector64: new Float64Array(memory, vectorAt, MOST_CLASSES),
    numbers32: new Float32Array(memory, numbersAt, TILE_NUMBERS),
    numbers64: new Float64Array(memory, numbersAt, TILE_NUMBERS),
  };
  memories.set(memory, made);
  return made;
}

const NONE: Float64Array = /* @__PURE__ */ new Float64Array(0);

export function openShortStage(program: WasmProgram<SoftmaxFunctions>, problem: Problem): ShortStage {
  const { functions } = program;
  const { layout, logits, gradient } = problem;
  const { classes, rows } = layout;
  const memory = memoryOf(program);
  const isDouble = logits.type === 'float64';
  const type = isDouble ? 'float64' : 'float32';
  const capacity = Math.max(1, Math.min(rows, TILE_ROWS, Math.floor(TILE_NUMBERS / classes)));
  const direct = packed(problem, logits, type);
  const directGradient = gradient && packed(problem, gradient, type);
  const isDirect = direct !== undefined && (gradient === undefined || directGradient !== undefined);
  return {
    ...memory,
    problem,
    classes,
    capacity,
    run: isDouble ? functions.runRows64 : functions.runRows32,
    vector: isDouble ? memory.vector64 : memory.vector32,
    numbers: isDouble ? memory.numbers64 : memory.numbers32,
    direct,
    directGradient,
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

/** Brings the logits of a tile into the memory. */
export function loadLogits(
  { problem, classes, direct, numbers, between, line }: ShortStage,
  first: number,
  count: number,
): void {
  if (direct !== undefined) {
    numbers.set(part(direct, first * classes, count * classes));
    return;
  }
  const { logits, layout } = problem;
  readRows(logits, layout, { first, count, classFrom: 0, classCount: classes }, between, line);
  numbers.set(part(between, 0, count * classes));
}

/** Takes the gradient of a tile out. */
export function storeGradient(
  { problem, classes, directGradient, numbers, between, line }: ShortStage,
  first: number,
  count: number,
): void {
  const { gradient, layout } = problem;
  if (gradient === undefined) return;
  const values = numbers.subarray(0, count * classes);
  if (directGradient !== undefined) {
    directGradient.set(values, first * classes);
    return;
  }
  between.set(values);
  writeRows(gradient, layout, { first, count, classFrom: 0, classCount: classes }, between, line);
}

/** A part of an array: itself where that is all of it, for a view takes as long as copying a small array. */
function part<Data extends Numbers>(data: Data, from: number, count: number): Data {
  return (count === data.length ? data : data.subarray(from, from + count)) as Data;
}
