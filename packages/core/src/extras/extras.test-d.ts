import { categoricalCrossEntropy } from '@surprisal/categorical';
import { assertType, describe, expectTypeOf, it } from 'vitest';
import type { ClassTotals, OutputArray } from '../index.js';

const loss = categoricalCrossEntropy();
const logits = new Float32Array(6);

describe('extras', () => {
  it('are call options and fields of an evaluation', () => {
    const evaluation = loss.evaluate(logits, [0, 1], {
      perClass: true,
      accuracy: true,
      calibration: 10,
      floor: true,
      argmax: new Int32Array(2),
      probabilities: new Float32Array(6),
      hessianDiagonal: true,
    });
    expectTypeOf(evaluation.perClass).toEqualTypeOf<readonly ClassTotals[] | undefined>();
    expectTypeOf(evaluation.accuracy).toEqualTypeOf<number | undefined>();
    expectTypeOf(evaluation.calibrationError).toEqualTypeOf<number | undefined>();
    expectTypeOf(evaluation.excess).toEqualTypeOf<number | undefined>();
    expectTypeOf(evaluation.argmax).toEqualTypeOf<Int32Array | undefined>();
    expectTypeOf(evaluation.hessianDiagonal).toEqualTypeOf<OutputArray | undefined>();
  });

  it('of the wrong kind do not compile', () => {
    // @ts-expect-error indices go into an Int32Array
    assertType(loss.evaluate(logits, [0, 1], { argmax: new Float32Array(2) }));
    // @ts-expect-error accuracy is a flag
    assertType(loss.evaluate(logits, [0, 1], { accuracy: 'top-1' }));
    // @ts-expect-error the name says what it is
    assertType(loss.evaluate(logits, [0, 1], { hessian: true }));
  });
});
