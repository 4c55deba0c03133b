import type { Decimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import { doubleDoubleTermsRow, type ScaledPair } from './double-double-terms.js';
import { exactDecimal } from './exact-decimal.js';
import { exactSoftmaxRow } from './exact-softmax.js';
import { pairsOf } from './pairs.js';
import { randomRows } from './random-rows.js';
import { pairValue, relativeError } from './relative-error.js';
import type { SurprisalTerm } from './surprisal-terms.js';
import { exactMeasure } from './target-measure.js';

const SEED = 43;
/** Pairs below this have no room for all their low bits, nor have the factors they are made of. */
const FULL_PAIRS_FROM = 1e-285;
const TOLERANCE = 1e-27;

const surprisals: Readonly<Record<string, readonly SurprisalTerm[]>> = {
  'cross-entropy': [{ coefficient: 1, power: 0, order: 0 }],
  focal: [{ coefficient: 1, power: 2, order: 0 }],
  'focal of a fraction': [{ coefficient: 1, power: 0.3, order: 0 }],
  generalised: [{ coefficient: 1, power: 0, order: 0.7 }],
  'poly-1': [
    { coefficient: 1, power: 0, order: 0 },
    { coefficient: -0.5, power: 0, order: 1 },
  ],
  'a mixture': [
    { coefficient: 0.3, power: 1.5, order: 0.25 },
    { coefficient: 2, power: 0, order: 1 },
  ],
};

/** The error of a result relative to its scale; of results too small for full pairs only that they are as small. */
function errorOf({ value: [high, low], scale }: ScaledPair, exact: Decimal): number {
  if (!exact.isFinite()) return high === Number(exact) ? 0 : Infinity;
  if (exact.abs().lt(FULL_PAIRS_FROM)) return Math.abs(high) <= FULL_PAIRS_FROM ? 0 : Infinity;
  return relativeError(pairValue(high, low), exact, exactDecimal(scale));
}

describe.each(Object.entries(surprisals))('doubleDoubleTermsRow, %s', (_, terms) => {
  test.each([
    ['a label', 0],
    ['a smoothed label', 0.1],
  ])(`agrees with Decimal for %s (seed ${SEED})`, (__, smoothing) => {
    let worst = 0;
    for (const { logits, label } of randomRows({ seed: SEED, logits: 400, type: 'float64', classes: [2, 12] })) {
      const u = exactMeasure(label, logits.length, [{ kind: 'mix', smoothing }]);
      const exact = exactSoftmaxRow(logits, u, { terms, partition: 1e-3 });
      const row = doubleDoubleTermsRow(logits, pairsOf(u), { terms: () => terms, partition: 1e-3 });
      worst = Math.max(
        worst,
        errorOf(row.loss, exact.loss),
        ...exact.gradient.map((element, index) => errorOf(row.gradient[index], element)),
      );
    }
    expect(worst).toBeLessThan(TOLERANCE);
    expect(worst).toBeGreaterThan(0);
  });
});

test('a confidence penalty adds strength sum p log p, and strength p_j (log p_j + H) to the gradient', () => {
  const none = { high: [0, 0], low: [0, 0] };
  const { loss, gradient } = doubleDoubleTermsRow([Math.log(3), 0], none, { terms: () => [], negativeEntropy: 2 });
  const entropy = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
  expect(loss.value[0]).toBeCloseTo(-2 * entropy, 14);
  expect(gradient[0].value[0]).toBeCloseTo(2 * 0.75 * (Math.log(0.75) + entropy), 14);
  expect(gradient[1].value[0]).toBeCloseTo(2 * 0.25 * (Math.log(0.25) + entropy), 14);
});

test('a row whose label is wrong by more than a double can tell is as wrong as that', () => {
  const terms = (): readonly SurprisalTerm[] => surprisals['cross-entropy'];
  const { loss } = doubleDoubleTermsRow([1e4, 0], { high: [0, 1], low: [0, 0] }, { terms });
  expect(loss.value[0]).toBe(1e4);
});
