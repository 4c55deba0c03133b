import { assertHolds, assertNear, assertSame, at } from '../assertions.js';
import { oneHot, type Batch } from '../batch.js';
import { outcomeOf } from '../call.js';
import { always, defineLaw, type Law } from '../law.js';
import { hasRealTargets, isCrossEntropy, stepsOf, type Subject } from '../subject.js';
import { batchOf, FINITE_ROWS, HUGE_ROWS, INFINITE_ROWS } from './extreme-rows.js';

function assertOutputs(
  subject: Subject,
  batch: Batch,
  type: 'float64' | 'float32',
  finite: boolean,
  what: string,
): void {
  const { losses, gradient, value } = outcomeOf(subject, batch, { reduction: 'sum' }, type);
  for (const [name, items] of [
    ['value', [value]],
    ['losses', losses],
    ['gradient', gradient],
  ] as const)
    for (let i = 0; i < items.length; i++) {
      const item = at(items, i);
      assertHolds(!Number.isNaN(item), `${name}[${String(i)}], ${what}: expected a number, got NaN`);
      assertHolds(
        !finite || Number.isFinite(item),
        `${name}[${String(i)}], ${what}: expected a finite number, got ${String(item)}`,
      );
    }
  for (let i = 0; i < losses.length; i++) {
    assertHolds(at(losses, i) !== -Infinity, `losses[${String(i)}], ${what}: expected a number above -Infinity`);
    assertHolds(
      !subject.traits.nonNegative || at(losses, i) >= 0,
      `losses[${String(i)}], ${what}: expected at least 0, got ${String(at(losses, i))}`,
    );
  }
}

function forms(subject: Subject, batch: Batch): readonly Batch[] {
  return subject.layout === 'elements' || subject.traits.needsIndexTargets ? [batch] : [batch, oneHot(batch)];
}

const finiteStaysFinite: Law = defineLaw(
  'finite logits, however far apart, give finite losses and gradients',
  always,
  (subject) => {
    for (const [name, row] of HUGE_ROWS)
      for (const batch of forms(subject, batchOf(subject, row))) assertOutputs(subject, batch, 'float64', true, name);
    for (const [name, row] of FINITE_ROWS)
      for (const batch of forms(subject, batchOf(subject, row)))
        for (const type of ['float64', 'float32'] as const)
          assertOutputs(subject, batch, type, true, `${name}, ${type}`);
  },
);

const infiniteIsNeverNaN: Law = defineLaw(
  'a logit of -Infinity is a class that cannot be, never a NaN',
  ({ loss }) => loss.link.name === 'softmax',
  (subject) => {
    for (const [name, row] of INFINITE_ROWS)
      for (const batch of forms(subject, batchOf(subject, row)))
        for (const type of ['float64', 'float32'] as const) {
          assertOutputs(subject, batch, type, false, `${name}, ${type}`);
          if (stepsOf(subject.loss, 'mix').length > 0 || stepsOf(subject.loss, 'softcap').length > 0) continue;
          const { gradient } = outcomeOf(subject, batch, {}, type);
          // No target step spreads mass there: the class adds nothing to the sum, so nothing depends on its logit.
          batch.logits.forEach((logit, i) => {
            if (logit === -Infinity)
              assertNear(at(gradient, i), 0, {}, `gradient[${String(i)}] at a logit of -Infinity, ${name}, ${type}`);
          });
        }
  },
);

const targetAtInfinity: Law = defineLaw(
  'cross-entropy is infinite where the target cannot be',
  (subject) => subject.loss.link.name !== 'none' && isCrossEntropy(subject) && hasPositiveWeights(subject),
  (subject) => {
    const batch = batchOf(subject, (label) => (index) => (index === label ? -Infinity : 1));
    const { losses } = outcomeOf(subject, batch);
    const expected =
      subject.layout === 'classes'
        ? batch.logits.filter((_, i) => i % subject.width === 0).map(() => Infinity)
        : undefined;
    expected?.forEach((item, i) =>
      assertSame(at(losses, i), item, `losses[${String(i)}] with the target's logit at -Infinity`),
    );
    assertOutputs(subject, batch, 'float64', false, "the target's logit at -Infinity");
    if (subject.layout === 'elements')
      assertOutputs(
        subject,
        batchOf(subject, () => (index) => (index === 0 ? Infinity : -Infinity)),
        'float64',
        false,
        'logits of both infinities',
      );
  },
);

function hasPositiveWeights({ loss }: Subject): boolean {
  return stepsOf(loss, 'scale').every(({ weights }) => weights.every((weight) => weight > 0));
}

/** Logits with the target `gap` above the rest after all affine steps. */
function confident(subject: Subject, gap: number): Batch {
  const scale = stepsOf(subject.loss, 'affine').reduce((product, step) => product * step.scale, 1);
  const away = gap / scale;
  if (subject.layout === 'classes') return batchOf(subject, (label) => (index) => (index === label ? away : 0));
  const batch = batchOf(subject, () => () => 0);
  return { ...batch, logits: batch.targets.map((target) => (target === 1 ? away : -away)) };
}

const tailsAreExact: Law = defineLaw(
  'the loss of a confident right prediction falls as exp(-gap), and is never 0 before it underflows',
  (subject) =>
    isCrossEntropy(subject) &&
    stepsOf(subject.loss, 'mix').length === 0 &&
    hasPositiveWeights(subject) &&
    !hasRealTargets(subject),
  (subject) => {
    // From a gap of 40 on, log1p(x) is x to the last bit; the gap itself is rounded to 600 2^-53, relative to the loss.
    const tolerance = { relative: 1e-12 };
    for (const gap of [40, 150, 600]) {
      const near = outcomeOf(subject, confident(subject, gap));
      const far = outcomeOf(subject, confident(subject, gap + 1));
      for (const [name, one, other] of [
        ['losses', near.losses, far.losses],
        ['gradient', near.gradient, far.gradient],
      ] as const)
        for (let i = 0; i < one.length; i++) {
          const what = `${name}[${String(i)}] with a gap of ${String(gap)}`;
          assertHolds(at(one, i) !== 0, `${what}: expected a number other than 0`);
          assertNear(
            at(one, i),
            at(other, i) * Math.E,
            tolerance,
            `${what} against e times that at ${String(gap + 1)}`,
          );
        }
    }
  },
);

/** Laws about extreme logits. */
export const extremeLaws: readonly Law[] = [finiteStaysFinite, infiniteIsNeverNaN, targetAtInfinity, tailsAreExact];
