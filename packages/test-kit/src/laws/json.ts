import { lossId } from '@surprisal/core';
import { assertHolds, assertSame, assertSameBits } from '../assertions.js';
import { drawBatch } from '../batch.js';
import { outcomeOf, outcomeOfLoss, withEngine } from '../call.js';
import { always, defineLaw, type Law } from '../law.js';
import { random } from '../random.js';

const jsonIsPlain: Law = defineLaw('the JSON of a loss is plain, and names the loss', always, (subject) => {
  const { loss } = subject;
  const json = loss.toJSON();
  assertSame(json.version, 1, 'version');
  assertSame(json.loss, loss.name, 'loss');
  assertSame(JSON.stringify(JSON.parse(JSON.stringify(loss))), JSON.stringify(json), 'JSON, written and read');
  assertHolds(
    !JSON.stringify(json).includes('null'),
    `JSON without null, which NaN and the infinities become, got ${JSON.stringify(json)}`,
  );
  assertSame(outcomeOf(subject, drawBatch(subject, random(subject.seed))).loss, lossId(loss), 'loss of an evaluation');
});

const jsonRoundTrip: Law = defineLaw(
  'JSON in, same loss out',
  ({ fromJSON }) => fromJSON !== undefined,
  (subject) => {
    const { loss, fromJSON } = subject;
    assertHolds(fromJSON !== undefined, 'the loss can be read from JSON');
    const read = fromJSON(JSON.parse(JSON.stringify(loss)));
    assertSame(JSON.stringify(read), JSON.stringify(loss), 'JSON of the loss read');
    assertSame(lossId(read), lossId(loss), 'lossId of the loss read');
    assertSame(JSON.stringify(read.plan), JSON.stringify(loss.plan), 'plan of the loss read');
    const batch = drawBatch(subject, random(subject.seed));
    const [actual, expected] = [outcomeOfLoss(read, batch, withEngine(subject, {})), outcomeOf(subject, batch)];
    assertSame(actual.value, expected.value, 'value of the loss read');
    assertSameBits(actual.gradient, expected.gradient, 'gradient of the loss read');
  },
);

/** Laws about JSON. */
export const jsonLaws: readonly Law[] = [jsonIsPlain, jsonRoundTrip];
