import {
  doubleDoubleSoftmaxRow,
  exactMeasure,
  exactSoftmaxRow,
  pairsOf,
  randomNumbers,
  randomRows,
  ulpsBetween,
  ulpsBetweenPairs,
  ulpsOfScale,
  ulpsOfScalePairs,
  type FloatType,
  type MassPairs,
} from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { LABEL_MEASURE, runEngine } from '../testing/run-engine.js';
import { createTypescriptEngine, typescriptEngine } from './typescript-engine.js';

type Run = ReturnType<typeof runEngine>;

const chunked = createTypescriptEngine({ tile: 32, memory: 0 });

function uniform(classes: number): Float64Array {
  return new Float64Array(classes).fill(1 / classes);
}

function random(seed: number, count: number): Float64Array {
  const numbers = randomNumbers(seed);
  return Float64Array.from({ length: count }, () => numbers.uniform());
}

/** Errors of a row: of the loss in its own units, of the gradient in units of |u| p + u. */
function errorsOf(z: Float32Array | Float64Array, u: MassPairs, { losses, gradient }: Run, type: FloatType): number[] {
  const exact = {
    loss: new Float64Array(2),
    gradientHigh: new Float64Array(z.length),
    gradientLow: new Float64Array(z.length),
  };
  doubleDoubleSoftmaxRow(z, u, exact);
  const loss = type === 'float32' ? Math.fround(losses[0]) : losses[0];
  const ofGradient = Array.from(gradient, (value, j) => {
    const [high, low] = [exact.gradientHigh[j], exact.gradientLow[j]];
    const scale = Math.abs(high + 2 * u.high[j]); // |u| p + u = gradient + 2 u
    return ulpsOfScalePairs(value, high, low, scale, type);
  });
  return [ulpsBetweenPairs(loss, exact.loss[0], exact.loss[1], type), Math.max(...ofGradient)];
}

/** The smoothed measure of a label as exact pairs: (1 - e) [c = y] + e / C, times 1 or the class weights. */
function smoothedPairs(
  label: number,
  classes: number,
  direct: number,
  spread: number,
  vector: Float64Array,
): MassPairs {
  if (classes <= 64)
    return pairsOf(
      exactMeasure(vector, classes, [{ kind: 'scale', weights: Array<number>(classes).fill(spread) }]).map((mass, c) =>
        c === label ? mass.add(exactMeasure([direct], 1)[0]) : mass,
      ),
    );
  // spread = 2^-4 and direct = 1 - 2^-4 times short vectors: the products are doubles, the sum at the label has a low part.
  const high = vector.map((mass, c) => spread * mass + (c === label ? direct : 0));
  const low = vector.map((mass, c) => (c === label ? spread * mass - (high[c] - direct) : 0));
  return { high, low };
}

describe('accuracy of spread targets', () => {
  it.each([
    ['float32', 0.51, 0.51],
    ['float64', 5, 8],
  ] as const)('%s: loss within %d ulp, gradient within %d ulp of |u| p + u', (type, lossBound, gradientBound) => {
    for (const range of [
      [2, 40],
      [41, 3000],
      [60_000, 250_000],
    ] as const) {
      for (const { logits: z, label } of randomRows({ seed: 11, logits: 30_000, type, classes: range })) {
        const vector = uniform(z.length);
        const [direct, spread] = [0.9375, 0.0625];
        const result = runEngine({
          engine: typescriptEngine,
          logits: z,
          layout: { rows: 1, classes: z.length, inner: 1 },
          labels: [label],
          plan: { labelMeasure: { direct, spread, vector } },
        });
        const u = smoothedPairs(label, z.length, direct, spread, vector);
        const [loss, gradient] = errorsOf(z, u, result, type);
        expect(loss).toBeLessThanOrEqual(lossBound);
        expect(gradient).toBeLessThanOrEqual(gradientBound);
      }
    }
  });

  it('weights of both parts and of the row multiply the measure', () => {
    const logits = Float64Array.of(1, -2, 0.5, 3);
    const measure = {
      direct: 0.75,
      directWeights: Float64Array.of(1, 2, 4, 8),
      spread: 0.25,
      spreadWeights: Float64Array.of(0.5, 1, 2, 4),
      vector: Float64Array.of(0.5, 0.125, 0.125, 0.25),
    };
    const { losses, gradient } = runEngine({
      engine: typescriptEngine,
      logits,
      layout: { rows: 1, classes: 4, inner: 1 },
      labels: [2],
      weights: [3],
      gradientScale: 0.5,
      plan: { labelMeasure: measure },
    });
    const u = Array.from(measure.vector, (mass, c) => 3 * (0.5 * mass + (c === 2 ? 3 : 0)));
    const exact = exactSoftmaxRow(logits, u);
    expect(ulpsBetween(losses[0], exact.loss, 'float64')).toBeLessThanOrEqual(5);
    exact.gradient.forEach((value, j) => {
      const scale = value.abs().add(2 * u[j]);
      expect(ulpsOfScale(gradient[j], value.mul(0.5), scale.mul(0.5), 'float64')).toBeLessThanOrEqual(8);
    });
  });
});

describe('accuracy of target rows', () => {
  it.each([
    ['float32', 0.51, 0.51],
    ['float64', 5, 8],
  ] as const)('%s: loss within %d ulp, gradient within %d ulp of |u| p + u', (type, lossBound, gradientBound) => {
    for (const range of [
      [2, 3000],
      [60_000, 90_000],
    ] as const) {
      let seed = 0;
      for (const { logits: z } of randomRows({ seed: 12, logits: 60_000, type, classes: range })) {
        // Masked classes keep no mass; every third class has none either.
        const rows = random(++seed, z.length).map((mass, c) => (z[c] === -Infinity || c % 3 === 1 ? 0 : mass));
        const layout = { rows: 1, classes: z.length, inner: 1 };
        const result = runEngine({ engine: typescriptEngine, logits: z, layout, labels: [0], rows });
        const [loss, gradient] = errorsOf(z, { high: rows, low: new Float64Array(z.length) }, result, type);
        expect(loss).toBeLessThanOrEqual(lossBound);
        expect(gradient).toBeLessThanOrEqual(gradientBound);
      }
    }
  });

  it('a one-hot row has the loss of its label, and its gradient to 4 ulp, at both ends of the range', () => {
    for (const gap of [0, 1, 30, 300, 2000]) {
      const logits = Float64Array.of(gap, 0, -1);
      const call = { engine: typescriptEngine, logits, layout: { rows: 1, classes: 3, inner: 1 } };
      for (const label of [0, 1]) {
        const hard = runEngine({ ...call, labels: [label], plan: { labelMeasure: LABEL_MEASURE } });
        const rows = Float64Array.from([0, 1, 2], (c) => Number(c === label));
        const soft = runEngine({ ...call, labels: [0], rows });
        expect(Math.abs(soft.losses[0] - hard.losses[0])).toBeLessThanOrEqual(4 * 2 ** -52 * hard.losses[0]);
        expect(Math.abs(soft.gradient[0] - hard.gradient[0])).toBeLessThanOrEqual(
          4 * 2 ** -52 * Math.abs(hard.gradient[0]),
        );
      }
    }
  });

  const steps = [
    { kind: 'scale', by: 'outcome', weights: [1, 2, 0.5, 3], counted: true },
    { kind: 'mix', smoothing: 0.25, spread: 'all', towards: [0.25, 0.25, 0.25, 0.25] },
    { kind: 'scale', by: 'outcome', weights: [4, 1, 1, 0.25], counted: true },
    { kind: 'mix', smoothing: 0.5, spread: 'all', towards: [0.25, 0.25, 0.25, 0.25] },
  ] as const;

  it.each([undefined, [0.125, 0.5, 0, 0.375]])('target steps act in order, on a label or on %s', (row) => {
    const logits = Float64Array.of(1, -2, 0.5, 3);
    const { losses, gradient } = runEngine({
      engine: typescriptEngine,
      logits,
      layout: { rows: 1, classes: 4, inner: 1 },
      labels: [1],
      ...(row && { rows: Float64Array.from(row) }),
      plan: { targetSteps: steps },
    });
    const u = exactMeasure(row ?? 1, 4, steps);
    const exact = exactSoftmaxRow(logits, u);
    expect(ulpsBetween(losses[0], exact.loss, 'float64')).toBeLessThanOrEqual(5);
    exact.gradient.forEach((value, j) => {
      expect(ulpsOfScale(gradient[j], value, value.abs().add(u[j].mul(2)), 'float64')).toBeLessThanOrEqual(8);
    });
  });
});

describe('chunks, and rows beside others', () => {
  const [rows, classes] = [5, 131];
  const labels = [0, 130, 64, 31, 32];
  const logits = random(3, rows * classes).map((value, i) =>
    i % classes === 7 ? -Infinity : 30 * value + 300 * (i % 3),
  );
  const targets = random(4, rows * classes).map((value, i) => (i % classes === 7 ? 0 : value));
  const vector = random(5, classes).map((value, c) => (c === 7 ? 0 : value / classes));
  const towards = Array.from(uniform(classes));
  const weights = [1, 0.5, 0, 2, 3];
  const plans = {
    spread: { plan: { labelMeasure: { direct: 0.9, spread: 0.1, vector } } },
    'target rows': { rows: targets },
    'two mixes': {
      plan: {
        targetSteps: [
          { kind: 'mix', smoothing: 0.1, spread: 'all', towards },
          { kind: 'scale', by: 'outcome', weights: Array.from(vector), counted: true },
          { kind: 'mix', smoothing: 0.2, spread: 'all', towards: Array.from(vector) },
        ],
      },
    },
    partition: { rows: targets, plan: { partition: 0.01 } },
    focal: { rows: targets, plan: { terms: [{ coefficient: 1, power: 2, order: 0 }], partition: 0.01 } },
    'spread focal': {
      plan: {
        labelMeasure: { direct: 0.9, spread: 0.1, vector },
        terms: [{ coefficient: 1, power: 2, order: 0 }],
      },
    },
  } as const;

  it.each(Object.keys(plans) as (keyof typeof plans)[])('%s: chunks and tiles change no bit', (name) => {
    const call = { logits, labels, weights, layout: { rows, classes, inner: 1 }, ...plans[name] };
    const whole = runEngine({ ...call, engine: typescriptEngine });
    expect(runEngine({ ...call, engine: chunked })).toEqual(whole);
    for (const memory of [160, 350])
      expect(runEngine({ ...call, engine: createTypescriptEngine({ tile: 32, memory }) })).toEqual(whole);
    expect(runEngine({ ...call, engine: typescriptEngine, tileRows: 2 })).toEqual(whole);
    expect(whole.losses[2]).toBe(0);
    expect(whole.losses.every((loss, row) => row === 2 || loss > 0)).toBe(true);
  });

  it.each([typescriptEngine, chunked])('an ignored row is 0 and a NaN row alone is NaN', (engine) => {
    const broken = logits.map((value, i) => (i < 2 * classes && i % 5 === 0 ? NaN : value));
    const layout = { rows, classes, inner: 1 };
    const call = { engine, labels, layout, rows: targets, keep: [1, 0, 1, 1, 1], propagate: true };
    const { losses, gradient } = runEngine({ ...call, logits: broken });
    const clean = runEngine({ ...call, logits });
    expect([...losses]).toEqual([NaN, 0, ...clean.losses.subarray(2)]);
    expect(gradient.subarray(0, classes).every(Number.isNaN)).toBe(true);
    expect(gradient.subarray(classes, 2 * classes).every((value) => value === 0)).toBe(true);
    expect(gradient.subarray(2 * classes)).toEqual(clean.gradient.subarray(2 * classes));
    expect(runEngine({ ...call, logits: broken, propagate: false }).fault).toEqual({
      kind: 'number',
      position: 0,
      value: NaN,
    });
  });
});

describe('edges', () => {
  it('a -Infinity logit costs nothing without mass, and Infinity with it', () => {
    const logits = Float64Array.of(0, -Infinity, 0, 0, -Infinity, 0);
    const rows = Float64Array.of(0.5, 0, 0.5, 0.5, 0.25, 0.25);
    const layout = { rows: 2, classes: 3, inner: 1 };
    const { losses, gradient } = runEngine({ engine: typescriptEngine, logits, layout, labels: [0, 0], rows });
    expect(losses[0]).toBeCloseTo(Math.LN2, 15);
    expect(losses[1]).toBe(Infinity);
    expect([...gradient]).toEqual([0, 0, 0, 0, -0.25, 0.25]);
  });

  it('what would round to -0 is stored as 0', () => {
    const logits = Float32Array.of(-100, -101, -400, -100, -101, -400);
    const rows = Float32Array.of(0, 1e-30, 1, 1, 0, 1e-45);
    // The partition pulls: its log-partition is below 0.
    const layout = { rows: 2, classes: 3, inner: 1 };
    const call = { engine: typescriptEngine, logits, layout, labels: [0, 0], gradientScale: 1e-20 };
    expect(runEngine({ ...call, rows, plan: { partition: 3 } }).fault).toBeUndefined();
    expect(runEngine({ ...call, plan: { labelMeasure: LABEL_MEASURE, partition: 3 } }).fault).toBeUndefined();
  });

  it('tiny weights lose no digit', () => {
    const logits = Float64Array.of(1, 2, 3);
    const layout = { rows: 1, classes: 3, inner: 1 };
    for (const more of [{ rows: Float64Array.of(1, 0, 0) }, { plan: { labelMeasure: LABEL_MEASURE } }]) {
      const call = { engine: typescriptEngine, logits, layout, labels: [0], ...more };
      const [bare, tiny] = [runEngine(call), runEngine({ ...call, weights: [2 ** -900] })];
      bare.gradient.forEach((value, j) => {
        expect(Math.abs(tiny.gradient[j] / 2 ** -900 / value - 1)).toBeLessThan(1e-15);
      });
    }
  });
});
