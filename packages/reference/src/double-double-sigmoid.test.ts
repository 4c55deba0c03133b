import { describe, expect, test } from 'vitest';
import { doubleDoubleSigmoidElement } from './double-double-sigmoid.js';
import { exactDecimal } from './exact-decimal.js';
import { exactSigmoidElement } from './exact-sigmoid.js';
import { pairsOf } from './pairs.js';
import { randomNumbers } from './random-numbers.js';
import { pairValue, relativeError } from './relative-error.js';

const SEED = 5;

function score(logit: number, u1: number, u0: number): number[] {
  const into = new Float64Array(4);
  doubleDoubleSigmoidElement(logit, u1, 0, u0, 0, into);
  return Array.from(into);
}

describe('doubleDoubleSigmoidElement', () => {
  test(`agrees with Decimal to 1e-28 (seed ${SEED})`, () => {
    const random = randomNumbers(SEED);
    const into = new Float64Array(4);
    let worst = 0;
    for (let n = 0; n < 600; n += 1) {
      const z = random.pick([1e-9, 1e-3, 1, 10, 100]) * random.normal();
      const u1 = exactDecimal(random.pick([0, 1, 0.3, random.uniform()]));
      const u0 = exactDecimal(1).minus(u1);
      const { high, low } = pairsOf([u1, u0]);
      doubleDoubleSigmoidElement(z, high[0], low[0], high[1], low[1], into);
      const exact = exactSigmoidElement(z, u1, u0);
      // p - u cancels where they meet: relative to |p - u| + u, as everything that measures soft targets.
      const scale = u1.isInteger() ? exact.gradient : exact.gradient.abs().plus(u1);
      worst = Math.max(
        worst,
        relativeError(pairValue(into[0], into[1]), exact.loss),
        relativeError(pairValue(into[2], into[3]), exact.gradient, scale),
      );
    }
    expect(worst).toBeLessThan(1e-28);
    expect(worst).toBeGreaterThan(0);
  });

  test('gives hand values', () => {
    expect(score(40, 1, 0)[0]).toBe(4.248354255291589e-18);
    expect(score(-40, 0, 1)[2]).toBe(4.248354255291589e-18);
    expect(score(0, 1, 0)[0]).toBe(Math.LN2);
    expect(score(-1e4, 1, 0)[0]).toBe(1e4);
    expect(score(1e4, 1, 0).map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect(score(1e30, 0, 1)[0]).toBe(1e30);
  });

  test.each<[logit: number, u1: number, u0: number, loss: number, gradient: number]>([
    [Infinity, 1, 0, 0, 0],
    [-Infinity, 0, 1, 0, 0],
    [Infinity, 0, 1, Infinity, 1],
    [-Infinity, 0.5, 0.5, Infinity, -0.5],
  ])('at %d under masses %d and %d is %d with gradient %d', (logit, u1, u0, loss, gradient) => {
    const [lossHigh, , gradientHigh] = score(logit, u1, u0);
    expect([lossHigh, gradientHigh + 0]).toEqual([loss, gradient]);
  });

  test('refuses NaN', () => {
    expect(() => score(NaN, 1, 0)).toThrow(new RangeError('"logit" expected a number, got NaN'));
  });
});
