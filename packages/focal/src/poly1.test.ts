import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { classWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { focal, poly1 } from './index.js';

testLoss({ describe, it }, poly1, {
  bases: [categoricalCrossEntropy, binaryCrossEntropy],
  wrappers: [labelSmoothed, classWeighted],
  identity: { epsilon: 0 },
  engines: 'all',
});

const ce = categoricalCrossEntropy();

describe('poly-1 loss', () => {
  it('is what its documentation shows', () => {
    expect(poly1(ce, { epsilon: 1 }).value([[1, 2, 0.5]], [1])).toBeCloseTo(0.8358370648962, 12);
    expect(poly1(ce).value([[1, 2, 0.5]], [1])).toBe(poly1(ce, { epsilon: 1 }).value([[1, 2, 0.5]], [1]));
  });

  it('adds epsilon (1 - p)', () => {
    // softmax of (log 3, 0) is (3/4, 1/4).
    const logits = [[Math.log(3), 0]];
    const { value, gradient } = poly1(ce, { epsilon: 2 }).valueAndGradient(logits, [0]);
    expect(value).toBeCloseTo(Math.log(4 / 3) + 2 / 4, 14);
    // -(1 + epsilon p) (1 - p) = -(1 + 1.5) / 4
    expect(gradient[0]).toBeCloseTo(-0.625, 14);
  });

  it('at epsilon -1 loses its slope as p goes to 1', () => {
    const { gradient } = poly1(ce, { epsilon: -1 }).valueAndGradient([[20, 0]], [0]);
    // -(1 - p)^2, with 1 - p = exp(-20) / (1 + exp(-20)); -(1 + epsilon p) is a difference of ones, right to 2^-53.
    const complement = 2.0611536181902037e-9;
    expect(Math.abs(gradient[0] + complement ** 2)).toBeLessThanOrEqual(2 ** -52 * complement);
  });

  it('sums over all classes of a soft target', () => {
    // Of the two outcomes at p = 3/4 and 1/4 with masses 0.5 each: (1/4 + 3/4) / 2 more than cross-entropy.
    const logits = [[Math.log(3), 0]];
    const more = poly1(ce, { epsilon: 1 }).value(logits, [[0.5, 0.5]]) - ce.value(logits, [[0.5, 0.5]]);
    expect(more).toBeCloseTo(0.5, 14);
  });
});

describe('a poly-1 loss that makes no sense', () => {
  it.each([
    [
      'epsilon below -1',
      () => poly1(ce, { epsilon: -1.5 }),
      new RangeError('poly1: "epsilon" expected a finite number of at least -1, got -1.5'),
    ],
    [
      'a loss that is modulated already',
      () => poly1(focal(ce)),
      new TypeError(
        'poly1: "loss" expected a loss whose surprisal is still cross-entropy, got one that already has another surprisal; a plan has one surprisal: leave one of the two wrappers out',
      ),
    ],
  ])('%s', (_, make, error) => {
    expect(make).toThrow(error);
  });
});
