import {
  doubleDoubleSoftmaxRow,
  randomNumbers,
  randomRows,
  ulpsBetweenPairs,
  ulpsOfScalePairs,
  type FloatType,
} from '@surprisal/reference';
import type { Engine } from '@surprisal/core';
import { describe, expect, it } from 'vitest';
import { LABEL_MEASURE, runEngine } from '../../testing/run-engine.js';
import { LONGEST_SHORT } from './short-session.js';
import { relaxedSimdEngine, simdEngine } from './simd-engine.js';

interface Errors {
  loss: number;
  gradient: number;
  /** What 99.9% of the gradient elements stay below. */
  usual: number;
}

/** The largest errors, in units in the last place, over random rows of all kinds. */
function worstErrors(engine: Engine, type: FloatType, logits: number, classes: [number, number], seed: number): Errors {
  const worst = { loss: 0, gradient: 0, usual: 0 };
  const errors: number[] = [];
  for (const { logits: z, label } of randomRows({ seed, logits, type, classes })) {
    const layout = { rows: 1, classes: z.length, inner: 1 };
    const { losses, gradient } = runEngine({
      engine,
      logits: z,
      layout,
      labels: [label],
      plan: { labelMeasure: LABEL_MEASURE },
    });
    const exact = {
      loss: new Float64Array(2),
      gradientHigh: new Float64Array(z.length),
      gradientLow: new Float64Array(z.length),
    };
    doubleDoubleSoftmaxRow(z, label, exact);
    const loss = type === 'float32' ? Math.fround(losses[0]) : losses[0];
    worst.loss = Math.max(worst.loss, ulpsBetweenPairs(loss, exact.loss[0], exact.loss[1], type));
    for (let j = 0; j < z.length; j++) {
      const error = ulpsBetweenPairs(gradient[j], exact.gradientHigh[j], exact.gradientLow[j], type);
      worst.gradient = Math.max(worst.gradient, error);
      errors.push(error);
    }
  }
  errors.sort((one, other) => one - other);
  return { ...worst, usual: errors[Math.floor(errors.length * 0.999)] };
}

/** Node 20 has no relaxed operations. */
const engines = [simdEngine, relaxedSimdEngine].filter(({ available }) => available?.());

describe.each(engines)('accuracy of hard labels: $name', (engine) => {
  it.each([
    [2, 2, 60_000, 7],
    [2, 40, 60_000, 1],
    [2, 2000, 300_000, 2],
    [60_000, 250_000, 600_000, 3],
  ])('float32, %d to %d classes: loss within 3.5 ulp, gradient within 5', (low, high, logits, seed) => {
    const { loss, gradient, usual } = worstErrors(engine, 'float32', logits, [low, high], seed);
    expect(loss).toBeLessThanOrEqual(3.5);
    expect(gradient).toBeLessThanOrEqual(5);
    expect(usual).toBeLessThanOrEqual(2.5);
  });

  it.each([
    [2, 2, 60_000, 8],
    [2, 40, 60_000, 4],
    [2, 2000, 300_000, 5],
    [60_000, 250_000, 600_000, 6],
  ])('float64, %d to %d classes: loss within 5 ulp, gradient within 8', (low, high, logits, seed) => {
    const { loss, gradient } = worstErrors(engine, 'float64', logits, [low, high], seed);
    expect(loss).toBeLessThanOrEqual(5);
    expect(gradient).toBeLessThanOrEqual(8);
  });

  it('every class count from 2 to 70 keeps to its rows and its bounds, wherever they lie', () => {
    for (let classes = 2; classes <= 70; classes++) {
      const { loss, gradient } = worstErrors(engine, 'float32', 12 * classes, [classes, classes], classes);
      expect([classes, loss <= 3.5, gradient <= 5]).toEqual([classes, true, true]);
      const wide = worstErrors(engine, 'float64', 6 * classes, [classes, classes], classes);
      expect([classes, wide.loss <= 5, wide.gradient <= 8]).toEqual([classes, true, true]);
    }
  });
});

/** How v is spread: the same for all classes, at random, or on one class alone, which leaves a loss that may be tiny. */
type Spread = 'even' | 'varied' | 'single';

function makeVector(
  spread: Spread,
  z: Float32Array | Float64Array,
  random: ReturnType<typeof randomNumbers>,
): Float64Array {
  const single = random.below(z.length);
  const share = { even: () => 1, varied: () => random.uniform(), single: (index: number) => Number(index === single) };
  // A class that cannot be has no mass, as under a class mask; else the loss would be infinite.
  return Float64Array.from(z, (value, index) => (value === -Infinity ? 0 : 0.1 * share[spread](index)));
}

interface SpreadRows {
  readonly type: FloatType;
  readonly logits: number;
  readonly classes: [number, number];
  readonly spread: Spread;
  readonly seed?: number;
}

/** The largest errors of u = d [c = y] + v, the gradient in units of |u| p + u. */
function worstSpreadErrors(engine: Engine, { type, logits, classes, spread, seed = 12 }: SpreadRows): Errors {
  const random = randomNumbers(11);
  const worst = { loss: 0, gradient: 0, usual: 0 };
  const errors: number[] = [];
  for (const { logits: z, label } of randomRows({ seed, logits, type, classes })) {
    const direct = random.pick([0.9, 0, 0.25]);
    const vector = makeVector(spread, z, random);
    const mass = vector.reduce((sum, value) => sum + value, 0);
    // Of longer rows the engine leaves the others to the TypeScript engine.
    if (z.length > LONGEST_SHORT[type] && Math.max(...vector.slice(0, 60_000)) * 8 > mass) continue;
    const labelMeasure = { direct, spread: 1, vector };
    const layout = { rows: 1, classes: z.length, inner: 1 };
    const { losses, gradient } = runEngine({ engine, logits: z, layout, labels: [label], plan: { labelMeasure } });
    const [high, low] = [vector.slice(), new Float64Array(z.length)];
    high[label] = direct + vector[label];
    low[label] = Math.min(direct, vector[label]) - (high[label] - Math.max(direct, vector[label]));
    const exact = {
      loss: new Float64Array(2),
      gradientHigh: new Float64Array(z.length),
      gradientLow: new Float64Array(z.length),
    };
    doubleDoubleSoftmaxRow(z, { high, low }, exact);
    const loss = type === 'float32' ? Math.fround(losses[0]) : losses[0];
    worst.loss = Math.max(worst.loss, ulpsBetweenPairs(loss, exact.loss[0], exact.loss[1], type));
    for (let j = 0; j < z.length; j++) {
      const scale = exact.gradientHigh[j] + 2 * high[j];
      const error = ulpsOfScalePairs(gradient[j], exact.gradientHigh[j], exact.gradientLow[j], scale, type);
      worst.gradient = Math.max(worst.gradient, error);
      errors.push(error);
    }
  }
  errors.sort((one, other) => one - other);
  return { ...worst, usual: errors[Math.floor(errors.length * 0.999)] };
}

describe.each(engines)('accuracy of spread targets: $name', (engine) => {
  it.each<SpreadRows>([
    { type: 'float32', classes: [2, 40], logits: 30_000, spread: 'even' },
    { type: 'float32', classes: [2, 40], logits: 30_000, spread: 'varied' },
    { type: 'float32', classes: [2, 40], logits: 30_000, spread: 'single' },
    { type: 'float32', classes: [40, 260], logits: 100_000, spread: 'single' },
    { type: 'float32', classes: [40, 260], logits: 100_000, spread: 'varied' },
    { type: 'float32', classes: [8, 2000], logits: 200_000, spread: 'even' },
    { type: 'float32', classes: [8, 2000], logits: 200_000, spread: 'varied' },
    { type: 'float32', classes: [60_000, 250_000], logits: 400_000, spread: 'even' },
  ])('$type, $classes classes, $spread: loss within 3.5 ulp, gradient within 5', (rows) => {
    const { loss, gradient, usual } = worstSpreadErrors(engine, rows);
    expect(loss).toBeLessThanOrEqual(3.5);
    expect(gradient).toBeLessThanOrEqual(5);
    expect(usual).toBeLessThanOrEqual(2.5);
  });

  it.each<Spread>(['even', 'varied', 'single'])(
    'float64, 2 to 40 classes, %s: loss within 5 ulp, gradient within 8',
    (spread) => {
      const { loss, gradient } = worstSpreadErrors(engine, {
        type: 'float64',
        classes: [2, 40],
        logits: 30_000,
        spread,
      });
      expect(loss).toBeLessThanOrEqual(5);
      expect(gradient).toBeLessThanOrEqual(8);
    },
  );

  it('every class count from 2 to 70 keeps to its bounds', () => {
    for (let count = 2; count <= 70; count++) {
      const rows = { logits: 12 * count, classes: [count, count] as [number, number], seed: count };
      const one = worstSpreadErrors(engine, { ...rows, type: 'float32', spread: 'even' });
      expect([count, one.loss <= 3.5, one.gradient <= 5]).toEqual([count, true, true]);
      const other = worstSpreadErrors(engine, { ...rows, type: 'float64', spread: 'varied' });
      expect([count, other.loss <= 5, other.gradient <= 8]).toEqual([count, true, true]);
    }
  });
});
