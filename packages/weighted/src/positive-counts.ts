import { complaint, readInteger, type Labels } from './counts.js';

/** Options of `positiveCounts`. */
export interface PositiveCountsOptions {
  /** Labels per row; 1 by default. */
  readonly labels?: number;
  /** Targets that are left out. */
  readonly ignoreIndex?: number | readonly number[];
}

/** Positive and negative targets of each label. */
export interface PositiveCounts {
  readonly positives: number[];
  readonly negatives: number[];
}

/**
 * How many targets of each label are 1 and how many are 0.
 *
 * @param targets 0 and 1, row by row (labels of a row beside each other).
 * @throws RangeError for a target other than 0 and 1, or a length that is no multiple of the labels.
 *
 * @example
 * positiveCounts([1, 0, 0, 0, 1, 0], { labels: 2 }); // { positives: [2, 0], negatives: [1, 3] }
 */
export function positiveCounts(
  targets: Labels,
  { labels = 1, ignoreIndex = [] }: PositiveCountsOptions = {},
): PositiveCounts {
  const of = 'positiveCounts';
  const width = readInteger(of, 'labels', labels, 1);
  if (targets.length % width !== 0)
    throw new RangeError(
      complaint(
        of,
        'targets',
        `a length that is a multiple of the ${String(width)} labels of a row`,
        String(targets.length),
      ),
    );
  const ignored = typeof ignoreIndex === 'number' ? [ignoreIndex] : ignoreIndex;
  const counts = [new Array<number>(width).fill(0), new Array<number>(width).fill(0)] as const;
  for (let i = 0; i < targets.length; i++) {
    const target = Number(targets[i]);
    if (ignored.includes(target)) continue;
    const side = target === 0 || target === 1 ? counts[target] : undefined;
    if (side === undefined) throw new RangeError(complaint(of, `targets[${String(i)}]`, '0 or 1', String(target)));
    side[i % width] = (side[i % width] ?? 0) + 1;
  }
  return { positives: counts[1], negatives: counts[0] };
}
