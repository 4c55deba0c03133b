import { assertHolds, assertNear, assertSame } from '../assertions.js';
import { drawBatch, drawWeights, withLogits } from '../batch.js';
import { evaluateBatch, hasFloor } from '../extras.js';
import { defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds } from '../subject.js';

const ROWS = 9;

/** The value is good to five units in the last place of its rows, floor and excess to about as many: 2e-15 of either. */
const ROUNDING = 1e-14;

const floorAndExcess: Law = defineLaw(
  'the floor is of the targets alone, and the excess is what the value is above it',
  hasFloor,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject))
      for (const options of [{}, { reduction: 'sum' }, { denominator: 'rows' }] as const) {
        const batch = drawBatch(subject, stream, { rows: ROWS, targets });
        const asked = { ...options, floor: true, sampleWeights: drawWeights(stream, ROWS) };
        const { value, floor, excess } = evaluateBatch(subject, batch, asked);
        assertHolds(
          floor !== undefined && excess !== undefined,
          'evaluate with floor: true returned no floor and excess',
        );
        const what = `${targets} targets, ${JSON.stringify(options)}`;
        const absolute = ROUNDING * (Math.abs(value) + floor);
        assertNear(excess, value - floor, { absolute }, `excess against value less floor, ${what}`);
        assertHolds(excess >= -absolute, `excess expected at least 0, got ${String(excess)}, ${what}`);
        const elsewhere = withLogits(
          batch,
          batch.logits.map((logit) => 3 - logit),
        );
        assertSame(evaluateBatch(subject, elsewhere, asked).floor, floor, `floor under other logits, ${what}`);
      }
  },
);

/** Laws about the smallest value of cross-entropy. */
export const floorLaws: readonly Law[] = [floorAndExcess];
