import { kindError, rangeError, show } from '@surprisal/core';

/** One array of numbers. */
export type NumberArray = Float32Array | Float64Array | readonly number[];

/** One array of numbers, or a list of them, one for each layer: weights; biases are usually left out. */
export type Parameters<Numbers extends NumberArray = NumberArray> = Numbers | readonly Numbers[];

/** A list of arrays, and how a message names each of them. */
export interface NamedArrays<Numbers> {
  readonly list: readonly Numbers[];
  readonly nameOf: (index: number) => string;
}

/** One array is a list of one, under the plain name. */
export function arraysOf<Numbers extends NumberArray>(
  argument: string,
  given: Parameters<Numbers>,
): NamedArrays<Numbers> {
  if (Array.isArray(given) && given.length > 0 && typeof given[0] !== 'number')
    return { list: given as readonly Numbers[], nameOf: (index) => `${argument}[${String(index)}]` };
  return { list: [given as Numbers], nameOf: () => argument };
}

/** The arrays of the parameters. @throws TypeError for anything but arrays of numbers. */
export function readParameters(of: string, given: Parameters): readonly NumberArray[] {
  const { list, nameOf } = arraysOf('parameters', given);
  list.forEach((array: unknown, index) => {
    if (!isNumbers(array))
      throw kindError({ of, argument: nameOf(index), requirement: 'an array of numbers', got: show(array) });
  });
  return list;
}

/** Refuses the first number that is not finite, if there is one. */
export function refuseBadNumber(of: string, given: Parameters): void {
  const { list, nameOf } = arraysOf('parameters', given);
  list.forEach((array, index) => {
    const at = Array.from(array).findIndex((number) => !Number.isFinite(number));
    if (at >= 0)
      throw rangeError({
        of,
        argument: `${nameOf(index)}[${String(at)}]`,
        requirement: 'a finite number',
        got: show(array[at]),
      });
  });
}

function isNumbers(array: unknown): array is NumberArray {
  if (array instanceof Float32Array || array instanceof Float64Array) return true;
  return Array.isArray(array) && array.every((item) => typeof item === 'number');
}

/** A number option. @throws TypeError for anything but a number, RangeError for one out of range. */
export function readNumber(of: string, argument: string, value: unknown, maximum: number): number {
  const requirement = maximum === Infinity ? 'a finite number of at least 0' : `a number in [0, ${String(maximum)}]`;
  if (typeof value !== 'number') throw kindError({ of, argument, requirement, got: show(value) });
  if (value >= 0 && value <= maximum && value < Infinity) return value;
  throw rangeError({ of, argument, requirement, got: show(value) });
}
