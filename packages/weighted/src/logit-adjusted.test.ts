import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { describe, expect, it } from 'vitest';
import { adjustPredictions, balancedSoftmax, classPriors, classWeighted, logitAdjusted } from './index.js';

const tested = {
  bases: [categoricalCrossEntropy, binaryCrossEntropy],
  wrappers: [labelSmoothed, classWeighted],
  engines: 'all',
} as const;
const even = (classes: number): number[] => new Array<number>(classes).fill(0.25);
testLoss({ describe, it }, logitAdjusted, { ...tested, identity: (classes) => ({ priors: even(classes), tau: 0 }) });
testLoss({ describe, it }, balancedSoftmax, tested);

const ce = categoricalCrossEntropy();
const bce = binaryCrossEntropy();
const row = [[1, 2, 0.5]];
const priors = [0.5, 0.3, 0.2];

describe('logit adjustment', () => {
  it('is what its documentation shows', () => {
    expect(logitAdjusted(ce, { priors }).value(row, [1])).toBeCloseTo(0.56638473656797, 12);
  });

  it('predicts the priors where the model knows nothing', () => {
    // softmax of log pi is pi.
    expect(logitAdjusted(ce, { priors }).value([[0, 0, 0]], [2])).toBeCloseTo(-Math.log(0.2), 14);
    expect(logitAdjusted(bce, { priors: [0.9, 0.1] }).value([0], [1])).toBeCloseTo(-Math.log(0.1), 14);
  });

  it('does not see the scale of the priors', () => {
    const counts = priors.map((prior) => 1024 * prior);
    expect(logitAdjusted(ce, { priors: counts }).value(row, [1])).toBeCloseTo(0.56638473656797, 12);
  });

  it('with even priors is cross-entropy to rounding', () => {
    expect(logitAdjusted(ce, { priors: [1 / 3, 1 / 3, 1 / 3] }).value(row, [1])).toBeCloseTo(ce.value(row, [1]), 14);
    expect(logitAdjusted(bce, { priors: [0.5, 0.5] }).value([0.3], [1])).toBe(bce.value([0.3], [1]));
  });

  it('states the class count', () => {
    expect(logitAdjusted(ce, { priors: classPriors([0, 1, 1, 2], { classes: 3 }) }).classes).toBe(3);
  });

  it.each([
    [
      'a prior of 0',
      () => logitAdjusted(ce, { priors: [1, 0] }),
      new RangeError('logit-adjusted: "priors[1]" expected a finite number greater than 0, got 0'),
    ],
    [
      'a negative tau',
      () => logitAdjusted(ce, { priors, tau: -1 }),
      new RangeError('logit-adjusted: "tau" expected a finite number of at least 0, got -1'),
    ],
    [
      'three priors of a binary loss',
      () => logitAdjusted(bce, { priors }),
      new RangeError(
        'logit-adjusted: "priors" expected 2 numbers for a binary loss, one per outcome [negative, positive], got 3',
      ),
    ],
    [
      'priors of other classes',
      () => logitAdjusted(categoricalCrossEntropy({ classes: 4 }), { priors }),
      new RangeError('logit-adjusted: "priors" expected 4 numbers, one per class, got 3'),
    ],
    [
      'counts of other classes',
      () => balancedSoftmax(categoricalCrossEntropy({ classes: 4 }), { counts: [1, 2, 3] }),
      new RangeError('balanced-softmax: "counts" expected 4 numbers, one per class, got 3'),
    ],
    [
      'an empty class',
      () => balancedSoftmax(ce, { counts: [3, 0, 1] }),
      new RangeError('balanced-softmax: "counts[1]" expected a finite number greater than 0, got 0'),
    ],
  ])('%s is refused', (_, make, error) => {
    expect(make).toThrow(error);
  });
});

describe('balanced softmax', () => {
  it('is what its documentation shows: logit adjustment by the shares of the counts', () => {
    const balanced = balancedSoftmax(ce, { counts: [50, 30, 20] });
    expect(balanced.value(row, [1])).toBe(logitAdjusted(ce, { priors }).value(row, [1]));
  });

  it('makes probabilities proportional to n_c exp(z_c)', () => {
    const total = 5 * Math.exp(1) + 2 * Math.exp(2) + 3 * Math.exp(0.5);
    expect(balancedSoftmax(ce, { counts: [5, 2, 3] }).value(row, [1])).toBeCloseTo(
      -Math.log((2 * Math.exp(2)) / total),
      14,
    );
  });

  it('with even counts is cross-entropy to rounding', () => {
    expect(balancedSoftmax(ce, { counts: [7, 7, 7] }).value(row, [1])).toBeCloseTo(ce.value(row, [1]), 14);
  });
});

describe('adjusting predictions', () => {
  it('is what its documentation shows', () => {
    const adjusted = adjustPredictions([2, 1.5, 0], { priors: [0.8, 0.1, 0.1] });
    [2.22314355131, 3.80258509299, 2.30258509299].forEach((logit, index) =>
      expect(adjusted[index]).toBeCloseTo(logit, 10),
    );
  });

  it('takes out what logit adjustment puts in, on rows of classes and on binary logits', () => {
    const logits = Float64Array.of(1, 2, 0.5, 0, -1, 3);
    const adjusted = adjustPredictions(logits, { priors, tau: 0.5 });
    const shape = { data: adjusted, dims: [2, 3] };
    const loss = logitAdjusted(ce, { priors, tau: 0.5 });
    expect(loss.value(shape, [1, 2])).toBeCloseTo(ce.value({ data: logits, dims: [2, 3] }, [1, 2]), 14);
    const binary = adjustPredictions(Float32Array.of(1, -2, 0.5), { priors: [0.75, 0.25], link: 'sigmoid' });
    expect(binary).toEqual(Float32Array.from([1, -2, 0.5], (logit) => logit + Math.log(3)));
  });

  it('writes where it is told, in place too, and leaves other inputs as they are', () => {
    const logits = Float64Array.of(1, 2);
    const into = new Float32Array(2);
    expect(adjustPredictions(logits, { priors: [0.5, 0.5] }, into)).toBe(into);
    expect(logits).toEqual(Float64Array.of(1, 2));
    expect(adjustPredictions(logits, { priors: [1, 1] }, logits)).toBe(logits);
    expect(logits).toEqual(Float64Array.of(1, 2));
  });

  it.each([
    [
      'rows that are not whole',
      () => adjustPredictions([1, 2, 3, 4], { priors }),
      new RangeError('adjustPredictions: "logits" expected rows of 3 classes, got length 4'),
    ],
    [
      'one prior',
      () => adjustPredictions([1], { priors: [1] }),
      new RangeError('adjustPredictions: "priors" expected at least 2 numbers, one per class, got 1'),
    ],
    [
      'three priors of binary logits',
      () => adjustPredictions([1], { priors, link: 'sigmoid' }),
      new RangeError('adjustPredictions: "priors" expected 2 numbers for binary logits, [negative, positive], got 3'),
    ],
    [
      'a prior of 0',
      () => adjustPredictions([1, 2], { priors: [0, 1] }),
      new RangeError('adjustPredictions: "priors[0]" expected a finite number greater than 0, got 0'),
    ],
    [
      'a tau that is not finite',
      () => adjustPredictions([1, 2], { priors: [1, 1], tau: NaN }),
      new RangeError('adjustPredictions: "tau" expected a finite number, got NaN'),
    ],
    [
      'a buffer of another length',
      () => adjustPredictions([1, 2], { priors: [1, 1] }, new Float32Array(3)),
      new RangeError('adjustPredictions: "into" expected length 2, got length 3'),
    ],
  ])('of %s is refused', (_, make, error) => {
    expect(make).toThrow(error);
  });
});
