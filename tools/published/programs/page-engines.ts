// What a page computes with the packages as they are: which engines run, known numbers, arrays in kernel memory.
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { allocate } from '@surprisal/kernels/memory';
import { fingerprints } from './fingerprints.js';

/** What is compared with Node. */
export interface PageResult {
  readonly engines: readonly string[];
  readonly values: readonly number[];
  readonly inKernelMemory: readonly number[];
  readonly fingerprints: Readonly<Record<string, string>>;
}

/** Engines by automatic choice, and what they return. */
export function evaluateHere(): PageResult {
  const logits = Float32Array.of(1, 2, 0.5, 0.25, -1, 3);
  const rows = categoricalCrossEntropy({ classes: 3 }).evaluate(logits, [1, 2]);
  const elements = binaryCrossEntropy().evaluate(logits, [0, 1, 0, 1, 1, 0]);
  const kernelLogits = allocate(Float32Array, 6);
  kernelLogits.set(logits);
  const gradient = allocate(Float32Array, 6);
  const inMemory = categoricalCrossEntropy({ classes: 3 }).valueAndGradient(kernelLogits, [1, 2], { gradient });
  return {
    engines: [...rows.engines, ...elements.engines],
    values: [rows.value, elements.value],
    inKernelMemory: [inMemory.value, ...gradient],
    fingerprints: fingerprints(),
  };
}

interface Scope {
  readonly document?: unknown;
  readonly postMessage?: (message: PageResult) => void;
}

// The same bundle as a worker posts its result.
const scope = globalThis as Scope;
if (scope.document === undefined) scope.postMessage?.(evaluateHere());
