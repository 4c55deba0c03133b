import { PAGE, type WasmMemory } from './web-assembly.js';

/** Memory that programs run over, with arrays of callers in it, as one thread sees it. */
export interface KernelMemory {
  readonly memory: WasmMemory;
  /** Whether threads can share it. */
  readonly shared: boolean;
  /** Where the places of this thread's programs begin, in bytes. */
  readonly base: number;
  /** For a thread that has others compute in the memory: places for them. */
  readonly places?: ThreadPlaces;
}

/** Places for the programs of other threads. */
export interface ThreadPlaces {
  /** A base that no other thread has; undefined where there is none left. */
  readonly take: () => number | undefined;
  /** For a thread that has ended. */
  readonly giveBack: (base: number) => void;
}

/** What a program has of a memory, in bytes from a thread's base: its constants, and what it works with. */
export interface Region {
  readonly constants: number;
  readonly from: number;
  readonly to: number;
}

/** The first page holds the constants of both links. */
export const REGIONS: Readonly<Record<'softmax' | 'sigmoid', Region>> = {
  softmax: { constants: 1024, from: PAGE, to: 4 * PAGE },
  sigmoid: { constants: 32_768, from: 4 * PAGE, to: 9 * PAGE },
};

/** What the programs of one thread take. */
export const THREAD_SIZE: number = REGIONS.sigmoid.to;

/** Threads at most that compute in one memory. What none of them uses takes addresses, no memory. */
export const MOST_THREADS = 32;

/** Which memory a buffer is of. */
export type MemoryOfBuffer = WeakMap<object, KernelMemory>;

/**
 * Where every copy of this package in a thread finds it, and who brings arrays of another thread: a worker may have a copy in
 * each module of plugins. The buffer of a shared memory is frozen and cannot say itself whose it is.
 */
const KEY = Symbol.for('@surprisal/kernels/memory/1');

interface Scope {
  [KEY]?: MemoryOfBuffer | undefined;
}

/** Remembers of a buffer, and so of every view of it, which memory it is of. */
export function markBuffer(buffer: ArrayBufferLike, memory: KernelMemory): void {
  const scope = globalThis as Scope;
  scope[KEY] ??= new WeakMap();
  scope[KEY].set(buffer, memory);
}

/** Where an array begins in a memory, in bytes; undefined for one that lies elsewhere. */
export function placeOf(data: unknown, memory: KernelMemory | undefined): number | undefined {
  return memory !== undefined && kernelMemoryOf(data) === memory ? (data as Uint8Array).byteOffset : undefined;
}

/** The memory that an array lies in; undefined for all other arrays. */
export function kernelMemoryOf(data: unknown): KernelMemory | undefined {
  return ArrayBuffer.isView(data) ? (globalThis as Scope)[KEY]?.get(data.buffer) : undefined;
}

/** Places for the programs of threads beside that of base 0. */
export function threadPlaces(): ThreadPlaces {
  const free = Array.from({ length: MOST_THREADS - 1 }, (_, index) => (MOST_THREADS - 1 - index) * THREAD_SIZE);
  return { take: () => free.pop(), giveBack: (base) => void free.push(base) };
}
