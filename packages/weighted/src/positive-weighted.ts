import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Options of `positiveWeighted`. */
export interface PositiveWeightedOptions {
  /** pi >= 0: one weight, or one for each label of a multi-label row. */
  readonly weight: number | readonly number[] | Float32Array | Float64Array;
}

/**
 * A weight on the positive outcome of a binary or multi-label loss: trades recall against precision.
 *
 *     u1' = pi u1        u0' = u0
 *
 * - Not counted: the mean still divides by the elements (or sample weights), as PyTorch's pos_weight does.
 * - A weight per label states the label count of a row.
 * - Order has meaning with label smoothing: `labelSmoothed(positiveWeighted(loss))` also multiplies the positive part of
 *   smoothed negatives, and with pi = 100 drives them to p = 0.84; `positiveWeighted(labelSmoothed(loss))` weighs by the
 *   target as given.
 *
 * @throws RangeError for a weight that is negative or not finite, or as many weights as the rows have not labels;
 * TypeError for a loss over classes.
 *
 * @example
 * const loss = positiveWeighted(binaryCrossEntropy(), { weight: 3 });
 * loss.value([2, -1, 0.5, -3], [1, 1, 0, 0]); // 1.3358083579…
 *
 * Source: PyTorch, torch.nn.BCEWithLogitsLoss, parameter pos_weight.
 */
export const positiveWeighted: WrapperPlugin<'positive-weighted', PositiveWeightedOptions, 'sigmoid'> =
  /* @__PURE__ */ defineWrapper({
    name: 'positive-weighted',
    links: ['sigmoid'],
    options: { weight: { kind: 'vector', minimum: 0, orNumber: true } },
    steps: ({ weight }) => [
      typeof weight === 'number'
        ? { kind: 'scale', by: 'outcome', weights: [1, weight], counted: false }
        : { kind: 'scale', by: 'label', weights: weight, counted: false },
    ],
    traits: { convex: true, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
    examples: () => [{ weight: 3 }],
  });
