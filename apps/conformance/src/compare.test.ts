import { describe, expect, it } from 'vitest';
import { compare, inWords, ulp, type Subject } from './compare.js';

const subject = (change: Partial<Subject['tolerance']> = {}, precision: Subject['precision'] = 'float64'): Subject => ({
  quantity: 'loss',
  precision,
  mayFlush: false,
  tolerance: { relative: 0, absolute: 0, inUlps: true, ...change },
});

describe('compare', () => {
  it.each([
    ['an error just within the absolute tolerance', [1.25], [1], { absolute: 0.25 }, 1],
    ['an error of half the relative tolerance', [1.25], [1], { relative: 0.5 }, 0.5],
    ['both tolerances added', [2], [1], { relative: 0.5, absolute: 0.5 }, 1],
    ['equal numbers without a tolerance', [3], [3], {}, 0],
    ['zeros of either sign', [-0], [0], {}, 0],
    ['NaN where NaN is expected', [NaN], [NaN], {}, 0],
    ['infinities of one sign', [-Infinity], [-Infinity], {}, 0],
    ['nothing where nothing is expected', [], [], {}, 0],
  ])('passes %s', (_, actual, expected, tolerance, share) => {
    const comparison = compare(actual, expected, subject(tolerance));
    expect(comparison.deviations).toEqual([]);
    expect(comparison.share).toBe(share);
  });

  it.each([
    ['an error beyond the tolerance', 1.5, 1, { absolute: 0.25 }, 2],
    ['a number where NaN is expected', 0, NaN, { absolute: 9 }, Infinity],
    ['NaN where a number is expected', NaN, 0, { absolute: 9 }, Infinity],
    ['infinities of different signs', -Infinity, Infinity, { relative: 1 }, Infinity],
    ['any error where no tolerance is left', 1e-300, 0, { relative: 1 }, Infinity],
  ])('finds %s', (_, actual, expected, tolerance, share) => {
    expect(compare([actual], [expected], subject(tolerance)).deviations).toEqual([
      { quantity: 'loss', actual, expected, share },
    ]);
  });

  it('says where in a list', () => {
    const { deviations, share } = compare([1, 5, 4], [1, 2, 3], subject({ absolute: 1 }));
    expect(deviations).toEqual([{ quantity: 'loss', position: 1, actual: 5, expected: 2, share: 3 }]);
    expect(share).toBe(3);
  });

  it('finds lists of different lengths', () => {
    const [deviation] = compare([1], [1, 2], subject()).deviations;
    expect(inWords(deviation)).toBe('length of loss: expected 2, got 1');
  });

  it('rounds results of float32 cases once', () => {
    expect(compare([0.1], [Math.fround(0.1)], subject({}, 'float32')).share).toBe(0);
    expect(compare([6e38], [Infinity], subject({}, 'float32')).share).toBe(0);
  });

  it('lets 0 pass for what is smaller than the smallest normal number, where it may be flushed', () => {
    const share = (actual: number, wanted: number, precision: Subject['precision'], mayFlush: boolean): number =>
      compare([actual], [wanted], { ...subject({ relative: 1e-6 }, precision), mayFlush }).share;
    expect(share(0, 2 ** -127, 'float32', true)).toBe(0);
    expect(share(0, -(2 ** -1023), 'float64', true)).toBe(0);
    expect(share(0, 2 ** -127, 'float32', false)).toBeGreaterThan(1);
    expect(share(0, 2 ** -126, 'float32', true)).toBeGreaterThan(1);
    expect(share(0, 2 ** -1022, 'float64', true)).toBeGreaterThan(1);
    expect(share(2 ** -140, 2 ** -127, 'float32', true)).toBeGreaterThan(1);
  });

  it('counts units in the last place where the tolerance is relative', () => {
    const half = { relative: 1e-12 };
    expect(compare([1 + 3 * 2 ** -52], [1], subject(half)).ulps).toBe(3);
    expect(compare([1 + 3 * 2 ** -23], [1], subject(half, 'float32')).ulps).toBe(3);
    expect(compare([1.5], [1], subject({ absolute: 1 })).ulps).toBe(0);
    expect(compare([0], [2 ** -1030], subject(half)).ulps).toBe(0);
    expect(compare([1], [1], subject({ inUlps: false })).ulps).toBeUndefined();
  });
});

describe('ulp', () => {
  it.each([
    [1, 'float64', 2 ** -52],
    [2 - 2 ** -52, 'float64', 2 ** -52],
    [-8, 'float32', 2 ** -20],
    [Number.MAX_VALUE, 'float64', 2 ** 971],
    [0, 'float64', 2 ** -1074],
    [2 ** -149, 'float32', 2 ** -149],
  ] as const)('of %d in %s is %d', (value, precision, expected) => {
    expect(ulp(value, precision)).toBe(expected);
  });
});

describe('inWords', () => {
  it('names the number, its place and the size of the error', () => {
    const deviation = { quantity: 'gradient', position: 7, actual: 0.5, expected: 0.25, share: 12.5 };
    expect(inWords(deviation)).toBe('gradient[7]: expected 0.25, got 0.5 (13 times the tolerance)');
  });
});
