/**
 * Arrays of `@surprisal/kernels/memory`: the memory they lie in travels with them, so that the SIMD engines of a worker
 * compute in place too. Found by contract, as everything of other packages.
 */
import { newArrayIn, tagOf, type ArrayName } from './arrays.js';

/** A shared `WebAssembly.Memory` with arrays in it, as a thread knows it. */
export interface KernelMemory {
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly shared: boolean;
  /** Where the places of the thread's programs begin. */
  readonly base: number;
  readonly places?: { readonly take: () => number | undefined; readonly giveBack: (base: number) => void };
}

/** A memory as it travels: the worker keeps it by its number. */
export interface SentMemory {
  readonly number: number;
  readonly memory: KernelMemory['memory'];
  readonly base: number;
}

/** An array in such a memory as it travels. */
export interface SentArray {
  readonly of: SentMemory;
  readonly name: ArrayName;
  readonly at: number;
  readonly length: number;
}

/** Which memory each buffer is of, for all copies of the kernels in a thread. */
const KEY = Symbol.for('@surprisal/kernels/memory/1');

interface Scope {
  [KEY]?: WeakMap<object, KernelMemory> | undefined;
}

/** What a worker has of the memories of its calls, in a place of its own in each. */
export interface WorkerPlaces {
  /** The memory for a message; undefined where no place is left in it. */
  readonly in: (memory: KernelMemory) => SentMemory | undefined;
  /** Makes room for other workers, when this one has ended. */
  readonly giveBack: () => void;
}

/** No places yet. */
export function workerPlaces(): WorkerPlaces {
  const sent = new Map<KernelMemory, SentMemory>();
  let count = 0;
  return {
    in: (memory) => {
      const known = sent.get(memory);
      if (known !== undefined) return known;
      const base = memory.places?.take();
      if (base === undefined) return undefined;
      const place = { number: count++, memory: memory.memory, base };
      sent.set(memory, place);
      return place;
    },
    giveBack: () => {
      for (const [memory, { base }] of sent) memory.places?.giveBack(base);
      sent.clear();
    },
  };
}

/** A view as it travels to a worker, where it lies in a memory that the worker can have a place in. */
export function sentArray(view: ArrayBufferView, places: WorkerPlaces): SentArray | undefined {
  const memory = (globalThis as Scope)[KEY]?.get(view.buffer);
  const of = memory?.shared === true ? places.in(memory) : undefined;
  if (of === undefined) return undefined;
  const { length } = view as unknown as ArrayLike<number>;
  return { of, name: tagOf(view) as ArrayName, at: view.byteOffset, length };
}

/** The memories of a worker by number. */
export type KnownMemories = Map<number, KernelMemory>;

/** An array that has travelled. */
export function arrayFrom({ of, name, at, length }: SentArray, known: KnownMemories): ArrayBufferView {
  const last = known.get(of.number)?.memory;
  // A clone of the memory comes with each message; programs are kept for one, unless it has not seen the memory grow.
  const isCurrent = last !== undefined && last.buffer.byteLength >= of.memory.buffer.byteLength;
  const memory = isCurrent ? known.get(of.number) : undefined;
  const own = memory ?? { memory: of.memory, shared: true, base: of.base };
  known.set(of.number, own);
  const { buffer } = own.memory;
  const scope = globalThis as Scope;
  scope[KEY] ??= new WeakMap();
  scope[KEY].set(buffer, own);
  return newArrayIn(name, buffer, at, length);
}
