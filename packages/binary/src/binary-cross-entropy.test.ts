import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { binaryCrossEntropy } from './index.js';

const wrappers = [labelSmoothed, classWeighted, positiveWeighted];
testLoss({ describe, it }, binaryCrossEntropy, { wrappers, engines: 'all' });

/** Node 20 has no relaxed operations. */
const simd = binaryCrossEntropy()
  .link.engines.filter(({ name, available }) => name !== 'typescript' && available?.())
  .map(({ name }) => name);

describe('binary cross-entropy', () => {
  it('is what its documentation shows', () => {
    expect(binaryCrossEntropy().value([2, -1, 0.5, -3], [1, 1, 0, 0])).toBeCloseTo(0.6157135086, 10);
  });

  it.each([
    [50, 1, 1.9287498479639178e-22],
    [-50, 0, 1.9287498479639178e-22],
    [1000, 0, 1000],
  ])('keeps its digits at logit %d, target %d', (logit, target, loss) => {
    expect(Math.abs(binaryCrossEntropy().value([logit], [target]) - loss)).toBeLessThanOrEqual(loss * 2 ** -51);
  });
});

describe.each(simd)('the engine %s', (engine) => {
  it('names itself in the evaluation, and the TypeScript engine where that one computes', () => {
    const loss = binaryCrossEntropy();
    expect(loss.evaluate([2, -1], [1, 0], { engine }).engines).toEqual([engine]);
    expect(loss.evaluate([0.5, 0.25], [1, 0], { engine, input: 'probabilities' }).engines).toEqual(['typescript']);
  });

  it('takes float16 logits and writes float16 gradients, without -0', () => {
    const logits = { data: Uint16Array.of(0x4000, 0xbc00, 0x5640), dims: [3], type: 'float16' };
    const { gradient } = binaryCrossEntropy().evaluate(logits, [1, 0, 1], { engine, gradient: true });
    const expected = binaryCrossEntropy().evaluate(logits, [1, 0, 1], { engine: 'typescript', gradient: true });
    expect(gradient).toEqual(expected.gradient);
  });
});
