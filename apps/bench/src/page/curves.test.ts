import { binaryCrossEntropy } from '@surprisal/binary';
import { createRegistry, defineLoss } from '@surprisal/core';
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
  test('are of every plugin, loss or wrapper', () => {
    const ids = curves.map(({ lossId }) => lossId).join(' ');
    expect(registry.plugins.filter(({ name }) => !ids.includes(name)).map(({ name }) => name)).toEqual([]);
  });

  test('are of every loss alone and in one wrapper at most, each once', () => {
    expect(new Set(curves.map(({ lossId }) => lossId)).size).toBe(curves.length);
    expect(curves.filter(({ lossId }) => lossId.split('+').length > 2)).toEqual([]);
    expect(curves.filter(({ loss }) => loss === 'labelSmoothed(binaryCrossEntropy)').length).toBeGreaterThan(0);
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
      // Differences over half a unit are rough where a loss bends; the derivative by another logit, or of another sign, is
      // further off.
      const rough = 0.05 * Math.max(...gradient.map(Math.abs));
      for (let at = 1; at < margin.length - 1; at++) {
        const slope = (value[at + 1] - value[at - 1]) / (margin[at + 1] - margin[at - 1]);
        expect(Math.abs(slope - gradient[at])).toBeLessThan(rough);
      }
    }
  });

  test('are of plugins from elsewhere too, of the family or not, and not of a loss that refuses such a row', () => {
    const { plugins } = createRegistry(binaryCrossEntropy, focal, squared, refusing);
    const losses = curvesOf(plugins).map(({ loss }) => loss);
    expect(losses).toContain('focal(binaryCrossEntropy)');
    expect(losses).toContain('squared');
    expect(losses).not.toContain('refusing');
  });
});
