import { complaint } from './counts.js';
import { logarithm } from './logarithm.js';

/** Options of `adjustPredictions`. */
export interface AdjustPredictionsOptions {
  /** pi_c > 0, the share of each class among the training rows; of binary logits [pi0, pi1]. Only their ratios matter. */
  readonly priors: ArrayLike<number>;
  /** How far to adjust: 1 by default, 0 not at all; a negative one puts priors in. */
  readonly tau?: number;
  /** `softmax` (default): rows of classes, one after the other. `sigmoid`: every logit is one of a binary loss. */
  readonly link?: 'softmax' | 'sigmoid';
}

/**
 * Takes the training priors out of the logits of a model that was trained without adjustment, so that rare classes are
 * predicted as if all were equally frequent.
 *
 *     z'_c = z_c - tau log pi_c        of binary logits z' = z - tau (log pi_1 - log pi_0)
 *
 * The opposite sign of `logitAdjusted`: use one or the other, not both.
 *
 * @param logits Rows of classes, packed row by row, or binary logits of any shape; not changed.
 * @param into Where the results go, of the same length: the logits themselves, if they may change. A new array of the
 * logits' type when absent, Float64Array for other than Float32Array.
 * @returns `into`.
 * @throws RangeError for a prior that is not above 0, a tau that is not finite, logits that are not whole rows, or `into`
 * of another length.
 *
 * @example
 * adjustPredictions([2, 1.5, 0], { priors: [0.8, 0.1, 0.1] }); // [2.223…, 3.802…, 2.302…]: class 1 wins
 *
 * Source: Menon et al., Long-Tail Learning via Logit Adjustment (2021), equation 9.
 */
export function adjustPredictions<Out extends Float32Array | Float64Array = Float32Array | Float64Array>(
  logits: ArrayLike<number>,
  { priors, tau = 1, link = 'softmax' }: AdjustPredictionsOptions,
  into: Out = outputLike(logits) as Out,
): Out {
  const offsets = offsetsOf(readPriors(priors, link), readTau(tau), link);
  const of = 'adjustPredictions';
  if (logits.length % offsets.length !== 0)
    throw new RangeError(
      complaint(of, 'logits', `rows of ${String(offsets.length)} classes`, `length ${String(logits.length)}`),
    );
  if (into.length !== logits.length)
    throw new RangeError(complaint(of, 'into', `length ${String(logits.length)}`, `length ${String(into.length)}`));
  for (let i = 0; i < logits.length; i++) into[i] = (logits[i] ?? Number.NaN) - (offsets[i % offsets.length] ?? 0);
  return into;
}

function outputLike(logits: ArrayLike<number>): Float32Array | Float64Array {
  return logits instanceof Float32Array ? new Float32Array(logits.length) : new Float64Array(logits.length);
}

function readPriors(given: ArrayLike<number>, link: 'softmax' | 'sigmoid'): readonly number[] {
  const of = 'adjustPredictions';
  const priors = Array.from(given);
  if (link === 'sigmoid' ? priors.length !== 2 : priors.length < 2)
    throw new RangeError(
      complaint(
        of,
        'priors',
        link === 'sigmoid' ? '2 numbers for binary logits, [negative, positive]' : 'at least 2 numbers, one per class',
        String(priors.length),
      ),
    );
  priors.forEach((prior, index) => {
    if (!(prior > 0 && prior < Infinity))
      throw new RangeError(complaint(of, `priors[${String(index)}]`, 'a finite number greater than 0', String(prior)));
  });
  return priors;
}

function readTau(tau: number): number {
  if (Number.isFinite(tau)) return tau;
  throw new RangeError(complaint('adjustPredictions', 'tau', 'a finite number', String(tau)));
}

/** What is taken off each logit of a row. */
function offsetsOf(priors: readonly number[], tau: number, link: 'softmax' | 'sigmoid'): readonly number[] {
  const offsets = priors.map((prior) => tau * logarithm(prior));
  const [negative = 0, positive = 0] = offsets;
  return link === 'sigmoid' ? [positive - negative] : offsets;
}
