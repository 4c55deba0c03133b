import type { TensorLike } from '@surprisal/core';
import { at } from './assertions.js';
import type { Random } from './random.js';
import { allowedClasses, hasRealTargets, type Subject } from './subject.js';

/** Rows of logits with their targets, packed row by row. */
export interface Batch {
  readonly rows: number;
  /** Classes of a row, or labels of a row. */
  readonly width: number;
  readonly logits: Float64Array;
  /** Class indices, one a row; or one number for each logit. */
  readonly targets: Float64Array;
  /** Whether targets are shaped like the logits. */
  readonly shapedLikeLogits: boolean;
}

/** What to draw. */
export interface Drawing {
  readonly rows?: number;
  readonly targets?: 'hard' | 'soft';
  /** Deviation of the logits; 2 by default. */
  readonly deviation?: number;
}

/** Draws rows that suit a loss: labels among the classes it leaves, masses only there. */
export function drawBatch(
  subject: Subject,
  stream: Random,
  { rows = 5, targets = 'hard', deviation = 2 }: Drawing = {},
): Batch {
  const { width, layout } = subject;
  const shapedLikeLogits = layout === 'elements' || targets === 'soft';
  const logits = Float64Array.from({ length: rows * width }, () => onGrid(stream.normal() * deviation));
  return { rows, width, logits, targets: drawTargets(subject, stream, rows, targets), shapedLikeLogits };
}

/** The batch of some of the rows, in the order given. */
export function takeRows(batch: Batch, rows: readonly number[]): Batch {
  const { width, shapedLikeLogits } = batch;
  const logits = takeItems(batch.logits, rows, width);
  const targets = takeItems(batch.targets, rows, shapedLikeLogits ? width : 1);
  return { rows: rows.length, width, logits, targets, shapedLikeLogits };
}

/** The numbers of some of the rows. */
export function takeItems(items: ArrayLike<number>, rows: readonly number[], width: number): Float64Array {
  const taken = new Float64Array(rows.length * width);
  let to = 0;
  for (const row of rows) for (let i = row * width; i < (row + 1) * width; i++) taken[to++] = at(items, i);
  return taken;
}

/** The same rows with other logits. */
export function withLogits(batch: Batch, logits: Float64Array): Batch {
  return { ...batch, logits };
}

/** The logits as a tensor of a type. */
export function logitsOf(
  { rows, width, logits }: Batch,
  type: 'float64' | 'float32' = 'float64',
): TensorLike & { readonly data: Float64Array | Float32Array } {
  return { data: type === 'float64' ? logits : Float32Array.from(logits), dims: [rows, width] };
}

/** The targets as a tensor. */
export function targetsOf({ rows, width, targets, shapedLikeLogits }: Batch): TensorLike {
  return { data: targets, dims: shapedLikeLogits ? [rows, width] : [rows] };
}

/** Index targets as one-hot rows. */
export function oneHot(batch: Batch): Batch {
  const { rows, width } = batch;
  const targets = Float64Array.from({ length: rows * width }, (_, i) =>
    at(batch.targets, Math.floor(i / width)) === i % width ? 1 : 0,
  );
  return { ...batch, targets, shapedLikeLogits: true };
}

/** Weights between 1/2 and 5/2, in steps of 1/8. */
export function drawWeights(stream: Random, count: number): Float64Array {
  return Float64Array.from({ length: count }, () => 0.5 + stream.integer(17) / 8);
}

// Multiples of 2^-10 below 64 are exact in float32 and stay exact when a thousand is added in float64.
function onGrid(logit: number): number {
  return Math.round(logit * 1024) / 1024;
}

function drawTargets(subject: Subject, stream: Random, rows: number, kind: 'hard' | 'soft'): Float64Array {
  const { width, layout } = subject;
  if (layout === 'classes' && kind === 'hard')
    return Float64Array.from({ length: rows }, () => drawLabel(subject, stream));
  if (layout === 'classes')
    return Float64Array.from(Array.from({ length: rows }, () => drawRow(subject, stream)).flat());
  return Float64Array.from({ length: rows * width }, () => drawElement(subject, stream, kind));
}

function drawElement(subject: Subject, stream: Random, kind: 'hard' | 'soft'): number {
  if (kind === 'hard') return stream.integer(2);
  return hasRealTargets(subject) ? stream.normal() : stream.integer(65) / 64;
}

function drawLabel(subject: Subject, stream: Random): number {
  const labels = allowedClasses(subject).flatMap((allowed, index) => (allowed ? [index] : []));
  return at(labels, stream.integer(labels.length));
}

/** Masses of sum one; some are 0. */
function drawRow(subject: Subject, stream: Random): number[] {
  if (hasRealTargets(subject)) return Array.from({ length: subject.width }, stream.normal);
  const allowed = allowedClasses(subject);
  const always = drawLabel(subject, stream);
  const masses = allowed.map((kept, index) =>
    kept && (index === always || stream.uniform() < 0.8) ? 0.05 + stream.uniform() : 0,
  );
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return masses.map((mass) => mass / total);
}
