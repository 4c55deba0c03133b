import { kindError, rangeError, show } from './errors.js';
import { readNumbers, type ReadNumbers } from './read-numbers.js';
import type { CallShape } from './read-shape.js';
import { fits, misfit, shapeWords } from './read-targets.js';

/** Numbers that go with the rows, or with the elements. */
export interface PerRow {
  readonly numbers: ReadNumbers;
  readonly per: 'row' | 'element';
}

/** Sample weights or a mask: shaped like the rows, or (binary) like the elements. */
export function readPerRow(
  of: string,
  argument: 'sampleWeights' | 'mask',
  value: unknown,
  shape: CallShape,
  elements: boolean,
): PerRow | undefined {
  if (value === undefined) return undefined;
  const numbers = readNumbers(value, { of, argument, numbers: argument === 'mask' ? 'mask' : 'any' });
  const { rows, classes } = shape.layout;
  if (elements && fits(numbers, shape.dims, rows * classes)) return { numbers, per: 'element' };
  if (fits(numbers, shape.rowDims, rows)) return { numbers, per: 'row' };
  const rowShape = shapeWords(shape.rowDims);
  throw misfit(
    of,
    argument,
    numbers,
    elements && classes > 1 ? `${rowShape} (per row) or ${shapeWords(shape.dims)} (per element)` : rowShape,
  );
}

/** Weights per label of a multi-label row. */
export function readLabelWeights(of: string, value: unknown, labels: number): Float64Array | undefined {
  if (value === undefined) return undefined;
  const argument = 'labelWeights';
  const { source, length } = readNumbers(value, { of, argument, numbers: 'any' });
  if (length !== labels)
    throw rangeError({ of, argument, requirement: `${String(labels)} weights, one per label`, got: String(length) });
  const weights = new Float64Array(labels);
  source.read(0, labels, weights);
  weights.forEach((weight, index) => {
    if (!isWeight(weight)) throw badWeight(of, `${argument}[${String(index)}]`, weight);
  });
  return weights;
}

/** The labels that leave their row out. */
export function readIgnored(of: string, value: unknown): readonly number[] {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const item of list)
    if (!Number.isInteger(item))
      throw kindError({
        of,
        argument: 'ignoreIndex',
        requirement: 'an integer or an array of integers',
        got: show(item),
      });
  return list as readonly number[];
}

/** Whether a number may be a weight. */
export function isWeight(weight: number): boolean {
  return weight >= 0 && weight < Infinity;
}

/** The complaint about a weight. */
export function badWeight(of: string, argument: string, weight: number): RangeError {
  return rangeError({ of, argument, requirement: 'a finite number of at least 0', got: show(weight) });
}
