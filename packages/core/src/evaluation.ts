/** The evaluation of a loss over some rows: plain, mergeable, and the same to the last bit however the rows were split. */
import type { ExtraData, ExtraViews } from './extras/extra-data.js';
import type { JsonObject } from './json.js';

/** What `value` and the gradient mean: the mean over the denominator, or the sum. */
export type Reduction = 'mean' | 'sum';

/**
 * What a mean divides by. `weight`: the counted weight (class and sample weights); `rows`: rows with at least one
 * element left; `elements`: elements left; a number greater than 0: the caller's own, for gradient accumulation.
 */
export type Denominator = 'weight' | 'rows' | 'elements' | number;

/** What a mean over nothing is: NaN, 0, or an error. */
export type WhenEmpty = 'nan' | 'zero' | 'throw';

/** A sum as the unevaluated sum of two numbers: high is the sum rounded to float64, low what is left of it, rounded again. */
export type Pair = readonly [high: number, low: number];

/** What is stored and travels. */
export interface EvaluationData extends ExtraData {
  readonly version: 1;
  /** `lossId` of the loss; empty for the merge of nothing. */
  readonly loss: string;
  readonly reduction: Reduction;
  readonly denominator: Denominator;
  readonly whenEmpty: WhenEmpty;
  /** Sum of the losses of all rows, weights included, in nats. */
  readonly sum: Pair;
  /** What the pair leaves of the exact sum, largest first; absent where it leaves nothing. */
  readonly sumTail?: readonly number[];
  /** Sum of the counted weights. */
  readonly weight: Pair;
  readonly weightTail?: readonly number[];
  /** Elements that counted: rows for classes, single logits for binary losses. */
  readonly elements: number;
  /** Rows with at least one element that counted. */
  readonly rows: number;
  /** Elements left out by `ignoreIndex` or `mask`. */
  readonly ignored: number;
  /** Names of the engines that computed it, sorted. */
  readonly engines: readonly string[];
}

/** An evaluation with its views. */
export interface Evaluation extends EvaluationData, ExtraViews {
  /** The mean or the sum, as `reduction` says, in nats. */
  readonly value: number;
  /** sum / denominator, whatever the reduction; as `whenEmpty` says where the denominator is 0. */
  readonly mean: number;
  /** JSON that `readEvaluation` reads back, with NaN and the infinities as strings. */
  readonly toJSON: () => JsonObject;
}
