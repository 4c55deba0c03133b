import { complaint, readInteger, type Labels } from './counts.js';

/** Options of `classCounts`. */
export interface ClassCountsOptions {
  /** C: labels lie in 0..C-1. */
  readonly classes: number;
  /** Labels that are left out. */
  readonly ignoreIndex?: number | readonly number[];
}

/**
 * How many rows each class has: n_c.
 *
 * @throws RangeError for a label outside 0..C-1 that is not ignored.
 *
 * @example
 * classCounts([0, 2, 2, 1, 2], { classes: 3 }); // [1, 1, 3]
 */
export function classCounts(labels: Labels, { classes, ignoreIndex = [] }: ClassCountsOptions): number[] {
  const of = 'classCounts';
  const counts = new Array<number>(readInteger(of, 'classes', classes, 1)).fill(0);
  const ignored = typeof ignoreIndex === 'number' ? [ignoreIndex] : ignoreIndex;
  for (let i = 0; i < labels.length; i++) {
    const label = Number(labels[i]);
    const count = counts[label];
    if (count !== undefined) counts[label] = count + 1;
    else if (!ignored.includes(label))
      throw new RangeError(
        complaint(of, `labels[${String(i)}]`, `an integer class index in 0..${String(classes - 1)}`, String(label)),
      );
  }
  return counts;
}
