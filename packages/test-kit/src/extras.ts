import type { CallEvaluation, CallOptions, ExtraOptions } from '@surprisal/core';
import { at } from './assertions.js';
import { logitsOf, targetsOf, type Batch } from './batch.js';
import { withEngine } from './call.js';
import type { Subject } from './subject.js';

/** Bins of no round width, so that few confidences lie near an edge. */
export const BINS = 7;

/** Whether the link of a loss computes what a call may ask of each row. */
export function hasDetails({ loss }: Subject): boolean {
  return loss.link.details !== undefined;
}

/** Whether the smallest value of a loss is the entropy of its target: cross-entropy, whatever its targets and logits go through. */
export function hasFloor(subject: Subject): boolean {
  const others = ['surprisal', 'partition', 'custom'];
  return hasDetails(subject) && subject.loss.plan?.some(({ kind }) => others.includes(kind)) === false;
}

/** Whether a loss has second derivatives: custom functions give first ones alone. */
export function hasHessian(subject: Subject): boolean {
  return hasDetails(subject) && subject.loss.plan?.every(({ kind }) => kind !== 'custom') === true;
}

/** Whether a call with such targets can tell the class of each row: without the help of the link, by its label alone. */
export function hasClasses(subject: Subject, targets: 'hard' | 'soft'): boolean {
  return hasDetails(subject) || subject.layout === 'elements' || targets === 'hard';
}

/** Everything that an evaluation may hold beside its sums. */
export function mergeableExtras(subject: Subject, targets: 'hard' | 'soft'): ExtraOptions {
  return {
    ...(hasClasses(subject, targets) && { perClass: true }),
    ...(hasDetails(subject) && { accuracy: true, calibration: BINS }),
    ...(hasFloor(subject) && { floor: true }),
  };
}

/** Everything that a call may ask for beside value, gradient and losses. */
export function allExtras(subject: Subject, targets: 'hard' | 'soft'): ExtraOptions {
  return {
    ...mergeableExtras(subject, targets),
    ...(hasDetails(subject) && { argmax: true, probabilities: true }),
    ...(hasHessian(subject) && { hessianDiagonal: true }),
  };
}

/** Evaluates a batch of float64 logits. */
export function evaluateBatch(subject: Subject, batch: Batch, options: CallOptions): CallEvaluation {
  return subject.loss.evaluate(logitsOf(batch), targetsOf(batch), withEngine(subject, options));
}

/** Rows of classes, or elements. */
export function unitsOf({ layout }: Subject, { rows, width }: Batch): number {
  return layout === 'classes' ? rows : rows * width;
}

/** The class that the target of a unit names: the first of the largest; of an element the positive above one half. */
export function classOf({ layout }: Subject, { targets, width, shapedLikeLogits }: Batch, unit: number): number {
  if (layout === 'elements') return at(targets, unit) > 0.5 ? 1 : 0;
  if (!shapedLikeLogits) return at(targets, unit);
  const row = targets.subarray(unit * width, (unit + 1) * width);
  return row.indexOf(Math.max(...row));
}
