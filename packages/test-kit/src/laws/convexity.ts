import { assertHolds, at } from '../assertions.js';
import { drawBatch, withLogits, type Batch } from '../batch.js';
import { outcomeOf, valueOf } from '../call.js';
import { defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds } from '../subject.js';

const convexInLogits: Law = defineLaw(
  'the loss is convex in the logits',
  ({ traits }) => traits.convex,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject))
      for (let round = 0; round < 20; round++) {
        const from = drawBatch(subject, stream, { rows: 1, targets, deviation: 4 });
        const to = withLogits(from, drawBatch(subject, stream, { rows: 1, deviation: 4 }).logits);
        const middle = withLogits(
          from,
          from.logits.map((logit, i) => (logit + at(to.logits, i)) / 2),
        );
        const value = (batch: Batch): number => valueOf(subject, batch, { reduction: 'sum' });
        const [ends, between] = [(value(from) + value(to)) / 2, value(middle)];
        // The three values are good to a few units in the last place of about a hundred.
        const what = `round ${String(round)}, ${targets} targets`;
        assertHolds(
          between <= ends + 1e-12 * Math.max(1, Math.abs(ends)),
          `${what}: expected at most ${String(ends)} half-way, got ${String(between)}`,
        );
        const slope = (batch: Batch): ArrayLike<number> => outcomeOf(subject, batch, { reduction: 'sum' }).gradient;
        const [atFrom, atTo] = [slope(from), slope(to)];
        const rise = from.logits.reduce(
          (sum, logit, i) => sum + (at(atTo, i) - at(atFrom, i)) * (at(to.logits, i) - logit),
          0,
        );
        assertHolds(
          rise >= -1e-11,
          `${what}: expected the slope along a segment to rise, got a change of ${String(rise)}`,
        );
      }
  },
);

const neverNegative: Law = defineLaw(
  'no loss is negative',
  ({ traits }) => traits.nonNegative,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject))
      for (const deviation of [0.01, 1, 10, 100]) {
        const batch = drawBatch(subject, stream, { rows: 50, targets, deviation });
        for (const type of ['float64', 'float32'] as const) {
          const { losses } = outcomeOf(subject, batch, {}, type);
          for (let i = 0; i < losses.length; i++)
            assertHolds(
              at(losses, i) >= 0,
              `losses[${String(i)}], ${type}, ${targets} targets, deviation ${String(deviation)}: expected at least 0, got ${String(at(losses, i))}`,
            );
        }
      }
  },
);

/** Laws about claims of shape. */
export const convexityLaws: readonly Law[] = [convexInLogits, neverNegative];
