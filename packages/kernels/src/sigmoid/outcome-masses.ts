import type { OutcomeMeasure, ResolvedPlan, RowLayout, Tile } from '@surprisal/core';

const ONE: Float64Array = /* @__PURE__ */ new Float64Array([1]);
const ZERO: Float64Array = /* @__PURE__ */ new Float64Array(1);

/** The measure of a plan without target steps: u1 = y, u0 = 1 - y. */
export const AS_GIVEN: OutcomeMeasure = {
  positiveFromPositive: ONE,
  positiveFromNegative: ZERO,
  negativeFromPositive: ZERO,
  negativeFromNegative: ONE,
};

/** Whether a measure leaves targets as they are: the usual case, and worth a loop of its own. */
export function isAsGiven(measure: OutcomeMeasure): boolean {
  const { positiveFromPositive, positiveFromNegative, negativeFromPositive, negativeFromNegative } = measure;
  if (positiveFromPositive.length > 1 || positiveFromPositive[0] !== 1 || negativeFromNegative[0] !== 1) return false;
  return positiveFromNegative[0] === 0 && negativeFromPositive[0] === 0;
}

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
  if (tile.uniform && isAsGiven(outcomeMeasure)) {
    for (let i = 0; i < count; i++) {
      positive[i] = targets[i];
      negative[i] = 1 - targets[i];
    }
    return;
  }
  const labels = positiveFromPositive.length > 1 ? layout.classes : 1;
  // Counted along: the remainder of a division takes longer than all the rest.
  let label = Math.floor(first / layout.inner) % labels;
  let left = layout.inner - (first % layout.inner);
  for (let i = 0; i < count; i++) {
    const weight = keep[i] === 0 ? 0 : weights[i];
    const yes = keep[i] === 0 ? 0 : targets[i];
    const no = 1 - yes;
    positive[i] = weight * (positiveFromPositive[label] * yes + positiveFromNegative[label] * no);
    negative[i] = weight * (negativeFromPositive[label] * yes + negativeFromNegative[label] * no);
    left--;
    if (left > 0) continue;
    left = layout.inner;
    label = label + 1 === labels ? 0 : label + 1;
  }
}
