import type { CallOptions, Denominator } from '@surprisal/core';
import { assertAllNear, assertNear, assertRefuses, assertSame, at } from '../assertions.js';
import { drawBatch, drawWeights, logitsOf, targetsOf, type Batch } from '../batch.js';
import { outcomeOf, withEngine } from '../call.js';
import { always, defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { stepsOf, targetKinds, type Subject } from '../subject.js';

/** A division or a sum of a few terms, each rounded once. */
const ROUNDING = { absolute: 1e-15, relative: 1e-14 };

/** k of each outcome: the product of the plan's counted weights. */
function countedWeights({ loss, layout, width }: Subject): readonly number[] {
  const steps = stepsOf(loss, 'scale').filter(({ counted, by }) => counted && by === 'outcome');
  return Array.from({ length: layout === 'classes' ? width : 2 }, (_, outcome) =>
    steps.reduce((product, { weights }) => product * at(weights, outcome), 1),
  );
}

/** The counted weight of a target, sum_c k_c q_c / sum_c q_c, from the definition. */
function countedWeightOf(subject: Subject, batch: Batch, row: number): number {
  const k = countedWeights(subject);
  const { width, targets, shapedLikeLogits } = batch;
  if (subject.loss.link.name === 'none') return subject.layout === 'classes' ? 1 : width;
  if (!shapedLikeLogits) return at(k, at(targets, row));
  const items = Array.from({ length: width }, (_, i) => at(targets, row * width + i));
  if (subject.layout === 'elements')
    return items.reduce((sum, target) => sum + (1 - target) * at(k, 0) + target * at(k, 1), 0);
  return items.reduce((sum, mass, index) => sum + mass * at(k, index), 0) / items.reduce((sum, mass) => sum + mass, 0);
}

const meanIsSumByDenominator: Law = defineLaw('the mean is the sum divided by the denominator', always, (subject) => {
  const stream = random(subject.seed);
  for (const targets of targetKinds(subject)) {
    const batch = drawBatch(subject, stream, { rows: 6, targets });
    const weights = drawWeights(stream, 6);
    const shared: CallOptions = { sampleWeights: weights, mask: [1, 1, 0, 1, 1, 1] };
    const kept = [0, 1, 3, 4, 5];
    const weight = kept.reduce((sum, row) => sum + at(weights, row) * countedWeightOf(subject, batch, row), 0);
    const elements = subject.layout === 'classes' ? 5 : 5 * subject.width;
    const total = outcomeOf(subject, batch, { ...shared, reduction: 'sum' });
    const counts: readonly (readonly [Denominator, number])[] = [
      ['weight', weight],
      ['rows', 5],
      ['elements', elements],
      [2.5, 2.5],
    ];
    for (const [denominator, count] of counts) {
      const mean = outcomeOf(subject, batch, { ...shared, denominator });
      const what = `denominator ${String(denominator)}, ${targets} targets`;
      assertNear(mean.value, total.value / count, ROUNDING, `mean against sum / ${String(count)}, ${what}`);
      assertNear(total.mean, total.value / weight, ROUNDING, `mean of an evaluation of reduction sum, ${what}`);
      assertAllNear(
        mean.gradient,
        Array.from(total.gradient, (item) => item / count),
        ROUNDING,
        `gradient of the mean against that of the sum, ${what}`,
      );
      assertAllNear(mean.losses, total.losses, {}, `losses, which no denominator divides, ${what}`);
    }
  }
});

const lossesSumUp: Law = defineLaw('the losses of the rows sum up to the sum', always, (subject) => {
  const stream = random(subject.seed);
  for (const targets of targetKinds(subject)) {
    const batch = drawBatch(subject, stream, { rows: 9, targets });
    const { losses, sum, value } = outcomeOf(subject, batch, {
      sampleWeights: drawWeights(stream, 9),
      reduction: 'sum',
    });
    const expected = Array.from(losses).reduce((total, item) => total + item, 0);
    const size = Array.from(losses).reduce((total, item) => total + Math.abs(item), 0);
    assertNear(sum[0], expected, { absolute: size * 1e-14 }, `sum of the losses, ${targets} targets`);
    assertSame(value, sum[0], `value of reduction sum, ${targets} targets`);
  }
});

const countsAreRight: Law = defineLaw('an evaluation counts rows, elements, ignored and weight', always, (subject) => {
  const stream = random(subject.seed);
  const batch = drawBatch(subject, stream, { rows: 6 });
  const sampleWeights = drawWeights(stream, 6);
  const kept = [1, 2, 4, 5];
  const perRow = subject.layout === 'classes' ? 1 : subject.width;
  const evaluation = outcomeOf(subject, batch, { sampleWeights, mask: [0, 1, 1, 0, 1, 1] });
  assertSame(evaluation.rows, 4, 'rows');
  assertSame(evaluation.elements, 4 * perRow, 'elements');
  assertSame(evaluation.ignored, 2 * perRow, 'ignored');
  const weight = kept.reduce((sum, row) => sum + at(sampleWeights, row) * countedWeightOf(subject, batch, row), 0);
  assertNear(evaluation.weight[0], weight, ROUNDING, 'counted weight');
});

const emptyMean: Law = defineLaw(
  'a mean over nothing is NaN with gradient zeros, unless asked otherwise',
  always,
  (subject) => {
    const batch = drawBatch(subject, random(subject.seed), { rows: 3 });
    for (const nothing of [{ mask: [0, 0, 0] }, { sampleWeights: [0, 0, 0] }] as const) {
      const what = `${Object.keys(nothing).join('')} of zeros`;
      const { value, gradient } = outcomeOf(subject, batch, nothing);
      assertSame(value, Number.NaN, `value, ${what}`);
      assertAllNear(gradient, new Float64Array(gradient.length), {}, `gradient, ${what}`);
      assertSame(
        outcomeOf(subject, batch, { ...nothing, whenEmpty: 'zero' }).value,
        0,
        `value, ${what}, whenEmpty zero`,
      );
      assertNear(
        outcomeOf(subject, batch, { ...nothing, reduction: 'sum' }).value,
        0,
        {},
        `value, ${what}, reduction sum`,
      );
      const call = (): unknown =>
        subject.loss.value(logitsOf(batch), targetsOf(batch), withEngine(subject, { ...nothing, whenEmpty: 'throw' }));
      assertRefuses(call, { kind: RangeError, starts: `${subject.loss.name}: ` }, `${what}, whenEmpty throw`);
    }
  },
);

/** Laws about sums, means and counts. */
export const reductionLaws: readonly Law[] = [meanIsSumByDenominator, lossesSumUp, countsAreRight, emptyMean];
