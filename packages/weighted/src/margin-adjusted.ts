import { defineWrapper, type Step, type WrapperPlugin } from '@surprisal/core';
import { checkLength } from './outcome-vector.js';

/** Options of `marginAdjusted`. */
export interface MarginAdjustedOptions {
  /** n_c > 0, the training rows of each class; for a binary loss [n0, n1]. */
  readonly counts: readonly number[] | Float32Array | Float64Array;
  /** The margin of the rarest class, >= 0: 0.5 by default, 0 for none. */
  readonly margin?: number;
  /** What all logits are multiplied by after the margin, > 0: 1 by default; the paper's 30 is for logits in [-1, 1]. */
  readonly scale?: number;
}

/**
 * Label-distribution-aware margins (LDAM) on any loss of the family: the label must win by more, the rarer its class is.
 *
 *     z'_y = scale (z_y - D_y), z'_c = scale z_c elsewhere        D_c = margin (min_k n_k / n_c)^(1/4)
 *
 * - For training only: score the logits of the model with the loss inside.
 * - The label is the one given, whatever smoothing makes of it. Probability targets have no label and are refused.
 * - For a binary loss z' = scale (z - D_1) at target 1 and scale (z + D_0) at target 0.
 * - `classCounts` counts; the length of the vector states the class count.
 *
 * @throws RangeError for a count or scale that is not above 0, a margin below 0, or a vector of another length than the
 * classes; TypeError for probability targets.
 *
 * @example
 * const loss = marginAdjusted(categoricalCrossEntropy(), { counts: [16, 1, 16], margin: 0.5 });
 * loss.value([[1, 2, 0.5]], [1]); // 0.6802696…
 *
 * Source: Cao et al., Learning Imbalanced Datasets with Label-Distribution-Aware Margin Loss (2019), equations 12 and 13.
 */
export const marginAdjusted: WrapperPlugin<'margin-adjusted', MarginAdjustedOptions> = /* @__PURE__ */ defineWrapper({
  name: 'margin-adjusted',
  links: ['softmax', 'sigmoid'],
  options: {
    counts: { kind: 'vector', above: 0 },
    margin: { kind: 'number', minimum: 0, default: 0.5 },
    scale: { kind: 'number', above: 0, default: 1 },
  },
  steps: ({ counts, margin = 0.5, scale = 1 }, loss) => {
    checkLength('margin-adjusted', 'counts', counts, loss);
    const fewest = Math.min(...counts);
    // Two square roots, which are the same on every machine; a power need not be.
    const margins = counts.map((count) => margin * Math.sqrt(Math.sqrt(fewest / count)));
    const steps: readonly Step[] = [{ kind: 'margin', margins }];
    return scale === 1 ? steps : [...steps, { kind: 'affine', scale }];
  },
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: true },
  examples: (classes) => {
    const counts = Array.from({ length: classes }, (_, index) => 100 / (index + 1));
    return [{ counts }, { counts, margin: 1, scale: 2 }];
  },
});
