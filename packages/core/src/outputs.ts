import { kindError, rangeError, show } from './errors.js';
import type { OutputArray } from './loss.js';
import { floatTypeOf, halfSink, numberSink, type NumberSink } from './number-source.js';
import { refuseDetached, type ReadNumbers } from './read-numbers.js';

/** A quiet NaN as binary16 bits. */
const HALF_NAN = 0x7e00;

/** Outputs of floating-point numbers: one per row, or one per logit. */
export type OutputName = 'losses' | 'gradient' | 'probabilities' | 'hessianDiagonal';

/** An output of a call: the array and the way into it. */
export interface Output {
  readonly array: OutputArray;
  readonly sink: NumberSink;
  /** Marks the whole output as no result. */
  readonly spoil: () => void;
}

/** Makes or checks the output a call asked for; undefined where it asked for none. */
export function readOutput(
  of: string,
  argument: OutputName,
  asked: unknown,
  length: number,
  logits: ReadNumbers,
): Output | undefined {
  if (asked === undefined || asked === false) return undefined;
  if (asked === true)
    return outputInto(argument === 'losses' ? lossesLike(logits, length) : gradientLike(logits, length));
  if (!isOutput(asked, argument, logits))
    throw kindError({ of, argument, requirement: 'true, a Float32Array or a Float64Array', got: show(asked) });
  refuseDetached(asked, { of, argument });
  if (asked.length !== length) {
    const each = length === logits.length ? 'logit' : 'row';
    throw rangeError({
      of,
      argument,
      requirement: `length ${String(length)}, one per ${each}`,
      got: `length ${String(asked.length)}`,
    });
  }
  return outputInto(asked);
}

/** Refuses an output that shares memory with an input or another output. */
export function refuseOverlap(
  of: string,
  argument: string,
  output: { readonly array: ArrayLike<number> } | undefined,
  others: readonly (readonly [name: string, data: unknown])[],
): void {
  if (output === undefined) return;
  for (const [name, data] of others)
    if (overlap(output.array, data))
      throw rangeError({ of, argument, requirement: 'memory of its own', got: `memory shared with "${name}"` });
}

function outputInto(array: OutputArray): Output {
  const sink = array instanceof Uint16Array ? halfSink(array) : numberSink(array, floatTypeOf(array) ?? 'float64');
  return {
    array,
    sink,
    spoil: () => {
      (array as Float64Array).fill(array instanceof Uint16Array ? HALF_NAN : Number.NaN);
    },
  };
}

/** Half bits are taken where the logits are half bits; elsewhere a Uint16Array would be a mistake. */
function isOutput(asked: unknown, argument: OutputName, { source: { data } }: ReadNumbers): asked is OutputArray {
  if (!ArrayBuffer.isView(asked)) return false;
  if (asked instanceof Uint16Array) return argument !== 'losses' && data instanceof Uint16Array;
  return floatTypeOf(asked) !== undefined;
}

function gradientLike({ source: { data } }: ReadNumbers, length: number): OutputArray {
  if (!ArrayBuffer.isView(data)) return new Float64Array(length);
  return new (data.constructor as new (length: number) => OutputArray)(length);
}

function lossesLike({ source: { data, type } }: ReadNumbers, length: number): OutputArray {
  return !ArrayBuffer.isView(data) || type === 'float64' ? new Float64Array(length) : new Float32Array(length);
}

function overlap(one: unknown, other: unknown): boolean {
  if (!ArrayBuffer.isView(one) || !ArrayBuffer.isView(other) || one.buffer !== other.buffer) return false;
  return one.byteOffset < other.byteOffset + other.byteLength && other.byteOffset < one.byteOffset + one.byteLength;
}
