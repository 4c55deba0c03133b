import type { Engine, LogitStep, ResolvedPlan, TargetStep } from '@surprisal/core';
import { randomNumbers, randomRows, type FloatType } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { CROSS_ENTROPY, LABEL_MEASURE, runEngine, type EngineCall } from '../../testing/run-engine.js';
import { typescriptEngine } from '../typescript-engine.js';
import { createSimdEngine, relaxedSimdEngine, simdEngine } from './simd-engine.js';
import { plainSource, relaxedSource } from './softmax-program.js';

/** Node 20 has no relaxed operations. */
const engines = [
  { engine: simdEngine, source: plainSource },
  { engine: relaxedSimdEngine, source: relaxedSource },
].filter(({ source }) => source.load() !== undefined);
interface Case {
  readonly name: string;
  readonly engine: Engine;
  readonly source: typeof plainSource;
  readonly type: FloatType;
}

const cases = engines.flatMap(({ engine, source }) =>
  (['float32', 'float64'] as const).map((type): Case => ({ name: engine.name, engine, source, type })),
);

/** How far two engines may lie apart: errors of either are a few units, four times that of surprisals; a row's weight is 3 at most. */
const CLOSE = { float32: { loss: 2e-6, gradient: 3e-6 }, float64: { loss: 2e-14, gradient: 2e-14 } } as const;

/** The engine with rows of more than four numbers in parts of 128, or 32 of those that go through in float64. */
function inParts(source: typeof plainSource): Engine {
  return createSimdEngine('parts', source, { tile: 4, part: 128, resident: 0 }, { tile: 32, memory: 100 });
}

type Part = Pick<EngineCall, 'plan' | 'rows' | 'labels'>;

interface Made extends Required<Pick<EngineCall, 'logits' | 'layout'>> {
  readonly labels: readonly number[];
  readonly targets: Float64Array;
}

/** Rows of all kinds, one class count, with finite labels and targets that have no mass where a logit is -Infinity. */
function make(type: FloatType, rows: number, classes: number, seed: number): Made {
  const random = randomNumbers(seed);
  const made = [...randomRows({ seed, logits: rows * classes, type, classes: [classes, classes] })].slice(0, rows);
  const values = made.flatMap(({ logits }) => [...logits]);
  const logits = type === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
  return {
    logits,
    labels: made.map(({ label }) => label),
    targets: Float64Array.from(values, (z) => (z === -Infinity ? 0 : random.uniform())),
    layout: { rows, classes, inner: 1 },
  };
}

function steps(classes: number): LogitStep[] {
  const random = randomNumbers(51);
  const normals = Array.from({ length: classes }, () => random.normal());
  return [
    { kind: 'affine', scale: 0.7, offsets: normals },
    { kind: 'margin', margins: normals.map(Math.abs) },
    { kind: 'classMask', allowed: normals.map((_, c) => c % 5 !== 3) },
  ];
}

const softcap: LogitStep[] = [
  { kind: 'affine', scale: 1.5 },
  { kind: 'softcap', cap: 20 },
];

const focal = { terms: [{ coefficient: 1, power: 1.5, order: 0 }], partition: 0.01 };

function smoothing(classes: number): TargetStep[] {
  const towards = Array.from({ length: classes }, () => 1 / classes);
  const weights = towards.map((_, c) => 0.5 + (c % 3));
  return [
    { kind: 'scale', by: 'outcome', weights, counted: true },
    { kind: 'mix', smoothing: 0.2, spread: 'all', towards },
    { kind: 'scale', by: 'outcome', weights, counted: true },
    { kind: 'mix', smoothing: 0.1, spread: 'all', towards },
  ];
}

/** What plans can say, for rows of so many classes. */
const PLANS: Record<string, (made: Made) => Part> = {
  'labels, a surprisal and a partition': ({ labels }) => ({ labels, plan: { labelMeasure: LABEL_MEASURE, ...focal } }),
  'labels after steps': ({ labels, layout }) => ({
    labels: labels.map((label) => (label % 5 === 3 ? label - 1 : label)),
    plan: { labelMeasure: LABEL_MEASURE, logitSteps: steps(layout.classes) },
  }),
  'spread labels after steps': ({ labels, layout: { classes } }) => {
    const vector = Float64Array.from({ length: classes }, (_, c) => (c % 5 === 3 ? 0 : (1 + (c % 2)) / classes));
    const labelMeasure = { direct: 0.9, spread: 0.1, directWeights: vector, spreadWeights: vector, vector };
    return {
      labels: labels.map((label) => (label % 5 === 3 ? label - 1 : label)),
      plan: { labelMeasure, logitSteps: steps(classes), partition: 0.01 },
    };
  },
  'labels after a softcap': ({ labels, layout }) => ({
    labels: labels.map((label) => (label % 5 === 3 ? label - 1 : label)),
    plan: { labelMeasure: LABEL_MEASURE, logitSteps: [...softcap, ...steps(layout.classes)], partition: 0.01 },
  }),
  'spread labels after a softcap': ({ labels, layout: { classes } }) => {
    const vector = Float64Array.from({ length: classes }, (_, c) => (c % 5 === 3 ? 0 : (1 + (c % 2)) / classes));
    return {
      labels: labels.map((label) => (label % 5 === 3 ? label - 1 : label)),
      plan: {
        labelMeasure: { direct: 0.9, spread: 0.1, vector },
        logitSteps: [...softcap, ...steps(classes)],
      },
    };
  },
  'target rows after a softcap': ({ targets }) => ({ labels: [], rows: targets, plan: { logitSteps: softcap } }),
  'target rows': ({ targets }) => ({ labels: [], rows: targets, plan: {} }),
  'target rows after target steps': ({ targets, layout }) => ({
    labels: [],
    rows: targets,
    plan: {
      targetSteps: smoothing(layout.classes),
      logitSteps: steps(layout.classes).filter(({ kind }) => kind === 'affine'),
    },
  }),
  'labels without a short form': ({ labels, layout }) => ({
    labels,
    plan: { targetSteps: smoothing(layout.classes) },
  }),
  'target rows of a surprisal after a softcap': ({ targets }) => ({
    labels: [],
    rows: targets,
    plan: { ...focal, logitSteps: softcap },
  }),
  'target rows of a surprisal': ({ targets }) => ({ labels: [], rows: targets, plan: focal }),
  'target rows of a surprisal after steps': ({ targets, layout }) => ({
    labels: [],
    rows: targets,
    plan: {
      ...focal,
      terms: [...focal.terms, { coefficient: 0.5, power: 0, order: 0.7 }],
      targetSteps: smoothing(layout.classes),
      logitSteps: steps(layout.classes).filter(({ kind }) => kind === 'affine'),
    },
  }),
  'spread labels of a surprisal after steps': ({ labels, layout: { classes } }) => {
    const towards = Array.from({ length: classes }, (_, c) => (c % 5 === 3 ? 0 : 1 / classes));
    return {
      labels: labels.map((label) => (label % 5 === 3 ? label - 1 : label)),
      plan: {
        ...focal,
        labelMeasure: { direct: 0.9, spread: 0.1, vector: Float64Array.from(towards) },
        targetSteps: [{ kind: 'mix', smoothing: 0.1, spread: 'all', towards }],
        logitSteps: steps(classes),
      },
    };
  },
};

/** Whether an engine computes a call itself. */
function isOwn(engine: Engine, call: EngineCall): boolean {
  let own = false;
  const spy: Engine = {
    name: 'spy',
    open: (problem) => {
      const session = engine.open(problem);
      own = session.engine === undefined;
      return session;
    },
  };
  runEngine({ ...call, engine: spy });
  return own;
}

describe.each(cases)('$name, $type', ({ engine, source, type }) => {
  describe.each(Object.keys(PLANS))('%s', (name) => {
    const weights = [1, 2, 0, 0.5, 1, 3, 1];
    const keep = [1, 1, 1, 0, 1, 1, 1];

    function callOf(classes: number): EngineCall {
      const made = make(type, 7, classes, 52);
      const { logits, layout } = made;
      return { engine, logits, layout, weights, keep, gradientScale: 0.3, ...PLANS[name](made) };
    }

    it('is computed by the engine itself, and comes close to the TypeScript engine', () => {
      for (const classes of [2, 3, 7, 8, 9, 33, 300]) {
        const call = callOf(classes);
        const random = randomNumbers(classes);
        const logits = call.logits.map(() => 3 * random.normal());
        const moderate = { ...call, logits };
        expect(isOwn(engine, moderate)).toBe(true);
        const one = runEngine(moderate);
        const other = runEngine({ ...moderate, engine: typescriptEngine });
        one.losses.forEach((loss, row) =>
          expect(Math.abs(loss - other.losses[row])).toBeLessThanOrEqual(
            CLOSE[type].loss * Math.abs(other.losses[row]),
          ),
        );
        one.gradient.forEach((value, index) =>
          expect(Math.abs(value - other.gradient[index])).toBeLessThanOrEqual(CLOSE[type].gradient * classes),
        );
      }
    });

    it('the bits of a row do not depend on tile, parts, gradient or layout', () => {
      for (const classes of [5, 31, 300]) {
        const call = callOf(classes);
        const whole = runEngine(call);
        expect(runEngine({ ...call, tileRows: 1 })).toEqual(whole);
        expect(runEngine({ ...call, tileRows: 3 })).toEqual(whole);
        expect(runEngine({ ...call, valueOnly: true }).losses).toEqual(whole.losses);
        const parted = inParts(source);
        expect(runEngine({ ...call, engine: parted })).toEqual(whole);
        const turn = <Numbers extends Float32Array | Float64Array>(values: Numbers): Numbers => {
          const turned = values.slice() as Numbers;
          values.forEach((value, i) => (turned[(i % classes) * 7 + Math.floor(i / classes)] = value));
          return turned;
        };
        const strided = {
          ...call,
          logits: turn(call.logits),
          ...(call.rows && { rows: turn(call.rows) }),
          layout: { rows: 7, classes, inner: 7 },
        };
        for (const each of [engine, parted]) {
          const result = runEngine({ ...strided, engine: each });
          expect(result.losses).toEqual(whole.losses);
          expect(result.gradient).toEqual(turn(whole.gradient));
        }
      }
    });

    it('nothing of an ignored row is read, a NaN lets itself through alone or is a fault', () => {
      const call = callOf(31);
      const whole = runEngine({ ...call, propagate: true });
      const logits = call.logits.slice().fill(NaN, 3 * 31, 4 * 31);
      const parted = inParts(source);
      for (const each of [engine, parted]) {
        expect(runEngine({ ...call, engine: each, logits })).toEqual(whole);
        for (const bad of [NaN, Infinity]) {
          const broken = logits.slice();
          broken[4 * 31 + 5] = bad;
          const fault = { kind: 'number', position: 4 * 31 + 5, value: bad };
          expect(runEngine({ ...call, engine: each, logits: broken }).fault).toEqual(fault);
          const { losses, gradient } = runEngine({ ...call, engine: each, logits: broken, propagate: true });
          expect([...losses]).toEqual([...whole.losses].map((loss, row) => (row === 4 ? NaN : loss)));
          const expected = whole.gradient.slice().fill(NaN, 4 * 31, 5 * 31);
          expect(gradient).toEqual(expected);
        }
        const masked = logits.slice().fill(-Infinity, 31, 62);
        const { fault } = runEngine({ ...call, engine: each, logits: masked, propagate: true });
        expect(fault).toEqual({ kind: 'masked', position: 31, value: -Infinity });
      }
    });
  });
});

describe.each(engines)('$engine.name', ({ engine }) => {
  it('computes small orders of target rows too, and leaves probabilities to the TypeScript engine', () => {
    const call = { engine, labels: [], layout: { rows: 1, classes: 2, inner: 1 }, rows: Float64Array.of(0.5, 0.5) };
    const terms = [{ coefficient: 1, power: 0, order: 0.1 }];
    for (const logits of [Float32Array.of(0.25, 0.75), Float64Array.of(0.25, 0.75)]) {
      expect(isOwn(engine, { ...call, logits, plan: { terms } })).toBe(true);
      expect(isOwn(engine, { ...call, logits, input: 'probabilities' })).toBe(false);
    }
  });
});

describe.each(cases)('edges of $name, $type', ({ engine, type }) => {
  const arrayOf = (values: readonly number[]): Float32Array | Float64Array =>
    type === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
  const layout = { rows: 1, classes: 4, inner: 1 };

  it('a class mask takes classes out, whatever their logits, with gradient 0 even at the label', () => {
    const plan: Partial<ResolvedPlan> = {
      labelMeasure: LABEL_MEASURE,
      logitSteps: [{ kind: 'classMask', allowed: [true, false, true, true] }],
    };
    const call = { engine, layout, plan };
    const masked = runEngine({
      ...call,
      labels: [2],
      logits: arrayOf([1, -Infinity, 0.5, 3]),
      plan: { ...plan, logitSteps: [], ...focal },
    });
    for (const bad of [NaN, Infinity, 1e38, 7]) {
      const logits = arrayOf([1, bad, 0.5, 3]);
      expect(runEngine({ ...call, labels: [2], logits, plan: { ...plan, ...focal } })).toEqual(masked);
      const atLabel = runEngine({ ...call, labels: [1], logits });
      expect(atLabel.losses[0]).toBe(Infinity);
      expect(atLabel.gradient[1]).toBe(0);
      const spread = { labelMeasure: { direct: 0.9, spread: 0.1, vector: Float64Array.of(1, 0, 1, 1) } };
      const { gradient } = runEngine({ ...call, labels: [1], logits, plan: { ...plan, ...spread } });
      expect(gradient[1]).toBe(0);
      const even = Float64Array.of(0.25, 0.25, 0.25, 0.25);
      const ofRow = runEngine({ ...call, labels: [], rows: even, logits, plan: { logitSteps: plan.logitSteps ?? [] } });
      expect(ofRow.losses[0]).toBe(Infinity);
      expect(ofRow.gradient[1]).toBe(0);
    }
    const all = {
      ...call,
      labels: [2],
      plan: { ...plan, logitSteps: [{ kind: 'classMask', allowed: [false, false, false, false] }] as const },
    };
    expect(runEngine({ ...all, logits: arrayOf([1, 2, 3, 4]) }).fault?.kind).toBe('masked');
  });

  it('mass on a class that cannot be costs infinitely much, no mass on it nothing', () => {
    const call = { engine, layout, labels: [], plan: {}, logits: arrayOf([0, -Infinity, 0, 0]) };
    const none = runEngine({ ...call, rows: Float64Array.of(0.5, 0, 0.5, 0) });
    expect(none.losses[0]).toBeCloseTo(Math.log(3), 6);
    expect(none.gradient[1]).toBe(0);
    expect(runEngine({ ...call, rows: Float64Array.of(0.5, 0.5, 0, 0) }).losses[0]).toBe(Infinity);
    expect([...runEngine({ ...call, rows: new Float64Array(4) }).gradient]).toEqual([0, 0, 0, 0]);
  });

  it('steps that leave the range of the folded numbers come close to the TypeScript engine', () => {
    const logits = arrayOf([1, 2, 3, 4]);
    const affine = (scale: number, last: number): LogitStep => ({ kind: 'affine', scale, offsets: [0, 1, 2, last] });
    const cap = (size: number): LogitStep => ({ kind: 'softcap', cap: size });
    for (const [scale, ...logitSteps] of [
      [1e-6, affine(1e-6, 3)],
      [1, affine(1, 500)],
      [1e6, affine(1e6, -500)],
      [1, cap(1e6)],
      [1, affine(1, 3), cap(30)],
      [1, cap(30), cap(20)],
    ] as const) {
      const call = { engine, layout, logits, labels: [1], plan: { labelMeasure: LABEL_MEASURE, logitSteps } };
      expect(isOwn(engine, call)).toBe(true);
      const expected = runEngine({ ...call, engine: typescriptEngine });
      const { losses, gradient } = runEngine(call);
      expect(Math.abs(losses[0] - expected.losses[0])).toBeLessThanOrEqual(CLOSE[type].loss * expected.losses[0]);
      gradient.forEach((value, index) =>
        expect(Math.abs(value - expected.gradient[index])).toBeLessThanOrEqual(CLOSE[type].gradient * scale),
      );
    }
  });

  it('the derivative of a softcap counts where float32 does not hold it, its product with the gradient is one of float32', () => {
    const plan = { labelMeasure: LABEL_MEASURE, logitSteps: [{ kind: 'softcap', cap: 1 }] as const };
    // 4 exp(-2 z) is 4e-40, 2e-45, 1e-52 and 1.
    const call = { engine, layout, logits: arrayOf([46, 52, 60, 0.01]), labels: [3], plan, gradientScale: 1e30 };
    const expected = runEngine({ ...call, engine: typescriptEngine });
    const { gradient } = runEngine(call);
    gradient.forEach((value, index) => {
      expect(Math.abs(value)).toBeGreaterThan(1e-24);
      expect(value / expected.gradient[index]).toBeCloseTo(1, 6);
    });
  });

  it('a bare label after a plan has no trace of it', () => {
    const bare = { engine, layout, logits: arrayOf([1, 2, 3, 4]), labels: [1], plan: { labelMeasure: LABEL_MEASURE } };
    const before = runEngine(bare);
    runEngine({ ...bare, plan: { ...bare.plan, logitSteps: steps(4), terms: CROSS_ENTROPY } });
    expect(runEngine(bare)).toEqual(before);
  });
});
