import { defineWrapper, rangeError, type WrapperPlugin } from '@surprisal/core';

/** Options of `unigramSmoothed`. */
export interface UnigramSmoothedOptions {
  /** e in [0, 1]: the share of a target's mass that is spread; 0 changes nothing. */
  readonly smoothing: number;
  /** How many rows each class has (binary: negatives and positives). Mass goes where the rows are. */
  readonly counts: readonly number[];
}

/**
 * Label smoothing towards how often each class occurs, instead of evenly.
 *
 *     u' = (1 - e) u + e |u| n / sum n
 *
 * Source: Pereyra et al., Regularizing Neural Networks by Penalizing Confident Output Distributions (2017), section 3.2.
 *
 * @throws RangeError for smoothing outside [0, 1], a negative count, or no rows at all.
 */
export const unigramSmoothed: WrapperPlugin<'unigram-smoothed', UnigramSmoothedOptions> = /* @__PURE__ */ defineWrapper(
  {
    name: 'unigram-smoothed',
    links: ['softmax', 'sigmoid'],
    options: {
      smoothing: { kind: 'number', minimum: 0, maximum: 1 },
      counts: { kind: 'vector', minimum: 0 },
    },
    refine: ({ counts }) => {
      if (total(counts) > 0) return;
      throw rangeError({
        of: 'unigram-smoothed',
        argument: 'counts',
        requirement: 'a class with rows',
        got: 'none',
      });
    },
    steps: ({ smoothing, counts }) => [
      { kind: 'mix', smoothing, spread: 'all', towards: counts.map((count) => count / total(counts)) },
    ],
    traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
    examples: (classes) => [{ smoothing: 0.2, counts: Array.from({ length: classes }, (_, c) => 10 * (c + 1)) }],
  },
);

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
