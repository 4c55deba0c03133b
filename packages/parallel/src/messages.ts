/** What the pool and its workers say to each other: one question at a time, one reply to each. */
import type { CallOptions, EvaluationData, OutputArray } from '@surprisal/core';
import type { ArrayName, NumberArray } from './arrays.js';
import type { SentError } from './errors.js';
import type { SentArray } from './kernel-memory.js';

/** A part of an argument, as a tensor. Its memory is shared, or has been copied and moves to the worker. */
export interface SentNumbers {
  readonly data: NumberArray | SentArray;
  readonly dims: readonly number[];
  /** For binary16 bits. */
  readonly type?: 'float16';
}

/** A part of an output: shared memory to write into, or what the worker makes and sends back. */
export type SentOutput =
  { readonly into: OutputArray | SentArray } | { readonly make: ArrayName; readonly length: number };

/** Rows of a call. */
export interface PartRequest {
  readonly kind: 'count';
  /** JSON of the loss; absent where it is the one that the worker had last. */
  readonly loss?: string;
  readonly logits: SentNumbers;
  readonly targets: SentNumbers;
  readonly sampleWeights?: SentNumbers;
  readonly mask?: SentNumbers;
  readonly gradient?: SentOutput;
  readonly losses?: SentOutput;
  readonly options: CallOptions;
  readonly rowsBefore: number;
}

export type Request =
  /** Import these modules and adopt their plugins. */
  | { readonly kind: 'start'; readonly plugins: readonly string[] }
  /** Take rows, check and count them. */
  | PartRequest
  /** Compute the rows that were counted. */
  | { readonly kind: 'compute'; readonly gradientScale: number }
  /** Forget them. */
  | { readonly kind: 'drop' };

export type Reply =
  | { readonly kind: 'ready'; readonly names: readonly string[] }
  | { readonly kind: 'counted'; readonly counts: EvaluationData }
  | {
      readonly kind: 'computed';
      readonly evaluation: EvaluationData;
      readonly gradient?: OutputArray;
      readonly losses?: OutputArray;
    }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed'; readonly error: SentError };
