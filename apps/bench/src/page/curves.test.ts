import { defineLoss } from '@surprisal/core';
import { describe, expect, test } from 'vitest';
import { registry } from '../registry.js';
import { focal, squared } from '../testing.js';
import { curvesOf } from './curves.js';

const refusing = defineLoss({
  name: 'refusing',
  options: {},
  tileRule: () => ({
    layout: 'classes',
    targets: 'probabilities',
    compute: () => {
      throw new RangeError('not this row');
    },
  }),
  traits: { convex: false, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
  examples: () => [{}],
});

const curves = curvesOf(registry.plugins);

describe('the curves of a registry', () => {
  test('are of every loss alone and in each wrapper that takes it, with each example', () => {
    const losses = new Set(curves.map(({ loss }) => loss));
    expect(losses).toEqual(
      new Set([
        'categoricalCrossEntropy',
        'classWeighted(categoricalCrossEntropy)',
        'labelSmoothed(categoricalCrossEntropy)',
        'binaryCrossEntropy',
        'classWeighted(binaryCrossEntropy)',
        'positiveWeighted(binaryCrossEntropy)',
        'labelSmoothed(binaryCrossEntropy)',
      ]),
    );
  });

  test('hold the known values of cross-entropy at margin 0', () => {
    const at0 = (loss: string): number[] => {
      const { margin, value, gradient } = curves.find((curve) => curve.loss === loss) ?? curves[0];
      const index = margin.indexOf(0);
      return [value[index], gradient[index]];
    };
    expect(at0('categoricalCrossEntropy')[0]).toBeCloseTo(2.302585092994046, 14); // log 10
    expect(at0('categoricalCrossEntropy')[1]).toBeCloseTo(-0.9, 14);
    expect(at0('binaryCrossEntropy')).toEqual([0.6931471805599453, -0.5]); // log 2
  });

  test('have the slope of the value as gradient', () => {
    for (const { margin, value, gradient } of curves) {
      for (let at = 1; at < margin.length - 1; at++) {
        const slope = (value[at + 1] - value[at - 1]) / (margin[at + 1] - margin[at - 1]);
        // The error of a difference over 2h is h^2 / 6 of the third derivative: 0.25^2 / 6 * 0.1, times the largest weight 3.
        expect(Math.abs(slope - gradient[at])).toBeLessThan(0.0032);
      }
    }
  });

  test('are of plugins from elsewhere too, of the family or not, and not of a loss that refuses such a row', () => {
    const { plugins } = registry.use(focal).use(squared).use(refusing);
    const losses = curvesOf(plugins).map(({ loss }) => loss);
    expect(losses).toContain('focal(binaryCrossEntropy)');
    expect(losses).toContain('squared');
    expect(losses).not.toContain('refusing');
  });
});
