import { complaint } from './counts.js';

/**
 * What the weight of a class without rows is. `throw`: an error; `cap`: the largest weight of the other classes;
 * `one`: 1.
 */
export type EmptyClass = 'throw' | 'cap' | 'one';

const CHOICES: readonly string[] = ['throw', 'cap', 'one'] satisfies readonly EmptyClass[];

/** Weights by a formula for the classes that have rows, and by the caller's word for those that have none. */
export function weightsOf(
  of: string,
  counts: readonly number[],
  empty: EmptyClass,
  weigh: (count: number, index: number) => number,
): number[] {
  if (!CHOICES.includes(empty))
    throw new RangeError(
      complaint(of, 'empty', `one of ${CHOICES.map((choice) => `'${choice}'`).join(', ')}`, `'${empty as string}'`),
    );
  const missing = counts.indexOf(0);
  if (missing >= 0 && empty === 'throw')
    throw new RangeError(
      complaint(
        of,
        `counts[${String(missing)}]`,
        'at least one row of each class',
        '0',
        "say what an empty class weighs: empty: 'cap' or 'one'",
      ),
    );
  const weights = counts.map((count, index) => (count === 0 ? 0 : weigh(count, index)));
  const filling = empty === 'cap' ? Math.max(...weights, 0) : 1;
  return weights.map((weight, index) => (counts[index] === 0 ? filling : weight));
}

/** Weights rescaled to sum to their number, so that the mean weight is 1. */
export function rescaled(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (weight * weights.length) / sum);
}
