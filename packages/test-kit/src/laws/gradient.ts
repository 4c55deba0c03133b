import type { CallOptions } from '@surprisal/core';
import { assertSlopes } from '../assert-slopes.js';
import { drawBatch, drawWeights, withLogits, type Batch } from '../batch.js';
import { outcomeOf, valueOf } from '../call.js';
import { always, defineLaw, type Law } from '../law.js';
import { random, type Random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

const ROWS = 5;

/** Differences are good to about h^4 and 2^-50 / h, that is 1e-11 to 1e-10 of the largest number involved. */
const DIFFERENCE_ERROR = 2e-9;

/** Twenty units in the last place of float32, the bound for modulated surprisals, and as much again for the inputs' rounding. */
const FLOAT32_ERROR = 40 * 2 ** -24;

/** Every way in which a call changes what the gradient is divided by or weighed with. */
function optionsToTry(subject: Subject, stream: Random): readonly CallOptions[] {
  const rows = { data: drawWeights(stream, ROWS), dims: [ROWS] };
  const mask = { data: [1, 0, 1, 1, 1], dims: [ROWS] };
  const common: CallOptions[] = [
    {},
    { reduction: 'sum' },
    { denominator: 'rows' },
    { denominator: 'elements' },
    { denominator: 7.5 },
    { sampleWeights: rows },
    { sampleWeights: rows, reduction: 'sum' },
    { sampleWeights: rows, denominator: 'rows', mask },
  ];
  if (subject.layout === 'classes') return common;
  const elements = { data: drawWeights(stream, ROWS * subject.width), dims: [ROWS, subject.width] };
  return [...common, { sampleWeights: elements }];
}

function assertGradient(
  subject: Subject,
  batch: Batch,
  options: CallOptions,
  positions: readonly number[],
  type: 'float64' | 'float32',
): void {
  const { gradient } = outcomeOf(subject, batch, options, type);
  const value = (logits: Float64Array): number => valueOf(subject, withLogits(batch, logits), options);
  const scale = Math.max(1, Math.abs(value(batch.logits)), ...Array.from(gradient, Math.abs));
  const absolute = (type === 'float32' ? FLOAT32_ERROR : DIFFERENCE_ERROR) * scale;
  const what = `gradient (${type}, ${batch.shapedLikeLogits ? 'targets like the logits' : 'index targets'}, ${shown(options)})`;
  assertSlopes({ value, point: batch.logits, gradient }, positions, absolute, what);
}

function shown(options: CallOptions): string {
  const names = Object.entries(options).map(([key, value]) =>
    typeof value === 'object' ? key : `${key} ${String(value)}`,
  );
  return names.join(', ') || 'no options';
}

/** Some of the positions of a batch: over all batches of a law they meet every class. */
function somePositions(stream: Random, batch: Batch): readonly number[] {
  return stream.permutation(batch.logits.length).slice(0, 5);
}

const ofTheValue: Law = defineLaw('the gradient is that of the value returned', always, (subject) => {
  const stream = random(subject.seed);
  for (const targets of targetKinds(subject))
    for (const options of optionsToTry(subject, stream)) {
      const batch = drawBatch(subject, stream, { rows: ROWS, targets });
      assertGradient(subject, batch, options, somePositions(stream, batch), 'float64');
    }
});

const inFloat32: Law = defineLaw('the gradient of float32 logits is the same, rounded once', always, (subject) => {
  const stream = random(subject.seed);
  for (const targets of targetKinds(subject))
    for (const options of [{}, { reduction: 'sum' }] as const) {
      const batch = drawBatch(subject, stream, { rows: ROWS, targets });
      assertGradient(subject, batch, options, somePositions(stream, batch), 'float32');
    }
});

/** Laws about the gradient. */
export const gradientLaws: readonly Law[] = [ofTheValue, inFloat32];
