import type { CallOptions } from '@surprisal/core';
import { assertSame, assertSameBits, at } from '../assertions.js';
import { drawBatch, drawWeights, logitsOf, takeItems, takeRows, targetsOf, type Batch } from '../batch.js';
import { outcomeOf, withEngine } from '../call.js';
import { always, defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

const TYPES = ['float64', 'float32'] as const;

function assertVerbsAgree(
  subject: Subject,
  batch: Batch,
  type: 'float64' | 'float32',
  options: CallOptions,
  what: string,
): void {
  const call = [logitsOf(batch, type), targetsOf(batch)] as const;
  const asked = withEngine(subject, options);
  const expected = outcomeOf(subject, batch, options, type);
  const both = subject.loss.valueAndGradient(...call, asked);
  assertSame(both.value, expected.value, `value of valueAndGradient against evaluate, ${what}`);
  assertSameBits(both.gradient, expected.gradient, `gradient of valueAndGradient against evaluate, ${what}`);
  assertSame(subject.loss.value(...call, asked), expected.value, `value against evaluate, ${what}`);
  const bare = subject.loss.evaluate(...call, asked);
  assertSame(bare.value, expected.value, `value of evaluate without outputs, ${what}`);
  assertSameBits(bare.sum, expected.sum, `sum of evaluate without outputs, ${what}`);
}

const verbsAgree: Law = defineLaw('value, valueAndGradient and evaluate agree to the last bit', always, (subject) => {
  const stream = random(subject.seed);
  for (const targets of targetKinds(subject))
    for (const type of TYPES)
      for (const options of [
        {},
        { reduction: 'sum' },
        { denominator: 'elements', sampleWeights: drawWeights(stream, 9) },
      ] as const) {
        const batch = drawBatch(subject, stream, { rows: 9, targets });
        assertVerbsAgree(
          subject,
          batch,
          type,
          options,
          `${type}, ${targets} targets, ${Object.keys(options).join(', ')}`,
        );
      }
});

/** Enough rows for several tiles of any engine that keeps tiles in the cache. */
function manyRows({ width }: Subject): number {
  return Math.ceil(10_000 / width);
}

const rowsAreAlone: Law = defineLaw("a row's bits do not depend on the other rows", always, (subject) => {
  const stream = random(subject.seed);
  const rows = manyRows(subject);
  for (const targets of targetKinds(subject))
    for (const type of TYPES) {
      const batch = drawBatch(subject, stream, { rows, targets });
      const whole = outcomeOf(subject, batch, { reduction: 'sum' }, type);
      const lossWidth = whole.losses.length / rows;
      const picked = [rows - 1, 0, 63, 64, 65, ...Array.from({ length: 8 }, () => stream.integer(rows))];
      const check = (chosen: readonly number[], what: string): void => {
        const part = outcomeOf(subject, takeRows(batch, chosen), { reduction: 'sum' }, type);
        assertSameBits(part.losses, takeItems(whole.losses, chosen, lossWidth), `losses, ${what}`);
        assertSameBits(part.gradient, takeItems(whole.gradient, chosen, batch.width), `gradient, ${what}`);
      };
      for (const row of picked) check([row], `row ${String(row)} alone, ${type}, ${targets} targets`);
      check(picked, `rows ${picked.join(', ')}, ${type}, ${targets} targets`);
      check(
        Array.from({ length: rows }, (_, row) => rows - 1 - row),
        `all rows backwards, ${type}, ${targets} targets`,
      );
    }
});

const sameInputSameBits: Law = defineLaw(
  'the same call twice gives the same bits, whatever came between',
  always,
  (subject) => {
    const stream = random(subject.seed);
    const batch = drawBatch(subject, stream, { rows: 5 });
    const first = outcomeOf(subject, batch);
    outcomeOf(subject, drawBatch(subject, stream, { rows: 40, deviation: 30 }), {}, 'float32');
    const second = outcomeOf(subject, batch);
    assertSame(second.value, first.value, 'value of the second call');
    assertSameBits(second.gradient, first.gradient, 'gradient of the second call');
    for (let i = 0; i < first.losses.length; i++)
      assertSame(at(second.losses, i), at(first.losses, i), `losses[${String(i)}] of the second call`);
  },
);

/** Laws about bits. */
export const consistencyLaws: readonly Law[] = [verbsAgree, rowsAreAlone, sameInputSameBits];
