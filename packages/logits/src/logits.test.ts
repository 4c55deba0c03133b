import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { focal } from '@surprisal/focal';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { classWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { classMasked, softcap, temperature, zLoss } from './index.js';

const tested = {
  bases: [categoricalCrossEntropy, binaryCrossEntropy],
  wrappers: [labelSmoothed, classWeighted],
  engines: 'all',
} as const;
testLoss({ describe, it }, temperature, { ...tested, identity: { temperature: 1 } });
testLoss({ describe, it }, softcap, tested);
testLoss({ describe, it }, classMasked, {
  ...tested,
  identity: (classes) => ({ allowed: new Array<boolean>(classes).fill(true) }),
});
testLoss({ describe, it }, zLoss, { ...tested, identity: { strength: 0 } });

const ce = categoricalCrossEntropy();
const bce = binaryCrossEntropy();
const row = [[1, 2, 0.5]];
/** One engine for both sides: two may differ in the last bit. */
const here = { engine: 'typescript' } as const;

describe('temperature', () => {
  it('is what its documentation shows', () => {
    expect(temperature(ce, { temperature: 2 }).value(row, [1])).toBeCloseTo(0.7318375667944, 12);
  });

  it('is the loss of the divided logits, with the gradient divided', () => {
    const { value, gradient } = temperature(ce, { temperature: 4 }).valueAndGradient(row, [1], here);
    const divided = ce.valueAndGradient([[0.25, 0.5, 0.125]], [1], here);
    expect(value).toBe(divided.value);
    expect([...gradient]).toEqual([...divided.gradient].map((slope) => slope / 4));
    expect(temperature(bce, { temperature: 4 }).value([3], [1], here)).toBe(bce.value([0.75], [1], here));
  });

  it.each([
    ['0', 0, new RangeError('temperature: "temperature" expected a finite number greater than 0, got 0')],
    ['below 0', -1, new RangeError('temperature: "temperature" expected a finite number greater than 0, got -1')],
  ])('of %s is refused', (_, value, error) => {
    expect(() => temperature(ce, { temperature: value })).toThrow(error);
  });
});

describe('a soft cap', () => {
  it('is what its documentation shows', () => {
    expect(softcap(ce).value(row, [1])).toBeCloseTo(0.4653762471661, 12);
  });

  it('changes nothing but rounding where it is far away', () => {
    // t tanh(z / t) = z - z^3 / (3 t^2) + …
    expect(softcap(ce, { cap: 1e9 }).value(row, [1])).toBeCloseTo(ce.value(row, [1]), 14);
  });

  it('bounds a hopeless row by twice the cap and log C', () => {
    expect(softcap(ce, { cap: 5 }).value([[1e300, -1e300]], [1])).toBeCloseTo(10 + Math.log1p(Math.exp(-10)), 13);
    expect(softcap(bce, { cap: 5 }).value([-1e300], [1])).toBeCloseTo(5 + Math.log1p(Math.exp(-5)), 13);
  });

  it('leaves a masked class masked, and its gradient 0', () => {
    const { value, gradient } = softcap(ce, { cap: 5 }).valueAndGradient([[1, -Infinity, 1]], [0]);
    expect(value).toBeCloseTo(Math.LN2, 15);
    expect(gradient[1]).toBe(0);
  });

  it('of 0 is refused', () => {
    expect(() => softcap(ce, { cap: 0 })).toThrow(
      new RangeError('softcap: "cap" expected a finite number greater than 0, got 0'),
    );
  });
});

describe('a class mask', () => {
  it('is what its documentation shows', () => {
    expect(classMasked(ce, { allowed: [true, true, false] }).value(row, [1])).toBeCloseTo(0.3132616875182, 12);
  });

  it('is the loss of the classes that are left, and smoothing spreads over them', () => {
    const masked = labelSmoothed(classMasked(ce, { allowed: [true, false, true] }), { smoothing: 0.2 });
    const { value, gradient } = masked.valueAndGradient(row, [0], here);
    const left = labelSmoothed(ce, { smoothing: 0.2 }).valueAndGradient([[1, 0.5]], [0], here);
    expect(value).toBe(left.value);
    expect([...gradient]).toEqual([left.gradient[0], 0, left.gradient[1]]);
  });

  it('makes a masked label cost Infinity', () => {
    expect(classMasked(ce, { allowed: [true, true, false] }).value(row, [2])).toBe(Infinity);
  });

  it.each([
    [
      'of numbers',
      () => classMasked(ce, { allowed: [1, 0] as never }),
      new TypeError('class-masked: "allowed" expected an array of booleans, got Array of length 2'),
    ],
    [
      'that leaves one class',
      () => classMasked(ce, { allowed: [true, false, false] }).value(row, [0]),
      new RangeError('class-masked: "allowed" expected at least 2 classes left by the class mask, got 1'),
    ],
    [
      'of another length',
      () => classMasked(categoricalCrossEntropy({ classes: 3 }), { allowed: [true, true] }),
      new RangeError('class-masked: "allowed" expected 3 numbers, one per class, got 2'),
    ],
    [
      'on a binary loss',
      () => classMasked(bce as never, { allowed: [true, true] }),
      new TypeError(
        `class-masked: "loss" expected a loss with the softmax link, got 'binary-cross-entropy' with the sigmoid link`,
      ),
    ],
  ])('%s is refused', (_, make, error) => {
    expect(make).toThrow(error);
  });
});

describe('z-loss', () => {
  it('is what its documentation shows', () => {
    expect(zLoss(ce, { strength: 0.01 }).value(row, [1])).toBeCloseTo(0.5250999191488, 12);
  });

  it('adds strength lse^2, and 2 strength lse p to the gradient', () => {
    const lse = 3 + Math.LN2;
    const { value, gradient } = zLoss(ce, { strength: 0.5 }).valueAndGradient([[3, 3]], [0]);
    expect(value).toBeCloseTo(Math.LN2 + 0.5 * lse * lse, 13);
    expect(gradient[0]).toBeCloseTo(-0.5 + lse / 2, 13);
    expect(gradient[1]).toBeCloseTo(0.5 + lse / 2, 13);
    expect(zLoss(bce, { strength: 0.5 }).value([0], [1])).toBeCloseTo(Math.LN2 + 0.5 * Math.LN2 ** 2, 14);
  });

  it('scales with the sample weight alone, and two add up', () => {
    const sum = { reduction: 'sum', sampleWeights: [3] } as const;
    const weighted = zLoss(zLoss(classWeighted(ce, { weights: [5, 5] }), { strength: 0.25 }), { strength: 0.5 });
    expect(weighted.value([[0, 0]], [0], sum)).toBeCloseTo(15 * Math.LN2 + 3 * 0.75 * Math.LN2 ** 2, 13);
  });

  it('leaves the surprisal free', () => {
    expect(zLoss(focal(ce), { strength: 0 }).value(row, [1])).toBe(focal(ce).value(row, [1]));
  });

  it('of a negative strength is refused', () => {
    expect(() => zLoss(ce, { strength: -1e-4 })).toThrow(
      new RangeError('z-loss: "strength" expected a finite number of at least 0, got -0.0001'),
    );
  });
});
