import { expectedSurprisal } from '@surprisal/kernels/information';
import type { Distribution, DistributionOptions } from './options.js';
import { readDistribution } from './read-distribution.js';
import { checkOptions, divideByBase, readInput } from './read-options.js';

/**
 * Entropy of a distribution, the expected surprisal of its own outcomes.
 *
 *     H(P) = -sum p log p,  in nats,  0 <= H <= log n
 *
 * - An outcome of probability 0 adds 0.
 * - Straight from logits with `input: 'logits'`: no digit is lost to the softmax, however certain it is.
 * - Within a few units in the last place of the exact value, and the same bits on every runtime.
 *
 * @param p n probabilities (or as `input` says); the last step of a classifier, a histogram with `normalize: true`.
 * @throws RangeError for a negative or infinite number, or a sum that is not one within 1e-6.
 *
 * @example
 * entropy([0.5, 0.25, 0.25], { base: 2 }); // 1.5
 * entropy([3, 1], { normalize: true }); // 0.562335144618808…
 *
 * Source: Shannon, A Mathematical Theory of Communication (1948), section 6.
 */
export function entropy(p: Distribution, options: DistributionOptions = {}): number {
  const of = 'entropy';
  checkOptions(of, options, ['base', 'input', 'normalize', 'unnormalized']);
  const input = readInput(of, 'input', options.input);
  const { probabilities, surprisals } = readDistribution(of, 'p', p, input, options);
  return divideByBase(of, expectedSurprisal(probabilities, surprisals), options.base);
}
