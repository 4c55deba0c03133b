import type { FloatArray } from './input.js';

/** One way to compute something, ready to be timed. */
export interface Variant {
  /** Logits of one call. */
  readonly elements: number;
  /** Runs so many calls; resolves to the nanoseconds that they took together. */
  readonly time: (calls: number) => number | Promise<number>;
  /** Runs one call, and says what it returned. */
  readonly outputs: () => Outputs | Promise<Outputs>;
  /** Ends what runs beside the process. */
  readonly close?: () => void;
}

/** What a call returned; what a variant does not compute is absent. */
export interface Outputs {
  /** The mean, or whatever the operation's value means. */
  readonly value?: number;
  /** One for each row. */
  readonly losses?: FloatArray;
  readonly gradient?: FloatArray;
  /** Of ours: the engines that computed. */
  readonly engines?: readonly string[];
  /** The gradient belongs to the sum of the losses divided by this. */
  readonly denominator: number;
}

/** What is not installed, or cannot compute the operation: no failure, but a row that says so and what to do. */
export class MissingProgram extends Error {}

/** What the results of timed calls go into, so that no compiler finds them unused. */
const sink = { last: 0 };

/** Times calls of a function that returns a number. */
export function timeCalls(call: () => number): (calls: number) => number {
  return (calls) => {
    let sum = 0;
    const start = performance.now();
    for (let done = 0; done < calls; done++) sum += call();
    const nanoseconds = (performance.now() - start) * 1e6;
    sink.last = sum;
    return nanoseconds;
  };
}
