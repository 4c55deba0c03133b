import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { asymmetric, focal } from './index.js';

testLoss({ describe, it }, asymmetric, {
  bases: [binaryCrossEntropy],
  wrappers: [labelSmoothed, classWeighted, positiveWeighted],
  identity: { gammaPositive: 0, gammaNegative: 0, shift: 0 },
  engines: 'all',
});

const bce = binaryCrossEntropy();

describe('asymmetric loss', () => {
  it('is what its documentation shows', () => {
    // Of the definition in the paper, in NumPy.
    expect(asymmetric(bce).value([2, -1, 0.5, -3], [1, 1, 0, 0])).toBeCloseTo(0.26661360413507296, 14);
  });

  it('without a shift is focal loss where both gammas are the same', () => {
    const both = asymmetric(bce, { gammaPositive: 2, gammaNegative: 2, shift: 0 });
    const focalLoss = focal(bce, { gamma: 2 });
    for (const target of [0, 0.3, 1])
      expect(both.value([0.7, -40, 3], [target, target, target])).toBe(
        focalLoss.value([0.7, -40, 3], [target, target, target]),
      );
  });

  it('is plan data alone, with a shift as without', () => {
    const positive = { coefficient: 1, power: 1, order: 0 };
    const negative = { coefficient: 1, power: 4, order: 0 };
    expect(asymmetric(bce, { shift: 0 }).plan).toEqual([
      { kind: 'surprisal', terms: [positive], negativeTerms: [negative] },
    ]);
    expect(asymmetric(bce).plan).toEqual([
      { kind: 'surprisal', terms: [positive], negativeTerms: [{ ...negative, shift: 0.05 }] },
    ]);
  });

  it.each(bce.link.engines.filter(({ available }) => available?.() ?? true).map(({ name }) => name))(
    'runs on the engine %s that was asked for',
    (engine) => {
      const { engines } = asymmetric(bce).evaluate(new Float32Array([1, -2, 3]), [1, 0, 0], { engine });
      expect(engines).toEqual([engine]);
    },
  );

  it('takes probabilities, of which the derivative is that of the formula', () => {
    const loss = asymmetric(bce, { gammaPositive: 2, gammaNegative: 1.5, shift: 0.1 });
    const probabilities = [0.02, 0.1, 0.3, 0.8, 1];
    const given = { input: 'probabilities', reduction: 'sum', losses: true } as const;
    const { losses, gradient } = loss.evaluate(probabilities, [0, 0, 0, 1, 0], { ...given, gradient: true });
    const cost = (p: number): number => (p - 0.1) ** 1.5 * -Math.log(1.1 - p);
    const slope = (p: number): number => 1.5 * (p - 0.1) ** 0.5 * -Math.log(1.1 - p) + (p - 0.1) ** 1.5 / (1.1 - p);
    const positive = 2 * 0.2 * Math.log(0.8) - 0.2 ** 2 / 0.8;
    [0, 0, cost(0.3), 0.2 ** 2 * -Math.log(0.8), cost(1)].forEach((value, i) =>
      expect(losses?.[i]).toBeCloseTo(value, 14),
    );
    [0, 0, slope(0.3), positive, slope(1)].forEach((value, i) => expect(gradient?.[i]).toBeCloseTo(value, 13));
  });

  it('has the second derivative of its negatives', () => {
    const loss = asymmetric(bce, { gammaNegative: 3, shift: 0.1 });
    const z = [-3, -1, 0, 2.5, 30];
    const options = { reduction: 'sum', gradient: true } as const;
    const { hessianDiagonal } = loss.evaluate(z, [0, 0, 0, 0, 0], { ...options, hessianDiagonal: true });
    const h = 1e-3;
    const slopeAt = (by: number): number[] =>
      Array.from(
        loss.evaluate(
          z.map((value) => value + by),
          [0, 0, 0, 0, 0],
          options,
        ).gradient ?? [],
      );
    // Richardson's differences: an error of h^4.
    const [a, b, c, d] = [slopeAt(h), slopeAt(-h), slopeAt(2 * h), slopeAt(-2 * h)];
    z.forEach((_, i) => {
      const difference = (8 * ((a[i] ?? 0) - (b[i] ?? 0)) - ((c[i] ?? 0) - (d[i] ?? 0))) / (12 * h);
      expect(hessianDiagonal?.[i]).toBeCloseTo(difference, 10);
    });
  });

  it('costs nothing, and pulls nowhere, for negatives up to the shift', () => {
    // p = 1/4 at -log 3, and a little less a little below.
    const at = (shift: number): readonly number[] => {
      const { losses, gradient } = asymmetric(bce, { gammaNegative: 0, shift }).evaluate([-Math.log(3) - 0.01], [0], {
        losses: true,
        gradient: true,
      });
      return [...Array.from(losses ?? []), ...Array.from(gradient ?? [])];
    };
    expect(at(0.25)).toEqual([0, 0]);
    expect(at(0.2).every((number) => number > 0)).toBe(true);
  });

  it('with a shift of 1 has no negatives', () => {
    expect(asymmetric(bce, { shift: 1 }).value([1e4, 3, -3], [0, 0, 0])).toBe(0);
  });

  it('bounds negatives by -log m, however wrong they are', () => {
    const { value, gradient } = asymmetric(bce, { shift: 0.05 }).valueAndGradient([1e4], [0]);
    expect(value).toBeCloseTo(0.95 ** 4 * -Math.log(0.05), 14);
    expect(gradient[0]).toBe(0);
  });

  it.each([0, 0.5, 1, 4])('has a finite gradient at every p, gammas %d', (gamma) => {
    const logits = [-1e4, -745, -40, 0, 40, 745, 1e4, -Infinity, -2.9444389791664403];
    for (const shift of [0, 0.05, 0.5])
      for (const target of [0, 1]) {
        const loss = asymmetric(bce, { gammaPositive: gamma, gammaNegative: gamma, shift });
        const targets = logits.map(() => target);
        const { gradient } = loss.evaluate(logits, targets, { gradient: true });
        expect(Array.from(gradient ?? []).every(Number.isFinite)).toBe(true);
      }
  });
});

describe('an asymmetric loss that makes no sense', () => {
  it.each([
    [
      'a negative gamma',
      () => asymmetric(bce, { gammaNegative: -1 }),
      new RangeError('asymmetric: "gammaNegative" expected a finite number of at least 0, got -1'),
    ],
    [
      'a shift above 1',
      () => asymmetric(bce, { shift: 1.5 }),
      new RangeError('asymmetric: "shift" expected a finite number in [0, 1], got 1.5'),
    ],
    [
      'a loss over classes',
      () => asymmetric(categoricalCrossEntropy() as never),
      new TypeError(
        `asymmetric: "loss" expected a loss with the sigmoid link, got 'categorical-cross-entropy' with the softmax link`,
      ),
    ],
    [
      'a loss that is modulated already',
      () => asymmetric(focal(bce)),
      new TypeError(
        'asymmetric: "loss" expected a loss whose surprisal is still cross-entropy, got one that already has another surprisal; a plan has one surprisal: leave one of the two wrappers out',
      ),
    ],
  ])('%s', (_, make, error) => {
    expect(make).toThrow(error);
  });
});
