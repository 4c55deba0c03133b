/**
 * Numbers of the caller read, and written, a tile at a time: every engine stages them as float64, so that one loop
 * serves float16, float32 and float64 and each value is rounded once, when it is stored.
 */
import { nameOf } from './errors.js';
import { narrowHalf, widenHalf } from './float16.js';
import type { RowLayout } from './engine.js';

/** Floating-point types of logits, gradients and losses. */
export type ElementType = 'float16' | 'float32' | 'float64';

/** Where a call's numbers lie. `half` marks a Uint16Array of binary16 bits. */
export interface NumberSource {
  readonly data: ArrayLike<number | bigint>;
  readonly type: ElementType;
  /** Copies `count` numbers from position `from` on into the front of `into`. Only float64 holds the numbers of every type. */
  readonly read: (from: number, count: number, into: Float32Array | Float64Array) => void;
}

/** Where a call's numbers go. */
export interface NumberSink {
  readonly data: ArrayLike<number>;
  readonly type: ElementType;
  /** Rounds the first `count` numbers of `values` to the type and stores them from position `to` on. */
  readonly write: (values: Float32Array | Float64Array, count: number, to: number) => void;
}

const FLOAT_TYPES: Readonly<Record<string, ElementType>> = {
  Float16Array: 'float16',
  Float32Array: 'float32',
  Float64Array: 'float64',
};

/** The floating-point type of a typed array, of this realm or another; undefined for integers. */
export function floatTypeOf(data: object): ElementType | undefined {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  // What follows works across realms, and costs more than a small call can spare for the usual labels.
  return data instanceof Int32Array ? undefined : FLOAT_TYPES[nameOf(data)];
}

type Settable = ArrayLike<number> & { subarray: (from: number, to: number) => ArrayLike<number> };
type Writable = ArrayLike<number> & { set: (values: ArrayLike<number>, to: number) => void };

/** Reads from any array of numbers (a Float16Array included) without rounding. */
export function numberSource(data: ArrayLike<number | bigint>, type: ElementType): NumberSource {
  if (isBigIntArray(data)) return { data, type, read: readBigInts(data) };
  if (!ArrayBuffer.isView(data)) return { data, type, read: readItems(data as readonly number[]) };
  const numbers = data as unknown as Settable;
  // TypedArray.prototype.set converts between types exactly in one native loop.
  const read = (from: number, count: number, into: Float32Array | Float64Array): void => {
    into.set(from === 0 && count === numbers.length ? numbers : numbers.subarray(from, from + count));
  };
  return { data, type, read };
}

/** Reads binary16 bits. */
export function halfSource(data: Uint16Array): NumberSource {
  const read = (from: number, count: number, into: Float32Array | Float64Array): void => {
    for (let i = 0; i < count; i++) into[i] = widenHalf(data[from + i] ?? 0);
  };
  return { data, type: 'float16', read };
}

/** Writes into a Float32Array, a Float64Array or a Float16Array. */
export function numberSink(data: ArrayLike<number>, type: ElementType): NumberSink {
  const target = data as Writable;
  const write = (values: Float32Array | Float64Array, count: number, to: number): void => {
    target.set(count === values.length ? values : values.subarray(0, count), to);
  };
  return { data, type, write };
}

/** Writes binary16 bits. */
export function halfSink(data: Uint16Array): NumberSink {
  const write = (values: Float32Array | Float64Array, count: number, to: number): void => {
    for (let i = 0; i < count; i++) data[to + i] = narrowHalf(values[i] ?? 0);
  };
  return { data, type: 'float16', write };
}

/** The rows `first` to `first + count - 1`, packed; or of one row a part of its classes, for rows longer than a tile. */
export interface RowRange {
  readonly first: number;
  readonly count: number;
  /** With `classCount` less than all classes, `count` must be 1. */
  readonly classFrom: number;
  readonly classCount: number;
}

/** Gathers rows into the front of `into`, row by row, whatever the layout. `line` is scratch of `range.count` numbers or more. */
export function readRows(
  source: NumberSource,
  layout: RowLayout,
  range: RowRange,
  into: Float64Array,
  line: Float64Array,
): void {
  if (layout.inner === 1) {
    source.read(range.first * layout.classes + range.classFrom, range.count * range.classCount, into);
    return;
  }
  forEachRun(layout, range, (position, run, row, column) => {
    source.read(position, run, line);
    for (let i = 0, at = row * range.classCount + column; i < run; i++, at += range.classCount) into[at] = line[i] ?? 0;
  });
}

/** Scatters packed rows back to where `readRows` found them. */
export function writeRows(
  sink: NumberSink,
  layout: RowLayout,
  range: RowRange,
  from: Float64Array,
  line: Float64Array,
): void {
  if (layout.inner === 1) {
    sink.write(from, range.count * range.classCount, range.first * layout.classes + range.classFrom);
    return;
  }
  forEachRun(layout, range, (position, run, row, column) => {
    for (let i = 0, at = row * range.classCount + column; i < run; i++, at += range.classCount) line[i] = from[at] ?? 0;
    sink.write(line, run, position);
  });
}

/** Flat position of (row, class). */
export function positionOf(layout: RowLayout, row: number, column: number): number {
  const within = row % layout.inner;
  return (row - within) * layout.classes + column * layout.inner + within;
}

/** Calls `visit` for each run of consecutive numbers that one class has in consecutive rows. */
function forEachRun(
  layout: RowLayout,
  range: RowRange,
  visit: (position: number, run: number, row: number, column: number) => void,
): void {
  for (let row = 0; row < range.count;) {
    const run = Math.min(range.count - row, layout.inner - ((range.first + row) % layout.inner));
    for (let column = 0; column < range.classCount; column++)
      visit(positionOf(layout, range.first + row, range.classFrom + column), run, row, column);
    row += run;
  }
}

function isBigIntArray(data: unknown): data is BigInt64Array | BigUint64Array {
  return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

function readBigInts(data: BigInt64Array | BigUint64Array): NumberSource['read'] {
  return (from, count, into) => {
    for (let i = 0; i < count; i++) into[i] = Number(data[from + i]);
  };
}

function readItems(data: readonly number[]): NumberSource['read'] {
  return (from, count, into) => {
    for (let i = 0; i < count; i++) into[i] = data[from + i] ?? Number.NaN;
  };
}
