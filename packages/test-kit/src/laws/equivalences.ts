import type { Loss } from '@surprisal/core';
import { assertAllNear, assertHolds, assertNear, at } from '../assertions.js';
import { drawBatch, oneHot, type Batch } from '../batch.js';
import { outcomeOf, outcomeOfLoss, withEngine, type Outcome } from '../call.js';
import { defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

/** Two formulas for one number, each good to a few units in the last place of terms of up to about ten. */
const ROUNDING = { absolute: 1e-13, relative: 1e-13 };

function assertSameOutcome(actual: Outcome, expected: Outcome, what: string): void {
  assertAllNear(actual.losses, expected.losses, ROUNDING, `losses, ${what}`);
  assertAllNear(actual.gradient, expected.gradient, ROUNDING, `gradient, ${what}`);
  assertNear(actual.value, expected.value, ROUNDING, `value, ${what}`);
  assertNear(actual.weight[0], expected.weight[0], ROUNDING, `counted weight, ${what}`);
}

const indexIsOneHot: Law = defineLaw(
  'a class index is the one-hot row of that class',
  ({ layout, traits }) => layout === 'classes' && !traits.needsIndexTargets,
  (subject) => {
    const batch = drawBatch(subject, random(subject.seed), { rows: 9 });
    assertSameOutcome(outcomeOf(subject, oneHot(batch)), outcomeOf(subject, batch), 'one-hot rows against indices');
  },
);

const identityChangesNothing: Law = defineLaw(
  'with its identity options a wrapper changes nothing',
  ({ unchanged }) => unchanged !== undefined,
  (subject) => {
    const { inner, unchanged } = subject;
    assertHolds(inner !== undefined && unchanged !== undefined, 'identity options are for wrappers');
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject)) {
      const batch = drawBatch(subject, stream, { rows: 9, targets });
      assertSameOutcome(
        outcomeOfLoss(unchanged, batch, withEngine(subject, {})),
        outcomeOfLoss(inner, batch, withEngine(subject, {})),
        `${targets} targets, identity options against the loss inside`,
      );
    }
  },
);

const changesSomething: Law = defineLaw(
  'with other options a wrapper changes something',
  ({ inner, unchanged, loss }) => inner !== undefined && !(unchanged && sameJson(unchanged, loss)),
  (subject) => {
    const { inner } = subject;
    assertHolds(inner !== undefined, 'there is a loss inside');
    const batch = drawBatch(subject, random(subject.seed), { rows: 9 });
    const [actual, bare] = [outcomeOf(subject, batch), outcomeOfLoss(inner, batch, withEngine(subject, {}))];
    const same = (one: ArrayLike<number>, other: ArrayLike<number>): boolean =>
      Array.from(one).every((item, i) => item === other[i]);
    const nothing = same(actual.losses, bare.losses) && same(actual.gradient, bare.gradient);
    assertHolds(
      !nothing,
      'expected losses or a gradient other than those of the loss inside, got the same (state the options that change nothing as `identity`)',
    );
  },
);

function sameJson(one: Loss, other: Loss): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Rows of logits (first, first + z) for elements z, with the same targets. */
function asTwoClasses(elements: Batch, firsts: readonly number[], soft: boolean): Batch {
  const { rows } = elements;
  const logits = Float64Array.from(
    { length: 2 * rows },
    (_, i) => at(firsts, i >> 1) + (i % 2) * at(elements.logits, i >> 1),
  );
  const masses = Float64Array.from({ length: 2 * rows }, (_, i) =>
    i % 2 === 0 ? 1 - at(elements.targets, i >> 1) : at(elements.targets, i >> 1),
  );
  return { rows, width: 2, logits, targets: soft ? masses : elements.targets, shapedLikeLogits: soft };
}

function assertTwins(subject: Subject, elements: Batch, firsts: readonly number[], soft: boolean): void {
  const { twin } = subject;
  assertHolds(twin !== undefined, 'there is a loss of the sigmoid link with the same plan');
  const one = outcomeOfLoss(twin, elements);
  const two = outcomeOf(subject, asTwoClasses(elements, firsts, soft));
  const what = `softmax of two classes against sigmoid of the difference, ${soft ? 'soft' : 'hard'} targets`;
  assertAllNear(two.losses, one.losses, ROUNDING, `losses, ${what}`);
  assertNear(two.weight[0], one.weight[0], ROUNDING, `counted weight, ${what}`);
  const second = Float64Array.from({ length: elements.rows }, (_, row) => at(two.gradient, 2 * row + 1));
  assertAllNear(second, one.gradient, ROUNDING, `gradient, ${what}`);
}

const softmaxOfTwoIsSigmoid: Law = defineLaw(
  'the softmax of two classes is the sigmoid of their difference',
  ({ twin }) => twin !== undefined,
  (subject) => {
    const stream = random(subject.seed);
    const single: Subject = { ...subject, layout: 'elements', width: 1 };
    for (const targets of targetKinds(subject)) {
      const elements = drawBatch(single, stream, { rows: 9, targets });
      assertTwins(subject, elements, new Array<number>(9).fill(0), targets === 'soft');
      if (!subject.traits.shiftInvariant) continue;
      const firsts = Array.from({ length: 9 }, () => stream.integer(9) - 4);
      assertTwins(subject, elements, firsts, targets === 'soft');
    }
  },
);

/** Laws that say that two ways to ask are one. */
export const equivalenceLaws: readonly Law[] = [
  indexIsOneHot,
  identityChangesNothing,
  changesSomething,
  softmaxOfTwoIsSigmoid,
];
