import { PAGE, type WasmMemory } from './web-assembly.js';

/** Memory that programs run over, with arrays of callers in it. */
export interface KernelMemory {
  readonly memory: WasmMemory;
  /** Whether threads can share it: a program is then compiled for it apart. */
  readonly shared: boolean;
}

/** Part of a memory, in bytes. */
export interface Region {
  readonly from: number;
  readonly to: number;
}

/** The first page holds the constants of every program. What the programs of a link work with has its place behind it. */
export const REGIONS: Readonly<Record<'softmax' | 'sigmoid', Region>> = {
  softmax: { from: PAGE, to: 4 * PAGE },
  sigmoid: { from: 4 * PAGE, to: 9 * PAGE },
};

/** Where arrays of callers begin. */
export const ARRAYS_FROM: number = REGIONS.sigmoid.to;

/** Which memory a buffer is of. The buffer of a shared memory is frozen and cannot say so itself. */
const memoryOfBuffer = /* @__PURE__ */ new WeakMap<object, KernelMemory>();

/** Remembers of a buffer, and so of every view of it, which memory it is of. */
export function markBuffer(buffer: ArrayBufferLike, memory: KernelMemory): void {
  memoryOfBuffer.set(buffer, memory);
}

/** Where an array begins in a memory, in bytes; undefined for one that lies elsewhere. */
export function placeOf(data: unknown, memory: KernelMemory | undefined): number | undefined {
  return memory !== undefined && kernelMemoryOf(data) === memory ? (data as Uint8Array).byteOffset : undefined;
}

/** The memory that an array lies in; undefined for all other arrays. */
export function kernelMemoryOf(data: unknown): KernelMemory | undefined {
  return ArrayBuffer.isView(data) ? memoryOfBuffer.get(data.buffer) : undefined;
}
