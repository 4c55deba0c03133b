import { classCounts, type ClassCountsOptions } from './class-counts.js';
import { complaint, type Labels } from './counts.js';

/** Options of `classPriors`. */
export interface ClassPriorsOptions extends ClassCountsOptions {
  /** Added to the count of every class; 0 by default, where a class without rows is an error. */
  readonly pseudoCount?: number;
}

/**
 * The share of each class: pi_c = (n_c + a) / (n + C a) with the pseudo-count a.
 *
 * @throws RangeError for a class without rows and no pseudo-count, since the logarithm of its prior is not finite.
 *
 * @example
 * classPriors([0, 1, 1, 1], { classes: 2 }); // [0.25, 0.75]
 */
export function classPriors(labels: Labels, { pseudoCount = 0, ...options }: ClassPriorsOptions): number[] {
  const of = 'classPriors';
  if (!(pseudoCount >= 0 && pseudoCount < Infinity))
    throw new RangeError(complaint(of, 'pseudoCount', 'a finite number of at least 0', String(pseudoCount)));
  const counts = classCounts(labels, options).map((count) => count + pseudoCount);
  const missing = counts.indexOf(0);
  if (missing >= 0)
    throw new RangeError(
      complaint(
        of,
        'labels',
        `at least one row of class ${String(missing)}`,
        'none',
        'pass a pseudoCount, which is added to the count of every class',
      ),
    );
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}
