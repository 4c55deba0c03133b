/** Makes the calls of a check and compares what they return. */
import { buildLoss } from './build-loss.js';
import { callOf, type Call } from './call.js';
import type { Check } from './check.js';
import { compare, type Comparison } from './compare.js';
import type { LossCase } from './conformance-case.js';
import type { Loss } from '@surprisal/core';

/** Loss and, where the reference has it, gradient; each compared with the reference. */
export function evaluateCheck(given: LossCase, check: Check, engine: string | undefined): readonly Comparison[] {
  const loss = buildLoss(given, check.precision);
  const call = callOf(given, check, engine);
  const actual =
    given.options.reduction === 'none'
      ? lossesOf(loss, call, given)
      : [loss.value(call.inputs, call.targets, call.options)];
  const subject = {
    quantity: `${label(check)}loss`,
    tolerance: given.tolerances.loss,
    precision: check.precision,
    mayFlush: mayFlush(call),
  };
  return [compare(actual, check.reference.loss.data, subject), ...compareGradient(loss, call, given, check)];
}

function lossesOf(loss: Loss, { inputs, targets, options }: Call, given: LossCase): ArrayLike<number> {
  const { losses = [] } = loss.evaluate(inputs, targets, { ...options, losses: true });
  return given.rowMeans ? lastAxisMeans(losses, given.inputs.dims.at(-1) ?? 1) : losses;
}

function lastAxisMeans(losses: ArrayLike<number>, length: number): readonly number[] {
  const all = Array.from(losses);
  return Array.from(
    { length: all.length / length },
    (_, row) => sum(all.slice(row * length, (row + 1) * length)) / length,
  );
}

function compareGradient(loss: Loss, call: Call, given: LossCase, check: Check): readonly Comparison[] {
  const { gradient, gradientSamples, gradientAbsSum } = check.reference;
  if (gradient === undefined && gradientSamples === undefined && gradientAbsSum === undefined) return [];
  const actual: ArrayLike<number> = loss.valueAndGradient(call.inputs, call.targets, {
    ...call.options,
    gradient: true,
  }).gradient;
  const against = (quantity: string, values: ArrayLike<number>, wanted: ArrayLike<number>): Comparison =>
    compare(values, wanted, {
      quantity: label(check) + quantity,
      tolerance: given.tolerances.gradient,
      precision: check.precision,
      mayFlush: mayFlush(call),
    });
  const comparisons: Comparison[] = [];
  if (gradient) comparisons.push(against('gradient', actual, gradient.data));
  if (gradientSamples) {
    const { indices, values } = gradientSamples;
    comparisons.push(
      against(
        'gradientSamples',
        indices.map((index) => actual[index] ?? NaN),
        values,
      ),
    );
  }
  if (gradientAbsSum !== undefined) {
    comparisons.push(against('gradientAbsSum', [sum(Array.from(actual, Math.abs))], [gradientAbsSum]));
  }
  return comparisons;
}

/** The TypeScript engine, asked for by name, flushes nothing to zero. */
function mayFlush({ options }: Call): boolean {
  return options.engine !== 'typescript';
}

function label({ name }: Check): string {
  return name === 'exact' ? 'exact ' : '';
}

/** Sum with Neumaier's correction, so that a long sum adds no error of its own. */
function sum(values: readonly number[]): number {
  let [total, correction] = [0, 0];
  for (const value of values) {
    const next = total + value;
    correction += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return Number.isFinite(total) ? total + correction : total;
}
