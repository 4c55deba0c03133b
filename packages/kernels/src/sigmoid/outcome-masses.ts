import type { OutcomeMeasure, ResolvedPlan, RowLayout, Tile } from '@surprisal/core';

const ONE: Float64Array = /* @__PURE__ */ new Float64Array([1]);
const ZERO: Float64Array = /* @__PURE__ */ new Float64Array(1);

/** The measure of a plan without target steps: u1 = y, u0 = 1 - y. */
const AS_GIVEN: OutcomeMeasure = {
  positiveFromPositive: ONE,
  positiveFromNegative: ZERO,
  negativeFromPositive: ZERO,
  negativeFromNegative: ONE,
};

/**
 * The masses of the two outcomes of each element, sample weight s included:
 *
 *     u1 = s (positiveFromPositive y + positiveFromNegative (1 - y)),   u0 = s (negativeFromPositive y + ...)
 *
 * 0 of an ignored element.
 */
export function fillMasses(
  { outcomeMeasure = AS_GIVEN }: ResolvedPlan,
  layout: RowLayout,
  tile: Tile,
  positive: Float64Array,
  negative: Float64Array,
): void {
  const { positiveFromPositive, positiveFromNegative, negativeFromPositive, negativeFromNegative } = outcomeMeasure;
  const { targets, weights, keep, first, count } = tile;
  const perLabel = positiveFromPositive.length > 1;
  for (let i = 0; i < count; i++) {
    const label = perLabel ? Math.floor((first + i) / layout.inner) % layout.classes : 0;
    const weight = keep[i] === 0 ? 0 : weights[i];
    const yes = keep[i] === 0 ? 0 : targets[i];
    const no = 1 - yes;
    positive[i] = weight * (positiveFromPositive[label] * yes + positiveFromNegative[label] * no);
    negative[i] = weight * (negativeFromPositive[label] * yes + negativeFromNegative[label] * no);
  }
}
