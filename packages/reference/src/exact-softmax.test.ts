import { describe, expect, test } from 'vitest';
import { arithmetic, exactDecimal, type Exact } from './exact-decimal.js';
import { exactSoftmaxRow, type ExactOptions } from './exact-softmax.js';
import { relativeError } from './relative-error.js';
import { exactMeasure, type MeasureStep } from './target-measure.js';
import { ulpsBetween } from './ulps.js';

const label = (index: number, classes: number) => exactMeasure(index, classes);
/** Golden numbers are given to ten decimals. */
const rounded = (values: { toNumber(): number }[]): string[] => values.map((value) => value.toNumber().toFixed(10));

describe('exactSoftmaxRow', () => {
  const weights = [1, 2, 3];
  test.each<[name: string, steps: MeasureStep[], losses: string[]]>([
    ['plain', [], ['0.4643687841', '0.0707742190', '1.0986122887']],
    ['weighted', [{ kind: 'scale', weights }], ['0.9287375682', '0.2123226569', '1.0986122887']],
    ['smoothed', [{ kind: 'mix', smoothing: 0.1 }], ['0.5477021174', '0.3007742190', '1.0986122887']],
    [
      'smoothed, then weighted',
      [
        { kind: 'mix', smoothing: 0.1 },
        { kind: 'scale', weights },
      ],
      ['1.1120709015', '0.5685785683', '1.2084735175'],
    ],
  ])('gives the golden losses: %s', (_, steps, losses) => {
    const rows = [
      [1, 2, 0.5],
      [0.1, -1, 3],
      [2, 2, 2],
    ];
    const labels = [1, 2, 0];
    const results = rows.map((row, index) => exactSoftmaxRow(row, exactMeasure(labels[index], 3, steps)).loss);
    expect(rounded(results)).toEqual(losses);
  });

  test('gives the golden sum of weighted, then smoothed', () => {
    const steps: MeasureStep[] = [
      { kind: 'scale', weights },
      { kind: 'mix', smoothing: 0.1 },
    ];
    const losses = [
      exactSoftmaxRow([1, 2, 0.5], exactMeasure(1, 3, steps)).loss,
      exactSoftmaxRow([0.1, -1, 3], exactMeasure(2, 3, steps)).loss,
      exactSoftmaxRow([2, 2, 2], exactMeasure(0, 3, steps)).loss,
    ];
    expect(rounded([losses[0].plus(losses[1]).plus(losses[2])])).toEqual(['3.0963391804']);
  });

  test('is right to 30 digits for a confident row', () => {
    // log(1 + e^-40) and 1 / (1 + e^40), from 90-digit arithmetic in another language.
    const { loss, gradient } = exactSoftmaxRow([40, 0], label(0, 2));
    expect(loss.toNumber()).toBe(4.248354255291589e-18);
    expect(relativeError(loss, exactDecimal(1).times('4.24835425529158898630497784363158218187775e-18'))).toBeLessThan(
      1e-30,
    );
    const off = exactDecimal(1).times('4.24835425529158897728072090440450637143476e-18');
    expect(relativeError(gradient[1], off)).toBeLessThan(1e-30);
    expect(relativeError(gradient[0], off.neg())).toBeLessThan(1e-30);
  });

  test.each([0, 1e30, -1e30, 123456.5])('does not lose a gap of 1e4 at the likely label, at offset %d', (offset) => {
    // At 1e30 the doubles are 1.4e14 apart: no gap but zero survives, so that the offset is added in Decimal.
    const row = [10000, 0].map((z) => exactDecimal(z).plus(exactDecimal(offset)));
    const { loss, gradient } = exactSoftmaxRow(row, label(0, 2));
    const tiny = exactDecimal(1).times('1.13548386531473609854093887506624840195743161e-4343');
    expect(relativeError(loss, tiny)).toBeLessThan(1e-30);
    expect(relativeError(gradient[0], tiny.neg())).toBeLessThan(1e-30);
  });

  test('takes more digits for exponentials of larger gaps: 16 of them for 2^50', () => {
    const { loss } = exactSoftmaxRow([2 ** 50, 0.1], label(0, 2));
    const Numbers = arithmetic(120);
    const exact = Numbers.exp(Numbers.sub(exactDecimal(0.1), exactDecimal(2 ** 50)));
    expect(relativeError(loss, exact)).toBeLessThan(1e-40);
  });

  test('gives unlikely labels their gap, also where no exponential is left', () => {
    expect(exactSoftmaxRow([10000, 0], label(1, 2)).loss.toNumber()).toBe(10000);
    expect(exactSoftmaxRow([1e30, 0, -1e30], label(2, 3)).loss.toNumber()).toBe(2e30);
    expect(exactSoftmaxRow([1e308, -1e308], label(1, 2)).loss.toString()).toMatch(/e\+308$/);
    expect(exactSoftmaxRow([1e308, -1e308], label(0, 2)).loss.toNumber()).toBe(0);
  });

  test('takes -Infinity as probability zero', () => {
    const masked = exactSoftmaxRow([0, -Infinity, 1], label(0, 3));
    const without = exactSoftmaxRow([0, 1], label(0, 2));
    expect(relativeError(masked.loss, without.loss)).toBeLessThan(1e-35);
    expect(masked.gradient[1].toNumber()).toBe(0);
    const under = exactSoftmaxRow([0, -Infinity, 1], [0.5, 0.25, 0.25]);
    expect(under.loss.toNumber()).toBe(Infinity);
    expect(under.gradient[1].toNumber()).toBe(-0.25);
    expect(exactSoftmaxRow([0, -Infinity], label(0, 2)).loss.toNumber()).toBe(0);
    expect(exactSoftmaxRow([-Infinity, -Infinity], label(0, 2)).loss.isNaN()).toBe(true);
  });

  test('gives a bounded surprisal of an impossible outcome its bound', () => {
    const generalized = { terms: [{ coefficient: 1, power: 0, order: 0.5 }] };
    expect(exactSoftmaxRow([0, -Infinity], label(1, 2), generalized).loss.toNumber()).toBe(2);
  });

  test('tells a true zero of the gradient from a small element', () => {
    const third = exactMeasure(0, 3, [{ kind: 'mix', smoothing: 1 }]);
    expect(exactSoftmaxRow([5, 5, 5], third).gradient.map(Number)).toEqual([0, 0, 0]);
    const nearly = exactSoftmaxRow([5, 5, 5], [1 / 3, 1 / 3, 1 / 3]);
    // The three doubles are all the same, so that each p_j |u| - u_j is zero whatever they are.
    expect(nearly.gradient.map(Number)).toEqual([0, 0, 0]);
    const small = exactSoftmaxRow([0, 0], [0.5, 0.5 + 2 ** -53]).gradient;
    expect(small.map(Number)).toEqual([2 ** -54, -(2 ** -54)]);
  });

  test('sums many classes: C equal logits lose log C', () => {
    const classes = 1000;
    const { loss, gradient } = exactSoftmaxRow(new Float32Array(classes).fill(-7.25), label(3, classes));
    expect(ulpsBetween(Math.log(1000), loss, 'float64')).toBeLessThan(1);
    expect(relativeError(gradient[3], exactDecimal(-999).div(1000))).toBeLessThan(1e-40);
  });

  test('has the closed forms of the surprisals at p = 1/2', () => {
    const at = (power: number, order: number, coefficient = 1): number =>
      exactSoftmaxRow([0, 0], label(0, 2), { terms: [{ coefficient, power, order }] }).loss.toNumber();
    expect(at(2, 0)).toBe(Math.LN2 / 4);
    expect(at(0, 1, 3)).toBe(1.5);
    expect(at(1, 0.5)).toBeCloseTo(1 - Math.SQRT1_2, 15);
  });

  test('adds strength times lse squared', () => {
    const { loss, gradient } = exactSoftmaxRow([3, 3], label(0, 2), { partition: 0.5 });
    const lse = 3 + Math.LN2;
    expect(loss.toNumber()).toBeCloseTo(Math.LN2 + 0.5 * lse * lse, 13);
    expect(gradient.map(Number)).toEqual([expect.closeTo(-0.5 + lse / 2, 13), expect.closeTo(0.5 + lse / 2, 13)]);
  });

  test('refuses logits without a softmax and lengths that differ', () => {
    expect(() => exactSoftmaxRow([0, NaN], [1, 0])).toThrow(
      new RangeError('"logits[1]" expected a number below Infinity, got NaN'),
    );
    expect(() => exactSoftmaxRow([Infinity, 0], [1, 0])).toThrow(
      new RangeError('"logits[0]" expected a number below Infinity, got Infinity'),
    );
    expect(() => exactSoftmaxRow([1, 0], [1])).toThrow(new RangeError('"measure" expected length 2, got 1'));
  });
});

describe('the gradient is the derivative of the loss', () => {
  /** Step of the central differences: their error is of the order of its square, 1e-24, and that of digits 1e-42 / step. */
  const STEP = exactDecimal(1).times('1e-12');

  function derivative(logits: readonly number[], index: number, measure: ArrayLike<Exact>, options: ExactOptions) {
    const moved = (by: typeof STEP) =>
      exactSoftmaxRow(
        logits.map((z, at) => (at === index ? exactDecimal(z).plus(by) : z)),
        measure,
        options,
      ).loss;
    return moved(STEP).minus(moved(STEP.neg())).div(STEP.times(2));
  }

  const rows = [
    [1, 2, 0.5],
    [300, 0.3, -2],
    [-1e4, 0, 3],
    [7, 7, 7],
    [0.25, 80, 79],
  ];
  const smoothedAndWeighted = exactMeasure(1, 3, [
    { kind: 'mix', smoothing: 0.1 },
    { kind: 'scale', weights: [1, 0.3, 2] },
  ]);
  test.each<[name: string, measure: ArrayLike<Exact>, options: ExactOptions]>([
    ['label', [1, 0, 0], {}],
    ['unlikely label', [0, 0, 1], {}],
    ['smoothed and weighted', smoothedAndWeighted, {}],
    ['multi-hot', [1, 1, 0], {}],
    ['focal', [1, 0, 0], { terms: [{ coefficient: 1, power: 2, order: 0 }] }],
    ['focal of a fraction', [0, 1, 0], { terms: [{ coefficient: 1, power: 0.5, order: 0 }] }],
    ['generalised', [0, 1, 0], { terms: [{ coefficient: 1, power: 0, order: 0.7 }] }],
    ['modulated and generalised', smoothedAndWeighted, { terms: [{ coefficient: 0.3, power: 1.5, order: 0.25 }] }],
    [
      'poly-1 with a negative term',
      [0.2, 0.3, 0.5],
      {
        terms: [
          { coefficient: 1, power: 0, order: 0 },
          { coefficient: -0.9, power: 0, order: 1 },
        ],
      },
    ],
    ['partition', [0, 1, 0], { partition: 1e-4 }],
  ])('%s', (_, measure, options) => {
    for (const row of rows) {
      const { gradient } = exactSoftmaxRow(row, measure, options);
      gradient.forEach((element, index) => {
        const difference = derivative(row, index, measure, options);
        const scale = element.abs().gt('1e-20') ? element.abs() : exactDecimal(1);
        expect(relativeError(difference, element, scale)).toBeLessThan(1e-20);
      });
    }
  });

  test('and a gradient wrong in the 18th digit would not pass', () => {
    const { gradient } = exactSoftmaxRow(rows[0], [1, 0, 0]);
    const difference = derivative(rows[0], 0, [1, 0, 0], {});
    expect(relativeError(difference, gradient[0].times('1.000000000000000001'))).toBeGreaterThan(1e-20);
  });
});
