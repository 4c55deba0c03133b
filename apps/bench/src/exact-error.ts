import type { Loss } from '@surprisal/core';
import { ulpsBetween, ulpsOfScale } from '@surprisal/reference';
import { exactLoss } from './exact-row.js';

/** Largest errors over some rows, in units in the last place of float32. */
export interface LargestErrors {
  /** Rows compared. */
  readonly rows: number;
  readonly loss: number;
  readonly gradient: number;
}

/** What a loss returned for some rows. */
export interface Outputs {
  readonly logits: Float32Array;
  readonly labels: Uint8Array;
  /** One for each row. */
  readonly losses: Float32Array;
  /** Of the sum of the losses, one for each logit. */
  readonly gradient: Float32Array;
}

/** Compares what a loss returned with the exact results on the sampled rows; undefined where its plan has no exact form. */
export function largestErrors(loss: Loss, outputs: Outputs, sample: readonly number[]): LargestErrors | undefined {
  const exact = exactLoss(loss);
  if (exact === undefined) return undefined;
  const { logits, labels, losses, gradient } = outputs;
  const width = logits.length / labels.length;
  let [largestLoss, largestGradient] = [0, 0];
  for (const row of sample) {
    const start = row * width;
    const result = exact(logits.subarray(start, start + width), labels[row] ?? NaN);
    largestLoss = Math.max(largestLoss, ulpsBetween(losses[row] ?? NaN, result.loss, 'float32'));
    for (const [index, element] of result.gradient.entries()) {
      const error = ulpsOfScale(gradient[start + index] ?? NaN, element, result.scale[index] ?? element, 'float32');
      largestGradient = Math.max(largestGradient, error);
    }
  }
  return { rows: sample.length, loss: largestLoss, gradient: largestGradient };
}

/** The errors that an engine may make, in units in the last place of the logits' type. */
export interface ErrorBounds {
  readonly loss: number;
  readonly gradient: number;
}

/** The documented bounds of an engine; four times those for a surprisal other than cross-entropy. */
export function errorBounds({ plan }: Loss, engine: string, type: 'float32' | 'float64' = 'float32'): ErrorBounds {
  const factor = plan?.some((step) => step.kind === 'surprisal') === true ? 4 : 1;
  const [loss, gradient] = type === 'float64' ? [5, 8] : engine === 'typescript' ? [0.51, 1.5] : [3.5, 5];
  return { loss: loss * factor, gradient: gradient * factor };
}
