import { describe, expect, it } from 'vitest';
import {
  balancedWeights,
  classCounts,
  classPriors,
  effectiveNumberWeights,
  inverseFrequencyWeights,
  positiveCounts,
  positiveWeights,
} from './index.js';

const COUNTS = [5000, 500, 50];

/** Rounded to four places, as the published values are. */
const rounded = (weights: readonly number[]): number[] => weights.map((weight) => Math.round(weight * 1e4) / 1e4);

describe('weights from counts', () => {
  it('are balanced as scikit-learn balances them', () => {
    expect(balancedWeights(COUNTS)).toEqual([0.37, 3.7, 37]);
    expect(balancedWeights(Float64Array.from(COUNTS))).toEqual([0.37, 3.7, 37]);
  });

  it.each([
    [0.9, [0.9983, 0.9983, 1.0034]],
    [0.99, [0.661, 0.6654, 1.6735]],
    [0.999, [0.1256, 0.317, 2.5574]],
    [0, [1, 1, 1]],
  ])('follow the effective number at beta %d', (beta, weights) => {
    expect(rounded(effectiveNumberWeights(COUNTS, { beta }))).toEqual(weights);
  });

  it('keep all digits of the effective number where 1 - beta^n would cancel', () => {
    // 1 - beta^n and 1 - beta share their leading digits for n = 2: the ratio is exactly 1 + beta.
    const beta = 1 - 2 ** -40;
    const [one = 0, two = 0] = effectiveNumberWeights([1, 2], { beta });
    expect(one / two).toBeCloseTo(1 + beta, 15);
  });

  it('become the inverse frequency as beta nears 1, and its square root at power 0.5', () => {
    const inverse = inverseFrequencyWeights([4, 1]);
    expect(inverse).toEqual([0.4, 1.6]);
    expect(effectiveNumberWeights([4, 1], { beta: 1 - 2 ** -50 })[1]).toBeCloseTo(1.6, 10);
    expect(rounded(inverseFrequencyWeights([100, 25], { power: 0.5 }))).toEqual([0.6667, 1.3333]);
    expect(rounded(inverseFrequencyWeights([8, 1], { power: 1 / 3 }))).toEqual([0.6667, 1.3333]);
    expect(inverseFrequencyWeights([8, 1], { power: 0 })).toEqual([1, 1]);
  });

  it('of positives are the negatives for each positive', () => {
    expect(positiveWeights({ positives: [10, 50], negatives: [90, 50] })).toEqual([9, 1]);
  });

  it('of an empty class are what the caller says', () => {
    expect(balancedWeights([3, 0, 1], { empty: 'cap' })).toEqual([4 / 9, 4 / 3, 4 / 3]);
    expect(balancedWeights([3, 0, 1], { empty: 'one' })).toEqual([4 / 9, 1, 4 / 3]);
    expect(positiveWeights({ positives: [0, 2], negatives: [5, 6] }, { empty: 'cap' })).toEqual([3, 3]);
  });
});

describe('counts and priors from labels', () => {
  it('count classes of any integer type', () => {
    expect(classCounts([0, 2, 2, 1, 2], { classes: 3 })).toEqual([1, 1, 3]);
    expect(classCounts(BigInt64Array.of(0n, 2n, -100n), { classes: 3, ignoreIndex: -100 })).toEqual([1, 0, 1]);
    expect(classCounts(Uint8Array.of(1, 255, 254), { classes: 2, ignoreIndex: [254, 255] })).toEqual([0, 1]);
  });

  it('are shares, with a pseudo-count where asked', () => {
    expect(classPriors([0, 1, 1, 1], { classes: 2 })).toEqual([0.25, 0.75]);
    expect(classPriors([1, 1], { classes: 2, pseudoCount: 1 })).toEqual([0.25, 0.75]);
  });

  it('count the positives and negatives of each label', () => {
    expect(positiveCounts([1, 0, 0, 0, 1, 0], { labels: 2 })).toEqual({ positives: [2, 0], negatives: [1, 3] });
    expect(positiveCounts([1, -1, 0], { ignoreIndex: -1 })).toEqual({ positives: [1], negatives: [1] });
  });
});

describe('what makes no sense', () => {
  it.each([
    [
      'an empty class',
      () => balancedWeights([1, 0]),
      RangeError,
      `balancedWeights: "counts[1]" expected at least one row of each class, got 0; say what an empty class weighs: empty: 'cap' or 'one'`,
    ],
    [
      'a negative count',
      () => balancedWeights([1, -1]),
      RangeError,
      'balancedWeights: "counts[1]" expected a finite number of at least 0, got -1',
    ],
    [
      'no counts',
      () => inverseFrequencyWeights([]),
      RangeError,
      'inverseFrequencyWeights: "counts" expected at least one count, got none',
    ],
    [
      'counts of a number',
      () => balancedWeights(3 as never),
      TypeError,
      'balancedWeights: "counts" expected an array of counts, got 3',
    ],
    [
      'another word for empty',
      () => balancedWeights([1, 0], { empty: 'zero' as never }),
      RangeError,
      `balancedWeights: "empty" expected one of 'throw', 'cap', 'one', got 'zero'`,
    ],
    [
      'beta of 1',
      () => effectiveNumberWeights([1], { beta: 1 }),
      RangeError,
      'effectiveNumberWeights: "beta" expected a number in [0, 1), got 1',
    ],
    [
      'a fractional count',
      () => effectiveNumberWeights([1.5]),
      RangeError,
      'effectiveNumberWeights: "counts[0]" expected an integer, got 1.5',
    ],
    [
      'a negative power',
      () => inverseFrequencyWeights([1], { power: -1 }),
      RangeError,
      'inverseFrequencyWeights: "power" expected a finite number of at least 0, got -1',
    ],
    [
      'a label without positives',
      () => positiveWeights({ positives: [0], negatives: [1] }),
      RangeError,
      `positiveWeights: "counts[0]" expected at least one row of each class, got 0; say what an empty class weighs: empty: 'cap' or 'one'`,
    ],
    [
      'counts of two lengths',
      () => positiveWeights({ positives: [1], negatives: [1, 2] }),
      RangeError,
      'positiveWeights: "negatives" expected 1 counts, one per label, got 2',
    ],
    [
      'a label out of range',
      () => classCounts([0, 3], { classes: 3 }),
      RangeError,
      'classCounts: "labels[1]" expected an integer class index in 0..2, got 3',
    ],
    [
      'a fractional label',
      () => classCounts([0.5], { classes: 3 }),
      RangeError,
      'classCounts: "labels[0]" expected an integer class index in 0..2, got 0.5',
    ],
    [
      'no classes',
      () => classCounts([0], { classes: 0 }),
      RangeError,
      'classCounts: "classes" expected an integer of at least 1, got 0',
    ],
    [
      'a class never seen',
      () => classPriors([0], { classes: 2 }),
      RangeError,
      'classPriors: "labels" expected at least one row of class 1, got none; pass a pseudoCount, which is added to the count of every class',
    ],
    [
      'a negative pseudo-count',
      () => classPriors([0], { classes: 2, pseudoCount: -1 }),
      RangeError,
      'classPriors: "pseudoCount" expected a finite number of at least 0, got -1',
    ],
    ['a target of 2', () => positiveCounts([2]), RangeError, 'positiveCounts: "targets[0]" expected 0 or 1, got 2'],
    [
      'targets of no whole rows',
      () => positiveCounts([1, 0, 1], { labels: 2 }),
      RangeError,
      'positiveCounts: "targets" expected a length that is a multiple of the 2 labels of a row, got 3',
    ],
  ] as const)('is refused: %s', (_, call, kind, message) => {
    expect(call).toThrow(new kind(message));
  });
});
