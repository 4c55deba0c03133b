import type { ElementType } from '@surprisal/core';
import type { KernelMemory } from '../../wasm/kernel-memory.js';
import type { WasmProgram } from '../../wasm/wasm-program.js';
import type { ElementFunctions, ElementPasses } from './sigmoid-program.js';

/** Elements of a tile. */
export const CAPACITY = 4096;

/** Elements that functions compute at once; they go on to the next multiple. */
export const VECTOR = 4;

/** Functions go on to the next multiple; and arrays that start on the same line of a cache slow each other down. */
const GAP = 64;

/** Where the arrays of a tile begin, in bytes. */
export interface ElementAddresses {
  readonly z: number;
  /** What rounding to float32 took from z after affine steps. */
  readonly low: number;
  /** exp(-|z|), which the gradient replaces. */
  readonly q: number;
  /** u1, or the targets as they are. */
  readonly positive: number;
  readonly negative: number;
  readonly losses: number;
  readonly weights: number;
  readonly keep: number;
  /** Of a block under terms, as float64: exponentials, gradient and logits. They stand where `low` does, which has a block less. */
  readonly exponentials: number;
  readonly slopes: number;
  readonly wide: number;
  /** What `assembly/sigmoid/light-terms.ts` makes of the outcomes. */
  readonly outcomes: number;
  /** The terms themselves, see `term-records.ts`. */
  readonly records: number;
}

/** The arrays of a tile in the memory of a program, and its functions for one type of logits. */
export interface ElementMemory {
  readonly functions: ElementFunctions;
  readonly passes: ElementPasses;
  /** The memory, where it has arrays of callers in it. */
  readonly over: KernelMemory | undefined;
  readonly at: ElementAddresses;
  readonly bytes: 4 | 8;
  readonly z: Float32Array | Float64Array;
  readonly q: Float32Array | Float64Array;
  readonly positive: Float64Array;
  /** In place of u1, where they are all that there is to know. */
  readonly labels: Int32Array;
  readonly negative: Float64Array;
  readonly losses: Float64Array;
  /** Those of labels, which are numbers of the type of the logits. */
  readonly labelLosses: Float32Array | Float64Array;
  readonly weights: Float64Array;
  readonly keep: Uint8Array;
  /** The gradient of terms, of a block. */
  readonly slopes: Float64Array;
  /** The terms themselves, see `term-records.ts`. */
  readonly records: Float64Array;
}

/** Finds the memory for logits of a type; float16 is computed as float32. Made once: it takes as long as a small call. */
export type MemoryOfType = (type: ElementType) => ElementMemory;

export function layOutElements({ functions, memory, own, over }: WasmProgram<ElementFunctions>): MemoryOfType {
  const at = addressesFrom(own.from);
  const wide = (address: number): Float64Array => new Float64Array(memory, address, CAPACITY);
  const shared = {
    functions,
    over,
    at,
    positive: wide(at.positive),
    labels: new Int32Array(memory, at.positive, CAPACITY),
    negative: wide(at.negative),
    losses: wide(at.losses),
    weights: wide(at.weights),
    keep: new Uint8Array(memory, at.keep, CAPACITY),
    slopes: new Float64Array(memory, at.slopes, BLOCK),
    records: new Float64Array(memory, at.records, (CAPACITY * 8 - 7 * BLOCK_BYTES) / 8),
  };
  const narrow = (address: number): Float32Array => new Float32Array(memory, address, CAPACITY);
  const of32: ElementMemory = {
    ...shared,
    passes: passes32(functions),
    bytes: 4,
    z: narrow(at.z),
    q: narrow(at.q),
    labelLosses: narrow(at.losses),
  };
  const of64: ElementMemory = {
    ...shared,
    passes: passes64(functions),
    bytes: 8,
    z: wide(at.z),
    q: wide(at.q),
    labelLosses: shared.losses,
  };
  return (type) => (type === 'float64' ? of64 : of32);
}

/** Elements from the exponential to the gradient: their arrays stay in the first-level cache. */
export const BLOCK = 512;

const BLOCK_BYTES: number = BLOCK * Float64Array.BYTES_PER_ELEMENT + GAP;

function addressesFrom(free: number): ElementAddresses {
  let next = free;
  const take = (): number => {
    const address = next;
    next += CAPACITY * Float64Array.BYTES_PER_ELEMENT + GAP;
    return address;
  };
  const z = take();
  const low = take();
  return {
    z,
    low,
    q: take(),
    positive: take(),
    negative: take(),
    losses: take(),
    weights: take(),
    keep: take(),
    exponentials: low + BLOCK_BYTES,
    slopes: low + 2 * BLOCK_BYTES,
    wide: low + 3 * BLOCK_BYTES,
    outcomes: low + 4 * BLOCK_BYTES,
    records: low + 7 * BLOCK_BYTES,
  };
}

function passes32(functions: ElementFunctions): ElementPasses {
  return {
    affine: functions.affine32,
    exponentials: functions.exponentials32,
    crossEntropy: functions.crossEntropy32,
    crossEntropyOfLabels: functions.crossEntropyOfLabels32,
  };
}

function passes64(functions: ElementFunctions): ElementPasses {
  return {
    affine: functions.affine64,
    exponentials: functions.exponentials64,
    crossEntropy: functions.crossEntropy64,
    crossEntropyOfLabels: functions.crossEntropyOfLabels64,
  };
}
