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
 * The bounds promised, in units in the last place of the type. A gradient element that is a true difference, p_j - u_j at a
 * smoothed target, is measured in those of p_j + u_j, since it is ill-conditioned where the two meet.
 */
const OF_TYPESCRIPT = { float32: { loss: 0.51, gradient: 1.5 }, float64: { loss: 5, gradient: 8 } } as const;
const OF_SIMD = { float32: { loss: 3.5, gradient: 5 }, float64: { loss: 5, gradient: 8 } } as const;
const SEED = 2022;
const SMOOTHING = 0.1;
const plain = categoricalCrossEntropy();
const smoothed = labelSmoothed(plain, { smoothing: SMOOTHING });

/** Each engine that runs here, for each type. */
const cases = plain.link.engines
  .filter(({ available }) => available?.() ?? true)
  .flatMap(({ name }) => (['float32', 'float64'] as const).map((type) => ({ engine: name, type })));

/** How many of the rows the engines other than TypeScript get: theirs have tests of their own in the kernels. */
const SHARE = 0.2;

/** Loss and gradient of one row as a user gets them, rounded to the type of the logits. */
function evaluateRow(
  loss: typeof plain,
  logits: Float32Array | Float64Array,
  label: number,
  engine: string,
): { loss: number; gradient: ArrayLike<number> } {
  const options = { losses: true, gradient: true, engine };
  const row = loss.evaluate({ data: logits, dims: [1, logits.length] }, [label], options);
  return { loss: row.losses?.[0] ?? Number.NaN, gradient: row.gradient ?? [] };
}

/** The largest errors of many rows. */
interface Worst {
  loss: number;
  gradient: number;
  logits: number;
  rows: number;
}

function againstDecimal(loss: typeof plain, smoothing: number, engine: string, type: FloatType, logits: number): Worst {
  const worst: Worst = { loss: 0, gradient: 0, logits: 0, rows: 0 };
  for (const row of randomRows({ seed: SEED + logits, logits, type })) {
    const classes = row.logits.length;
    // A smoothed loss over a masked class is infinite; its gradient is compared as well.
    const measure = exactMeasure(row.label, classes, smoothing === 0 ? [] : [{ kind: 'mix', smoothing }]);
    const exact = exactSoftmaxRow(row.logits, measure);
    const actual = evaluateRow(loss, row.logits, row.label, engine);
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

function againstDoubleDouble(engine: string, type: FloatType, rows: number): Worst {
  const worst: Worst = { loss: 0, gradient: 0, logits: 0, rows: 0 };
  const into = { loss: new Float64Array(2), gradientHigh: new Float64Array(1000), gradientLow: new Float64Array(1000) };
  for (const row of randomRows({ seed: SEED, logits: 2 ** 40, type })) {
    const actual = evaluateRow(plain, row.logits, row.label, engine);
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

describe.each(cases)('$engine: $type rows with gaps to 1e4 and offsets to 1e30 (seed 2022)', ({ engine, type }) => {
  const isTypescript = engine === 'typescript';
  const { loss, gradient } = (isTypescript ? OF_TYPESCRIPT : OF_SIMD)[type];
  const bounds = `loss within ${String(loss)} ulp, gradient within ${String(gradient)}`;
  const share = isTypescript ? 1 : SHARE;

  it(`over ${String(40_000 * share)} logits against arbitrary precision: ${bounds}`, { timeout: 120_000 }, () => {
    const worst = againstDecimal(plain, 0, engine, type, 40_000 * share);
    expect(worst.logits).toBeGreaterThanOrEqual(40_000 * share);
    expect(worst.loss).toBeLessThanOrEqual(loss);
    expect(worst.gradient).toBeLessThanOrEqual(gradient);
  });

  it(
    `smoothed, over ${String(10_000 * share)} logits against arbitrary precision: ${bounds}`,
    { timeout: 120_000 },
    () => {
      const worst = againstDecimal(smoothed, SMOOTHING, engine, type, 10_000 * share);
      expect(worst.logits).toBeGreaterThanOrEqual(10_000 * share);
      expect(worst.loss).toBeLessThanOrEqual(loss);
      expect(worst.gradient).toBeLessThanOrEqual(gradient);
    },
  );

  it(`over ${String(50_000 * share)} rows against double-double arithmetic: ${bounds}`, { timeout: 120_000 }, () => {
    const worst = againstDoubleDouble(engine, type, 50_000 * share);
    expect(worst.rows).toBe(50_000 * share);
    expect(worst.loss).toBeLessThanOrEqual(loss);
    expect(worst.gradient).toBeLessThanOrEqual(gradient);
  });
});
