import { numberSink, numberSource, type Engine, type OutcomeMeasure, type Problem, type Tile } from '@surprisal/core';
import {
  doubleDoubleSigmoidElement,
  exactSigmoidElement,
  randomNumbers,
  ulpsBetween,
  ulpsBetweenPairs,
  ulpsOfScale,
  ulpsOfScalePairs,
  type FloatType,
} from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { layoutOf, randomElements } from '../../testing/random-elements.js';
import { CROSS_ENTROPY, runEngine, type EngineCall, type EngineResult } from '../../testing/run-engine.js';
import { typescriptEngine } from '../typescript-engine.js';
import { relaxedSimdEngine, simdEngine } from './simd-engine.js';

/** Node 20 has no relaxed operations. */
const engines = [simdEngine, relaxedSimdEngine].filter(({ available }) => available?.());
const TYPES = ['float32', 'float64'] as const;
const cases = engines.flatMap((engine) => TYPES.map((type) => ({ name: engine.name, engine, type })));

function arrayOf(type: FloatType, numbers: Iterable<number>): Float32Array | Float64Array {
  return type === 'float32' ? Float32Array.from(numbers) : Float64Array.from(numbers);
}

/** The worst errors of a call, each mass a double: [loss, gradient, share of gradients beyond 2.5 units]. */
function errorsOf(
  type: FloatType,
  z: Float64Array,
  massesOf: (i: number) => readonly [u1: number, u1Low: number, u0: number, u0Low: number],
  isDifference: boolean,
  { losses, gradient }: EngineResult,
): { loss: number; gradient: number; beyond: number } {
  const exact = new Float64Array(4);
  const worst = { loss: 0, gradient: 0, beyond: 0 };
  z.forEach((logit, i) => {
    const [u1, u1Low, u0, u0Low] = massesOf(i);
    doubleDoubleSigmoidElement(logit, u1, u1Low, u0, u0Low, exact);
    const loss = type === 'float32' ? Math.fround(losses[i]) : losses[i];
    worst.loss = Math.max(worst.loss, ulpsBetweenPairs(loss, exact[0], exact[1], type));
    const scale = Math.abs(exact[2] + 2 * u1); // |u| p + u1
    const error = isDifference
      ? ulpsOfScalePairs(gradient[i], exact[2], exact[3], scale, type)
      : ulpsBetweenPairs(gradient[i], exact[2], exact[3], type);
    worst.gradient = Math.max(worst.gradient, error);
    if (error > 2.5) worst.beyond += 1 / z.length;
  });
  return worst;
}

/** y and 1 - y, the latter as the sum of two doubles. */
function asGiven(y: readonly number[]): (i: number) => readonly [number, number, number, number] {
  return (i) => [y[i], 0, 1 - y[i], 1 - (1 - y[i]) - y[i]];
}

describe.each(cases)('accuracy of $name, $type', ({ engine, type }) => {
  const [ofLoss, ofGradient] = type === 'float32' ? [3.5, 5] : [5, 8];

  it.each([0, 1])(`share %d of soft targets: loss within ${ofLoss} ulp, gradient within ${ofGradient}`, (soft) => {
    const { z, y } = randomElements(type, 100_000, soft, 1);
    const result = runEngine({ engine, logits: arrayOf(type, z), layout: layoutOf(z.length), targets: y });
    const worst = errorsOf(type, z, asGiven(y), soft > 0, result);
    expect(worst.loss).toBeLessThanOrEqual(ofLoss);
    expect(worst.gradient).toBeLessThanOrEqual(ofGradient);
    expect(worst.beyond).toBeLessThanOrEqual(type === 'float32' ? 0.001 : 1);
  });

  it('weights and a matrix of masses keep the bounds, in float32 also where only their products are in its range', () => {
    const { z, y } = randomElements(type, 20_000, 0, 2);
    const random = randomNumbers(3);
    const weights = y.map(() => random.pick([1e-42, 1e-30, 0.3, 1, 7, 1e6]));
    const large = 2 ** 100;
    const outcomeMeasure = scalarMeasure(large, 0, 0, large);
    const logits = arrayOf(type, z);
    const call = { engine, logits, layout: layoutOf(z.length), targets: y, weights, plan: { outcomeMeasure } };
    const { losses, gradient } = runEngine({ ...call, gradientScale: 2 ** -100 });
    const exact = new Float64Array(4);
    // Below it exp(-|z|) may be flushed to zero.
    const smallest = type === 'float32' ? 2 ** -126 : 2 ** -1022;
    z.forEach((logit, i) => {
      doubleDoubleSigmoidElement(logit, y[i] * weights[i], 0, (1 - y[i]) * weights[i], 0, exact);
      if (exact[0] < smallest * Math.max(1, weights[i])) return;
      expect(ulpsBetweenPairs(losses[i] / large, exact[0], exact[1], type)).toBeLessThanOrEqual(ofLoss);
      if (Math.abs(exact[2]) < smallest * Math.max(1, weights[i])) return;
      expect(ulpsBetweenPairs(gradient[i], exact[2], exact[3], type)).toBeLessThanOrEqual(ofGradient);
    });
  });
});

describe.each(engines)('accuracy of affine steps, $name', (engine) => {
  it('float32: loss within 3.5 ulp, gradient within 5, also of logits that the step makes large', () => {
    const { z, y } = randomElements('float32', 50_000, 0, 4);
    const logitSteps = [
      { kind: 'affine', scale: 1, offsets: [0.1, -7.9] },
      { kind: 'affine', scale: 0.3 },
    ] as const;
    const moved = z.map((value) => 0.3 * value - 2.4);
    const { losses, gradient } = runEngine({
      engine,
      logits: Float32Array.from(z),
      layout: layoutOf(z.length),
      targets: y,
      plan: { logitSteps },
      gradientScale: 1 / 0.3,
    });
    const worst = errorsOf('float32', moved, asGiven(y), false, { losses, gradient, fault: undefined });
    expect(worst.loss).toBeLessThanOrEqual(3.5);
    expect(worst.gradient).toBeLessThanOrEqual(5);
    expect(worst.beyond).toBeLessThanOrEqual(0.001);
  });

  it.each(TYPES)('%s: the same as the TypeScript engine but for rounding', (type) => {
    const { z, y } = randomElements(type, 2000, 0.5, 5);
    const logits = arrayOf(
      type,
      z.map((value) => Math.max(-50, Math.min(50, value))),
    );
    const logitSteps = [{ kind: 'affine', scale: -1.5, offsets: [0.5, 0.25] }] as const;
    const call = { logits, layout: layoutOf(z.length), targets: y, plan: { logitSteps } };
    const expected = runEngine({ ...call, engine: typescriptEngine });
    const actual = runEngine({ ...call, engine });
    const tolerance = type === 'float32' ? 1e-6 : 1e-13;
    actual.losses.forEach((loss, i) => {
      expect(Math.abs(loss - expected.losses[i])).toBeLessThanOrEqual(tolerance * expected.losses[i]);
      expect(Math.abs(actual.gradient[i] - expected.gradient[i])).toBeLessThanOrEqual(tolerance);
    });
  });
});

function scalarMeasure(pp: number, pn: number, np: number, nn: number): OutcomeMeasure {
  return {
    positiveFromPositive: Float64Array.of(pp),
    positiveFromNegative: Float64Array.of(pn),
    negativeFromPositive: Float64Array.of(np),
    negativeFromNegative: Float64Array.of(nn),
  };
}

describe.each(cases)('measures, tiles and ignored elements of $name, $type', ({ engine, type }) => {
  const { z, y } = randomElements(type, 9000, 0.3, 3);
  const logits = arrayOf(type, z);
  const call = { engine, logits, layout: layoutOf(z.length), targets: y };
  const whole = runEngine(call);

  it('tiles of any length, at any place, change no bit', () => {
    for (let length = 1; length <= 70; length++) {
      const from = (length * 37) % 500;
      const result = runEngine({
        ...call,
        logits: logits.subarray(from, from + length),
        layout: layoutOf(length),
        targets: y.slice(from, from + length),
      });
      expect(result.losses).toEqual(whole.losses.slice(from, from + length));
      expect(result.gradient).toEqual(whole.gradient.slice(from, from + length));
    }
    for (const tileRows of [1, 3, 511, 512, 513, 1000]) {
      const count = tileRows === 1 ? 100 : z.length;
      const part = { ...call, logits: logits.subarray(0, count), layout: layoutOf(count), targets: y.slice(0, count) };
      const { losses, gradient } = runEngine({ ...part, tileRows });
      expect(losses).toEqual(whole.losses.slice(0, count));
      expect(gradient).toEqual(whole.gradient.slice(0, count));
    }
  });

  it('the losses of a call without gradient are the same', () => {
    expect(runEngine({ ...call, valueOnly: true }).losses).toEqual(whole.losses);
  });

  it('weights of 1, and a matrix that changes nothing, change no bit', () => {
    const ones = y.map(() => 1);
    expect(runEngine({ ...call, weights: ones })).toEqual(whole);
    expect(runEngine({ ...call, plan: { outcomeMeasure: scalarMeasure(1, 0, 0, 1) } })).toEqual(whole);
    const perLabel = {
      positiveFromPositive: Float64Array.of(1, 1),
      positiveFromNegative: Float64Array.of(0, 0),
      negativeFromPositive: Float64Array.of(0, 0),
      negativeFromNegative: Float64Array.of(1, 1),
    };
    const layout = { rows: z.length / 2, classes: 2, inner: 1 };
    expect(runEngine({ ...call, layout, plan: { outcomeMeasure: perLabel } })).toEqual(whole);
  });

  it('nothing of an ignored element is read, and the others keep their bits', () => {
    const keep = y.map((_, i) => Number(i % 5 !== 2));
    const spoiled = logits.map((value, i) => (keep[i] === 1 ? value : [NaN, Infinity][i % 2]));
    const targets = y.map((value, i) => (keep[i] === 1 ? value : NaN));
    const weights = keep.map((kept) => (kept === 1 ? 1 : NaN));
    for (const plan of [{}, { outcomeMeasure: scalarMeasure(1, 0, 0, 1) }]) {
      const { losses, gradient, fault } = runEngine({ ...call, logits: spoiled, targets, weights, keep, plan });
      expect(fault).toBeUndefined();
      expect(losses).toEqual(whole.losses.map((loss, i) => loss * keep[i]));
      expect(gradient).toEqual(whole.gradient.map((value, i) => (keep[i] === 1 ? value : 0)));
    }
  });

  it('the matrix, one for all or one for each label, makes the masses of its elements', () => {
    const perLabel: OutcomeMeasure = {
      positiveFromPositive: Float64Array.of(1, 2, 0.5),
      positiveFromNegative: Float64Array.of(0, 0.25, 0),
      negativeFromPositive: Float64Array.of(0.125, 0, 0),
      negativeFromNegative: Float64Array.of(1, 4, 3),
    };
    for (const [outcomeMeasure, inner] of [
      [perLabel, 1],
      [perLabel, 2],
      [scalarMeasure(2, 0.25, 0.5, 3), 1],
    ] as const) {
      const weights = y.slice(0, 600).map((_, i) => 1 + (i % 3));
      const part = {
        logits: logits.subarray(0, 600),
        layout: { rows: 200, classes: 3, inner },
        targets: y.slice(0, 600),
      };
      const { losses, gradient } = runEngine({ ...call, ...part, weights, plan: { outcomeMeasure }, tileRows: 50 });
      const { positiveFromPositive, positiveFromNegative, negativeFromPositive, negativeFromNegative } = outcomeMeasure;
      for (let i = 0; i < 600; i++) {
        const label = positiveFromPositive.length > 1 ? Math.floor(i / inner) % 3 : 0;
        const [yes, no] = [y[i], 1 - y[i]];
        const u1 = weights[i] * (positiveFromPositive[label] * yes + positiveFromNegative[label] * no);
        const u0 = weights[i] * (negativeFromPositive[label] * yes + negativeFromNegative[label] * no);
        const exact = exactSigmoidElement(z[i], u1, u0);
        expect(
          ulpsBetween(type === 'float32' ? Math.fround(losses[i]) : losses[i], exact.loss, type),
        ).toBeLessThanOrEqual(3.5);
        expect(ulpsOfScale(gradient[i], exact.gradient, exact.gradient.abs().add(2 * u1), type)).toBeLessThanOrEqual(5);
      }
    }
  });

  it('a factor of the gradient is taken up, 0 too', () => {
    const { gradient } = runEngine({ ...call, gradientScale: 0.5 });
    expect(gradient).toEqual(whole.gradient.map((value) => value / 2));
    expect(runEngine({ ...call, gradientScale: 0 }).gradient).toEqual(whole.gradient.map(() => 0));
  });
});

describe.each(cases)('edges of $name, $type', ({ engine, type }) => {
  it.each([
    ['hard labels', 1],
    ['soft targets', 0.5],
  ])('no false zero where a weight lifts what lies below the smallest normal number: %s', (_, share) => {
    const border = type === 'float32' ? 87.336 : 708.396;
    const z = Float64Array.from({ length: 61 }, (__, i) => (border - 0.3 + i / 20) * (i % 2 === 0 ? 1 : -1));
    const y = Array.from(z, (value) => (value > 0 ? 1 : 0) * share);
    const call = { logits: arrayOf(type, z), layout: layoutOf(z.length), targets: y, weights: y.map(() => 40) };
    for (const given of [call, { ...call, weights: y.map(() => 1), gradientScale: 40 }]) {
      const expected = runEngine({ ...given, engine: typescriptEngine });
      const actual = runEngine({ ...given, engine });
      const tolerance = type === 'float32' ? 2 ** -21 : 2 ** -49;
      const smallest = type === 'float32' ? 2 ** -126 : 2 ** -1022;
      for (const [name, bound] of [
        ['losses', smallest],
        ['gradient', smallest],
      ] as const)
        expected[name].forEach((value, i) => {
          const far = Math.abs(actual[name][i] - value);
          expect([i, far <= tolerance * Math.abs(value) || Math.abs(value) < bound]).toEqual([i, true]);
        });
    }
  });

  it('infinite logits: 0 where the target agrees, else Infinity; the others keep their bits', () => {
    const logits = arrayOf(type, [Infinity, -Infinity, Infinity, -Infinity, Infinity, 0.5, -2]);
    const call = { engine, logits, layout: layoutOf(7), targets: [1, 0, 0, 1, 0.5, 1, 0.25] };
    const { losses } = runEngine(call);
    const rest = runEngine({ ...call, logits: logits.subarray(5), layout: layoutOf(2), targets: [1, 0.25] });
    expect([...losses]).toEqual([0, 0, Infinity, Infinity, Infinity, ...rest.losses]);
    expect(runEngine({ ...call, valueOnly: true }).losses).toEqual(losses);
    const unweighted = runEngine({ ...call, weights: [1, 1, 0, 0, 0, 1, 1] });
    expect([...unweighted.losses]).toEqual([0, 0, 0, 0, 0, ...rest.losses]);
    expect([...unweighted.gradient]).toEqual([0, 0, 0, 0, 0, ...rest.gradient]);
  });

  it('the largest finite logits are no infinite ones', () => {
    const largest = type === 'float32' ? 2 ** 128 - 2 ** 104 : Number.MAX_VALUE;
    const call = { engine, layout: layoutOf(4), targets: [1, 0, 0, 1] };
    const { losses, gradient } = runEngine({ ...call, logits: arrayOf(type, [largest, -largest, largest, -largest]) });
    expect([...losses, ...gradient]).toEqual([0, 0, largest, largest, 0, 0, 1, -1]);
  });

  it('NaN is a fault with its position, or propagates alone', () => {
    const logits = arrayOf(type, new Float64Array(5000));
    logits[4500] = NaN;
    logits[4501] = Infinity;
    const targets = Array.from(logits, () => 1);
    const call = { engine, logits, layout: layoutOf(5000), targets };
    expect(runEngine(call).fault).toEqual({ kind: 'number', position: 4500, value: NaN });
    const { losses, gradient } = runEngine({ ...call, propagate: true });
    const broken = (_: unknown, i: number): boolean => i === 4500;
    expect(Array.from(losses, Number.isNaN)).toEqual(targets.map(broken));
    expect(Array.from(gradient, Number.isNaN)).toEqual(targets.map(broken));
  });

  it('confident elements are stored as 0, not as -0, also after scaling', () => {
    const logits = arrayOf(type, [150, -150, 1e4, -1e4, 40, 3]);
    const call = { engine, logits, layout: layoutOf(6), targets: [1, 0, 1, 0, 1, 1] };
    expect([...runEngine(call).gradient.subarray(2, 4)]).toEqual([0, 0]);
    expect([...runEngine({ ...call, gradientScale: 1e-320 }).gradient]).toEqual([
      0,
      0,
      0,
      0,
      0,
      type === 'float32' ? 0 : -4.74e-322,
    ]);
  });
});

describe.each(engines)('$name and other types', (engine) => {
  it('masses beyond float32 leave the gradients that it holds, and change no loss', () => {
    const logits = Float32Array.of(50, 50, 0.5, -80, 1);
    const call = { logits, layout: layoutOf(5), targets: [1, 0, 1, 0, 1], weights: [1e39, 1e39, 1, 1e39, 0] };
    const { losses, gradient } = runEngine({ ...call, engine });
    const expected = runEngine({ ...call, engine: typescriptEngine });
    expect(runEngine({ ...call, engine, valueOnly: true }).losses).toEqual(losses);
    expect(gradient[1]).toBe(Infinity);
    expect([gradient[0], gradient[3], gradient[4]]).toEqual([expected.gradient[0], expected.gradient[3], 0]);
    losses.forEach((loss, i) => expect(Math.abs(loss - expected.losses[i])).toBeLessThanOrEqual(3e-7 * loss));
  });

  it('a gradient of another type than the logits is rounded once more, without -0', () => {
    const logits = Float64Array.of(200, 1, -3);
    const gradient = new Float32Array(3);
    expect(
      run(engine, { logits: numberSource(logits, 'float64'), gradient: numberSink(gradient, 'float32') }),
    ).toBeUndefined();
    const { gradient: wide } = runEngine({ engine, logits, layout: layoutOf(3), targets: [1, 1, 1] });
    expect(gradient).toEqual(Float32Array.from(wide, (value) => Math.fround(value) + 0));
  });
});

/** Runs elements of target 1 in one tile. */
function run(engine: Engine, problem: Pick<Problem, 'logits' | 'gradient'>): unknown {
  const count = problem.logits.data.length;
  const plan = {
    targetSteps: [],
    logitSteps: [],
    terms: CROSS_ENTROPY,
    negativeTerms: CROSS_ENTROPY,
    crossEntropy: true,
    partition: 0,
    customs: [],
  };
  const tile: Tile = {
    first: 0,
    count,
    labels: new Int32Array(0),
    targets: new Float64Array(count).fill(1),
    keep: new Uint8Array(count).fill(1),
    weights: new Float64Array(count).fill(1),
    losses: new Float64Array(count),
    uniform: true,
    summed: 0,
  };
  const call = { input: 'logits', layout: layoutOf(count), plan, gradientScale: 1, propagate: false } as const;
  return engine.open({ ...call, ...problem, unnormalized: false, clip: 0, scratch: [] }).run(tile);
}

describe.each(engines)('what $name leaves to the TypeScript engine, float64', (engine) => {
  const { z, y } = randomElements('float64', 100, 0, 6);
  const call = { logits: z, layout: layoutOf(100), targets: y };
  const calls: Record<string, Partial<EngineCall>> = {
    'other surprisals': { plan: { terms: [{ coefficient: 1, power: 2, order: 0 }] } },
    'partition terms': { plan: { partition: 0.5 } },
    softcap: { plan: { logitSteps: [{ kind: 'softcap', cap: 2 }] } },
    margins: { plan: { logitSteps: [{ kind: 'margin', margins: [0.25, 0.5] }] } },
    'custom rules': { plan: { customs: [{ rule: () => undefined, parameters: {} }] } },
    probabilities: { input: 'probabilities', logits: z.map((value) => 1 / (1 + Math.exp(-value))) },
  };

  it.each(Object.keys(calls))('%s', (name) => {
    const given = { ...call, ...calls[name] };
    expect(runEngine({ ...given, engine })).toEqual(runEngine({ ...given, engine: typescriptEngine }));
  });
});
