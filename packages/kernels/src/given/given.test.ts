import type { CustomTile } from '@surprisal/core';
import {
  exactFromLogProbabilities,
  exactFromProbabilities,
  exactFromProbability,
  randomNumbers,
  ulpsBetween,
} from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { createTypescriptEngine as createSigmoid, typescriptEngine as sigmoid } from '../sigmoid/typescript-engine.js';
import { createTypescriptEngine as createSoftmax, typescriptEngine as softmax } from '../softmax/typescript-engine.js';
import { LABEL_MEASURE, runEngine, type EngineCall, type EngineResult } from '../testing/run-engine.js';
import { Exact, exactly } from '../testing/ulps.js';

const labelMeasure = LABEL_MEASURE;
const focal = [{ coefficient: 1, power: 2, order: 0 }];

describe('rows of probabilities', () => {
  const [rows, classes] = [3, 70];
  const random = randomNumbers(1);
  const raw = Float64Array.from({ length: rows * classes }, () => random.uniform() ** 8);
  const sums = Array.from({ length: rows }, (_, r) =>
    raw.subarray(r * classes, (r + 1) * classes).reduce((a, b) => a + b),
  );
  const logits = raw.map((value, i) => value / sums[Math.floor(i / classes)]);
  const targets = raw.map((_, i) => (i % 4 === 0 ? 0 : random.uniform()));
  const layout = { rows, classes, inner: 1 };
  const call = { engine: softmax, logits, layout, labels: [0, 69, 33], input: 'probabilities' } as const;

  it('hard and soft targets: loss within 5 ulp, gradient within 2', () => {
    const vector = new Float64Array(classes).fill(1 / 64);
    const spread = { labelMeasure: { direct: 0.875, spread: 0.125, vector } };
    for (const more of [{ plan: { labelMeasure } }, { plan: spread }, { rows: targets }]) {
      const { losses, gradient } = runEngine({ ...call, ...more });
      for (let row = 0; row < rows; row++) {
        const p = logits.subarray(row * classes, (row + 1) * classes);
        const u = Array.from(p, (_, c) => {
          const isLabel = Number(c === call.labels[row]);
          if ('rows' in more) return targets[row * classes + c];
          return more.plan === spread ? 0.125 / 64 + 0.875 * isLabel : isLabel;
        });
        const exact = exactFromProbabilities(p, u);
        expect(ulpsBetween(losses[row], exact.loss, 'float64')).toBeLessThanOrEqual(5);
        exact.gradient.forEach((value, c) =>
          expect(ulpsBetween(gradient[row * classes + c], value, 'float64')).toBeLessThanOrEqual(2),
        );
      }
    }
  });

  it('chunks and tiles change no bit', () => {
    for (const more of [{ plan: { labelMeasure } }, { rows: targets }, { rows: targets, plan: { terms: focal } }]) {
      const whole = runEngine({ ...call, ...more });
      expect(runEngine({ ...call, ...more, engine: createSoftmax({ tile: 32, memory: 0 }) })).toEqual(whole);
      expect(runEngine({ ...call, ...more, tileRows: 1 })).toEqual(whole);
      expect(runEngine({ ...call, ...more, valueOnly: true }).losses).toEqual(whole.losses);
    }
  });

  it('log-probabilities may be of any size; the gradient is -u', () => {
    const l = logits.map((value) => Math.log(value) + 1);
    const { losses, gradient } = runEngine({ ...call, logits: l, input: 'log-probabilities', rows: targets });
    const exact = exactFromLogProbabilities(l.subarray(0, classes), targets.subarray(0, classes));
    expect(Number(exact.loss.sub(losses[0]).abs())).toBeLessThan(1e-12);
    expect(gradient).toEqual(targets.map((mass) => 0 - mass));
  });

  it('both inputs give a modulated surprisal the same loss, and gradients that differ by p', () => {
    const given = runEngine({ ...call, plan: { labelMeasure, terms: focal } });
    const l = logits.map((value) => Math.log(value));
    const logarithms = runEngine({
      ...call,
      logits: l,
      input: 'log-probabilities',
      plan: { labelMeasure, terms: focal },
    });
    given.losses.forEach((loss, row) => {
      const at = row * classes + call.labels[row];
      expect(logarithms.losses[row]).toBeCloseTo(loss, 12);
      const p = logits[at];
      expect(loss).toBeCloseTo((1 - p) ** 2 * -Math.log(p), 12);
      // psi' = -(1 - p)^2 - 2 p (1 - p) (-log p)
      expect(logarithms.gradient[at]).toBeCloseTo(-((1 - p) ** 2) + 2 * p * (1 - p) * Math.log(p), 12);
      expect(given.gradient[at] * p).toBeCloseTo(logarithms.gradient[at], 12);
    });
  });

  it('a custom rule sees every class', () => {
    // Confidence penalty: sum p l.
    const rule = ({ probabilities, logProbabilities, weights, losses, slopes }: CustomTile): void => {
      probabilities.forEach((p, c) => {
        losses[0] += weights[0] * p * logProbabilities[c];
        slopes[c] += weights[0] * p * (logProbabilities[c] + 1);
      });
    };
    const plan = { labelMeasure, customs: [{ rule, parameters: {} }] };
    const { losses, gradient } = runEngine({ ...call, plan });
    const p = Array.from(logits.subarray(0, classes));
    expect(losses[0]).toBeCloseTo(
      p.reduce((sum, value) => sum + value * Math.log(value), -Math.log(p[0])),
      12,
    );
    expect(gradient[1]).toBeCloseTo(Math.log(p[1]) + 1, 12);
  });
});

describe('edges of given rows', () => {
  const layout = { rows: 2, classes: 2, inner: 1 };
  const run = (values: readonly number[], more: Partial<EngineCall> = {}): EngineResult =>
    runEngine({
      engine: softmax,
      logits: Float64Array.from(values),
      layout,
      labels: [0, 1],
      input: 'probabilities',
      plan: { labelMeasure },
      ...more,
    });

  it('probability 0 costs nothing without mass, and Infinity with it', () => {
    const { losses, gradient } = run([1, 0, 1, 0]);
    expect([...losses]).toEqual([0, Infinity]);
    expect([...gradient]).toEqual([-1, 0, 0, -Infinity]);
  });

  it('a clipped probability has the loss of the clip and gradient 0', () => {
    const { losses, gradient } = run([0, 1, 1, 0], { clip: 1e-7 });
    expect(losses[0]).toBeCloseTo(16.11809565095832, 12);
    expect([...gradient]).toEqual([0, 0, 0, 0]);
  });

  it.each([
    { values: [0.5, 0.5, 1.5, -0.5], kind: 'range', position: 2, value: 1.5 },
    { values: [0.5, 0.5, NaN, 1], kind: 'range', position: 2, value: NaN },
    { values: [0.5, 0.25, 0.5, 0.5], kind: 'sum', position: 0, value: 0.75 },
  ])('$kind fault', ({ values, ...fault }) => {
    expect(run(values).fault).toEqual(fault);
  });

  it('the tolerance of a sum follows the type, and unnormalized rows need none', () => {
    expect(run([0.5, 0.500001, 0.5, 0.5]).fault?.kind).toBe('sum');
    expect(run([], { logits: Float32Array.of(0.5, 0.500001, 0.5, 0.5) }).fault).toBeUndefined();
    expect(run([], { logits: Float32Array.of(0.5, 0.51, 0.5, 0.5) }).fault?.kind).toBe('sum');
    expect(run([0.5, 0.25, 0.5, 0.5], { unnormalized: true }).fault).toBeUndefined();
  });

  it.each([NaN, Infinity])('%d is no log-probability', (value) => {
    const fault = { kind: 'number', position: 3, value };
    const values = [-1, -2, -1, value];
    expect(run(values, { input: 'log-probabilities' }).fault).toEqual(fault);
    const { losses, gradient } = run(values, { input: 'log-probabilities', propagate: true });
    expect([...losses, ...gradient]).toEqual([1, NaN, -1, 0, NaN, NaN]);
  });

  it('-Infinity under mass is Infinity, without mass nothing', () => {
    const { losses, gradient } = run([0, -Infinity, 0, -Infinity], { input: 'log-probabilities' });
    expect([...losses, ...gradient]).toEqual([0, Infinity, -1, 0, 0, -1]);
  });

  it('nothing of an ignored row is read, and a weight of 0 silences an infinite loss', () => {
    const { losses, gradient } = run([NaN, 7, 1, 0], { keep: [0, 1], weights: [1, 0] });
    expect([...losses, ...gradient]).toEqual([0, 0, 0, 0, 0, 0]);
    const broken = run([NaN, 0.5, 0.5, 0.5], { propagate: true });
    expect(broken.losses[0]).toBeNaN();
    expect(broken.losses[1]).toBeCloseTo(Math.LN2, 15);
  });
});

describe('elements as probabilities', () => {
  const random = randomNumbers(2);
  const p = Float64Array.from({ length: 500 }, () => random.pick([1e-300, 1e-17, 1e-3, 1]) * random.uniform()).map(
    (value, i) => (i % 2 === 0 ? value : 1 - value),
  );
  const targets = Array.from(p, () => random.pick([0, 1, 0.25, 0.75]));
  const layout = { rows: 500, classes: 1, inner: 1 };
  const call = { engine: sigmoid, logits: p, layout, targets, input: 'probabilities' } as const;

  it('loss within 5 ulp, gradient within 2 of its terms', () => {
    const { losses, gradient } = runEngine(call);
    p.forEach((value, i) => {
      if (value === 1) return; // the edges below
      const exact = exactFromProbability(value, targets[i], 1 - targets[i]);
      expect(ulpsBetween(losses[i], exact.loss, 'float64')).toBeLessThanOrEqual(5);
      const terms = targets[i] / value + (1 - targets[i]) / (1 - value);
      expect(Math.abs(gradient[i] - Number(exact.gradient))).toBeLessThanOrEqual(2 ** -51 * terms);
    });
  });

  it('tiles change no bit', () => {
    expect(runEngine({ ...call, engine: createSigmoid(7) })).toEqual(runEngine(call));
  });

  it('log-probabilities near 0 and far from it keep the digits of the other outcome', () => {
    const logits = Float64Array.of(-1e-20, -1e-3, -0.5, -1, -40, -800, 0, -Infinity);
    const { losses, gradient } = runEngine({
      engine: sigmoid,
      logits,
      layout: { rows: 8, classes: 1, inner: 1 },
      targets: [0, 0, 0, 0, 0, 1, 1, 0],
      input: 'log-probabilities',
    });
    logits.subarray(0, 5).forEach((l, i) => {
      // log(1 - e^l) to sixty digits.
      const expected = new Exact(1).sub(exactly(l).exp()).ln().neg();
      expect(ulpsBetween(losses[i], expected, 'float64')).toBeLessThanOrEqual(5);
    });
    expect([...losses.subarray(5)]).toEqual([800, 0, 0]);
    expect(gradient[0] / 1e20).toBeCloseTo(1, 14);
    expect(gradient[4] / 4.248354255291589e-18).toBeCloseTo(1, 14);
    expect([...gradient.subarray(5)]).toEqual([-1, -1, 0]);
  });

  const few = (values: readonly number[], more: Partial<EngineCall> = {}): EngineResult =>
    runEngine({
      ...call,
      logits: Float64Array.from(values),
      layout: { rows: values.length, classes: 1, inner: 1 },
      targets: [1, 0, 1],
      ...more,
    });

  it('0 and 1: nothing where the target agrees, else Infinity; clipped on both sides', () => {
    expect([...few([1, 0, 0.5]).losses.subarray(0, 2)]).toEqual([0, 0]);
    expect([...few([0, 1, 0.5]).losses.subarray(0, 2)]).toEqual([Infinity, Infinity]);
    const { losses, gradient } = few([0, 1, 0.5], { clip: 1e-7 });
    expect(losses[0]).toBeCloseTo(16.11809565095832, 12);
    expect(losses[1]).toBeCloseTo(16.11809565095832, 12);
    expect([...gradient]).toEqual([0, 0, -2]);
  });

  it.each([
    ['probabilities', 1.5, 'range'],
    ['probabilities', NaN, 'range'],
    ['log-probabilities', 0.5, 'range'],
    ['log-probabilities', NaN, 'number'],
    ['log-probabilities', Infinity, 'number'],
  ] as const)('%s: %d is a %s fault', (input, value, kind) => {
    expect(few([0, value, 0], { input, keep: [1, 1, 1] }).fault).toEqual({ kind, position: 1, value });
    expect(few([0, value, 0], { input, keep: [1, 0, 1] }).fault).toBeUndefined();
  });

  it('NaN propagates alone', () => {
    const { losses, gradient } = few([0.5, NaN, 0.5], { propagate: true });
    expect([...losses, ...gradient]).toEqual([Math.LN2, NaN, Math.LN2, -2, NaN, -2]);
  });

  it('surprisals and custom rules apply', () => {
    const { losses } = few([0.25, 0.25, 1], { plan: { terms: focal } });
    expect(losses[0]).toBeCloseTo(0.75 ** 2 * -Math.log(0.25), 14);
    expect(losses[1]).toBeCloseTo(0.25 ** 2 * -Math.log(0.75), 14);
    const rule = ({ masses, complements, losses: out, slopes, probabilities }: CustomTile): void => {
      // Expected error: u1 (1 - p1) + u0 (1 - p0), slope -u p by each l.
      for (const c of [0, 1]) {
        out[0] += masses[c] * complements[c];
        slopes[c] -= masses[c] * probabilities[c];
      }
    };
    const plan = { terms: [], negativeTerms: [], customs: [{ rule, parameters: {} }] };
    const result = few([0.25, 0.25, 1], { plan });
    expect([...result.losses]).toEqual([0.75, 0.25, 0]);
    expect([...result.gradient]).toEqual([-1, 1, -1]);
  });
});
