import type { CustomTile, LogitStep, OutcomeMeasure } from '@surprisal/core';
import {
  doubleDoubleSigmoidElement,
  exactSigmoidElement,
  ulpsBetween,
  ulpsBetweenPairs,
  ulpsOfScale,
  ulpsOfScalePairs,
} from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { layoutOf, randomElements } from '../testing/random-elements.js';
import { CROSS_ENTROPY, runEngine } from '../testing/run-engine.js';
import { createTypescriptEngine, typescriptEngine } from './typescript-engine.js';

const engine = typescriptEngine;

describe('accuracy of elements', () => {
  it.each([
    ['float32', 0, 0.51, 0.51],
    ['float32', 1, 0.51, 0.51],
    ['float64', 0, 5, 8],
    ['float64', 1, 5, 8],
  ] as const)(
    '%s, share %d of soft targets: loss within %d ulp, gradient within %d',
    (type, soft, ofLoss, ofGradient) => {
      const { z, y } = randomElements(type, 100_000, soft, 1);
      const logits = type === 'float32' ? Float32Array.from(z) : z;
      const { losses, gradient } = runEngine({ engine, logits, layout: layoutOf(z.length), targets: y });
      const exact = new Float64Array(4);
      const worst = { loss: 0, gradient: 0 };
      for (let i = 0; i < z.length; i++) {
        // 1 - y exactly, as the sum of two doubles.
        const other = 1 - y[i];
        doubleDoubleSigmoidElement(z[i], y[i], 0, other, 1 - other - y[i], exact);
        const loss = type === 'float32' ? Math.fround(losses[i]) : losses[i];
        worst.loss = Math.max(worst.loss, ulpsBetweenPairs(loss, exact[0], exact[1], type));
        const scale = Math.abs(exact[2] + 2 * y[i]); // |u| p + u1
        const error =
          soft > 0
            ? ulpsOfScalePairs(gradient[i], exact[2], exact[3], scale, type)
            : ulpsBetweenPairs(gradient[i], exact[2], exact[3], type);
        worst.gradient = Math.max(worst.gradient, error);
      }
      expect(worst.loss).toBeLessThanOrEqual(ofLoss);
      expect(worst.gradient).toBeLessThanOrEqual(ofGradient);
    },
  );

  const surprisals = {
    focal: [{ coefficient: 1, power: 2, order: 0 }],
    'power below 1': [{ coefficient: 1, power: 0.5, order: 0 }],
    generalised: [{ coefficient: 1, power: 0, order: 0.7 }],
    'poly-1': [CROSS_ENTROPY[0], { coefficient: 2, power: 0, order: 1 }],
  };

  it.each(Object.keys(surprisals) as (keyof typeof surprisals)[])(
    '%s: loss within 20 ulp, gradient within 32 ulp',
    (name) => {
      const terms = surprisals[name];
      const { z, y } = randomElements('float64', 400, 0, 2);
      const { losses, gradient } = runEngine({
        engine,
        logits: z,
        layout: layoutOf(z.length),
        targets: y,
        plan: { terms },
      });
      z.forEach((logit, i) => {
        // Where p underflows p^q costs half of |q l| units.
        const bound = Math.abs(logit) > 708 ? 500 : 32;
        const exact = exactSigmoidElement(logit, y[i], 1 - y[i], { terms });
        expect(ulpsBetween(losses[i], exact.loss, 'float64')).toBeLessThanOrEqual(20);
        expect(ulpsBetween(gradient[i], exact.gradient, 'float64')).toBeLessThanOrEqual(bound);
      });
    },
  );

  it('a partition term adds strength softplus(z)^2', () => {
    const logits = Float64Array.of(-50, -1, 0, 0.5, 20, 800);
    const call = { engine, logits, layout: layoutOf(6), targets: [0, 1, 0.5, 1, 1, 0], weights: [1, 2, 3, 0, 1, 1] };
    const { losses, gradient } = runEngine({ ...call, keep: [1, 1, 1, 1, 1, 0], plan: { partition: 0.25 } });
    logits.forEach((z, i) => {
      const weight = i === 5 ? 0 : call.weights[i];
      const y = call.targets[i];
      const exact = exactSigmoidElement(z, y, 1 - y, { partition: 0.25 });
      expect(ulpsBetween(losses[i], exact.loss.mul(weight), 'float64')).toBeLessThanOrEqual(5);
      const scale = exact.gradient.abs().add(2);
      expect(ulpsOfScale(gradient[i], exact.gradient.mul(weight), scale, 'float64')).toBeLessThanOrEqual(8);
    });
  });
});

describe('measures, tiles and ignored elements', () => {
  const { z, y } = randomElements('float64', 3000, 0.3, 3);
  const call = { logits: z, layout: layoutOf(3000), targets: y };
  const whole = runEngine({ ...call, engine });

  it.each([1, 7, 1000])('tiles of %d elements change no bit', (tile) => {
    expect(runEngine({ ...call, engine: createTypescriptEngine(tile) })).toEqual(whole);
  });

  it('an infinite logit leaves the bits of the others alone', () => {
    const logits = z.slice();
    logits[5] = Infinity;
    const { losses, gradient } = runEngine({ ...call, logits, engine });
    expect(losses.filter((_, i) => i !== 5)).toEqual(whole.losses.filter((_, i) => i !== 5));
    expect(gradient.filter((_, i) => i !== 5)).toEqual(whole.gradient.filter((_, i) => i !== 5));
  });

  it('nothing of an ignored element is read', () => {
    const call3 = { engine, logits: Float64Array.of(1, NaN, Infinity), layout: layoutOf(3), targets: [1, NaN, 0] };
    for (const plan of [{}, { terms: [{ coefficient: 1, power: 2, order: 0 }] }]) {
      const { losses, gradient, fault } = runEngine({ ...call3, keep: [1, 0, 0], weights: [1, NaN, 1], plan });
      expect(fault).toBeUndefined();
      expect([...losses.subarray(1), ...gradient.subarray(1)]).toEqual([0, 0, 0, 0]);
      expect(losses[0]).toBeGreaterThan(0);
    }
  });

  it('a matrix for each label makes the masses of its elements', () => {
    const outcomeMeasure: OutcomeMeasure = {
      positiveFromPositive: Float64Array.of(1, 2, 0.5),
      positiveFromNegative: Float64Array.of(0, 0.25, 0),
      negativeFromPositive: Float64Array.of(0.125, 0, 0),
      negativeFromNegative: Float64Array.of(1, 4, 3),
    };
    const logits = Float64Array.of(1, 2, -3, 0.5, -1, 1, -2, 0.25, 3, 1, -1, 2);
    const targets = [1, 0, 0.5, 0, 1, 0, 0.25, 0.75, 1, 0, 1, 0];
    for (const [inner, labelOf] of [
      [1, (i: number) => i % 3],
      [2, (i: number) => Math.floor(i / 2) % 3],
    ] as const) {
      const layout = { rows: 4, classes: 3, inner };
      const { losses, gradient } = runEngine({
        engine,
        logits,
        layout,
        targets,
        plan: { outcomeMeasure },
        tileRows: 5,
      });
      logits.forEach((logit, i) => {
        const [label, yes, no] = [labelOf(i), targets[i], 1 - targets[i]];
        const { positiveFromPositive, positiveFromNegative, negativeFromPositive, negativeFromNegative } =
          outcomeMeasure;
        const u1 = positiveFromPositive[label] * yes + positiveFromNegative[label] * no;
        const u0 = negativeFromPositive[label] * yes + negativeFromNegative[label] * no;
        const exact = exactSigmoidElement(logit, u1, u0);
        expect(ulpsBetween(losses[i], exact.loss, 'float64')).toBeLessThanOrEqual(5);
        const scale = exact.gradient.abs().add(2 * u1);
        expect(ulpsOfScale(gradient[i], exact.gradient, scale, 'float64')).toBeLessThanOrEqual(8);
      });
    }
  });
});

describe('edges', () => {
  it.each([
    {},
    {
      terms: [
        { coefficient: 1, power: 0, order: 0 },
        { coefficient: 1, power: 1, order: 1 },
      ],
    },
  ])('infinite logits: 0 where the target agrees, else Infinity', (plan) => {
    const logits = Float64Array.of(Infinity, -Infinity, Infinity, -Infinity, Infinity);
    const call = { engine, logits, layout: layoutOf(5), targets: [1, 0, 0, 1, 0.5] };
    const { losses } = runEngine({ ...call, plan });
    expect([...losses]).toEqual([0, 0, Infinity, Infinity, Infinity]);
    const { losses: unweighted, gradient } = runEngine({ ...call, plan, weights: [1, 1, 0, 0, 0] });
    expect([...unweighted, ...gradient]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('NaN is a fault, or propagates alone', () => {
    const logits = Float64Array.of(1, NaN, Infinity, 2);
    for (const plan of [{}, { partition: 1 }]) {
      const call = { engine, logits, layout: layoutOf(4), targets: [1, 1, 1, 0], plan };
      expect(runEngine({ ...call, weights: [1, 0, 1, 1] }).fault).toEqual({ kind: 'number', position: 1, value: NaN });
      const { losses, gradient } = runEngine({ ...call, propagate: true });
      expect(Array.from(losses, Number.isNaN)).toEqual([false, true, false, false]);
      expect(Array.from(gradient, Number.isNaN)).toEqual([false, true, false, false]);
    }
  });

  it('confident elements are stored as 0, not as -0', () => {
    const { gradient } = runEngine({
      engine,
      logits: Float32Array.of(150, -150),
      layout: layoutOf(2),
      targets: [1, 0],
    });
    expect(gradient[0]).toBe(0);
    expect(gradient[1]).toBe(0);
  });
});

describe('logit steps', () => {
  const logits = Float64Array.of(1, -2, 0.5, 3);
  const call = { engine, logits, layout: layoutOf(4), targets: [1, 0, 0, 1] };

  it.each([
    [{ kind: 'affine', scale: 0.5 }, (z: number) => z / 2, () => 0.5],
    [{ kind: 'affine', scale: 2, offsets: [0.25, -1] }, (z: number) => 2 * z - 1.25, () => 2],
    [{ kind: 'margin', margins: [0.25, 0.5] }, (z: number, y: number) => (y === 1 ? z - 0.5 : z + 0.25), () => 1],
    [{ kind: 'softcap', cap: 2 }, (z: number) => 2 * Math.tanh(z / 2), (z: number) => 1 / Math.cosh(z / 2) ** 2],
  ] as readonly (readonly [LogitStep, (z: number, y: number) => number, (z: number) => number])[])(
    '%o',
    (step, mapped, slope) => {
      const { losses, gradient } = runEngine({ ...call, plan: { logitSteps: [step] } });
      logits.forEach((z, i) => {
        const exact = exactSigmoidElement(mapped(z, call.targets[i]), call.targets[i], 1 - call.targets[i]);
        expect(losses[i]).toBeCloseTo(Number(exact.loss), 14);
        expect(gradient[i]).toBeCloseTo(Number(exact.gradient) * slope(z), 14);
      });
    },
  );
});

describe('custom rules', () => {
  function crossEntropy({ rows, masses, logProbabilities, losses, slopes, outcomes }: CustomTile): void {
    expect(outcomes).toBe(2);
    for (let i = 0; i < 2 * rows; i++) {
      if (masses[i] === 0) continue;
      losses[i >> 1] -= masses[i] * logProbabilities[i];
      slopes[i] -= masses[i];
    }
  }
  const { z, y } = randomElements('float64', 200, 0.5, 5);
  const call = { engine, logits: z, layout: layoutOf(200), targets: y, weights: y.map((value) => 1 + value) };
  const customs = [{ rule: crossEntropy, parameters: {} }];
  const keep = y.map((_, i) => Number(i % 5 !== 2));

  it('a rule that computes cross-entropy equals cross-entropy, ignored elements left out', () => {
    const expected = runEngine({ ...call, keep });
    const { losses, gradient } = runEngine({ ...call, keep, plan: { terms: [], negativeTerms: [], customs } });
    losses.forEach((loss, i) => expect(Math.abs(loss - expected.losses[i])).toBeLessThanOrEqual(1e-15 * loss));
    gradient.forEach((value, i) => expect(value).toBeCloseTo(expected.gradient[i], 15));
  });

  it('a rule that adds comes on top of surprisal and partition', () => {
    const one = runEngine({ ...call, plan: { partition: 0.5 } });
    const bare = runEngine(call);
    const { losses, gradient } = runEngine({ ...call, plan: { partition: 0.5, customs } });
    const tolerance = (value: number): number => 1e-15 * Math.abs(value);
    losses.forEach((loss, i) =>
      expect(Math.abs(loss - one.losses[i] - bare.losses[i])).toBeLessThanOrEqual(tolerance(loss)),
    );
    gradient.forEach((value, i) =>
      expect(Math.abs(value - one.gradient[i] - bare.gradient[i])).toBeLessThanOrEqual(tolerance(value) + 1e-15),
    );
  });

  it('NaN is a fault before a rule sees it, or propagates', () => {
    const logits = Float64Array.of(1, NaN);
    const broken = { engine, logits, layout: layoutOf(2), targets: [1, 1], plan: { customs } };
    expect(runEngine(broken).fault?.position).toBe(1);
    const { losses, gradient } = runEngine({ ...broken, propagate: true });
    expect([losses[1], gradient[1]]).toEqual([NaN, NaN]);
  });
});
