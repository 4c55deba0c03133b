import type { Decimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import { doubleDoubleSoftmaxRow, type MassPairs, type RowPairs } from './double-double-softmax.js';
import { exactSoftmaxRow } from './exact-softmax.js';
import { pairsOf } from './pairs.js';
import { randomRows } from './random-rows.js';
import { pairValue, relativeError } from './relative-error.js';
import { exactMeasure } from './target-measure.js';

/** What the pairs are for: errors of doubles measured to 1e-12 of a unit. They are 100 times better on rows like these. */
const TOLERANCE = 1e-28;
/** Pairs below this have no room for all their low bits: 2^-969, a little rounded up. */
const FULL_PAIRS_FROM = 1e-290;
const SEED = 41;

function score(logits: ArrayLike<number>, target: number | MassPairs): RowPairs {
  const into = {
    loss: new Float64Array(2),
    gradientHigh: new Float64Array(logits.length),
    gradientLow: new Float64Array(logits.length),
  };
  doubleDoubleSoftmaxRow(logits, target, into);
  return into;
}

/** The error relative to a scale; of results too small for full pairs only that they are as small. */
function errorOf(high: number, low: number, exact: Decimal, scale: Decimal): number {
  if (exact.abs().lt(FULL_PAIRS_FROM)) return Math.abs(high) <= FULL_PAIRS_FROM ? 0 : Infinity;
  return relativeError(pairValue(high, low), exact, scale);
}

function worstError(row: RowPairs, exact: { loss: Decimal; gradient: Decimal[] }, u: readonly Decimal[]): number {
  const hard = u.filter((mass) => !mass.isZero()).length === 1;
  const errors = exact.gradient.map((element, index) =>
    errorOf(row.gradientHigh[index], row.gradientLow[index], element, hard ? element : element.abs().plus(u[index])),
  );
  if (exact.loss.isFinite()) return Math.max(errorOf(row.loss[0], row.loss[1], exact.loss, exact.loss), ...errors);
  return Math.max(row.loss[0] === Infinity ? 0 : Infinity, ...errors);
}

describe('doubleDoubleSoftmaxRow', () => {
  test.each(['float64', 'float32'] as const)(`agrees with Decimal on random %s rows (seed ${SEED})`, (type) => {
    let worst = 0;
    for (const { logits, label } of randomRows({ seed: SEED, logits: 2000, type, classes: [2, 100] })) {
      const u = exactMeasure(label, logits.length);
      worst = Math.max(worst, worstError(score(logits, label), exactSoftmaxRow(logits, u), u));
    }
    expect(worst).toBeLessThan(TOLERANCE);
    expect(worst).toBeGreaterThan(0);
  });

  test(`agrees with Decimal under smoothed and weighted labels (seed ${SEED})`, () => {
    let worst = 0;
    for (const { logits, label } of randomRows({ seed: SEED, logits: 500, type: 'float64', classes: [2, 40] })) {
      const u = exactMeasure(label, logits.length, [
        { kind: 'mix', smoothing: 0.1 },
        { kind: 'scale', weights: Array.from(logits, (_, index) => 0.3 + (index % 3)) },
      ]);
      worst = Math.max(worst, worstError(score(logits, pairsOf(u)), exactSoftmaxRow(logits, u), u));
    }
    expect(worst).toBeLessThan(TOLERANCE);
  });

  test(`agrees with Decimal on logits that are no doubles (seed ${SEED})`, () => {
    let worst = 0;
    for (const { logits, label } of randomRows({ seed: SEED, logits: 1000, type: 'float32', classes: [2, 40] })) {
      // A low part may be as large as a margin that a logit of 1e30 has swallowed.
      const low = logits.map((z, index) => (z > -Infinity ? Math.sin(index) * (Math.abs(z) > 1e6 ? 3 : 1e-17) : 0));
      const pairs = { high: Float64Array.from(logits), low: Float64Array.from(low) };
      const exact = Array.from(pairs.high, (high, index) => pairValue(high, pairs.low[index]));
      const into = score(logits, label);
      doubleDoubleSoftmaxRow(pairs, label, into);
      const u = exactMeasure(label, logits.length);
      worst = Math.max(worst, worstError(into, exactSoftmaxRow(exact, u), u));
      doubleDoubleSoftmaxRow(pairs, pairsOf(u), into);
      worst = Math.max(worst, worstError(into, exactSoftmaxRow(exact, u), u));
    }
    expect(worst).toBeLessThan(TOLERANCE);
  });

  test('agrees with Decimal under one-hot masses, and a logit moved by a unit does not', () => {
    const logits = [0.3, 12.25, -4, 0.1];
    const u = exactMeasure(1, 4);
    const exact = exactSoftmaxRow(logits, u);
    expect(worstError(score(logits, pairsOf(u)), exact, u)).toBeLessThan(TOLERANCE);
    expect(worstError(score([0.3 + 2 ** -54, 12.25, -4, 0.1], 1), exact, u)).toBeGreaterThan(1e-18);
  });

  test('gives hand values', () => {
    const confident = score([40, 0], 0);
    expect(confident.loss[0]).toBe(4.248354255291589e-18);
    expect(Array.from(confident.gradientHigh)).toEqual([-4.248354255291589e-18, 4.248354255291589e-18]);
    expect(score([0, 0], 0).loss[0]).toBe(Math.LN2);
    expect(score([746, 0], 1).loss[0]).toBe(746);
    // 1 - p of a p that is 1 even in 106 bits.
    for (const target of [0, pairsOf([1, 0])]) {
      const certain = score([300, 0], target);
      expect(certain.loss[0]).toBe(5.148200222412013e-131);
      expect(Array.from(certain.gradientHigh)).toEqual([-5.148200222412013e-131, 5.148200222412013e-131]);
    }
  });

  test('flushes what a gap of 1e4 leaves, and keeps the gap', () => {
    const right = score([1e4, 0], 0);
    expect([right.loss[0], ...right.gradientHigh].map(Math.abs)).toEqual([0, 0, 0]);
    expect(score([1e4, 0], 1).loss[0]).toBe(1e4);
    expect(score([1e30, 0], 1).loss[0]).toBe(1e30);
    expect(score([1e308, -1e308], 0).loss[0]).toBe(0);
    expect(score([1e308, -1e308], 1).loss[0]).toBe(Infinity);
  });

  test('takes -Infinity as probability zero', () => {
    const masked = score([0, -Infinity, 1], 0);
    expect(masked.loss).toEqual(score([0, 1], 0).loss);
    expect(masked.gradientHigh[1]).toBe(0);
    const under = score([0, -Infinity, 1], 1);
    expect([under.loss[0], under.gradientHigh[1]]).toEqual([Infinity, -1]);
    expect(score([0, -Infinity, 1], pairsOf([0.5, 0.25, 0.25])).loss[0]).toBe(Infinity);
    expect(Math.abs(score([0, -Infinity], 0).loss[0])).toBe(0);
    const nothing = score([-Infinity, -Infinity], 0);
    expect([nothing.loss[0], ...nothing.gradientHigh]).toEqual([NaN, NaN, NaN]);
  });

  test('refuses logits without a softmax', () => {
    expect(() => score([0, NaN], 0)).toThrow(new RangeError('"logits[1]" expected a number below Infinity, got NaN'));
    expect(() => score([Infinity, 0], 0)).toThrow(
      new RangeError('"logits[0]" expected a number below Infinity, got Infinity'),
    );
  });
});
