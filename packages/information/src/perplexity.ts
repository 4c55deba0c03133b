import { kindError, show } from '@surprisal/core';
import { exp } from '@surprisal/kernels/scalar';

/**
 * Perplexity: how many outcomes, all equally likely, would be as uncertain.
 *
 *     exp(H)
 *
 * @param nats an entropy, or the mean loss of a language model (`loss.value(…)`, `evaluation.mean`), in nats; NaN, the
 * mean over nothing, stays NaN
 * @throws TypeError for what is not a number.
 *
 * @example
 * perplexity(entropy([0.25, 0.25, 0.25, 0.25])); // 4
 */
export function perplexity(nats: number): number {
  if (typeof nats === 'number') return exp(nats);
  throw kindError({
    of: 'perplexity',
    argument: 'nats',
    requirement: 'a number',
    got: show(nats),
    fix: 'of a distribution it is perplexity(entropy(p))',
  });
}
