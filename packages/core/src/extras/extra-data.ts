import type { Pair } from '../evaluation.js';

/** What the rows of one class add up to. */
export interface ClassTotals {
  /** Sum of the losses of the rows whose target is this class, weights included, in nats. */
  readonly sum: Pair;
  /** What the pair leaves of the exact sum; absent where it leaves nothing. */
  readonly sumTail?: readonly number[];
  /** Sum of their counted weights. */
  readonly weight: Pair;
  readonly weightTail?: readonly number[];
  /** How many there are. */
  readonly rows: number;
  /** How many of them were predicted right, where the call asked for accuracy too: over `rows` it is the recall. */
  readonly correct?: number;
}

/** Predictions whose confidence lies in one of the bins (i / n, (i + 1) / n]. */
export interface CalibrationBin {
  readonly rows: number;
  /** How many were right. */
  readonly correct: number;
  /** Sum of their confidences. */
  readonly confidence: Pair;
  readonly confidenceTail?: readonly number[];
}

/** What an evaluation holds beside its sums where the call asked for it; it merges like them. */
export interface ExtraData {
  /** One entry per class of the targets; of probability targets the largest class counts, the first of equals. */
  readonly perClass?: readonly ClassTotals[];
  /** Elements whose most probable class is that of the target. */
  readonly correct?: number;
  readonly calibration?: readonly CalibrationBin[];
  /** Sum of the floors |u| H(u / |u|) of all rows, weights included, in nats. */
  readonly floorSum?: Pair;
  readonly floorTail?: readonly number[];
  /** Sum of what their losses are above it, each |u| KL(u / |u| || p). */
  readonly excessSum?: Pair;
  readonly excessTail?: readonly number[];
}

/** What follows from it. */
export interface ExtraViews {
  /** correct / elements, not weighted; NaN of nothing. */
  readonly accuracy?: number;
  /** Expected calibration error: the mean distance of confidence and accuracy in a bin, each bin weighed by its rows. */
  readonly calibrationError?: number;
  /** The smallest value that any prediction could have: mean or sum as `value` is. */
  readonly floor?: number;
  /** What `value` is above it, of the same reduction. It is not computed as a difference, which would lose its digits near 0. */
  readonly excess?: number;
}
