import type { Step } from '@surprisal/core';
import { assertAllNear, assertHolds, assertNear, at } from '../assertions.js';
import { drawBatch, type Batch } from '../batch.js';
import { evaluateBatch, hasDetails } from '../extras.js';
import { defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import type { Subject } from '../subject.js';

/** Probabilities of a row, each rounded a few times. */
const ROUNDING = { absolute: 1e-15, relative: 1e-14 };

/**
 * What a step does to the logits of a row of classes; of an element to its difference of two logits. Margins know the
 * label, which a prediction does not.
 */
function applyStep(logits: readonly number[], step: Step, layout: Subject['layout']): readonly number[] {
  switch (step.kind) {
    case 'affine': {
      const { scale, offsets = [] } = step;
      const offsetOf = (index: number): number =>
        layout === 'classes' ? (offsets[index] ?? 0) : (offsets[1] ?? 0) - (offsets[0] ?? 0);
      return logits.map((logit, index) => scale * logit + offsetOf(index));
    }
    case 'softcap':
      return logits.map((logit) => step.cap * Math.tanh(logit / step.cap));
    case 'classMask':
      return logits.map((logit, index) => (step.allowed[index] === true ? logit : -Infinity));
    default:
      return logits;
  }
}

function softmax(logits: readonly number[]): readonly number[] {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - top));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** By the definition, row by row; the steps stand in the order in which they act. */
function expectedOf({ loss, layout }: Subject, { rows, width, logits }: Batch): readonly number[] {
  return Array.from({ length: rows }, (_, row) => {
    const given: readonly number[] = Array.from(logits.subarray(row * width, (row + 1) * width));
    const stepped = (loss.plan ?? []).reduce((moved, step) => applyStep(moved, step, layout), given);
    return layout === 'classes' ? softmax(stepped) : stepped.map((logit) => 1 / (1 + Math.exp(-logit)));
  }).flat();
}

/** Logits that a step has made large have lost as many digits as they are large. */
function roundingOf(expected: readonly number[]): typeof ROUNDING {
  const least = Math.min(...expected.filter((probability) => probability > 0));
  return { ...ROUNDING, relative: ROUNDING.relative * Math.max(1, -Math.log(least)) };
}

const areThoseOfTheLogits: Law = defineLaw(
  'probabilities are the softmax or the sigmoid of the logits as the plan moves them, and sum to one',
  hasDetails,
  (subject) => {
    const stream = random(subject.seed);
    for (const deviation of [2, 20]) {
      const batch = drawBatch(subject, stream, { deviation });
      const { probabilities } = evaluateBatch(subject, batch, { probabilities: true });
      assertHolds(probabilities !== undefined, 'evaluate with probabilities: true returned none');
      const expected = expectedOf(subject, batch);
      const what = `deviation ${String(deviation)}`;
      assertAllNear(probabilities, expected, roundingOf(expected), `probabilities, ${what}`);
      if (subject.layout === 'elements') continue;
      for (let row = 0; row < batch.rows; row++) {
        const own = Array.from({ length: batch.width }, (_, index) => at(probabilities, row * batch.width + index));
        const total = own.reduce((sum, probability) => sum + probability, 0);
        assertNear(total, 1, ROUNDING, `sum of the probabilities of row ${String(row)}, ${what}`);
      }
    }
  },
);

/** Laws about probabilities that a call gives out. */
export const probabilityLaws: readonly Law[] = [areThoseOfTheLogits];
