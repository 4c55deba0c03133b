import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { testLoss } from '@surprisal/test-kit';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { labelSmoothed } from './index.js';

testLoss({ describe, it }, labelSmoothed, {
  bases: [categoricalCrossEntropy, binaryCrossEntropy],
  wrappers: [classWeighted, positiveWeighted],
  identity: { smoothing: 0 },
  engines: 'all',
});

describe('label smoothing', () => {
  it('is what its documentation shows', () => {
    expect(labelSmoothed(categoricalCrossEntropy(), { smoothing: 0.1 }).value([[1, 2, 0.5]], [1])).toBeCloseTo(
      0.5477021174,
      10,
    );
  });

  it('over the others is smoothing over all at e C / (C - 1)', () => {
    const logits = [
      [1, 2, 0.5],
      [3, -1, 0],
    ];
    const others = labelSmoothed(categoricalCrossEntropy(), { smoothing: 0.2, spread: 'others' }).valueAndGradient(
      logits,
      [1, 2],
    );
    const all = labelSmoothed(categoricalCrossEntropy(), { smoothing: 0.3 }).valueAndGradient(logits, [1, 2]);
    expect(others.value).toBeCloseTo(all.value, 14);
    for (const [index, slope] of others.gradient.entries()) expect(slope).toBeCloseTo(all.gradient[index] ?? 0, 14);
  });

  it('keeps the mass of a binary target: y (1 - e) + e / 2', () => {
    const loss = labelSmoothed(binaryCrossEntropy(), { smoothing: 0.2 });
    expect(loss.value([0.7, 0.7], [1, 0])).toBeCloseTo(binaryCrossEntropy().value([0.7, 0.7], [0.9, 0.1]), 14);
  });
});
