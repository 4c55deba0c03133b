import { expectedSurprisal } from '@surprisal/kernels/information';
import type { Distribution, PairOptions } from './options.js';
import { divideByBase } from './read-options.js';
import { readPair } from './read-pair.js';

/**
 * Cross-entropy of two distributions: the expected surprisal of a prediction q under the truth p.
 *
 *     H(P, Q) = -sum p log q = H(P) + KL(P || Q)
 *
 * - An outcome with p = 0 adds 0, whatever q says of it; p > 0 where q = 0 gives Infinity.
 * - For a batch of rows with a gradient use `categoricalCrossEntropy` of `@surprisal/categorical`.
 *
 * @param p the truth, n probabilities (or as `input` says)
 * @param q the prediction, of the same length
 * @throws RangeError for a negative or infinite number, a sum that is not one within 1e-6, or different lengths.
 *
 * @example
 * crossEntropy([0.2, 0.3, 0.5], [0.1, 0.1, 0.8]); // 1.26286432215412…
 */
export function crossEntropy(p: Distribution, q: Distribution, options: PairOptions = {}): number {
  const of = 'crossEntropy';
  const pair = readPair(of, p, q, options, ['base', 'input', 'normalize', 'unnormalized']);
  return divideByBase(of, expectedSurprisal(pair.p.probabilities, pair.q.surprisals), options.base);
}
