import {
  doubleDoubleSoftmaxRow,
  exactSoftmaxRow,
  randomRows,
  ulpsBetween,
  ulpsBetweenPairs,
  type FloatType,
  type SurprisalTerm,
} from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { CROSS_ENTROPY, LABEL_MEASURE, runEngine } from '../testing/run-engine.js';
import { createTypescriptEngine, typescriptEngine } from './typescript-engine.js';

const labelMeasure = LABEL_MEASURE;

interface Errors {
  loss: number;
  gradient: number;
}

/** The largest errors, in units in the last place, over random rows of all kinds. */
function worstErrors(type: FloatType, logits: number, classes: readonly [number, number], seed: number): Errors {
  const worst = { loss: 0, gradient: 0 };
  for (const { logits: z, label } of randomRows({ seed, logits, type, classes })) {
    const layout = { rows: 1, classes: z.length, inner: 1 };
    const { losses, gradient } = runEngine({
      engine: typescriptEngine,
      logits: z,
      layout,
      labels: [label],
      plan: { labelMeasure },
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
    }
  }
  return worst;
}

describe('accuracy of hard labels', () => {
  it.each([
    [2, 40, 60_000, 1],
    [2, 2000, 300_000, 2],
    [60_000, 250_000, 600_000, 3],
  ])('float32, %d to %d classes: loss within 0.51 ulp, gradient within 0.51', (low, high, logits, seed) => {
    const { loss, gradient } = worstErrors('float32', logits, [low, high], seed);
    expect(loss).toBeLessThanOrEqual(0.51);
    expect(gradient).toBeLessThanOrEqual(0.51);
  });

  it.each([
    [2, 40, 60_000, 4],
    [2, 2000, 300_000, 5],
    [60_000, 250_000, 600_000, 6],
  ])('float64, %d to %d classes: loss within 5 ulp, gradient within 8', (low, high, logits, seed) => {
    const { loss, gradient } = worstErrors('float64', logits, [low, high], seed);
    expect(loss).toBeLessThanOrEqual(5);
    expect(gradient).toBeLessThanOrEqual(8);
  });

  const surprisals: Record<string, readonly SurprisalTerm[]> = {
    focal: [{ coefficient: 1, power: 2, order: 0 }],
    'focal below 1': [{ coefficient: 1, power: 0.5, order: 0 }],
    'focal 1': [{ coefficient: 1, power: 1, order: 0 }],
    generalised: [{ coefficient: 1, power: 0, order: 0.7 }],
    symmetric: [
      { coefficient: 0.1, power: 0, order: 0 },
      { coefficient: 4, power: 0, order: 1 },
    ],
    'poly-1': [CROSS_ENTROPY[0], { coefficient: 2, power: 0, order: 1 }],
    mixed: [{ coefficient: 0.5, power: 3.3, order: 2.5 }],
  };

  it.each(Object.keys(surprisals))('float64 %s: loss within 20 ulp, gradient within 32', (name) => {
    const terms = surprisals[name];
    for (const { logits: z, label } of randomRows({ seed: 7, logits: 1200, type: 'float64', classes: [2, 30] })) {
      const layout = { rows: 1, classes: z.length, inner: 1 };
      const { losses, gradient } = runEngine({
        engine: typescriptEngine,
        logits: z,
        layout,
        labels: [label],
        plan: { labelMeasure, terms },
      });
      const measure = Array.from(z, (_, index) => Number(index === label));
      const exact = exactSoftmaxRow(z, measure, { terms });
      expect(ulpsBetween(losses[0], exact.loss, 'float64')).toBeLessThanOrEqual(20);
      const errors = exact.gradient.map((value, index) => ulpsBetween(gradient[index], value, 'float64'));
      expect(Math.max(...errors)).toBeLessThanOrEqual(32);
    }
  });

  it('a partition term adds strength lse^2 and pushes every class', () => {
    const logits = Float64Array.from([0.5, -2, 3, 700, 690, 1, -800, -805, -801]);
    const { losses, gradient } = runEngine({
      engine: typescriptEngine,
      logits,
      layout: { rows: 3, classes: 3, inner: 1 },
      labels: [1, 0, 2],
      weights: [2, 1, 0.5],
      plan: { labelMeasure, partition: 0.25 },
    });
    for (const [row, label, weight] of [
      [0, 1, 2],
      [1, 0, 1],
      [2, 2, 0.5],
    ]) {
      const z = logits.subarray(3 * row, 3 * row + 3);
      const measure = Array.from(z, (_, index) => Number(index === label));
      const exact = exactSoftmaxRow(z, measure, { partition: 0.25 });
      expect(ulpsBetween(losses[row], exact.loss.mul(weight), 'float64')).toBeLessThanOrEqual(5);
      const errors = exact.gradient.map((value, j) => ulpsBetween(gradient[3 * row + j], value.mul(weight), 'float64'));
      expect(Math.max(...errors)).toBeLessThanOrEqual(16);
    }
  });
});

describe('chunks, tiles and layouts', () => {
  const [rows, classes] = [7, 333];
  const labels = [0, 332, 100, 64, 31, 32, 200];
  const row = [...randomRows({ seed: 8, logits: 4 * rows * classes, type: 'float64', classes: [classes, classes] })];
  const logits = Float64Array.from(
    { length: rows * classes },
    (_, i) => row[Math.floor(i / classes)].logits[i % classes],
  );
  // A label may be masked; that row's loss is Infinity, which must not depend on chunks either.
  const call = { logits, labels, layout: { rows, classes, inner: 1 }, plan: { labelMeasure }, gradientScale: 0.25 };
  const whole = runEngine({ ...call, engine: typescriptEngine });

  it.each([32, 64, 100, 320])('rows cut into chunks of %d have the bits of whole rows', (tile) => {
    const chunked = runEngine({ ...call, engine: createTypescriptEngine({ tile, memory: 0 }) });
    expect(chunked).toEqual(whole);
  });

  it.each([96, 200, 640])('with room for %d numbers the bits are the same', (memory) => {
    const engine = createTypescriptEngine({ tile: 32, memory });
    expect(runEngine({ ...call, engine })).toEqual(whole);
    // An ignored and a NaN row between others leave nothing behind.
    const keep = [1, 0, 1, 1, 1, 1, 1];
    const broken = { ...call, logits: logits.map((z, i) => (i === 3 * classes ? NaN : z)), keep, propagate: true };
    expect(runEngine({ ...broken, engine })).toEqual(runEngine({ ...broken, engine: typescriptEngine }));
  });

  it.each([1, 2, 5])('tiles of %d rows give the same bits', (tileRows) => {
    expect(runEngine({ ...call, engine: typescriptEngine, tileRows })).toEqual(whole);
  });

  it.each([1, 3])('a partition and a surprisal survive chunks; %d rows a tile', (tileRows) => {
    const plan = { labelMeasure, partition: 0.1, terms: [{ coefficient: 1, power: 2, order: 0 }] };
    const expected = runEngine({ ...call, plan, engine: typescriptEngine });
    const engine = createTypescriptEngine({ tile: 64, memory: 0 });
    expect(runEngine({ ...call, plan, engine, tileRows })).toEqual(expected);
  });

  it('a class axis before others gives the same bits, whole and in chunks', () => {
    const strided = new Float64Array(logits.length);
    for (let r = 0; r < rows; r++) for (let c = 0; c < classes; c++) strided[c * rows + r] = logits[r * classes + c];
    const layout = { rows, classes, inner: rows };
    for (const engine of [typescriptEngine, createTypescriptEngine({ tile: 96, memory: 0 })]) {
      const { losses, gradient } = runEngine({ ...call, logits: strided, layout, engine });
      expect(losses).toEqual(whole.losses);
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < classes; c++) expect(gradient[c * rows + r]).toBe(whole.gradient[r * classes + c]);
    }
  });

  it('float32 rows are those of the same numbers in float64, rounded once', () => {
    const narrow = Float32Array.from(logits);
    const wide = runEngine({ ...call, logits: Float64Array.from(narrow), engine: typescriptEngine });
    const result = runEngine({ ...call, logits: narrow, engine: typescriptEngine });
    expect(result.losses).toEqual(wide.losses);
    const rounded = Float32Array.from(wide.gradient);
    expect(result.gradient.every((value, index) => value === rounded[index])).toBe(true);
  });

  it('without a gradient the losses have the same bits', () => {
    expect(runEngine({ ...call, engine: typescriptEngine, valueOnly: true }).losses).toEqual(whole.losses);
  });

  it('a session inside another does not disturb it', () => {
    const session = (): unknown => runEngine({ ...call, engine: typescriptEngine });
    expect([session(), session()]).toEqual([whole, whole]);
  });
});

describe('weights and ignored rows', () => {
  const layout = { rows: 3, classes: 2, inner: 1 };

  it.each([typescriptEngine, createTypescriptEngine({ tile: 32, memory: 0 })])(
    'nothing of an ignored row is read: loss and gradient are 0',
    (engine) => {
      const logits = Float64Array.from([1, 2, NaN, Infinity, 3, 1]);
      const call = { engine, logits, layout, labels: [0, -100, 1], keep: [1, 0, 1], plan: { labelMeasure } };
      const { losses, gradient } = runEngine(call);
      expect(losses[1]).toBe(0);
      expect([...gradient.subarray(2, 4)]).toEqual([0, 0]);
      expect(losses[0]).toBeCloseTo(1.3132616875182228, 14);
      expect(losses[2]).toBeCloseTo(2.1269280110429727, 14);
    },
  );

  it('sample weight times class weight multiplies loss and gradient', () => {
    const logits = Float64Array.from([1, 2, 0, 0, 3, 1]);
    const bare = runEngine({ engine: typescriptEngine, logits, layout, labels: [0, 1, 1], plan: { labelMeasure } });
    const measure = { ...labelMeasure, directWeights: Float64Array.of(2, 4) };
    const call = { engine: typescriptEngine, logits, layout, labels: [0, 1, 1], weights: [0.5, 0, 8] };
    const weighted = runEngine({ ...call, plan: { labelMeasure: measure } });
    [1, 0, 32].forEach((factor, row) => {
      expect(weighted.losses[row]).toBe(factor * bare.losses[row]);
      expect([...weighted.gradient.subarray(2 * row, 2 * row + 2)]).toEqual(
        [...bare.gradient.subarray(2 * row, 2 * row + 2)].map((value) => factor * value + 0),
      );
    });
  });

  it('a row without mass has loss 0 where its surprisal is infinite', () => {
    const logits = Float64Array.from([-Infinity, 0, 1, 2, 3, 4]);
    const call = { engine: typescriptEngine, logits, layout, labels: [0, 0, 0], weights: [0, 1, 1] };
    const { losses, gradient } = runEngine({ ...call, plan: { labelMeasure } });
    expect(losses[0]).toBe(0);
    expect([...gradient.subarray(0, 2)]).toEqual([0, 0]);
  });
});

describe('edges', () => {
  const layout = { rows: 2, classes: 3, inner: 1 };
  const run = (values: readonly number[], more: object = {}): ReturnType<typeof runEngine> =>
    runEngine({
      engine: typescriptEngine,
      logits: Float64Array.from(values),
      layout,
      labels: [0, 1],
      plan: { labelMeasure },
      ...more,
    });

  it('a masked class has gradient 0, a masked label loss Infinity', () => {
    const { losses, gradient } = run([0, -Infinity, 0, 0, -Infinity, 0]);
    expect(losses[0]).toBeCloseTo(0.6931471805599453, 15);
    expect(losses[1]).toBe(Infinity);
    expect([...gradient]).toEqual([-0.5, 0, 0.5, 0.5, -1, 0.5]);
  });

  it.each([
    { values: [0, 1, 2, 3, NaN, 4], kind: 'number', position: 4, value: NaN },
    { values: [0, 1, Infinity, 3, NaN, 4], kind: 'number', position: 2, value: Infinity },
    { values: [0, 1, 2, -Infinity, -Infinity, -Infinity], kind: 'masked', position: 3, value: -Infinity },
    { values: [0, 1, 2, -Infinity, NaN, -Infinity], kind: 'number', position: 4, value: NaN },
  ])('$kind fault at position $position', ({ values, ...fault }) => {
    for (const engine of [typescriptEngine, createTypescriptEngine({ tile: 32, memory: 0 })])
      expect(run(values, { engine }).fault).toEqual(fault);
  });

  it('positions follow the layout', () => {
    const { fault } = run([0, 1, 2, 3, 4, NaN], { layout: { rows: 2, classes: 3, inner: 2 } });
    expect(fault).toEqual({ kind: 'number', position: 5, value: NaN });
  });

  it('propagated NaN and Infinity make their own row NaN', () => {
    const clean = run([0, 1, 2, 3, 4, 5]);
    for (const engine of [typescriptEngine, createTypescriptEngine({ tile: 32, memory: 0 })]) {
      for (const bad of [NaN, Infinity]) {
        const { losses, gradient } = run([0, 1, bad, 3, 4, 5], { propagate: true, engine });
        expect([...losses]).toEqual([NaN, clean.losses[1]]);
        expect([...gradient]).toEqual([NaN, NaN, NaN, ...clean.gradient.subarray(3)]);
      }
      const masked = [-Infinity, -Infinity, -Infinity, 3, 4, 5];
      expect(run(masked, { propagate: true, engine }).fault?.kind).toBe('masked');
    }
  });
});
