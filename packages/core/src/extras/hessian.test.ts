import {
  exactDecimal,
  exactMeasure,
  exactSigmoidElement,
  exactSoftmaxRow,
  randomNumbers,
  ulpsOfScale,
} from '@surprisal/reference';
import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import type { Loss, Step, SurprisalTerm } from '../index.js';
import { ofElements, overClasses } from '../testing-extras/wrappers.js';

const Numbers = Decimal.clone({ precision: 60, minE: -9e15, maxE: 9e15 });

/** Its fourth power is what the differences below leave out, 3e-18 of the fifth derivative. */
const STEP = new Numbers('1e-4');

type Gradient = (z: readonly Decimal[]) => readonly Decimal[];

/** Four-point differences of the exact gradient, which is right to 30 digits. */
function differences(gradient: Gradient, z: readonly number[]): Decimal[] {
  const exact = z.map((value) => new Numbers(exactDecimal(value)));
  return exact.map((_, j) => {
    const at = (steps: number): Decimal =>
      new Numbers(gradient(exact.map((value, i) => (i === j ? value.plus(STEP.times(steps)) : value)))[j] ?? NaN);
    const near = at(1).minus(at(-1));
    return near
      .times(8)
      .minus(at(2).minus(at(-2)))
      .div(STEP.times(12));
  });
}

const focal: SurprisalTerm = { coefficient: 1, power: 2, order: 0 };
const SURPRISALS: readonly (readonly [string, readonly SurprisalTerm[] | undefined])[] = [
  ['cross-entropy', undefined],
  ['(1 - p)^2', [focal]],
  ['(1 - p)^0.5', [{ ...focal, power: 0.5 }]],
  ['a term of order 0.7', [{ coefficient: 1, power: 0, order: 0.7 }]],
  [
    'two terms',
    [
      { coefficient: 1, power: 0, order: 0 },
      { coefficient: 0.8, power: 1.5, order: 1 },
    ],
  ],
];

/** Farther apart, differences of a gradient of 30 digits would know too little of the smallest elements. */
const SPREADS = [0.1, 1, 5, 8];

const random = randomNumbers(21);
const rowOf = (classes: number, spread: number): number[] =>
  Array.from({ length: classes }, () => random.normal() * spread);

/** Largest error in units of the sum of magnitudes u p (1 - p), which is that of cross-entropy and grows with the terms. */
function worst(actual: ArrayLike<number>, exact: readonly Decimal[], floor: readonly Decimal[]): number {
  return Math.max(
    ...exact.map((value, j) =>
      ulpsOfScale(actual[j] ?? NaN, value, Decimal.max(value.abs(), floor[j] ?? 0), 'float64'),
    ),
  );
}

function hessianOf(loss: Loss, z: unknown, targets: unknown): ArrayLike<number> {
  return loss.evaluate(z as never, targets as never, { reduction: 'sum', hessianDiagonal: true }).hessianDiagonal ?? [];
}

describe.each(SURPRISALS)('the Hessian diagonal of %s', (_, terms) => {
  const steps: Step[] = terms === undefined ? [] : [{ kind: 'surprisal', terms }];
  const reference = terms === undefined ? {} : { terms };
  const bound = terms === undefined ? 6 : 24;

  it(`over classes is the derivative of the exact gradient, to ${String(bound)} ulp: hard, smoothed and soft targets (seed 21)`, () => {
    for (const spread of SPREADS) {
      for (const smoothing of [0, 0.1]) {
        const z = rowOf(5, spread);
        const label = random.below(5);
        const loss = overClasses({ kind: 'mix', smoothing, spread: 'all' }, ...steps);
        const measure = exactMeasure(label, 5, [{ kind: 'mix', smoothing }]);
        const exact = differences((at) => exactSoftmaxRow(at, measure, reference).gradient, z);
        const plain = differences((at) => exactSoftmaxRow(at, measure).gradient, z);
        expect(worst(hessianOf(loss, [z], [label]), exact, plain)).toBeLessThanOrEqual(bound);
      }
      const z = rowOf(4, spread);
      const measure = [0.5, 0.25, 0.25, 0];
      const exact = differences((at) => exactSoftmaxRow(at, measure, reference).gradient, z);
      const plain = differences((at) => exactSoftmaxRow(at, measure).gradient, z);
      expect(worst(hessianOf(overClasses(...steps), [z], [measure]), exact, plain)).toBeLessThanOrEqual(bound);
    }
  });

  it(`of elements is the derivative of the exact gradient, to ${String(bound)} ulp: hard and soft targets (seed 21)`, () => {
    for (const spread of SPREADS) {
      for (const target of [0, 1, 0.25]) {
        const z = rowOf(1, spread);
        const gradientOf =
          (options: object): Gradient =>
          (at) => [exactSigmoidElement(at[0] ?? NaN, target, 1 - target, options).gradient];
        const exact = differences(gradientOf(reference), z);
        const plain = differences(gradientOf({}), z);
        expect(worst(hessianOf(ofElements(...steps), z, [target]), exact, plain)).toBeLessThanOrEqual(bound);
      }
    }
  });
});

describe('the Hessian diagonal through steps', () => {
  const cap = 4;
  const scale = 0.5;
  const offsets = [0.5, -1, 0.25];
  /** 4 tanh((z / 2 + offset) / 4) in decimal arithmetic, with its derivative. */
  const bent = (value: Decimal, offset: number): Decimal => value.times(scale).plus(offset).div(cap).tanh().times(cap);
  const bend = (value: Decimal, offset: number): Decimal =>
    new Numbers(1).minus(value.times(scale).plus(offset).div(cap).tanh().pow(2)).times(scale);
  const steps: readonly Step[] = [
    { kind: 'affine', scale, offsets },
    { kind: 'softcap', cap },
  ];

  it('over classes follows the chain rule to 24 ulp of the sum of its two terms', () => {
    for (const z of [
      [1, -2, 0.5],
      [7, 3, -9],
      [0, 0, 0],
    ]) {
      const gradient: Gradient = (at) => {
        const inner = exactSoftmaxRow(
          at.map((value, j) => bent(value, offsets[j] ?? 0)),
          [0, 1, 0],
        ).gradient;
        return inner.map((slope, j) => new Numbers(slope).times(bend(at[j] ?? new Numbers(0), offsets[j] ?? 0)));
      };
      const scaleOf = z.map(() => new Numbers(0.01));
      expect(worst(hessianOf(overClasses(...steps), [z], [1]), differences(gradient, z), scaleOf)).toBeLessThanOrEqual(
        24,
      );
    }
  });

  it('of elements follows the chain rule to 24 ulp of the sum of its two terms', () => {
    for (const z of [-7, -1, 0, 0.5, 9]) {
      const loss = ofElements({ kind: 'affine', scale, offsets: [0.25, 0.75] }, { kind: 'softcap', cap });
      const gradient: Gradient = ([at = new Numbers(0)]) => [
        new Numbers(exactSigmoidElement(bent(at, 0.5), 1, 0).gradient).times(bend(at, 0.5)),
      ];
      expect(worst(hessianOf(loss, [z], [1]), differences(gradient, [z]), [new Numbers(0.01)])).toBeLessThanOrEqual(24);
    }
  });

  it('counts partition terms', () => {
    const partition = 0.3;
    const z = [1, -2, 0.5];
    const exact = differences((at) => exactSoftmaxRow(at, [0, 1, 0], { partition }).gradient, z);
    expect(
      worst(hessianOf(overClasses({ kind: 'partition', strength: partition }), [z], [1]), exact, []),
    ).toBeLessThanOrEqual(8);
    const element = differences(([at = 0]) => [exactSigmoidElement(at, 1, 0, { partition }).gradient], [-0.7]);
    const loss = ofElements({ kind: 'partition', strength: partition });
    expect(worst(hessianOf(loss, [-0.7], [1]), element, [])).toBeLessThanOrEqual(8);
  });

  it('is 0 of a masked class, with and without a mask in the plan', () => {
    const masked = overClasses({ kind: 'classMask', allowed: [true, false, true] });
    const here = hessianOf(masked, [[1, 2, 3]], [0]);
    const there = hessianOf(overClasses(), [[1, -Infinity, 3]], [0]);
    expect(Array.from(here)).toEqual(Array.from(there));
    expect(here[1]).toBe(0);
  });

  it('has the scale of the gradient: weights, reduction, denominator', () => {
    const logits = [
      [1, 2],
      [0, 3],
      [1, 1],
    ];
    const sum = hessianOf(overClasses(), logits, [0, 1, 0]);
    const { hessianDiagonal = [] } = overClasses().evaluate(logits, [0, 1, 0], {
      sampleWeights: [2, 1, 0],
      hessianDiagonal: true,
    });
    const factors = [2 / 3, 2 / 3, 1 / 3, 1 / 3, 0, 0];
    for (const [index, factor] of factors.entries())
      expect(hessianDiagonal[index]).toBeCloseTo(factor * (sum[index] ?? NaN), 15);
  });
});
