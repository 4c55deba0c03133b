import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { classWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { generalized, symmetric } from './index.js';

testLoss({ describe, it }, generalized, {
  bases: [categoricalCrossEntropy, binaryCrossEntropy],
  wrappers: [labelSmoothed, classWeighted],
  identity: { q: 0 },
  engines: 'all',
});

const ce = categoricalCrossEntropy();
const bce = binaryCrossEntropy();

describe('generalised cross-entropy', () => {
  it('is what its documentation shows', () => {
    expect(generalized(ce, { q: 0.7 }).value([[1, 2, 0.5]], [1])).toBeCloseTo(0.3964495132708, 12);
    expect(generalized(ce).value([[1, 2, 0.5]], [1])).toBe(generalized(ce, { q: 0.7 }).value([[1, 2, 0.5]], [1]));
  });

  it('at q = 1 is the probability that is not on the target', () => {
    expect(generalized(ce, { q: 1 }).value([[Math.log(3), 0]], [0])).toBeCloseTo(1 / 4, 15);
    expect(generalized(bce, { q: 1 }).value([-Math.log(3)], [1])).toBeCloseTo(3 / 4, 15);
  });

  it('is bounded by 1 / q, and a hopeless row has no pull', () => {
    const { value, gradient } = generalized(ce, { q: 0.5 }).valueAndGradient([[0, 1e4]], [0]);
    expect(value).toBe(2);
    expect([...gradient]).toEqual([0, 0]);
  });

  it.each([1e-3, 1e-6, 1e-12, 1e-100])('comes to cross-entropy as q goes to 0: %d', (q) => {
    const rows = [
      [1, 2, 0.5],
      [30, 0, -5],
      [0, 20, 3],
    ];
    const labels = [1, 0, 0];
    const near = generalized(ce, { q }).evaluate(rows, labels, { losses: true, gradient: true });
    const plain = ce.evaluate(rows, labels, { losses: true, gradient: true });
    // (1 - e^(-q x)) / q = x - q x^2 / 2 + …, and p^q = 1 - q x + …, at losses x up to 20.
    Array.from(near.losses ?? []).forEach((loss, row) => {
      expect(Math.abs(loss / (plain.losses?.[row] ?? 0) - 1)).toBeLessThanOrEqual(10 * q + 1e-14);
    });
    Array.from(near.gradient ?? []).forEach((slope, index) => {
      expect(Math.abs(slope / (plain.gradient?.[index] ?? 0) - 1)).toBeLessThanOrEqual(20 * q + 1e-14);
    });
  });

  it('takes probabilities and log-probabilities as well as logits', () => {
    const loss = generalized(ce, { q: 0.5 });
    expect(loss.value([[0.75, 0.25]], [1], { input: 'probabilities' })).toBeCloseTo(1, 15);
    expect(loss.value([[Math.log(0.75), Math.log(0.25)]], [1], { input: 'log-probabilities' })).toBeCloseTo(1, 15);
  });
});

describe('a generalised cross-entropy that makes no sense', () => {
  it.each([
    [
      'q above 1',
      () => generalized(ce, { q: 2 }),
      new RangeError('generalized: "q" expected a finite number in [0, 1], got 2'),
    ],
    [
      'a loss that is modulated already',
      () => generalized(symmetric(ce)),
      new TypeError(
        'generalized: "loss" expected a loss whose surprisal is still cross-entropy, got one that already has another surprisal; a plan has one surprisal: leave one of the two wrappers out',
      ),
    ],
  ])('%s', (_, make, error) => {
    expect(make).toThrow(error);
  });
});
