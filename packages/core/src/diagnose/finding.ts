/** What is wrong, or looks wrong. */
export type FindingCode =
  /** Softmax over one class: the loss is always 0. */
  | 'one-class'
  /** The logits are already probabilities. */
  | 'already-probabilities'
  /** Labels outside 0..C-1, or binary targets outside [0, 1]. */
  | 'label-out-of-range'
  /** Rows of probability targets that are none, or do not sum to one. */
  | 'target-sum'
  /** No row has this class. */
  | 'class-never-seen'
  /** Weights after smoothing make another class the best prediction. */
  | 'wrong-optimum'
  /** Rows with a loss that no gradient lowers, or so sure that nothing is left of either. */
  | 'saturated-rows'
  /** Rows whose target has mass where the prediction is impossible. */
  | 'infinite-loss'
  /** The call is refused for another reason, in its own words. */
  | 'refused';

/** One thing found. */
export interface Finding {
  readonly code: FindingCode;
  /** `error`: the call is refused, or its value says nothing. `warning`: it is computed, and probably not what was meant. */
  readonly severity: 'error' | 'warning';
  /** Where: an argument of the call, or the loss itself. */
  readonly argument: 'loss' | 'logits' | 'targets' | 'options';
  /** The first place: a flat position in the argument; of `class-never-seen` and `wrong-optimum` a class. */
  readonly position?: number;
  /** How many places there are. */
  readonly count?: number;
  readonly cause: string;
  readonly fix: string;
}
