import type { Decimal } from 'decimal.js';
import { arithmetic, exactDecimal, ZERO, type Exact } from './exact-decimal.js';

/** Multiplies the mass of each outcome by its weight: class weights, positive weight. */
export interface ScaleStep {
  readonly kind: 'scale';
  readonly weights: readonly number[];
}

/** Label smoothing: over all outcomes, or over those that did not have the mass. */
export interface MixStep {
  readonly kind: 'mix';
  readonly smoothing: number;
  readonly spread?: 'all' | 'others';
}

/** A step from measure to measure. */
export type MeasureStep = ScaleStep | MixStep;

/** Chains of a few products of doubles fit; only the divisions by C are rounded, far below what results need. */
const MEASURE_DIGITS = 250;

/**
 * The target measure after its steps, the first step first. Doubles are taken exactly, and so is 1 - smoothing.
 *
 *     scale:               u'_c = w_c u_c
 *     mix over all:        u'_c = (1 - e) u_c + e |u| / C
 *     mix over the others: u'_c = (1 - e) u_c + e (|u| - u_c) / (C - 1)
 *
 * @param target - A class index, or the masses of a row (a probability target), length `classes`.
 * @throws RangeError for an index outside of the classes, or a row or weights of another length.
 */
export function exactMeasure(
  target: number | ArrayLike<Exact>,
  classes: number,
  steps: readonly MeasureStep[] = [],
): Decimal[] {
  const Numbers = arithmetic(MEASURE_DIGITS);
  return steps.reduce(
    (u, step) => {
      if (step.kind === 'mix') return mixed(u, exactDecimal(step.smoothing), step.spread ?? 'all', Numbers);
      expectLength('weights', step.weights, classes);
      return u.map((mass, index) => Numbers.mul(mass, exactDecimal(step.weights[index])));
    },
    measureAsGiven(target, classes),
  );
}

function measureAsGiven(target: number | ArrayLike<Exact>, classes: number): Decimal[] {
  if (typeof target !== 'number') {
    expectLength('target', target, classes);
    return Array.from(target, exactDecimal);
  }
  if (!Number.isInteger(target) || target < 0 || target >= classes) {
    throw new RangeError(`"target" expected a class index from 0 to ${classes - 1}, got ${target}`);
  }
  return Array.from({ length: classes }, (_, index) => (index === target ? exactDecimal(1) : ZERO));
}

function expectLength(name: string, values: ArrayLike<unknown>, classes: number): void {
  if (values.length !== classes) throw new RangeError(`"${name}" expected length ${classes}, got ${values.length}`);
}

function mixed(
  u: readonly Decimal[],
  smoothing: Decimal,
  spread: 'all' | 'others',
  Numbers: typeof Decimal,
): Decimal[] {
  const total = u.reduce((sum, mass) => Numbers.add(sum, mass), new Numbers(0));
  const kept = Numbers.sub(1, smoothing);
  const receivers = spread === 'all' ? u.length : u.length - 1;
  return u.map((mass) => {
    const pool = spread === 'all' ? total : Numbers.sub(total, mass);
    return Numbers.add(Numbers.mul(kept, mass), Numbers.div(Numbers.mul(smoothing, pool), receivers));
  });
}
