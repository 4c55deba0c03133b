import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { describe, expect, it } from 'vitest';
import { classWeighted, positiveWeighted } from './index.js';

testLoss({ describe, it }, classWeighted, {
  bases: [categoricalCrossEntropy, binaryCrossEntropy],
  wrappers: [labelSmoothed],
  engines: 'all',
});
testLoss({ describe, it }, positiveWeighted, {
  bases: [binaryCrossEntropy],
  wrappers: [labelSmoothed],
  identity: { weight: 1 },
  engines: 'all',
});

describe('class weights', () => {
  it('are what their documentation shows', () => {
    const loss = classWeighted(categoricalCrossEntropy(), { weights: Float64Array.of(1, 2, 3) });
    expect(
      loss.value(
        [
          [1, 2, 0.5],
          [0.1, -1, 3],
          [2, 2, 2],
        ],
        [1, 2, 0],
      ),
    ).toBeCloseTo(0.3732787523, 10);
    expect(loss.classes).toBe(3);
  });

  it('of ones change nothing, and state the class count of a bare array', () => {
    const logits = Float64Array.of(1, 2, 0.5, 0.1, -1, 3);
    const weighted = classWeighted(categoricalCrossEntropy(), { weights: [1, 1, 1] }).evaluate(logits, [1, 2], {
      losses: true,
    });
    const plain = categoricalCrossEntropy({ classes: 3 }).evaluate(logits, [1, 2], { losses: true });
    expect(weighted.losses).toEqual(plain.losses);
    expect(weighted.value).toBe(plain.value);
  });
});

describe('a positive weight', () => {
  it('is what its documentation shows', () => {
    expect(positiveWeighted(binaryCrossEntropy(), { weight: 3 }).value([2, -1, 0.5, -3], [1, 1, 0, 0])).toBeCloseTo(
      1.3358083579,
      10,
    );
  });

  it('may be one for each label, along any axis', () => {
    const loss = positiveWeighted(binaryCrossEntropy(), { weight: [2, 5] });
    const plain = binaryCrossEntropy();
    const rows = loss.value(
      [
        [1, -1],
        [0.5, 2],
      ],
      [
        [1, 1],
        [0, 1],
      ],
    );
    const expected =
      (2 * plain.value([1], [1]) + 5 * plain.value([-1], [1]) + plain.value([0.5], [0]) + 5 * plain.value([2], [1])) /
      4;
    expect(rows).toBeCloseTo(expected, 14);
    expect(
      loss.value({ data: [1, 0.5, -1, 2], dims: [2, 2] }, { data: [1, 0, 1, 1], dims: [2, 2] }, { axis: 0 }),
    ).toBeCloseTo(expected, 14);
    expect(loss.value(Float64Array.of(1, -1, 0.5, 2), [1, 1, 0, 1])).toBeCloseTo(expected, 14);
  });
});
