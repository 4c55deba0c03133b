import { describe, expect, test } from 'vitest';
import { exactDecimal } from './exact-decimal.js';
import { exactFromLogProbabilities, exactFromProbabilities, exactFromProbability } from './exact-given.js';
import { relativeError } from './relative-error.js';

describe('exactFromProbabilities', () => {
  test('is -sum u log p with derivatives -u / p', () => {
    const { loss, gradient } = exactFromProbabilities([0.25, 0.5, 0.25], [0.5, 1, 0]);
    expect(loss.toNumber()).toBe(2 * Math.LN2);
    expect(gradient.map(Number)).toEqual([-2, -2, 0]);
  });

  test('keeps all digits of probabilities next to one', () => {
    // -log(1 - x) = x + x^2 / 2 + x^3 / 3 + … at x = 2^-53
    const x = exactDecimal(2 ** -53);
    const series = x.plus(x.pow(2).div(2)).plus(x.pow(3).div(3));
    expect(relativeError(exactFromProbabilities([1 - 2 ** -53], [1]).loss, series)).toBeLessThan(1e-30);
    expect(exactFromProbabilities([1, 1 + 2 ** -52], [1, 1]).loss.toNumber()).toBe(-(2 ** -52) + 2 ** -105);
  });

  test('gives zero probability no cost without mass and Infinity with it', () => {
    expect(exactFromProbabilities([0, 1], [0, 1]).loss.toNumber()).toBe(0);
    expect(exactFromProbabilities([0, 1], [0, 1]).gradient.map(Number)).toEqual([0, -1]);
    const impossible = exactFromProbabilities([0, 1], [0.5, 0.5]);
    expect([impossible.loss.toNumber(), ...impossible.gradient.map(Number)]).toEqual([Infinity, -Infinity, -0.5]);
  });
});

test('exactFromLogProbabilities is -sum u l with derivatives -u, whatever the signs', () => {
  const { loss, gradient } = exactFromLogProbabilities([-1e17, 1e17, -0.5, -Infinity], [1, 1, 0.5, 0]);
  expect(loss.toNumber()).toBe(0.25);
  expect(gradient.map(Number)).toEqual([-1, -1, -0.5, 0]);
  expect(exactFromLogProbabilities([-Infinity], [1]).loss.toNumber()).toBe(Infinity);
});

describe('exactFromProbability', () => {
  test('is the two-outcome case, with the complement exact', () => {
    const { loss, gradient } = exactFromProbability(1e-20, 0, 1);
    const p = exactDecimal(1e-20);
    expect(relativeError(loss, p.plus(p.pow(2).div(2)))).toBeLessThan(1e-30);
    expect(relativeError(gradient, p.plus(1))).toBeLessThan(1e-30);
    expect(exactFromProbability(0.25, 0.5, 0.75).gradient.toNumber()).toBe(-1);
  });

  test('is certain at the ends', () => {
    expect(exactFromProbability(1, 1, 0).loss.toNumber()).toBe(0);
    expect(exactFromProbability(0, 1, 0).loss.toNumber()).toBe(Infinity);
    expect(exactFromProbability(0, 1, 0).gradient.toNumber()).toBe(-Infinity);
  });
});
