import { kindError, rangeError, show, showShape } from '@surprisal/core';
import type { Pair } from '@surprisal/kernels/information';
import type { JointOptions } from './options.js';
import { checkMasses, copyOf, readFlat } from './read-numbers.js';

/** A table of masses, row by row. */
export interface ReadJoint {
  readonly masses: Float64Array;
  readonly columns: number;
  readonly total: Pair;
}

/** Reads and checks a table. */
export function readJoint(of: string, argument: string, value: unknown, options: JointOptions): ReadJoint {
  const numbers = readFlat(of, argument, value);
  const { dims } = numbers;
  if (dims !== undefined && dims.length !== 2)
    throw rangeError({ of, argument, requirement: 'two axes, rows by columns', got: `shape ${showShape(dims)}` });
  const columns = columnsOf(of, argument, dims?.[1], numbers.length, options.columns);
  const sum = options.normalize === true ? 'positive' : 'one';
  const { values, total } = checkMasses(of, argument, copyOf(numbers), sum);
  return { masses: values, columns, total };
}

function columnsOf(
  of: string,
  argument: string,
  fromShape: number | undefined,
  length: number,
  columns: number | undefined,
): number {
  const count = fromShape ?? columns;
  if (count === undefined)
    throw kindError({
      of,
      argument,
      requirement: 'rows and columns',
      got: 'an array without a shape',
      fix: 'state columns, nest the rows, or pass a tensor of shape [rows, columns]',
    });
  if (columns !== undefined && (columns !== count || !Number.isInteger(columns) || columns < 1))
    throw rangeError({
      of,
      argument: 'columns',
      requirement: fromShape === undefined ? 'an integer of at least 1' : `${String(fromShape)}, as in "${argument}"`,
      got: show(columns),
    });
  if (length % count === 0 && length > 0) return count;
  throw rangeError({
    of,
    argument,
    requirement: `whole rows of ${String(count)} columns`,
    got: `${String(length)} numbers`,
  });
}
