import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { classWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { generalized, symmetric } from './index.js';

testLoss({ describe, it }, symmetric, {
  bases: [categoricalCrossEntropy, binaryCrossEntropy],
  wrappers: [labelSmoothed, classWeighted],
  identity: { a: 1, b: 0 },
  engines: 'all',
});

const ce = categoricalCrossEntropy();

describe('symmetric cross-entropy', () => {
  it('is what its documentation shows', () => {
    expect(symmetric(ce).value([[1, 2, 0.5]], [1])).toBeCloseTo(1.5323100015637, 12);
  });

  it('is a CE + b RCE, the reverse cross-entropy of a hard label with A for log 0', () => {
    const p = [0.5, 0.3, 0.2];
    const logits = [p.map(Math.log)];
    const reverse = -(p[0] * 0 + p[1] * -6 + p[2] * -6);
    expect(symmetric(ce, { a: 2, b: 0.5, A: -6 }).value(logits, [0])).toBeCloseTo(2 * Math.LN2 + 0.5 * reverse, 14);
  });

  it.each([
    ['A = 0', { a: 1, A: 0 }],
    ['b = 0', { a: 1, b: 0 }],
  ])('is cross-entropy to the last bit at a = 1, %s', (_, options) => {
    expect(symmetric(ce, options).value([[1, 2, 0.5]], [0])).toBe(ce.value([[1, 2, 0.5]], [0]));
  });

  it('without cross-entropy is bounded: a hopeless row costs -b A', () => {
    expect(symmetric(ce, { a: 0 }).value([[0, 1e4]], [0])).toBe(4);
  });
});

describe('a symmetric cross-entropy that makes no sense', () => {
  it.each([
    [
      'a positive A',
      () => symmetric(ce, { A: 4 }),
      new RangeError('symmetric: "A" expected a finite number of at most 0, got 4'),
    ],
    [
      'a negative weight',
      () => symmetric(ce, { b: -1 }),
      new RangeError('symmetric: "b" expected a finite number of at least 0, got -1'),
    ],
    [
      'a loss that is modulated already',
      () => symmetric(generalized(ce)),
      new TypeError(
        'symmetric: "loss" expected a loss whose surprisal is still cross-entropy, got one that already has another surprisal; a plan has one surprisal: leave one of the two wrappers out',
      ),
    ],
  ])('%s', (_, make, error) => {
    expect(make).toThrow(error);
  });
});
