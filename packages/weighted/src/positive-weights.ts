import { complaint, readCounts } from './counts.js';
import { weightsOf, type EmptyClass } from './empty-class.js';
import type { PositiveCounts } from './positive-counts.js';

/** Options of `positiveWeights`. */
export interface PositiveWeightsOptions {
  /** What a label without positives weighs; `throw` by default. */
  readonly empty?: EmptyClass;
}

/**
 * The weight of each label's positives under which they count as much as its negatives: pi = negatives / positives.
 *
 * @throws RangeError for a label without positives, unless `empty` says what it weighs.
 *
 * @example
 * positiveWeights({ positives: [10, 50], negatives: [90, 50] }); // [9, 1]
 *
 * Source: PyTorch, torch.nn.BCEWithLogitsLoss, the advice on pos_weight.
 */
export function positiveWeights(
  { positives, negatives }: PositiveCounts,
  { empty = 'throw' }: PositiveWeightsOptions = {},
): number[] {
  const of = 'positiveWeights';
  if (positives.length !== negatives.length)
    throw new RangeError(
      complaint(of, 'negatives', `${String(positives.length)} counts, one per label`, String(negatives.length)),
    );
  const others = readCounts(of, negatives);
  return weightsOf(of, readCounts(of, positives), empty, (count, label) => (others[label] ?? 0) / count);
}
