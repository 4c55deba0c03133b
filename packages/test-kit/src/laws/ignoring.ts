import type { CallOptions } from '@surprisal/core';
import { assertNear, assertSame, assertSameBits, at } from '../assertions.js';
import { drawBatch, drawWeights, takeItems, takeRows, type Batch } from '../batch.js';
import { outcomeOf, type Outcome } from '../call.js';
import { always, defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

const ROWS = 7;
const LEFT_OUT = [1, 2, 5];
const KEPT = [0, 3, 4, 6];

/** NaN wherever a row that is left out could be read. */
function spoilRows(batch: Batch, targets: number): Batch {
  const { width, shapedLikeLogits } = batch;
  const spoil = (items: Float64Array, perRow: number, value: number): Float64Array =>
    items.map((item, i) => (LEFT_OUT.includes(Math.floor(i / perRow)) ? value : item));
  return {
    ...batch,
    logits: spoil(batch.logits, width, Number.NaN),
    targets: spoil(batch.targets, shapedLikeLogits ? width : 1, targets),
  };
}

function assertAsRemoved(actual: Outcome, expected: Outcome, width: number, what: string): void {
  assertSame(actual.value, expected.value, `value, ${what}`);
  assertSameBits(actual.sum, expected.sum, `sum, ${what}`);
  assertSameBits(actual.weight, expected.weight, `weight, ${what}`);
  assertSame(actual.rows, expected.rows, `rows, ${what}`);
  assertSame(actual.elements, expected.elements, `elements, ${what}`);
  const lossWidth = actual.losses.length / ROWS;
  assertSameBits(takeItems(actual.gradient, KEPT, width), expected.gradient, `gradient of the rows left, ${what}`);
  assertSameBits(takeItems(actual.losses, KEPT, lossWidth), expected.losses, `losses of the rows left, ${what}`);
  for (const [name, items] of [
    ['gradient', takeItems(actual.gradient, LEFT_OUT, width)],
    ['losses', takeItems(actual.losses, LEFT_OUT, lossWidth)],
  ] as const)
    for (const item of items) assertNear(item, 0, {}, `${name} of a row left out, ${what}`);
}

function assertIgnores(subject: Subject, batch: Batch, spoiled: Batch, options: CallOptions, what: string): void {
  const sampleWeights = drawWeights(random(subject.seed), ROWS);
  for (const shared of [{}, { denominator: 'rows' }, { reduction: 'sum' }] as const) {
    const actual = outcomeOf(subject, spoiled, { ...options, ...shared, sampleWeights });
    const expected = outcomeOf(subject, takeRows(batch, KEPT), {
      ...shared,
      sampleWeights: takeItems(sampleWeights, KEPT, 1),
    });
    assertAsRemoved(actual, expected, batch.width, `${what}, ${JSON.stringify(shared)}`);
  }
}

const maskRemoves: Law = defineLaw(
  'a masked row is as if it were not there, and nothing of it is read',
  always,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject)) {
      const batch = drawBatch(subject, stream, { rows: ROWS, targets });
      const kept = Array.from({ length: ROWS }, (_, row) => KEPT.includes(row));
      const spoiled = spoilRows(batch, Number.NaN);
      assertIgnores(subject, batch, spoiled, { mask: kept }, `mask of booleans, ${targets} targets`);
      assertIgnores(
        subject,
        batch,
        spoiled,
        { mask: Uint8Array.from(kept, Number) },
        `mask of bytes, ${targets} targets`,
      );
    }
  },
);

const ignoreIndexRemoves: Law = defineLaw(
  'a row with an ignored label is as if it were not there',
  always,
  (subject) => {
    const batch = drawBatch(subject, random(subject.seed), { rows: ROWS });
    assertIgnores(subject, batch, spoilRows(batch, -100), { ignoreIndex: -100 }, 'ignoreIndex -100');
    assertIgnores(subject, batch, spoilRows(batch, -1), { ignoreIndex: [-100, -1] }, 'ignoreIndex -100 or -1');
  },
);

const ignoredElements: Law = defineLaw(
  'single elements of a row can be left out',
  ({ layout, width }) => layout === 'elements' && width > 1,
  (subject) => {
    const batch = drawBatch(subject, random(subject.seed), { rows: ROWS });
    const { width, rows } = batch;
    const left = new Set([0, width + 1, width + 2, 3 * width]);
    const kept = Array.from({ length: rows * width }, (_, i) => (left.has(i) ? 0 : 1));
    const spoiled: Batch = {
      ...batch,
      logits: batch.logits.map((logit, i) => (left.has(i) ? Number.NaN : logit)),
      targets: batch.targets.map((target, i) => (left.has(i) ? -100 : target)),
    };
    const whole = outcomeOf(subject, batch, { reduction: 'sum' });
    for (const options of [{ ignoreIndex: -100 }, { mask: { data: kept, dims: [rows, width] } }]) {
      const what = Object.keys(options).join('');
      const actual = outcomeOf(subject, spoiled, { ...options, reduction: 'sum' });
      assertSame(actual.elements, rows * width - left.size, `elements, ${what}`);
      assertSame(actual.ignored, left.size, `ignored, ${what}`);
      for (let i = 0; i < rows * width; i++) {
        if (left.has(i))
          assertNear(at(actual.gradient, i), 0, {}, `gradient[${String(i)}] of an element left out, ${what}`);
        else
          assertSame(
            at(actual.gradient, i),
            at(whole.gradient, i),
            `gradient[${String(i)}] beside elements left out, ${what}`,
          );
      }
    }
  },
);

/** Laws about `ignoreIndex` and `mask`. */
export const ignoringLaws: readonly Law[] = [maskRemoves, ignoreIndexRemoves, ignoredElements];
