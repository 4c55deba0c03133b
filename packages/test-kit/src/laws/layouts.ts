import type { CallOptions, Logits, Targets } from '@surprisal/core';
import { assertAllNear, assertHolds, assertNear, assertSame, assertSameBits, at } from '../assertions.js';
import { drawBatch, drawWeights, targetsOf, type Batch } from '../batch.js';
import { outcomeOf, withEngine, type Outcome } from '../call.js';
import { always, defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

/** The same rows from another layout: at most another engine path, good to a few units in the last place. */
const ROUNDING = { absolute: 1e-14, relative: 1e-14 };

/** Rows [N H] of the packed batch as [N, width, H]. */
function transpose(items: ArrayLike<number>, outer: number, width: number, inner: number): Float64Array {
  const moved = new Float64Array(items.length);
  for (let row = 0; row < outer * inner; row++)
    for (let i = 0; i < width; i++)
      moved[(Math.floor(row / inner) * width + i) * inner + (row % inner)] = at(items, row * width + i);
  return moved;
}

const classAxisAnywhere: Law = defineLaw(
  'logits with the class axis in the middle are the transposed rows',
  always,
  (subject) => {
    const stream = random(subject.seed);
    const [outer, inner] = [2, 3];
    for (const targets of targetKinds(subject)) {
      const batch = drawBatch(subject, stream, { rows: outer * inner, targets });
      const { width, shapedLikeLogits } = batch;
      const sampleWeights = drawWeights(stream, batch.rows);
      const expected = outcomeOf(subject, batch, { sampleWeights });
      const dims = [outer, width, inner];
      const moved = shapedLikeLogits ? transpose(batch.targets, outer, width, inner) : batch.targets;
      const targetDims = shapedLikeLogits ? dims : [outer, inner];
      const logits = { data: transpose(batch.logits, outer, width, inner), dims };
      for (const axis of [1, -2]) {
        const options = {
          axis,
          gradient: true,
          losses: true,
          sampleWeights: { data: sampleWeights, dims: [outer, inner] },
        } as const;
        const actual = subject.loss.evaluate(logits, { data: moved, dims: targetDims }, withEngine(subject, options));
        const what = `axis ${String(axis)} of shape [${dims.join(', ')}], ${targets} targets`;
        assertNear(actual.value, expected.value, ROUNDING, `value, ${what}`);
        assertSame(actual.rows, expected.rows, `rows, ${what}`);
        assertHolds(actual.gradient !== undefined && actual.losses !== undefined, `outputs, ${what}`);
        assertAllNear(
          actual.gradient,
          transpose(expected.gradient, outer, width, inner),
          ROUNDING,
          `gradient, ${what}`,
        );
        const perElement = expected.losses.length > batch.rows;
        const losses = perElement ? transpose(expected.losses, outer, width, inner) : expected.losses;
        assertAllNear(actual.losses, losses, ROUNDING, `losses, ${what}`);
      }
    }
  },
);

function nested(items: ArrayLike<number>, rows: number, width: number): number[][] {
  return Array.from({ length: rows }, (_, row) => Array.from({ length: width }, (_, i) => at(items, row * width + i)));
}

/** The ways in which logits come. */
function logitsForms(
  { layout }: Subject,
  { logits, rows, width }: Batch,
): readonly (readonly [string, Logits, CallOptions])[] {
  const stated = layout === 'classes' ? { classes: width } : { labels: width };
  return [
    ['nested arrays', nested(logits, rows, width), {}],
    ['a bare array', logits, stated],
    ['a tensor with shape', { data: logits, shape: [rows, width], strides: [width, 1], offset: 0 }, {}],
    ['a tensor of plain numbers', { data: Array.from(logits), dims: [rows, width] }, {}],
  ];
}

/** The ways in which targets come. */
function targetForms(batch: Batch): readonly (readonly [string, Targets])[] {
  const { targets, rows, width, shapedLikeLogits } = batch;
  const dims = shapedLikeLogits ? [rows, width] : [rows];
  const forms: (readonly [string, Targets])[] = [['a bare Float64Array', targets]];
  forms.push(shapedLikeLogits ? ['nested arrays', nested(targets, rows, width)] : ['a number[]', Array.from(targets)]);
  if (!targets.every(Number.isInteger)) return forms;
  const big = BigInt64Array.from(targets, BigInt);
  return [
    ...forms,
    ['an Int32Array', Int32Array.from(targets)],
    ['a Uint8Array', Uint8Array.from(targets)],
    ['a BigInt64Array', big],
    ['a tensor of BigInt64Array', { data: big, dims }],
  ];
}

function assertSameCall(
  subject: Subject,
  expected: Outcome,
  logits: Logits,
  targets: Targets,
  options: CallOptions,
  what: string,
): void {
  const actual = subject.loss.evaluate(
    logits,
    targets,
    withEngine(subject, { ...options, gradient: true, losses: true }),
  );
  assertSame(actual.value, expected.value, `value, ${what}`);
  assertHolds(
    actual.gradient instanceof Float64Array && actual.losses !== undefined,
    `gradient in a Float64Array, ${what}`,
  );
  assertSameBits(actual.gradient, expected.gradient, `gradient, ${what}`);
  assertSameBits(actual.losses, expected.losses, `losses, ${what}`);
}

const formsAreAlike: Law = defineLaw('nested arrays, bare arrays and tensors give the same', always, (subject) => {
  const stream = random(subject.seed);
  for (const kind of targetKinds(subject)) {
    const batch = drawBatch(subject, stream, { rows: 4, targets: kind });
    const expected = outcomeOf(subject, batch);
    for (const [form, logits, options] of logitsForms(subject, batch))
      assertSameCall(subject, expected, logits, targetsOf(batch), options, `logits as ${form}, ${kind} targets`);
    for (const [form, targets] of targetForms(batch))
      assertSameCall(
        subject,
        expected,
        { data: batch.logits, dims: [batch.rows, batch.width] },
        targets,
        {},
        `${kind} targets as ${form}`,
      );
  }
});

const singleRow: Law = defineLaw(
  'one row may come as a flat array with a number',
  ({ layout }) => layout === 'classes',
  (subject) => {
    const batch = drawBatch(subject, random(subject.seed), { rows: 1 });
    const expected = outcomeOf(subject, batch);
    assertSameCall(subject, expected, Array.from(batch.logits), at(batch.targets, 0), {}, 'a flat array and a number');
  },
);

/** Laws about the shapes and containers of the inputs. */
export const layoutLaws: readonly Law[] = [classAxisAnywhere, formsAreAlike, singleRow];
