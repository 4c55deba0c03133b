import { assertAllNear, assertHolds, assertNear, at } from '../assertions.js';
import { drawBatch, withLogits, type Batch } from '../batch.js';
import { outcomeOf, outcomeOfLoss, withEngine } from '../call.js';
import { defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

/** The shift is exact for logits on the grid; what remains is the rounding of scaled logits of about a thousand. */
const SHIFTED = { absolute: 1e-11, relative: 1e-11 };

/** Only the order of the terms of a sum differs. */
const REORDERED = { absolute: 1e-13, relative: 1e-13 };

const shiftChangesNothing: Law = defineLaw(
  'adding a constant to all logits of a row changes nothing',
  ({ traits, layout }) => traits.shiftInvariant && layout === 'classes',
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject)) {
      const batch = drawBatch(subject, stream, { targets });
      const shifts = Array.from({ length: batch.rows }, () => 512 * (stream.integer(5) - 2));
      const shifted = withLogits(
        batch,
        batch.logits.map((logit, i) => logit + at(shifts, Math.floor(i / batch.width))),
      );
      const [expected, actual] = [outcomeOf(subject, batch), outcomeOf(subject, shifted)];
      assertAllNear(actual.losses, expected.losses, SHIFTED, `losses after a shift, ${targets} targets`);
      assertAllNear(actual.gradient, expected.gradient, SHIFTED, `gradient after a shift, ${targets} targets`);
    }
  },
);

/** Every list with an entry per class, anywhere in a loss' JSON, in another order. */
function permuteLists(json: unknown, order: readonly number[]): unknown {
  if (Array.isArray(json)) return json.length === order.length ? order.map((from) => json[from] as unknown) : json;
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, permuteLists(value, order)]));
}

function permuteClasses(batch: Batch, order: readonly number[]): Batch {
  const { width, rows, shapedLikeLogits } = batch;
  const permuted = (items: Float64Array): Float64Array =>
    Float64Array.from({ length: rows * width }, (_, i) => at(items, i - (i % width) + at(order, i % width)));
  const targets = shapedLikeLogits ? permuted(batch.targets) : batch.targets.map((label) => order.indexOf(label));
  return { ...batch, logits: permuted(batch.logits), targets };
}

const permutationPermutes: Law = defineLaw(
  'renaming the classes renames the gradient and leaves the losses',
  // With two classes a list of two options could be anything; from three on it is taken to go by class.
  ({ layout, width, fromJSON }) => layout === 'classes' && width > 2 && fromJSON !== undefined,
  (subject) => {
    const { fromJSON, loss, width } = subject;
    assertHolds(fromJSON !== undefined, 'the loss can be read from JSON');
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject)) {
      const order = stream.permutation(width);
      const batch = drawBatch(subject, stream, { targets });
      const renamed = fromJSON(permuteLists(JSON.parse(JSON.stringify(loss)), order));
      const expected = outcomeOf(subject, batch);
      const actual = outcomeOfLoss(renamed, permuteClasses(batch, order), withEngine(subject, {}));
      assertAllNear(
        actual.losses,
        expected.losses,
        REORDERED,
        `losses, classes in the order ${order.join(', ')}, ${targets} targets`,
      );
      const gradient = permuteClasses({ ...batch, logits: Float64Array.from(expected.gradient) }, order).logits;
      assertAllNear(
        actual.gradient,
        gradient,
        REORDERED,
        `gradient, classes in the order ${order.join(', ')}, ${targets} targets`,
      );
    }
  },
);

const labelsAreAlike: Law = defineLaw(
  'the labels of a row are losses of their own',
  ({ layout, width }: Subject) => layout === 'elements' && width > 1,
  (subject) => {
    const batch = drawBatch(subject, random(subject.seed));
    const { rows, width } = batch;
    const { losses, sum } = outcomeOf(subject, batch, { reduction: 'sum' });
    const totals = new Float64Array(losses.length);
    for (let label = 0; label < width; label++) {
      // A call per label, all other elements masked out: vectors per label stay with their labels.
      const mask = Array.from({ length: rows * width }, (_, i) => (i % width === label ? 1 : 0));
      const alone = outcomeOf(subject, batch, { reduction: 'sum', mask: { data: mask, dims: [rows, width] } });
      totals.forEach((total, i) => (totals[i] = total + at(alone.losses, i)));
    }
    assertAllNear(losses, totals, REORDERED, 'losses against the sum of those of single labels');
    assertNear(
      sum[0],
      totals.reduce((total, item) => total + item, 0),
      REORDERED,
      'sum against the sum of those of single labels',
    );
  },
);

/** Laws about what the order and origin of logits cannot matter for. */
export const symmetryLaws: readonly Law[] = [shiftChangesNothing, permutationPermutes, labelsAreAlike];
