import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { describe, expect, it } from 'vitest';
import { brierScore, meanSquaredError } from './index.js';

testLoss({ describe, it }, meanSquaredError);
testLoss({ describe, it }, brierScore);

describe('mean squared error', () => {
  it('is what its documentation shows, which is scikit-learn’s example', () => {
    expect(meanSquaredError().value([2.5, 0, 2, 8], [3, -0.5, 2, 7])).toBe(0.375);
  });

  it('has the gradient 2 (z - t) / n', () => {
    const { gradient } = meanSquaredError().valueAndGradient([2.5, 0, 2, 8], [3, -0.5, 2, 7]);
    expect([...gradient]).toEqual([-0.25, 0.25, 0, 0.5]);
  });

  it('divides by the sample weights', () => {
    expect(meanSquaredError().value([1, 2], [0, 0], { sampleWeights: [3, 1] })).toBe((3 * 1 + 1 * 4) / 4);
  });

  it.each([
    [
      'a prediction that is not finite',
      () => meanSquaredError().value([1, NaN], [0, 0]),
      new RangeError(
        `mean-squared-error: "logits[1]" expected a number, got NaN; to let it through as NaN pass invalid: 'propagate'`,
      ),
    ],
    [
      'a target that is not finite',
      () => meanSquaredError().value([1, 2], [0, Infinity]),
      new RangeError('mean-squared-error: "targets[1]" expected a finite number, got Infinity'),
    ],
    [
      'targets of another shape',
      () => meanSquaredError().value([1, 2], [0]),
      new RangeError('mean-squared-error: "targets" expected shape [2], that of the logits, got length 1'),
    ],
    [
      'to be wrapped',
      () => labelSmoothed(meanSquaredError() as never, { smoothing: 0.1 }),
      new TypeError(
        `label-smoothed: "loss" expected a loss with a plan, got 'mean-squared-error', which computes by a rule of its own`,
      ),
    ],
  ])('refuses %s', (_, make, error) => {
    expect(make).toThrow(error);
  });
});

describe('the Brier score', () => {
  it('is what its documentation shows', () => {
    expect(brierScore().value([[1, 2, 0.5]], [1])).toBeCloseTo(0.21112166147298, 12);
  });

  it('is the squared distance of probabilities and target', () => {
    const p = [0.5, 0.3, 0.2];
    expect(brierScore().value([p.map(Math.log)], [0])).toBeCloseTo(0.5 ** 2 + 0.3 ** 2 + 0.2 ** 2, 15);
    expect(brierScore().value([p.map(Math.log)], [[0.2, 0.3, 0.5]])).toBeCloseTo(0.3 ** 2 + 0.3 ** 2, 15);
  });

  it('is twice the square of 1 - p_y for two classes', () => {
    const p = 1 / (1 + Math.exp(-0.7));
    expect(brierScore().value([[0.7, 0]], [0])).toBeCloseTo(2 * (1 - p) ** 2, 15);
  });

  it('keeps its digits where a row is predicted well, in value and gradient', () => {
    // With q = 1 - p = exp(-40) / (1 + exp(-40)): 2 q^2, and for the gradient -+ 4 p q^2.
    const q = 4.248354255291589e-18;
    const { value, gradient } = brierScore().valueAndGradient([[40, 0]], [0]);
    expect(Math.abs(value / (2 * q * q) - 1)).toBeLessThan(1e-15);
    expect(Math.abs(gradient[0] / (-4 * q * q) - 1)).toBeLessThan(1e-15);
    expect(Math.abs(gradient[1] / (4 * q * q) - 1)).toBeLessThan(1e-15);
  });

  it('has hardly a gradient at a confident mistake, where cross-entropy has the whole of it', () => {
    const logits = [[0, 40]];
    const brier = brierScore().valueAndGradient(logits, [0]).gradient;
    const crossEntropy = categoricalCrossEntropy().valueAndGradient(logits, [0]).gradient;
    expect(Math.abs(brier[0])).toBeLessThan(1e-16);
    expect(crossEntropy[0]).toBe(-1);
  });

  it.each([
    [
      'one class',
      () => brierScore().value([[1], [2]], [0, 0]),
      new RangeError(
        'brier-score: "logits" expected at least 2 classes, got 1 (shape [2, 1]); the softmax of one class is always 1 and its loss always 0: use binaryCrossEntropy for one logit per row',
      ),
    ],
    [
      'a class count of 1',
      () => brierScore({ classes: 1 }),
      new RangeError('brier-score: "classes" expected an integer of at least 2, got 1'),
    ],
    [
      'a label out of range',
      () => brierScore().value([[1, 2]], [2]),
      new RangeError(
        'brier-score: "targets[0]" expected an integer class index in 0..1, got 2; if the label marks rows to leave out, pass ignoreIndex: 2',
      ),
    ],
  ])('refuses %s', (_, make, error) => {
    expect(make).toThrow(error);
  });
});
