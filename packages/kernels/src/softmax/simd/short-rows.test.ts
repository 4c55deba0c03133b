import type { Engine, ResolvedPlan } from '@surprisal/core';
import { randomNumbers, type FloatType } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { LABEL_MEASURE, runEngine, type EngineCall, type EngineResult } from '../../testing/run-engine.js';
import { relaxedSimdEngine, simdEngine } from './simd-engine.js';

/** Node 20 has no relaxed operations. */
const engines = [simdEngine, relaxedSimdEngine].filter(({ available }) => available?.());
const cases = engines.flatMap((engine) =>
  (['float32', 'float64'] as const).map((type) => ({ name: engine.name, engine, type })),
);

const ROWS = 14;

function arrayOf(type: FloatType, values: Iterable<number>): Float32Array | Float64Array {
  return type === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
}

/** Rows of which some are usual and others are not: masked, huge, far from their label, left out, not a number. */
function unlikeRows(type: FloatType, classes: number): Pick<EngineCall, 'logits' | 'labels' | 'keep'> {
  const random = randomNumbers(classes);
  const labels = Array.from({ length: ROWS }, () => random.below(classes));
  const logits = labels.flatMap((label, row) =>
    Array.from({ length: classes }, (_, index) => {
      const usual = 3 * random.normal();
      if (row === 1 || row === 9) return NaN;
      if (row === 3) return index === label ? usual : -Infinity;
      if (row === 4) return 1e30 * usual;
      if (row === 6) return index === label ? -500 : usual;
      return row === 11 && index === 0 ? Infinity : usual;
    }),
  );
  return { logits: arrayOf(type, logits), labels, keep: labels.map((_, row) => Number(row !== 1 && row !== 7)) };
}

function measureOf(classes: number, isSpread: boolean): NonNullable<ResolvedPlan['labelMeasure']> {
  if (!isSpread) return LABEL_MEASURE;
  return { direct: 0.9, spread: 0.1, vector: Float64Array.from({ length: classes }, (_, index) => index / classes) };
}

function rowOf({ losses, gradient }: EngineResult, row: number, classes: number): unknown {
  return [losses[row], [...gradient.subarray(row * classes, (row + 1) * classes)]];
}

/** A call with one row after another, each alone. */
function oneByOne(call: EngineCall, classes: number): unknown[] {
  return Array.from({ length: ROWS }, (_, row) => {
    const alone = runEngine({
      ...call,
      layout: { rows: 1, classes, inner: 1 },
      logits: call.logits.slice(row * classes, (row + 1) * classes),
      labels: call.labels?.slice(row, row + 1) ?? [],
      keep: call.keep?.slice(row, row + 1) ?? [],
    });
    return rowOf(alone, 0, classes);
  });
}

describe.each(cases)('short rows of $name, $type', ({ engine, type }) => {
  it.each(
    [2, 3, 4, 5, 10, 31, 47, 48, 130, 255, 256].flatMap((classes) =>
      [false, true].map((isSpread) => ({ classes, isSpread })),
    ),
  )(
    'a row of $classes classes has the same bits whatever lies beside it, spread: $isSpread',
    ({ classes, isSpread }) => {
      const call = {
        engine,
        ...unlikeRows(type, classes),
        layout: { rows: ROWS, classes, inner: 1 },
        plan: { labelMeasure: measureOf(classes, isSpread) },
        gradientScale: 0.3,
        propagate: true,
      };
      const whole = runEngine(call);
      const expected = oneByOne(call, classes);
      for (let row = 0; row < ROWS; row++) expect(rowOf(whole, row, classes)).toEqual(expected[row]);
      expect([whole.losses[1], whole.losses[7]]).toEqual([0, 0]);
      expect([whole.losses[9], whole.losses[11]]).toEqual([NaN, NaN]);
      expect(whole.losses.every((loss, row) => (row === 9 || row === 11 ? true : loss >= 0))).toBe(true);
      expect(runEngine({ ...call, valueOnly: true }).losses).toEqual(whole.losses);
    },
  );

  it('two classes as far apart as their type allows', () => {
    const far = type === 'float32' ? 3e38 : 8e307;
    const logits = arrayOf(type, [far, -far, -far, far, far, far, -Infinity, 0]);
    const [large] = arrayOf(type, [far]);
    const layout = { rows: 4, classes: 2, inner: 1 };
    const call = { engine, logits, layout, plan: { labelMeasure: LABEL_MEASURE } };
    const { losses, gradient } = runEngine({ ...call, labels: [1, 1, 0, 0] });
    expect([...losses.subarray(0, 2)]).toEqual([2 * large, 0]);
    expect(losses[2]).toBeCloseTo(Math.LN2, 6);
    expect(losses[3]).toBe(Infinity);
    expect([...gradient]).toEqual([1, -1, 0, 0, -0.5, 0.5, -1, 1]);
    expect(runEngine({ ...call, labels: [1, 1, 0, 0], weights: [1, 1, 1, 0] }).losses[3]).toBe(0);
  });
});

function engineOf(engine: Engine, vector: Float64Array, type: FloatType): string {
  let opened = '';
  const spy: Engine = {
    name: 'spy',
    open: (problem) => {
      const session = engine.open(problem);
      opened = session.engine ?? engine.name;
      return session;
    },
  };
  const logits = arrayOf(type, [1, 2, 3]);
  const plan = { labelMeasure: { direct: 0.5, spread: 1, vector } };
  runEngine({ engine: spy, logits, layout: { rows: 1, classes: 3, inner: 1 }, labels: [0], plan });
  return opened;
}

describe.each(engines)('what is spread over few classes: $name', (engine) => {
  it('is computed by the engine itself, however it is spread', () => {
    for (const type of ['float32', 'float64'] as const)
      expect(engineOf(engine, Float64Array.of(0, 0.25, 0), type)).toBe(engine.name);
    // What float32 cannot hold goes through the session of plans.
    for (const type of ['float32', 'float64'] as const)
      expect(engineOf(engine, Float64Array.of(1e-40, 0.25, 0), type)).toBe(engine.name);
  });
});
