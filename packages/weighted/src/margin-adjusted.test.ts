import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { describe, expect, it } from 'vitest';
import { classWeighted, marginAdjusted } from './index.js';

testLoss({ describe, it }, marginAdjusted, {
  bases: [categoricalCrossEntropy, binaryCrossEntropy],
  wrappers: [labelSmoothed, classWeighted],
  identity: (classes) => ({ counts: new Array<number>(classes).fill(5), margin: 0 }),
  engines: 'all',
});

const ce = categoricalCrossEntropy();
const bce = binaryCrossEntropy();
const row = [[1, 2, 0.5]];
/** One engine for both sides: two may differ in the last bit. */
const here = { engine: 'typescript' } as const;

describe('margins by class counts', () => {
  it('are what their documentation shows', () => {
    const loss = marginAdjusted(ce, { counts: [16, 1, 16], margin: 0.5 });
    expect(loss.value(row, [1])).toBeCloseTo(0.68026967064173, 12);
  });

  it('are the margin for the rarest class, and half of it for sixteen times as many rows', () => {
    const loss = marginAdjusted(ce, { counts: [16, 1, 81], margin: 6 });
    expect(loss.plan).toEqual([{ kind: 'margin', margins: [3, 6, 2] }]);
  });

  it('take the label’s logit down, and then scale', () => {
    const loss = marginAdjusted(ce, { counts: [1, 1, 1], margin: 1, scale: 2 });
    expect(loss.value(row, [1], here)).toBe(ce.value([[2, 2, 1]], [1], here));
    expect(loss.value(row, [0], here)).toBe(ce.value([[0, 4, 1]], [0], here));
  });

  it('take binary logits down at target 1 and up at target 0', () => {
    const loss = marginAdjusted(bce, { counts: [16, 1], margin: 1 });
    expect(loss.value([0.25], [1], here)).toBe(bce.value([-0.75], [1], here));
    expect(loss.value([0.25], [0], here)).toBe(bce.value([0.75], [0], here));
  });

  it('go by the label as given where it is smoothed', () => {
    const loss = labelSmoothed(marginAdjusted(ce, { counts: [1, 1, 1], margin: 1 }), { smoothing: 0.3 });
    expect(loss.value(row, [1], here)).toBe(labelSmoothed(ce, { smoothing: 0.3 }).value([[1, 1, 0.5]], [1], here));
  });

  it.each([
    [
      'a negative margin',
      () => marginAdjusted(ce, { counts: [1, 2], margin: -1 }),
      new RangeError('margin-adjusted: "margin" expected a finite number of at least 0, got -1'),
    ],
    [
      'a scale of 0',
      () => marginAdjusted(ce, { counts: [1, 2], scale: 0 }),
      new RangeError('margin-adjusted: "scale" expected a finite number greater than 0, got 0'),
    ],
    [
      'an empty class',
      () => marginAdjusted(ce, { counts: [1, 0] }),
      new RangeError('margin-adjusted: "counts[1]" expected a finite number greater than 0, got 0'),
    ],
    [
      'three counts of a binary loss',
      () => marginAdjusted(bce, { counts: [1, 2, 3] }),
      new RangeError(
        'margin-adjusted: "counts" expected 2 numbers for a binary loss, one per outcome [negative, positive], got 3',
      ),
    ],
    [
      'probability targets',
      () => marginAdjusted(ce, { counts: [1, 2] }).value([[1, 2]], [[0.5, 0.5]]),
      new TypeError('margin-adjusted: "targets" expected class indices, which a margin needs, got probabilities'),
    ],
  ])('%s is refused', (_, make, error) => {
    expect(make).toThrow(error);
  });
});
