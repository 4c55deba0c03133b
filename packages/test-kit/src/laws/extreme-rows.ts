import type { Batch } from '../batch.js';
import { allowedClasses, type Subject } from '../subject.js';

/** Makes a row: `label` for the class of the target (elements: every second one), `other` for the rest. */
export type Row = (label: number) => (index: number) => number;

/** Gaps from 0 to 1e4, common offsets, constant rows, and logits around the overflow and underflow of exp. */
export const FINITE_ROWS: readonly (readonly [string, Row])[] = [
  ['the target 1e4 above the rest', (label) => (index) => (index === label ? 1e4 : 0)],
  ['the target 1e4 below the rest', (label) => (index) => (index === label ? -1e4 : 0)],
  [
    'the target 725 below the rest, where exp(-gap) is less than any normal number',
    (label) => (index) => (index === label ? -725 : 0),
  ],
  ['all 0', () => () => 0],
  ['all 1e4', () => () => 1e4],
  ['all -1e4', () => () => -1e4],
  ['all 1e15', () => () => 1e15],
  ['all -1e15', () => () => -1e15],
  ['710 apart, around the overflow of exp', (label) => (index) => (index === label ? 355 : -355)],
  ['746 apart, around the underflow of exp', (label) => (index) => (index === label ? -373 : 373)],
  ['89 and 104 apart, the same in float32', (label) => (index) => (index === label ? 89 : index % 2 === 0 ? 0 : -15)],
  ['1e-300 apart', (label) => (index) => (index === label ? 1e-300 : 0)],
  ['a ladder of 100', () => (index) => -100 * index],
];

/** Squares of these (squared errors, partition terms) are numbers in float64 alone. */
export const HUGE_ROWS: readonly (readonly [string, Row])[] = [
  ['all 1e30', () => () => 1e30],
  ['all -1e30', () => () => -1e30],
];

/** Classes that cannot be. */
export const INFINITE_ROWS: readonly (readonly [string, Row])[] = [
  ['one other class -Infinity', (label) => (index) => (index === (label + 1) % 2 ? -Infinity : index)],
  ['all classes but the target -Infinity', (label) => (index) => (index === label ? 3 : -Infinity)],
];

/** One row for each class (elements: for the targets 0 and 1). */
export function batchOf(subject: Subject, row: Row): Batch {
  const { width, layout } = subject;
  if (layout === 'elements') {
    const logits = Float64Array.from({ length: 2 * width }, (_, i) => row(0)(Math.floor(i / width) === 0 ? 0 : 1));
    return {
      rows: 2,
      width,
      logits,
      targets: Float64Array.from(logits, (_, i) => (i % 2 === 0 ? 1 : 0)),
      shapedLikeLogits: true,
    };
  }
  const labels = allowedClasses(subject).flatMap((allowed, index) => (allowed ? [index] : []));
  const logits = labels.flatMap((label) => Array.from({ length: width }, (_, index) => row(label)(index)));
  return {
    rows: labels.length,
    width,
    logits: Float64Array.from(logits),
    targets: Float64Array.from(labels),
    shapedLikeLogits: false,
  };
}
