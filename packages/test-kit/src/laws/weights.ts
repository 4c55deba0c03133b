import { assertAllNear, assertNear, assertSame, assertSameBits, at } from '../assertions.js';
import { drawBatch, drawWeights, takeItems, takeRows } from '../batch.js';
import { outcomeOf } from '../call.js';
import { always, defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds } from '../subject.js';

/** Sums in another order, of terms of up to about a hundred. */
const REORDERED = { absolute: 1e-13, relative: 1e-13 };

const oneIsNone: Law = defineLaw('a sample weight of 1 is no weight, to the last bit', always, (subject) => {
  const stream = random(subject.seed);
  for (const targets of targetKinds(subject)) {
    const batch = drawBatch(subject, stream, { targets });
    const expected = outcomeOf(subject, batch);
    const actual = outcomeOf(subject, batch, { sampleWeights: new Float64Array(batch.rows).fill(1) });
    assertSame(actual.value, expected.value, `value with weights of 1, ${targets} targets`);
    assertSame(actual.weight[0], expected.weight[0], `counted weight with weights of 1, ${targets} targets`);
    assertSameBits(actual.losses, expected.losses, `losses with weights of 1, ${targets} targets`);
    assertSameBits(actual.gradient, expected.gradient, `gradient with weights of 1, ${targets} targets`);
  }
});

const zeroContributesNothing: Law = defineLaw('a row of sample weight 0 contributes nothing', always, (subject) => {
  const stream = random(subject.seed);
  for (const targets of targetKinds(subject)) {
    const batch = drawBatch(subject, stream, { rows: 6, targets });
    const sampleWeights = [1, 0, 2, 0, 0, 0.5];
    const left = [0, 2, 5];
    const actual = outcomeOf(subject, batch, { sampleWeights });
    const expected = outcomeOf(subject, takeRows(batch, left), {
      sampleWeights: left.map((row) => at(sampleWeights, row)),
    });
    assertNear(actual.value, expected.value, REORDERED, `value without the rows of weight 0, ${targets} targets`);
    assertNear(
      actual.weight[0],
      expected.weight[0],
      REORDERED,
      `counted weight without the rows of weight 0, ${targets} targets`,
    );
    for (const [name, items] of [
      ['losses', actual.losses],
      ['gradient', actual.gradient],
    ] as const)
      for (const item of takeItems(items, [1, 3, 4], items.length / batch.rows))
        assertNear(item, 0, {}, `${name} of a row of weight 0, ${targets} targets`);
  }
});

const twoIsTwice: Law = defineLaw('a row of sample weight 2 is the row twice', always, (subject) => {
  const stream = random(subject.seed);
  for (const targets of targetKinds(subject)) {
    const batch = drawBatch(subject, stream, { rows: 4, targets });
    const weighted = outcomeOf(subject, batch, { sampleWeights: [1, 2, 1, 2] });
    const twice = outcomeOf(subject, takeRows(batch, [0, 1, 1, 2, 3, 3]));
    assertNear(weighted.value, twice.value, REORDERED, `mean with weights of 2 against rows twice, ${targets} targets`);
    assertNear(
      weighted.sum[0],
      twice.sum[0],
      REORDERED,
      `sum with weights of 2 against rows twice, ${targets} targets`,
    );
    assertNear(
      weighted.weight[0],
      twice.weight[0],
      REORDERED,
      `counted weight with weights of 2 against rows twice, ${targets} targets`,
    );
    const { width } = batch;
    const heavy = Array.from({ length: width }, (_, i) => at(weighted.gradient, width + i));
    const pair = Array.from(
      { length: width },
      (_, i) => at(twice.gradient, width + i) + at(twice.gradient, 2 * width + i),
    );
    assertAllNear(heavy, pair, REORDERED, `gradient of a row of weight 2 against the row twice, ${targets} targets`);
  }
});

const weightsPerElement: Law = defineLaw(
  'weights per row, per label and per element multiply',
  ({ loss }) => loss.link.name === 'sigmoid',
  (subject) => {
    const stream = random(subject.seed);
    const batch = drawBatch(subject, stream);
    const { rows, width } = batch;
    const perRow = drawWeights(stream, rows);
    const labelWeights = drawWeights(stream, width);
    const perElement = Float64Array.from(
      { length: rows * width },
      (_, i) => at(perRow, Math.floor(i / width)) * at(labelWeights, i % width),
    );
    const actual = outcomeOf(subject, batch, { sampleWeights: { data: perRow, dims: [rows] }, labelWeights });
    const expected = outcomeOf(subject, batch, { sampleWeights: { data: perElement, dims: [rows, width] } });
    assertNear(actual.value, expected.value, REORDERED, 'value, weights per row and label against per element');
    assertNear(
      actual.weight[0],
      expected.weight[0],
      REORDERED,
      'counted weight, weights per row and label against per element',
    );
    assertAllNear(
      actual.gradient,
      expected.gradient,
      REORDERED,
      'gradient, weights per row and label against per element',
    );
  },
);

/** Laws about sample weights. */
export const weightLaws: readonly Law[] = [oneIsNone, zeroContributesNothing, twoIsTwice, weightsPerElement];
