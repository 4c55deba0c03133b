import { labelSmoothed } from '@surprisal/label-smoothing';
import {
  doubleDoubleSoftmaxRow,
  exactMeasure,
  exactSoftmaxRow,
  randomRows,
  ulpsBetween,
  ulpsBetweenPairs,
  ulpsOfScale,
  type FloatType,
} from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { categoricalCrossEntropy } from './index.js';

/*
 * The bounds promised for the TypeScript engine, in units in the last place of the type. A gradient element that is a
 * true difference, p_j - u_j at a smoothed target, is measured in those of p_j + u_j, since it is ill-conditioned where
 * the two meet.
 */
const BOUNDS = { float32: { loss: 0.51, gradient: 1.5 }, float64: { loss: 5, gradient: 8 } } as const;
const SEED = 2022;
const SMOOTHING = 0.1;
const plain = categoricalCrossEntropy();
const smoothed = labelSmoothed(plain, { smoothing: SMOOTHING });

/** Loss and gradient of one row as a user gets them, rounded to the type of the logits. */
function evaluateRow(
  loss: typeof plain,
  logits: Float32Array | Float64Array,
  label: number,
): { loss: number; gradient: ArrayLike<number> } {
  const row = loss.evaluate({ data: logits, dims: [1, logits.length] }, [label], { losses: true, gradient: true });
  return { loss: row.losses?.[0] ?? Number.NaN, gradient: row.gradient ?? [] };
}

/** The largest errors of many rows. */
interface Worst {
  loss: number;
  gradient: number;
  logits: number;
  rows: number;
}

function againstDecimal(loss: typeof plain, smoothing: number, type: FloatType, logits: number): Worst {
  const worst: Worst = { loss: 0, gradient: 0, logits: 0, rows: 0 };
  for (const row of randomRows({ seed: SEED + logits, logits, type })) {
    const classes = row.logits.length;
    // A smoothed loss over a masked class is infinite; its gradient is compared as well.
    const measure = exactMeasure(row.label, classes, smoothing === 0 ? [] : [{ kind: 'mix', smoothing }]);
    const exact = exactSoftmaxRow(row.logits, measure);
    const actual = evaluateRow(loss, row.logits, row.label);
    worst.loss = Math.max(worst.loss, ulpsBetween(actual.loss, exact.loss, type));
    exact.gradient.forEach((slope, index) => {
      const mass = measure[index];
      const value = actual.gradient[index] ?? Number.NaN;
      const error =
        smoothing === 0
          ? ulpsBetween(value, slope, type)
          : ulpsOfScale(value, slope, slope.plus(mass).plus(mass), type);
      worst.gradient = Math.max(worst.gradient, error);
    });
    worst.logits += classes;
    worst.rows++;
  }
  return worst;
}

function againstDoubleDouble(type: FloatType, rows: number): Worst {
  const worst: Worst = { loss: 0, gradient: 0, logits: 0, rows: 0 };
  const into = { loss: new Float64Array(2), gradientHigh: new Float64Array(1000), gradientLow: new Float64Array(1000) };
  for (const row of randomRows({ seed: SEED, logits: 2 ** 40, type })) {
    const actual = evaluateRow(plain, row.logits, row.label);
    doubleDoubleSoftmaxRow(row.logits, row.label, into);
    worst.loss = Math.max(worst.loss, ulpsBetweenPairs(actual.loss, into.loss[0], into.loss[1], type));
    for (let c = 0; c < row.logits.length; c++) {
      const error = ulpsBetweenPairs(actual.gradient[c] ?? Number.NaN, into.gradientHigh[c], into.gradientLow[c], type);
      if (!(error <= worst.gradient)) worst.gradient = error;
    }
    worst.logits += row.logits.length;
    if (++worst.rows === rows) break;
  }
  return worst;
}

describe.each(['float32', 'float64'] as const)('%s rows with gaps to 1e4 and offsets to 1e30 (seed 2022)', (type) => {
  const { loss, gradient } = BOUNDS[type];
  const bounds = `loss within ${String(loss)} ulp, gradient within ${String(gradient)}`;

  it(`over 40,000 logits against arbitrary precision: ${bounds}`, { timeout: 120_000 }, () => {
    const worst = againstDecimal(plain, 0, type, 40_000);
    expect(worst.logits).toBeGreaterThanOrEqual(40_000);
    expect(worst.loss).toBeLessThanOrEqual(loss);
    expect(worst.gradient).toBeLessThanOrEqual(gradient);
  });

  it(`smoothed, over 10,000 logits against arbitrary precision: ${bounds}`, { timeout: 120_000 }, () => {
    const worst = againstDecimal(smoothed, SMOOTHING, type, 10_000);
    expect(worst.logits).toBeGreaterThanOrEqual(10_000);
    expect(worst.loss).toBeLessThanOrEqual(loss);
    expect(worst.gradient).toBeLessThanOrEqual(gradient);
  });

  it(`over 50,000 rows against double-double arithmetic: ${bounds}`, { timeout: 120_000 }, () => {
    const worst = againstDoubleDouble(type, 50_000);
    expect(worst.rows).toBe(50_000);
    expect(worst.loss).toBeLessThanOrEqual(loss);
    expect(worst.gradient).toBeLessThanOrEqual(gradient);
  });
});
