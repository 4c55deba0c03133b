import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { generalized } from '@surprisal/robust';
import { testLoss } from '@surprisal/test-kit';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { focal } from './index.js';

testLoss({ describe, it }, focal, {
  bases: [categoricalCrossEntropy, binaryCrossEntropy],
  wrappers: [labelSmoothed, classWeighted],
  identity: { gamma: 0 },
  engines: 'all',
});

/** The options without which the kit's examples are, since they are for binary losses alone. */
const balanced = (loss: Loss<'sigmoid'>): Loss<'sigmoid'> => focal(loss, { gamma: 1.5, alpha: 0.25 });
testLoss({ describe, it }, labelSmoothed, { bases: [binaryCrossEntropy], wrappers: [balanced] });

const ce = categoricalCrossEntropy();
const bce = binaryCrossEntropy();

describe('focal loss', () => {
  it('is what its documentation shows', () => {
    expect(focal(ce, { gamma: 2 }).value([[1, 2, 0.5]], [1])).toBeCloseTo(0.0640776372387, 12);
  });

  it('has gamma 2 by default', () => {
    expect(JSON.stringify(focal(ce))).toBe('{"version":1,"loss":"focal","of":{"loss":"categorical-cross-entropy"}}');
    expect(focal(ce).value([[1, 2, 0.5]], [1])).toBe(focal(ce, { gamma: 2 }).value([[1, 2, 0.5]], [1]));
  });

  it('counts an even binary prediction (1/2)^gamma', () => {
    expect(focal(bce, { gamma: 3 }).value([0], [1])).toBeCloseTo(Math.LN2 / 8, 15);
    expect(focal(bce, { gamma: 3 }).value([0], [0])).toBeCloseTo(Math.LN2 / 8, 15);
  });

  it('modulates each outcome of a soft target by its own probability', () => {
    const p = 1 / (1 + Math.exp(-0.7));
    const expected = 0.3 * (1 - p) ** 2 * -Math.log(p) + 0.7 * p ** 2 * -Math.log(1 - p);
    expect(focal(bce).value([0.7], [0.3])).toBeCloseTo(expected, 14);
  });

  it.each([0, 0.001, 0.5, 1, 2, 5, 100])('has a finite gradient at every p, gamma %d', (gamma) => {
    const logits = [-1e4, -745, -40, -1e-300, 0, 1e-300, 40, 745, 1e4];
    const rows = logits.map((logit) => [logit, 0]);
    for (const label of [0, 1]) {
      const labels = logits.map(() => label);
      const overClasses = focal(ce, { gamma }).evaluate(rows, labels, { losses: true, gradient: true });
      const binary = focal(bce, { gamma }).evaluate(logits, labels, { losses: true, gradient: true });
      for (const { losses, gradient } of [overClasses, binary])
        expect([...Array.from(losses ?? []), ...Array.from(gradient ?? [])].every(Number.isFinite)).toBe(true);
    }
  });
});

describe('alpha', () => {
  const logits = [2, -1, 0.5, -3];
  const targets = [1, 1, 0, 0];

  it('weighs positives alpha and negatives 1 - alpha, and the mean divides by the elements', () => {
    const { value, weight } = focal(bce, { gamma: 2, alpha: 0.25 }).evaluate(logits, targets);
    // Of the definition of torchvision.ops.sigmoid_focal_loss, in NumPy.
    expect(value).toBeCloseTo(0.11476465742489662, 14);
    expect(weight[0]).toBe(4);
  });

  it('of 1/2 halves the loss', () => {
    const half = focal(bce, { alpha: 0.5 }).value(logits, targets);
    expect(half).toBeCloseTo(focal(bce).value(logits, targets) / 2, 15);
  });

  it('acts in the order of composition: on smoothed masses, or on the target as given', () => {
    const smoothing = 0.2;
    const smoothedFirst = labelSmoothed(focal(bce, { gamma: 0, alpha: 1 }), { smoothing });
    const weighedFirst = focal(labelSmoothed(bce, { smoothing }), { gamma: 0, alpha: 1 });
    // A negative with smoothing 0.2 has a positive mass of 0.1: weighed afterwards it stays, weighed before it is gone.
    expect(smoothedFirst.value([0], [0])).toBeCloseTo(0.1 * Math.LN2, 15);
    expect(weighedFirst.value([0], [0])).toBe(0);
  });

  it('is a positive weight of alpha / (1 - alpha), but for the scale', () => {
    const alpha = focal(bce, { gamma: 2, alpha: 0.75 }).value(logits, targets);
    const weighted = positiveWeighted(focal(bce, { gamma: 2 }), { weight: 3 }).value(logits, targets);
    expect(alpha).toBeCloseTo(weighted / 4, 15);
  });
});

describe('a focal loss that makes no sense', () => {
  it.each([
    [
      'a negative gamma',
      () => focal(ce, { gamma: -1 }),
      new RangeError('focal: "gamma" expected a finite number of at least 0, got -1'),
    ],
    [
      'an infinite gamma',
      () => focal(ce, { gamma: Infinity }),
      new RangeError('focal: "gamma" expected a finite number of at least 0, got Infinity'),
    ],
    [
      'alpha above 1',
      () => focal(bce, { alpha: 1.5 }),
      new RangeError('focal: "alpha" expected a finite number in [0, 1], got 1.5'),
    ],
    [
      'alpha over classes',
      () => focal(ce, { alpha: 0.25 }),
      new TypeError(
        `focal: "alpha" expected a loss with the sigmoid link, got 'categorical-cross-entropy' with the softmax link; a weight for each class is classWeighted(loss, { weights })`,
      ),
    ],
    [
      'a loss that is modulated already',
      () => focal(generalized(ce), { gamma: 2 }),
      new TypeError(
        'focal: "loss" expected a loss whose surprisal is still cross-entropy, got one that already has another surprisal; a plan has one surprisal: leave one of the two wrappers out',
      ),
    ],
    [
      'focal twice',
      () => focal(focal(ce)),
      new TypeError(
        'focal: "loss" expected a loss whose surprisal is still cross-entropy, got one that already has another surprisal; a plan has one surprisal: leave one of the two wrappers out',
      ),
    ],
    [
      'an unknown option',
      () => focal(ce, { beta: 1 } as never),
      new TypeError(`focal: "options" expected one of the options gamma, alpha, got 'beta'`),
    ],
  ])('%s', (_, make, error) => {
    expect(make).toThrow(error);
  });
});
