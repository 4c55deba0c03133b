import { kindError, rangeError, show } from '@surprisal/core';
import { arraysOf, type NumberArray, type Parameters } from './parameters.js';

/** An array that a gradient is written into. */
export type OutputArray = Float32Array | Float64Array;

/** The caller's arrays for a gradient, one for each array of the parameters. */
export function readOutputs(
  of: string,
  given: Parameters<OutputArray>,
  arrays: readonly NumberArray[],
): readonly OutputArray[] {
  const { list, nameOf } = arraysOf('gradient', given);
  if (list.length !== arrays.length)
    throw rangeError({
      of,
      argument: 'gradient',
      requirement: `${String(arrays.length)} arrays, one for each of the parameters`,
      got: String(list.length),
    });
  return list.map((output, index) => readOutput(of, nameOf(index), output, arrays[index]?.length ?? 0, arrays));
}

function readOutput(
  of: string,
  argument: string,
  output: unknown,
  length: number,
  arrays: readonly NumberArray[],
): OutputArray {
  if (!(output instanceof Float32Array || output instanceof Float64Array))
    throw kindError({ of, argument, requirement: 'a Float32Array or a Float64Array', got: show(output) });
  if (output.length !== length)
    throw rangeError({
      of,
      argument,
      requirement: `length ${String(length)}, as the parameters have`,
      got: `length ${String(output.length)}`,
    });
  if (arrays.some((array) => overlap(array, output)))
    throw rangeError({ of, argument, requirement: 'memory of its own', got: 'memory shared with "parameters"' });
  return output;
}

function overlap(one: NumberArray, other: OutputArray): boolean {
  if (!ArrayBuffer.isView(one) || one.buffer !== other.buffer) return false;
  return one.byteOffset < other.byteOffset + other.byteLength && other.byteOffset < one.byteOffset + one.byteLength;
}
