import { jensenShannonOf } from '@surprisal/kernels/information';
import type { Distribution, PairOptions } from './options.js';
import { divideByBase } from './read-options.js';
import { readPair } from './read-pair.js';

/**
 * Jensen-Shannon divergence: the symmetric, always finite relative of the Kullback-Leibler divergence.
 *
 *     JS(P, Q) = KL(P || M) / 2 + KL(Q || M) / 2,  M = (P + Q) / 2,  0 <= JS <= log 2
 *
 * Its square root is a distance; scipy's `jensenshannon` returns that root.
 *
 * @param p n probabilities (or as `input` says)
 * @param q as many
 * @throws RangeError for a negative or infinite number, a sum that is not one within 1e-6, or different lengths.
 *
 * @example
 * jensenShannonDivergence([1, 0], [0, 1], { base: 2 }); // 1
 *
 * Source: Lin, Divergence Measures Based on the Shannon Entropy (1991), equation 3.
 */
export function jensenShannonDivergence(
  p: Distribution,
  q: Distribution,
  options: Omit<PairOptions, 'unnormalized'> = {},
): number {
  const of = 'jensenShannonDivergence';
  const pair = readPair(of, p, q, options, ['base', 'input', 'normalize']);
  return divideByBase(of, jensenShannonOf(pair.p.masses, pair.p.total, pair.q.masses, pair.q.total), options.base);
}
