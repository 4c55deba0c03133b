import {
  exactDecimal,
  exactMeasure,
  exactSigmoidElement,
  exactSoftmaxRow,
  randomNumbers,
  ulpsBetween,
  type MeasureStep,
} from '@surprisal/reference';
import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import type { Step } from '../index.js';
import { ofElements, overClasses } from '../testing-extras/wrappers.js';

const Numbers = Decimal.clone({ precision: 60, minE: -9e15, maxE: 9e15 });

/** |u| H(u / |u|) from its definition. */
function exactFloor(measure: readonly Decimal[]): Decimal {
  const masses = measure.map((mass) => new Numbers(mass)).filter((mass) => !mass.isZero());
  const total = masses.reduce((sum, mass) => sum.plus(mass), new Numbers(0));
  return masses.reduce((sum, mass) => sum.plus(mass.times(total.div(mass).ln())), new Numbers(0));
}

const STEPS: readonly (readonly [string, readonly Step[], readonly MeasureStep[]])[] = [
  ['a label', [], []],
  ['a smoothed label', [{ kind: 'mix', smoothing: 0.1, spread: 'all' }], [{ kind: 'mix', smoothing: 0.1 }]],
  [
    'a smoothed, weighed label',
    [
      { kind: 'mix', smoothing: 0.2, spread: 'all' },
      { kind: 'scale', by: 'outcome', weights: [1, 2, 0.5, 3], counted: true },
    ],
    [
      { kind: 'mix', smoothing: 0.2 },
      { kind: 'scale', weights: [1, 2, 0.5, 3] },
    ],
  ],
];

describe.each(STEPS)('floor and excess of %s', (_, steps, exactSteps) => {
  it('are entropy and divergence of the target to 8 ulp, from far predictions to near ones (seed 4)', () => {
    const random = randomNumbers(4);
    const loss = overClasses(...steps);
    for (const distance of [8, 1, 1e-3, 1e-6]) {
      const label = random.below(4);
      const measure = exactMeasure(label, 4, exactSteps);
      const total = measure.reduce((sum, mass) => sum.plus(mass), new Numbers(0));
      // Near the logarithms of the target itself, where it has them.
      const z = measure.map(
        (mass) => (mass.isZero() ? -3 : Math.log(mass.div(total).toNumber())) + distance * random.normal(),
      );
      const { floor, excess } = loss.evaluate([z], [label], { reduction: 'sum', floor: true });
      const exact = exactFloor(measure);
      expect(ulpsBetween(floor ?? NaN, exact, 'float64')).toBeLessThanOrEqual(8);
      const above = new Numbers(exactSoftmaxRow(z, measure).loss).minus(exact);
      // Rounding of a probability, 2^-52 of it, is a share 2^-52 / distance of its distance from the target.
      expect(Math.abs(new Numbers(excess ?? NaN).div(above).minus(1).toNumber())).toBeLessThan(
        1e-14 + 1e-15 / distance,
      );
    }
  });
});

describe('floor and excess', () => {
  it('of a confident right label have excess alone, with all its digits', () => {
    for (const gap of [1, 10, 40, 700]) {
      const { floor, excess } = overClasses().evaluate([[gap, 0]], [0], { floor: true });
      const exact = exactSoftmaxRow([gap, 0], [1, 0]).loss;
      expect(floor).toBe(0);
      expect(ulpsBetween(excess ?? NaN, exact, 'float64')).toBeLessThanOrEqual(6);
    }
  });

  it('of elements are entropy and divergence of the target to 8 ulp', () => {
    for (const target of [0, 1, 0.25, 0.9])
      for (const z of [-30, -1, 0.5, 4]) {
        const { floor, excess } = ofElements().evaluate([z], [target], { floor: true });
        const masses = [exactDecimal(target), new Numbers(1).minus(exactDecimal(target))];
        const exact = exactFloor(masses);
        expect(ulpsBetween(floor ?? NaN, exact, 'float64')).toBeLessThanOrEqual(8);
        const above = new Numbers(exactSigmoidElement(z, masses[0] ?? 0, masses[1] ?? 0).loss).minus(exact);
        expect(ulpsBetween(excess ?? NaN, above, 'float64')).toBeLessThanOrEqual(16);
      }
  });

  it('add up to the value: mean, sum and weights', () => {
    const random = randomNumbers(9);
    const logits = Array.from({ length: 20 }, () => Array.from({ length: 4 }, () => 2 * random.normal()));
    const labels = logits.map(() => random.below(4));
    const loss = overClasses({ kind: 'mix', smoothing: 0.1, spread: 'all' });
    for (const reduction of ['mean', 'sum'] as const) {
      const sampleWeights = logits.map(() => random.uniform());
      const {
        value,
        floor = NaN,
        excess = NaN,
      } = loss.evaluate(logits, labels, { floor: true, reduction, sampleWeights });
      expect(Math.abs((floor + excess) / value - 1)).toBeLessThan(1e-14);
    }
  });

  it('of probabilities are those of their logits, and of masses that do not sum to one what the loss says', () => {
    const p = [0.5, 0.25, 0.25];
    const loss = overClasses({ kind: 'mix', smoothing: 0.3, spread: 'all' });
    const given = loss.evaluate([p], [1], { input: 'probabilities', floor: true });
    const logits = loss.evaluate([p.map(Math.log)], [1], { floor: true });
    expect(given.floor).toBe(logits.floor);
    expect(given.excess).toBeCloseTo(logits.excess ?? NaN, 14);
    const halved = loss.evaluate([p.map((value) => value / 2)], [1], {
      input: 'probabilities',
      unnormalized: true,
      floor: true,
    });
    expect((halved.floor ?? NaN) + (halved.excess ?? NaN)).toBeCloseTo(halved.value, 14);
  });

  it('is Infinity above where mass meets probability 0, and 0 of a row without mass', () => {
    const { floor, excess } = overClasses().evaluate([[0, -Infinity]], [[0.5, 0.5]], { floor: true });
    expect([floor, excess]).toEqual([Math.LN2, Infinity]);
    const nothing = overClasses().evaluate([[1, 2]], [[0, 0]], { floor: true, unnormalized: true, reduction: 'sum' });
    expect([nothing.floor, nothing.excess]).toEqual([0, 0]);
  });
});
