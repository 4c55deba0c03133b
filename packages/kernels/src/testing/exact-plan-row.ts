import type { LogitStep, ResolvedPlan } from '@surprisal/core';
import { exactDecimal, exactSoftmaxRow, type Exact, type ExactRow } from '@surprisal/reference';
import { Decimal } from 'decimal.js';

/** Enough digits for a logit of 1e30 beside an offset of 1e-3, and to spare. */
const Numbers = Decimal.clone({ precision: 100, minE: -9e15, maxE: 9e15 });

/** A logit after all steps, and its derivative by the logit as given, both exact. */
interface SteppedLogit {
  readonly y: Decimal;
  readonly slope: Decimal;
}

/** The logits of a row after the steps of a plan: each step by its definition, none folded into another. */
export function exactSteps(z: ArrayLike<number>, steps: readonly LogitStep[], label = -1): SteppedLogit[] {
  return Array.from(z, (value, c) => {
    let y = new Numbers(exactDecimal(value));
    let slope = new Numbers(1);
    for (const step of steps) {
      if (step.kind === 'affine') {
        y = y.times(exactDecimal(step.scale)).plus(exactDecimal(step.offsets?.[c] ?? 0));
        slope = slope.times(exactDecimal(step.scale));
      } else if (step.kind === 'margin') {
        if (c === label) y = y.minus(exactDecimal(step.margins[c]));
      } else if (step.kind === 'classMask') {
        if (!step.allowed[c]) [y, slope] = [new Numbers(-Infinity), new Numbers(0)];
      } else if (y.isFinite()) {
        const cap = exactDecimal(step.cap);
        const q = y.abs().div(cap).times(-2).exp();
        slope = slope.times(q.times(4)).div(q.plus(1).pow(2));
        const capped = Numbers.sub(1, q).div(q.plus(1)).times(cap);
        y = y.isNegative() ? capped.neg() : capped;
      }
    }
    return { y, slope };
  });
}

/** Loss and gradient of a row under a plan and a target. */
export function exactPlanRow(
  z: ArrayLike<number>,
  measure: ArrayLike<Exact>,
  { logitSteps = [], terms, partition }: Partial<ResolvedPlan>,
  label = -1,
): ExactRow {
  const stepped = exactSteps(z, logitSteps, label);
  const row = exactSoftmaxRow(
    stepped.map(({ y }) => y),
    measure,
    { ...(terms && { terms }), ...(partition !== undefined && { partition }) },
  );
  return { loss: row.loss, gradient: row.gradient.map((value, c) => Numbers.mul(value, stepped[c].slope)) };
}
