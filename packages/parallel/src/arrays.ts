/** Typed arrays as they travel: shared where they are, or copied into memory that moves. */
import type { Float16ArrayLike, IntegerArray } from '@surprisal/core';

/** Arrays that an argument of a call may lie in. */
export type NumberArray = Float32Array | Float64Array | Float16ArrayLike | IntegerArray;

/** Their names: what `Object.prototype.toString` calls them, in any realm and whatever class extends them. */
export type ArrayName = `${'Float16' | 'Float32' | 'Float64'}Array`;

interface Sliceable {
  readonly buffer: ArrayBufferLike;
  readonly subarray: (from: number, to: number) => NumberArray;
  readonly set: (values: ArrayLike<number>, at?: number) => void;
}

/** Whether an array lies in memory that threads share. */
export function isShared(data: unknown): boolean {
  return ArrayBuffer.isView(data) && tagOf(data.buffer) === 'SharedArrayBuffer';
}

/** The numbers `from` to `to - 1`: a view where the memory is shared, otherwise a copy. */
export function part(data: ArrayLike<number | bigint>, from: number, to: number): NumberArray {
  if (!ArrayBuffer.isView(data)) return Float64Array.from((data as readonly number[]).slice(from, to));
  const view = (data as unknown as Sliceable).subarray(from, to);
  if (isShared(data)) return view;
  const copy = newArray(tagOf(data), to - from);
  (copy as unknown as Sliceable).set(view as ArrayLike<number>);
  return copy;
}

/** Copies a part back to where it belongs. */
export function putBack(into: ArrayLike<number>, values: ArrayLike<number>, at: number): void {
  (into as unknown as Sliceable).set(values, at);
}

/** A new array by the name of its class. */
export function newArray(name: string, length: number): NumberArray {
  const constructors = globalThis as unknown as Readonly<Record<string, new (length: number) => NumberArray>>;
  const constructor = constructors[name] ?? Float64Array;
  return new constructor(length);
}

/** An array over a buffer, by the name of its class. */
export function newArrayIn(name: ArrayName, buffer: ArrayBufferLike, at: number, length: number): ArrayBufferView {
  const constructors = globalThis as unknown as Readonly<
    Record<string, new (buffer: ArrayBufferLike, at: number, length: number) => ArrayBufferView>
  >;
  return new (constructors[name] ?? Float64Array)(buffer, at, length);
}

/** Memory that moves with a message instead of being copied: all that is not shared. */
export function movable(arrays: readonly unknown[]): ArrayBufferLike[] {
  return arrays.flatMap((data) => (ArrayBuffer.isView(data) && !isShared(data) ? [data.buffer] : []));
}

/** The class of an object as it calls itself. */
export function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
