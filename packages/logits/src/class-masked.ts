import { defineWrapper, type WrapperPlugin } from '@surprisal/core';

/** Options of `classMasked`. */
export interface ClassMaskedOptions {
  /** For each class whether it can be; at least two can. */
  readonly allowed: readonly boolean[];
}

/**
 * Class mask on any loss over classes: some classes cannot be.
 *
 *     z'_c = z_c where allowed_c, else -Infinity
 *
 * - A masked class has probability 0 and gradient 0, and no share of smoothing: C counts the classes that are left.
 * - A row whose target is a masked class costs Infinity. Rows to be left out are the call options `mask` and
 *   `ignoreIndex`; this masks classes, not rows.
 * - The length of the list states the class count.
 *
 * @throws TypeError for a list of anything but booleans, or a binary loss; RangeError for fewer than two classes left,
 * or a list of another length than the classes.
 *
 * @example
 * const loss = classMasked(categoricalCrossEntropy(), { allowed: [true, true, false] });
 * loss.value([[1, 2, 0.5]], [1]); // 0.3132616…: the softmax of [1, 2] alone
 */
export const classMasked: WrapperPlugin<'class-masked', ClassMaskedOptions, 'softmax'> = /* @__PURE__ */ defineWrapper({
  name: 'class-masked',
  links: ['softmax'],
  options: { allowed: { kind: 'booleans' } },
  steps: ({ allowed }) => [{ kind: 'classMask', allowed }],
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: (classes) => [{ allowed: Array.from({ length: classes }, (_, index) => classes === 2 || index !== 1) }],
});
