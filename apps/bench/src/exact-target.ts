import type { MixStep, Plan } from '@surprisal/core';
import { exactDecimal, exactMeasure } from '@surprisal/reference';
import type { Decimal } from 'decimal.js';

/** The target measure of a label or of probabilities after the target steps of a plan, exact but for divisions by class counts. */
export function exactTarget(plan: Plan, target: number | ArrayLike<number>, outcomes: number): Decimal[] {
  const allowed = allowedClasses(plan, outcomes);
  return plan.reduce(
    (u, step) => {
      if (step.kind === 'scale') {
        // Label weights are one for each label of a row: a single one here, and on the positive outcome only.
        const weights = step.by === 'label' ? [1, ...step.weights] : step.weights;
        return exactMeasure(u, outcomes, [{ kind: 'scale', weights }]);
      }
      if (step.kind !== 'mix') return u;
      if (step.towards === undefined && allowed === undefined) {
        return exactMeasure(u, outcomes, [{ kind: 'mix', smoothing: step.smoothing, spread: step.spread }]);
      }
      return mixedTowards(u, step, allowed ?? u.map(() => true));
    },
    exactMeasure(target, outcomes),
  );
}

/** u' = (1 - e) u + e |u| D, with D as stated, or even over the classes that are allowed. */
function mixedTowards(
  u: readonly Decimal[],
  { smoothing, spread, towards }: MixStep,
  allowed: readonly boolean[],
): Decimal[] {
  const left = allowed.filter(Boolean).length;
  const e =
    spread === 'all'
      ? exactDecimal(smoothing)
      : exactDecimal(smoothing)
          .times(left)
          .div(left - 1);
  const total = u.reduce((sum, mass) => sum.plus(mass), exactDecimal(0));
  const even = allowed.map((isAllowed) => (isAllowed ? exactDecimal(1).div(left) : exactDecimal(0)));
  return u.map((mass, index) => {
    const share = towards === undefined ? (even[index] ?? exactDecimal(0)) : exactDecimal(towards[index] ?? 0);
    return exactDecimal(1).minus(e).times(mass).plus(e.times(total).times(share));
  });
}

function allowedClasses(plan: Plan, outcomes: number): readonly boolean[] | undefined {
  const masks = plan.filter((step) => step.kind === 'classMask');
  if (masks.length === 0) return undefined;
  return Array.from({ length: outcomes }, (_, index) => masks.every(({ allowed }) => allowed[index] === true));
}
