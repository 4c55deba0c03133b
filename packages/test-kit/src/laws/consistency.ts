import type { CallOptions } from '@surprisal/core';
import { assertRefuses, assertSame, assertSameBits } from '../assertions.js';
import { drawBatch, drawWeights, logitsOf, takeItems, takeRows, targetsOf, withLogits, type Batch } from '../batch.js';
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

/** A prime number of rows, repeated to fill several tiles: each meets every place in a tile. */
const DRAWN = 97;

/** Enough rows for several tiles of any engine that keeps tiles in the cache. */
function manyRows({ width }: Subject): readonly number[] {
  return Array.from({ length: Math.ceil(6000 / width) }, (_, row) => row % DRAWN);
}

const rowsAreAlone: Law = defineLaw("a row's bits do not depend on the other rows", always, (subject) => {
  const stream = random(subject.seed);
  const many = manyRows(subject);
  for (const targets of targetKinds(subject))
    for (const type of TYPES) {
      const batch = drawBatch(subject, stream, { rows: DRAWN, targets });
      const whole = outcomeOf(subject, batch, { reduction: 'sum' }, type);
      const lossWidth = whole.losses.length / DRAWN;
      const check = (rows: readonly number[], what: string): void => {
        const part = outcomeOf(subject, takeRows(batch, rows), { reduction: 'sum' }, type);
        const where = `${what}, against the same rows among ${String(DRAWN)}, ${type}, ${targets} targets`;
        assertSameBits(part.losses, takeItems(whole.losses, rows, lossWidth), `losses, ${where}`);
        assertSameBits(part.gradient, takeItems(whole.gradient, rows, batch.width), `gradient, ${where}`);
      };
      for (const row of [0, 63, 64, 65, DRAWN - 1]) check([row], `row ${String(row)} alone`);
      check([5, 3, 80, 3], 'rows 5, 3, 80 and 3');
      check(many, `${String(many.length)} rows, again and again the same`);
    }
});

const sameInputSameBits: Law = defineLaw(
  'the same call twice gives the same bits, whatever came between',
  always,
  (subject) => {
    const stream = random(subject.seed);
    const batch = drawBatch(subject, stream, { rows: 5 });
    const first = outcomeOf(subject, batch);
    const other = drawBatch(subject, stream, { rows: 40, deviation: 30 });
    const mask = Array.from({ length: 40 }, (_, row) => row % 2);
    outcomeOf(subject, other, { sampleWeights: drawWeights(stream, 40), mask, reduction: 'sum' }, 'float32');
    // A call that stops half-way leaves nothing behind either.
    const broken = withLogits(other, other.logits.fill(Number.NaN));
    assertRefuses(() => outcomeOf(subject, broken, { mask }), { kind: RangeError }, 'NaN logits');
    const second = outcomeOf(subject, batch);
    assertSame(second.value, first.value, 'value of the second call');
    assertSameBits(second.gradient, first.gradient, 'gradient of the second call');
    assertSameBits(second.losses, first.losses, 'losses of the second call');
  },
);

/** Laws about bits. */
export const consistencyLaws: readonly Law[] = [verbsAgree, rowsAreAlone, sameInputSameBits];
