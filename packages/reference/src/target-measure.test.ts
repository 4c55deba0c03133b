import { describe, expect, test } from 'vitest';
import { exactMeasure } from './target-measure.js';

const digits = (values: { toSignificantDigits(count: number): { toString(): string } }[]): string[] =>
  values.map((value) => value.toSignificantDigits(20).toString());

describe('exactMeasure', () => {
  test('of a label is the unit mass, of a row the row', () => {
    expect(exactMeasure(1, 3).map(Number)).toEqual([0, 1, 0]);
    expect(exactMeasure([0.5, 0.25, 3], 3).map(Number)).toEqual([0.5, 0.25, 3]);
  });

  test('smooths over all classes with the exact double: 1 - e and e / C are not rounded to doubles', () => {
    const measure = exactMeasure(0, 3, [{ kind: 'mix', smoothing: 0.1 }]);
    // 0.1 = 0.1000000000000000055511151231…, a third of it 0.0333333333333333351837….
    expect(digits(measure)).toEqual(['0.93333333333333332963', '0.033333333333333335184', '0.033333333333333335184']);
  });

  test('smooths over the other classes as over all with e C / (C - 1)', () => {
    const others = exactMeasure(2, 4, [{ kind: 'mix', smoothing: 0.375, spread: 'others' }]);
    expect(others.map(Number)).toEqual([0.125, 0.125, 0.625, 0.125]);
    expect(others.map(Number)).toEqual(exactMeasure(2, 4, [{ kind: 'mix', smoothing: 0.5 }]).map(Number));
  });

  test('keeps the mass of an unnormalised row when smoothing', () => {
    const measure = exactMeasure([2, 0, 1, 1], 4, [{ kind: 'mix', smoothing: 0.5 }]);
    expect(measure.map(Number)).toEqual([1.5, 0.5, 1, 1]);
  });

  test('applies the steps in order: smooth then weigh is not weigh then smooth', () => {
    const scale = { kind: 'scale', weights: [1, 2, 4, 8] } as const;
    const mix = { kind: 'mix', smoothing: 0.5 } as const;
    expect(exactMeasure(1, 4, [mix, scale]).map(Number)).toEqual([0.125, 1.25, 0.5, 1]);
    expect(exactMeasure(1, 4, [scale, mix]).map(Number)).toEqual([0.25, 1.25, 0.25, 0.25]);
  });

  test('refuses labels outside of the classes and rows or weights of another length', () => {
    expect(() => exactMeasure(3, 3)).toThrow(new RangeError('"target" expected a class index from 0 to 2, got 3'));
    expect(() => exactMeasure([1, 0], 3)).toThrow(new RangeError('"target" expected length 3, got 2'));
    expect(() => exactMeasure(0, 3, [{ kind: 'scale', weights: [1] }])).toThrow(
      new RangeError('"weights" expected length 3, got 1'),
    );
  });
});
