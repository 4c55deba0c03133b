import { rangeError, readNumbers, show, showShape, type ReadNumbers } from '@surprisal/core';
import { sumOf, type Pair } from '@surprisal/kernels/information';

/** Masses of an argument, and their sum. */
export interface Masses {
  readonly values: Float64Array;
  readonly total: Pair;
}

/** How far from one a sum of probabilities may lie: the rounding of a thousand float32 numbers, not a mistake. */
const TOLERANCE = 1e-6;

/** The numbers of an argument, whatever form they have. */
export function readFlat(of: string, argument: string, value: unknown): ReadNumbers {
  return readNumbers(value, { of, argument, numbers: 'any' });
}

/** The numbers of an argument as float64, along one axis. */
export function readAxis(of: string, argument: string, value: unknown): Float64Array {
  const numbers = readFlat(of, argument, value);
  const { dims = [numbers.length] } = numbers;
  if (numbers.form !== 'number' && dims.length === 1 && numbers.length > 0) return copyOf(numbers);
  throw rangeError({
    of,
    argument,
    requirement: 'a distribution of at least one outcome along one axis',
    got: numbers.form === 'number' ? 'a number' : `shape ${showShape(dims)}`,
    fix: dims.length > 1 ? 'call it for each row' : undefined,
  });
}

/** A copy in float64, of any type of number. */
export function copyOf({ source, length }: ReadNumbers): Float64Array {
  const values = new Float64Array(length);
  source.read(0, length, values);
  return values;
}

/** Checks masses and their sum. `sum`: what their sum must be. */
export function checkMasses(
  of: string,
  argument: string,
  values: Float64Array,
  sum: 'one' | 'positive' | 'any',
): Masses {
  const bad = values.findIndex((value) => !(value >= 0 && value < Infinity));
  if (bad >= 0)
    throw rangeError({
      of,
      argument: `${argument}[${String(bad)}]`,
      requirement: 'a finite number of at least 0',
      got: show(values[bad]),
      fix: (values[bad] ?? 0) < 0 ? 'logarithms and logits are named by the option input' : undefined,
    });
  const total = sumOf(values);
  if (sum === 'one') refuseSum(of, argument, total.high);
  if (!(total.high < Infinity) || (sum === 'positive' && total.high === 0))
    throw rangeError({ of, argument, requirement: 'a finite sum greater than 0', got: show(total.high) });
  return sum === 'positive' ? rescaled(values, total) : { values, total };
}

/** Masses times a power of two, which no share of their sum notices, so that products of two sums neither over- nor underflow. */
function rescaled(values: Float64Array, total: Pair): Masses {
  const factor = total.high > 2 ** 400 ? 2 ** -700 : total.high < 2 ** -400 ? 2 ** 700 : 1;
  if (factor === 1) return { values, total };
  const scaled = values.map((value) => value * factor);
  return { values: scaled, total: sumOf(scaled) };
}

/** Refuses a sum of probabilities that is not one. */
export function refuseSum(of: string, argument: string, sum: number): void {
  if (Math.abs(sum - 1) <= TOLERANCE) return;
  throw rangeError({
    of,
    argument,
    requirement: 'probabilities that sum to one within 1e-6',
    got: `the sum ${show(sum)}`,
    fix: 'pass normalize: true to divide by it',
  });
}
