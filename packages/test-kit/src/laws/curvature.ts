import type { CallOptions } from '@surprisal/core';
import { assertSlopes } from '../assert-slopes.js';
import { assertAllNear, assertHolds, at } from '../assertions.js';
import { drawBatch, drawWeights, logitsOf, targetsOf, withLogits, type Batch } from '../batch.js';
import { withEngine } from '../call.js';
import { evaluateBatch, hasHessian } from '../extras.js';
import { defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

const ROWS = 4;

/** As of a gradient, whose differences they are: h^4 and 2^-50 / h, that is 1e-11 to 1e-10 of the largest number involved. */
const DIFFERENCE_ERROR = 2e-9;

/** One rounding to float32 of a number that float64 arithmetic gave. */
const FLOAT32_ROUNDING = { relative: 2 ** -24 };

function hessianOf(subject: Subject, batch: Batch, options: CallOptions): ArrayLike<number> {
  const { hessianDiagonal } = evaluateBatch(subject, batch, { ...options, hessianDiagonal: true });
  assertHolds(hessianDiagonal !== undefined, 'evaluate with hessianDiagonal: true returned none');
  return hessianDiagonal;
}

function assertHessian(subject: Subject, batch: Batch, options: CallOptions, position: number, what: string): void {
  const hessian = hessianOf(subject, batch, options);
  const gradientOf = (logits: Float64Array): ArrayLike<number> =>
    subject.loss.valueAndGradient(logitsOf(withLogits(batch, logits)), targetsOf(batch), withEngine(subject, options))
      .gradient;
  const value = (logits: Float64Array): number => at(gradientOf(logits), position);
  const sizes = [...Array.from(gradientOf(batch.logits)), ...Array.from(hessian)].map(Math.abs);
  const absolute = DIFFERENCE_ERROR * Math.max(1, ...sizes);
  assertSlopes({ value, point: batch.logits, gradient: hessian }, [position], absolute, `Hessian diagonal, ${what}`);
}

const ofTheGradient: Law = defineLaw(
  'the Hessian diagonal is the derivative of the gradient, in the type of the logits',
  hasHessian,
  (subject) => {
    const stream = random(subject.seed);
    const sampleWeights = { data: drawWeights(stream, ROWS), dims: [ROWS] };
    for (const targets of targetKinds(subject))
      for (const options of [{ sampleWeights }, { reduction: 'sum' }] as const) {
        const batch = drawBatch(subject, stream, { rows: ROWS, targets });
        const what = `${targets} targets, ${Object.keys(options).join(', ')}`;
        for (const position of stream.permutation(batch.logits.length).slice(0, 3))
          assertHessian(subject, batch, options, position, what);
        const logits = logitsOf(batch, 'float32');
        const asked = withEngine(subject, { ...options, hessianDiagonal: true });
        const { hessianDiagonal = [] } = subject.loss.evaluate(logits, targetsOf(batch), asked);
        const expected = hessianOf(subject, batch, options);
        assertAllNear(hessianDiagonal, expected, FLOAT32_ROUNDING, `Hessian diagonal of float32 logits, ${what}`);
      }
  },
);

/** Laws about second derivatives. */
export const curvatureLaws: readonly Law[] = [ofTheGradient];
