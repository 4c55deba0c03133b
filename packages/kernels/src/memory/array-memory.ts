import { markBuffer, MOST_THREADS, THREAD_SIZE, threadPlaces, type KernelMemory } from '../wasm/kernel-memory.js';
import { PAGE, webAssembly, type WasmMemory } from '../wasm/web-assembly.js';
import { freeList, type FreeList } from './free-list.js';

/** A memory with room for arrays. */
export interface ArrayMemory {
  readonly buffer: () => ArrayBufferLike;
  readonly take: (bytes: number) => number | undefined;
  readonly giveBack: (at: number, bytes: number) => void;
}

/** Where arrays begin. */
const SHARED_FROM = MOST_THREADS * THREAD_SIZE;

/** Programs read whole vectors: up to 16 bytes past the end of an array. */
const SLACK = 64;
/** Addresses have 32 bits. */
const MOST_PAGES = 65_536;
/** 64 MiB: small arrays, and what belongs to them, come to lie together. */
const LEAST_PAGES = 1024;

/**
 * A memory that grows under its arrays and never moves them: only shared memory does, and browsers have it only in pages
 * that are isolated from others (cross-origin isolation). A runtime may refuse the largest and take a smaller one.
 */
export function growingMemory(bytes: number): ArrayMemory | undefined {
  // Chromium makes it elsewhere too, but refuses to send it to a worker then.
  if (!('SharedArrayBuffer' in globalThis)) return undefined;
  const initial = pagesFor(SHARED_FROM + bytes + SLACK);
  for (let maximum = MOST_PAGES; maximum >= Math.max(initial, LEAST_PAGES); maximum /= 2) {
    const memory = newMemory({ initial, maximum, shared: true });
    if (memory !== undefined) return growing(memory, maximum);
  }
  return undefined;
}

function growing(memory: WasmMemory, maximum: number): ArrayMemory {
  const over: KernelMemory = { memory, shared: true, base: 0, places: threadPlaces() };
  const list = freeList(SHARED_FROM, memory.buffer.byteLength - SLACK);
  markBuffer(memory.buffer, over);
  return {
    // Each time it grows there is a new object for it; the old ones stay what they are.
    buffer: () => memory.buffer,
    take: (bytes) => list.take(bytes) ?? (grow(memory, list, bytes, maximum, over) ? list.take(bytes) : undefined),
    giveBack: list.giveBack,
  };
}

function grow(memory: WasmMemory, list: FreeList, bytes: number, maximum: number, over: KernelMemory): boolean {
  const size = memory.buffer.byteLength;
  const pages = pagesFor(bytes - list.freeAtEnd());
  if (size / PAGE + pages > maximum) return false;
  try {
    memory.grow(pages);
  } catch {
    return false;
  }
  markBuffer(memory.buffer, over);
  list.extend(memory.buffer.byteLength - SLACK);
  return true;
}

/** A memory that does not grow, so that its arrays need not move, with room for another array as large. */
export function fixedMemory(bytes: number): ArrayMemory | undefined {
  const most = Math.max(LEAST_PAGES, pagesFor(THREAD_SIZE + 2 * bytes + SLACK));
  const least = pagesFor(THREAD_SIZE + bytes + SLACK);
  for (const pages of [most, least]) {
    const memory = newMemory({ initial: pages, maximum: pages });
    if (memory === undefined) continue;
    const list = freeList(THREAD_SIZE, memory.buffer.byteLength - SLACK);
    markBuffer(memory.buffer, { memory, shared: false, base: 0 });
    return { buffer: () => memory.buffer, take: list.take, giveBack: list.giveBack };
  }
  return undefined;
}

function newMemory(description: {
  readonly initial: number;
  readonly maximum: number;
  readonly shared?: boolean;
}): WasmMemory | undefined {
  try {
    const { Memory } = webAssembly();
    return new Memory(description);
  } catch {
    return undefined;
  }
}

function pagesFor(bytes: number): number {
  return Math.ceil(bytes / PAGE);
}
