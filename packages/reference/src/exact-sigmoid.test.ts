import { describe, expect, test } from 'vitest';
import { exactDecimal } from './exact-decimal.js';
import { exactSigmoidElement } from './exact-sigmoid.js';
import { exactSoftmaxRow, type ExactOptions } from './exact-softmax.js';
import { relativeError } from './relative-error.js';
import { exactMeasure, type MeasureStep } from './target-measure.js';

describe('exactSigmoidElement', () => {
  test.each<[name: string, steps: MeasureStep[], mean: string]>([
    ['plain', [], '0.6157135086'],
    ['smoothed', [{ kind: 'mix', smoothing: 0.1 }], '0.6594635086'],
    ['positive weight', [{ kind: 'scale', weights: [1, 3] }], '1.3358083579'],
    [
      'smoothed, then positive weight',
      [
        { kind: 'mix', smoothing: 0.1 },
        { kind: 'scale', weights: [1, 3] },
      ],
      '1.4316202238',
    ],
  ])('gives the golden means: %s', (_, steps, mean) => {
    const labels = [1, 1, 0, 0];
    const sum = [2, -1, 0.5, -3].reduce((total, z, index) => {
      const [u0, u1] = exactMeasure(labels[index], 2, steps);
      return total.plus(exactSigmoidElement(z, u1, u0).loss);
    }, exactDecimal(0));
    expect(sum.div(4).toNumber().toFixed(10)).toBe(mean);
  });

  test('keeps its digits far on the right side, and gives the logit far on the wrong one', () => {
    const tiny = exactDecimal(1).times('1.13548386531473609854093887506624840195743161e-4343');
    expect(relativeError(exactSigmoidElement(1e4, 1, 0).loss, tiny)).toBeLessThan(1e-30);
    expect(relativeError(exactSigmoidElement(-1e4, 0, 1).gradient, tiny)).toBeLessThan(1e-30);
    expect(relativeError(exactSigmoidElement(1e4, 1, 0).gradient, tiny.neg())).toBeLessThan(1e-30);
    expect(exactSigmoidElement(-1e4, 1, 0).loss.toNumber()).toBe(1e4);
    expect(exactSigmoidElement(1e30, 0, 1).loss.toNumber()).toBe(1e30);
    expect(exactSigmoidElement(40, 1, 0).loss.toNumber()).toBe(4.248354255291589e-18);
  });

  test.each<[logit: number, u1: number, u0: number, loss: number, gradient: number]>([
    [Infinity, 1, 0, 0, 0],
    [-Infinity, 0, 1, 0, 0],
    [Infinity, 0, 1, Infinity, 1],
    [-Infinity, 0.5, 0.5, Infinity, -0.5],
    [0, 0, 0, 0, 0],
  ])('at %d under masses %d and %d is %d with gradient %d', (logit, u1, u0, loss, gradient) => {
    const element = exactSigmoidElement(logit, u1, u0);
    expect([Math.abs(element.loss.toNumber()), element.gradient.toNumber() + 0]).toEqual([loss, gradient]);
  });

  test('keeps the small difference of a soft target from the probability', () => {
    // At z = 2^-60, p = 1/2 + 2^-62 - 2^-180 / 48 + …
    const { gradient } = exactSigmoidElement(2 ** -60, 0.5, 0.5);
    expect(relativeError(gradient, 2 ** -62)).toBeLessThan(1e-30);
    expect(exactSigmoidElement(0, 0.5, 0.5).gradient.toNumber()).toBe(0);
  });

  test.each<[name: string, options: ExactOptions]>([
    ['cross-entropy', {}],
    ['focal', { terms: [{ coefficient: 1, power: 1.5, order: 0 }] }],
    ['generalised', { terms: [{ coefficient: 0.5, power: 0, order: 0.7 }] }],
    ['partition', { partition: 1e-3 }],
  ])('is the softmax of (0, z): %s', (_, options) => {
    for (const z of [-1000.5, -3, -0.1, 0, 1e-9, 2, 30, 5000]) {
      const row = exactSoftmaxRow([0, z], [0.3, 0.9], options);
      const element = exactSigmoidElement(z, 0.9, 0.3, options);
      expect(relativeError(element.loss, row.loss)).toBeLessThan(1e-30);
      expect(relativeError(element.gradient, row.gradient[1])).toBeLessThan(1e-30);
    }
  });

  test('refuses NaN', () => {
    expect(() => exactSigmoidElement(NaN, 1, 0)).toThrow(new RangeError('"logit" expected a number, got NaN'));
  });
});
