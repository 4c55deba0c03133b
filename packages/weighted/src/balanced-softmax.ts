import { defineWrapper, type WrapperPlugin } from '@surprisal/core';
import { logarithm } from './logarithm.js';
import { checkLength } from './outcome-vector.js';

/** Options of `balancedSoftmax`. */
export interface BalancedSoftmaxOptions {
  /** n_c > 0, the training rows of each class; for a binary loss [n0, n1]. */
  readonly counts: readonly number[] | Float32Array | Float64Array;
}

/**
 * Balanced softmax of any loss of the family: logit adjustment with tau = 1 and the priors n_c / n.
 *
 *     z'_c = z_c + log(n_c / n)        so that p'_c is proportional to n_c exp(z_c)
 *
 * For training only: the logits of the model so trained are for balanced classes as they are. `classCounts` counts; the
 * length of the vector states the class count.
 *
 * @throws RangeError for a count that is not above 0, or a vector of another length than the classes.
 *
 * @example
 * const loss = balancedSoftmax(categoricalCrossEntropy(), { counts: [50, 30, 20] });
 * loss.value([[1, 2, 0.5]], [1]); // 0.5663847…
 *
 * Source: Ren et al., Balanced Meta-Softmax for Long-Tailed Visual Recognition (2020), equation 4.
 */
export const balancedSoftmax: WrapperPlugin<'balanced-softmax', BalancedSoftmaxOptions> = /* @__PURE__ */ defineWrapper(
  {
    name: 'balanced-softmax',
    links: ['softmax', 'sigmoid'],
    options: { counts: { kind: 'vector', above: 0 } },
    steps: ({ counts }, loss) => {
      checkLength('balanced-softmax', 'counts', counts, loss);
      const rows = counts.reduce((sum, count) => sum + count, 0);
      return [{ kind: 'affine', scale: 1, offsets: counts.map((count) => logarithm(count / rows)) }];
    },
    traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
    examples: (classes) => [{ counts: Array.from({ length: classes }, (_, index) => 100 / (index + 1)) }],
  },
);
