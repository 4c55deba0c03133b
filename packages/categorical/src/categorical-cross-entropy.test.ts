import { binaryCrossEntropy } from '@surprisal/binary';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { classWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { categoricalCrossEntropy } from './index.js';

testLoss({ describe, it }, categoricalCrossEntropy, {
  bases: [binaryCrossEntropy],
  wrappers: [labelSmoothed, classWeighted],
  engines: 'all',
});

describe('categorical cross-entropy', () => {
  it('is what its documentation shows', () => {
    expect(
      categoricalCrossEntropy().value(
        [
          [1, 2, 0.5],
          [0.1, -1, 3],
        ],
        [1, 2],
      ),
    ).toBeCloseTo(0.26757150155, 10);
  });

  it.each([
    [[40, 0], 4.248354255291589e-18],
    [[0, 100], 100],
    [[800, 0], 0],
  ])('keeps its digits where log(sum) - z_y has none: %j', (logits, loss) => {
    expect(Math.abs(categoricalCrossEntropy().value([logits], [0]) - loss)).toBeLessThanOrEqual(loss * 2 ** -51);
  });

  it('says so when a class count is stated and another comes', () => {
    expect(categoricalCrossEntropy({ classes: 3 }).classes).toBe(3);
    expect(JSON.stringify(categoricalCrossEntropy({ classes: 3 }))).toBe(
      '{"version":1,"loss":"categorical-cross-entropy","classes":3}',
    );
  });
});
