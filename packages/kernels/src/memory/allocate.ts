import { fixedMemory, growingMemory, type ArrayMemory } from './array-memory.js';

/** An array in kernel memory. */
export type KernelArray<Numbers extends Float32Array | Float64Array> = Numbers & {
  /**
   * Gives its memory back, for arrays to come. Neither the array nor a view of it may be used after that: its numbers
   * become those of another. Again, it does nothing.
   */
  readonly release: () => void;
};

/** Arrays begin on a line of the processor's cache. */
const LINE = 64;

/** Every memory that has been made so far; an array stays where it is. */
const memories: ArrayMemory[] = [];

/**
 * An array of zeros in kernel memory (memory that the SIMD engines run over). Where both logits and gradient of a call lie
 * there, as wide as each other, the engines compute in place: nothing is copied in or out. It is a typed array as any
 * other and may be used wherever one is; no result depends on where an array lies.
 *
 * @param type `Float32Array` or `Float64Array`.
 * @param length how many numbers, 0 or more.
 *
 * The array stays valid whatever is allocated later, until its `release()`; nothing else frees it. Its memory is shared
 * between threads where the runtime has such memory (Node, browsers in pages with cross-origin isolation), so workers can
 * be sent it, and so APIs that refuse shared memory refuse it. Where WebAssembly is missing or forbidden it is an ordinary
 * array.
 *
 * @throws TypeError for another type; RangeError for a length that is no integer from 0 on, or that no memory has room for.
 * @example
 * const logits = allocate(Float32Array, rows * classes);
 * const gradient = allocate(Float32Array, rows * classes);
 * loss.valueAndGradient(logits, labels, { classes, gradient });
 * logits.release();
 * gradient.release();
 */
export function allocate(type: Float32ArrayConstructor, length: number): KernelArray<Float32Array>;
export function allocate(type: Float64ArrayConstructor, length: number): KernelArray<Float64Array>;
export function allocate(
  type: Float32ArrayConstructor | Float64ArrayConstructor,
  length: number,
): KernelArray<Float32Array | Float64Array> {
  checkType(type);
  checkLength(length);
  const bytes = Math.max(LINE, Math.ceil((length * type.BYTES_PER_ELEMENT) / LINE) * LINE);
  const place = takePlace(bytes);
  if (place === undefined) return withRelease(ordinary(type, length), () => undefined);
  const { memory, at } = place;
  // Either kind of buffer will do; the type says one.
  const array = new type(memory.buffer() as ArrayBuffer, at, length);
  array.fill(0);
  return withRelease(array, () => memory.giveBack(at, bytes));
}

interface Place {
  readonly memory: ArrayMemory;
  readonly at: number;
}

function takePlace(bytes: number): Place | undefined {
  for (const memory of memories) {
    const at = memory.take(bytes);
    if (at !== undefined) return { memory, at };
  }
  const memory = growingMemory(bytes) ?? fixedMemory(bytes);
  const at = memory?.take(bytes);
  if (memory === undefined || at === undefined) return undefined;
  memories.push(memory);
  return { memory, at };
}

function ordinary(
  type: Float32ArrayConstructor | Float64ArrayConstructor,
  length: number,
): Float32Array | Float64Array {
  try {
    return new type(length);
  } catch {
    throw new RangeError(
      `allocate: "length" expected a number of elements that memory has room for, got ${String(length)}`,
    );
  }
}

function withRelease<Numbers extends Float32Array | Float64Array>(
  array: Numbers,
  giveBack: () => void,
): KernelArray<Numbers> {
  let released = false;
  const release = (): void => {
    if (!released) giveBack();
    released = true;
  };
  return Object.defineProperty(array, 'release', { value: release }) as KernelArray<Numbers>;
}

function checkType(type: unknown): void {
  if (type === Float32Array || type === Float64Array) return;
  const got = typeof type === 'function' ? type.name : typeof type;
  throw new TypeError(`allocate: "type" expected Float32Array or Float64Array, got ${got}`);
}

function checkLength(length: unknown): void {
  if (typeof length === 'number' && Number.isInteger(length) && length >= 0) return;
  const got = typeof length === 'number' ? String(length) : typeof length;
  const message = `allocate: "length" expected an integer of 0 or more, got ${got}`;
  throw typeof length === 'number' ? new RangeError(message) : new TypeError(message);
}
