import type { Loss } from '@surprisal/core';
import { shuffled } from './data/split.js';
import { largestErrors } from './exact-error.js';
import { plainSigmoidLoop, plainSoftmaxLoop, type PlainLoop } from './plain-loop.js';
import type { TrainedClassifier } from './train/train-classifier.js';

/** Held-out rows of a trained classifier, and what the losses are compared with on them. */
export interface HeldOut {
  readonly classifier: TrainedClassifier;
  /** The rows on which outputs are compared with exact results. */
  readonly sample: readonly number[];
  readonly plainLoop: PlainLoop;
  /** The largest error of the plain loop's losses on the sample, in units in the last place. */
  readonly plainLoopError: number;
}

/** Draws the sample, and finds how exact the plain loop of the link is; `loss` is the cross-entropy that the loop computes. */
export function heldOutOf(
  classifier: TrainedClassifier,
  loss: Loss,
  options: { readonly seed: number; readonly rows: number },
): HeldOut {
  const { dataset, logits, outputs } = classifier;
  const { labels } = dataset.heldOut;
  const sample = shuffled(labels.keys(), options.seed).slice(0, options.rows);
  const plainLoop = outputs === 1 ? plainSigmoidLoop : plainSoftmaxLoop;
  const results = { losses: new Float32Array(labels.length), gradient: new Float32Array(logits.length) };
  plainLoop(logits, labels, results);
  const plainLoopError = largestErrors(loss, { logits, labels, ...results }, sample)?.loss ?? NaN;
  return { classifier, sample, plainLoop, plainLoopError };
}
