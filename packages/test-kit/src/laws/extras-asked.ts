import type { CallEvaluation, CallOptions, ExtraOptions } from '@surprisal/core';
import { assertSame, assertSameBits } from '../assertions.js';
import { drawBatch, drawWeights, logitsOf, targetsOf, type Batch } from '../batch.js';
import { outcomeOf, withEngine } from '../call.js';
import { allExtras, hasDetails } from '../extras.js';
import { always, defineLaw, type Law } from '../law.js';
import { random, type Random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

/** What an evaluation holds of each that a call may ask for. */
const FIELDS: Readonly<Record<keyof ExtraOptions, readonly (keyof CallEvaluation)[]>> = {
  perClass: ['perClass'],
  accuracy: ['correct', 'accuracy'],
  calibration: ['calibration', 'calibrationError'],
  floor: ['floorSum', 'floor', 'excessSum', 'excess'],
  argmax: ['argmax'],
  probabilities: ['probabilities'],
  hessianDiagonal: ['hessianDiagonal'],
};

function assertFields(evaluation: CallEvaluation, asked: ExtraOptions, what: string): void {
  for (const [name, fields] of Object.entries(FIELDS) as [keyof ExtraOptions, (keyof CallEvaluation)[]][])
    for (const field of fields)
      assertSame(field in evaluation, asked[name] !== undefined, `whether the evaluation has ${field}, ${what}`);
}

function assertNothingElseChanges(
  subject: Subject,
  batch: Batch,
  options: CallOptions,
  extras: ExtraOptions,
  type: 'float64' | 'float32',
  what: string,
): void {
  const plain = outcomeOf(subject, batch, options, type);
  const asked = outcomeOf(subject, batch, { ...options, ...extras }, type);
  assertSame(asked.value, plain.value, `value, ${what}`);
  assertSameBits(asked.sum, plain.sum, `sum, ${what}`);
  assertSameBits(asked.weight, plain.weight, `weight, ${what}`);
  assertSameBits(asked.gradient, plain.gradient, `gradient, ${what}`);
  assertSameBits(asked.losses, plain.losses, `losses, ${what}`);
  const call = [logitsOf(batch, type), targetsOf(batch)] as const;
  const bare = subject.loss.evaluate(...call, withEngine(subject, { ...options, ...extras }));
  assertSame(bare.value, plain.value, `value of a call without other outputs, ${what}`);
  assertFields(bare, extras, what);
  assertFields(subject.loss.evaluate(...call, withEngine(subject, options)), {}, `${what}, nothing asked for`);
}

const FEW = 7;

/** More than a tile of what computes predictions, so that tiles differ with and without. */
const manyFor = ({ width }: Subject): number => Math.ceil(4200 / width);

function assertOverTiles(subject: Subject, stream: Random): void {
  const batch = drawBatch(subject, stream, { rows: manyFor(subject) });
  const plain = outcomeOf(subject, batch, {}, 'float32');
  const asked = outcomeOf(subject, batch, { argmax: true }, 'float32');
  assertSame(asked.value, plain.value, 'value over several tiles');
  assertSameBits(asked.gradient, plain.gradient, 'gradient over several tiles');
}

const changeNothingElse: Law = defineLaw(
  'what a call asks for besides changes no bit of value, gradient and losses, and is not there unasked',
  always,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject)) {
      const extras = allExtras(subject, targets);
      const batch = drawBatch(subject, stream, { rows: FEW, targets });
      const weighed = { sampleWeights: drawWeights(stream, FEW) };
      for (const [type, options] of [
        ['float64', {}],
        ['float32', weighed],
      ] as const) {
        const what = [type, `${targets} targets`, ...Object.keys(options)].join(', ');
        assertNothingElseChanges(subject, batch, options, extras, type, what);
      }
    }
    if (hasDetails(subject)) assertOverTiles(subject, stream);
  },
);

/** Laws about calls that ask for more than value, gradient and losses. */
export const askedExtrasLaws: readonly Law[] = [changeNothingElse];
