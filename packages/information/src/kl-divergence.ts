import {
  differenceOf,
  divergenceOf,
  divergenceOfSurprisals,
  generalizedDivergenceOf,
} from '@surprisal/kernels/information';
import type { Distribution, PairOptions } from './options.js';
import { checkOptions, divideByBase } from './read-options.js';
import { readPair, type ReadPair } from './read-pair.js';

/**
 * Kullback-Leibler divergence, or relative entropy: what believing q costs where p is true.
 *
 *     KL(P || Q) = sum p log(p / q) >= 0
 *
 * - 0 only where the distributions are equal; Infinity where q = 0 under mass of p. p = 0 adds 0.
 * - Of probabilities within a few units in the last place, however alike p and q are: the terms summed are
 *   p log(p / q) - p + q, none of which is negative. Masses that sum to one only nearly are compared as shares.
 * - `unnormalized: true` gives sum p log(p / q) as it stands, which may be negative.
 *
 * @param p the truth, n probabilities (or as `input` says)
 * @param q the prediction, of the same length
 * @throws RangeError for a negative or infinite number, a sum that is not one within 1e-6, or different lengths.
 *
 * @example
 * klDivergence([0.5, 0.5], [0.9, 0.1]); // 0.510825623765990…
 *
 * Source: Kullback and Leibler, On Information and Sufficiency (1951).
 */
export function klDivergence(p: Distribution, q: Distribution, options: PairOptions = {}): number {
  const of = 'klDivergence';
  const pair = readPair(of, p, q, options, ['base', 'input', 'normalize', 'unnormalized']);
  return divideByBase(of, options.unnormalized === true ? asItStands(pair) : ofShares(pair), options.base);
}

/**
 * Generalised Kullback-Leibler divergence (I-divergence) of two measures of any mass.
 *
 *     D(P || Q) = sum p log(p / q) - p + q >= 0
 *
 * Equal to `klDivergence` where both sum to one.
 *
 * @param p n masses of at least 0 (or as `input` says)
 * @param q as many
 * @throws RangeError for a negative or infinite number, or different lengths.
 *
 * @example
 * generalizedKlDivergence([1, 2], [2, 2]); // 0.306852819440054…
 *
 * Source: Csiszár, Why Least Squares and Maximum Entropy? (1991), the I-divergence.
 */
export function generalizedKlDivergence(
  p: Distribution,
  q: Distribution,
  options: Pick<PairOptions, 'base' | 'input'> = {},
): number {
  const of = 'generalizedKlDivergence';
  checkOptions(of, options, ['base', 'input']);
  const pair = readPair(of, p, q, { ...options, unnormalized: true }, ['base', 'input', 'unnormalized']);
  return divideByBase(of, ofMeasures(pair), options.base);
}

function ofShares(pair: ReadPair): number {
  const { p, q } = pair;
  return p.fromLogarithms || q.fromLogarithms
    ? divergenceOfSurprisals(p, q)
    : divergenceOf(p.masses, p.total, q.masses, q.total);
}

function ofMeasures({ p, q }: ReadPair): number {
  return p.fromLogarithms || q.fromLogarithms
    ? divergenceOfSurprisals(p, q)
    : generalizedDivergenceOf(p.masses, q.masses);
}

function asItStands(pair: ReadPair): number {
  const divergence = ofMeasures(pair);
  return divergence === Infinity ? divergence : divergence + differenceOf(pair.p.total, pair.q.total);
}
