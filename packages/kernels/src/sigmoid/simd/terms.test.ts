import type { LogitStep, OutcomeMeasure, ResolvedPlan } from '@surprisal/core';
import { exactSigmoidElement, ulpsBetween, ulpsOfScale } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { layoutOf, randomElements } from '../../testing/random-elements.js';
import { CROSS_ENTROPY, runEngine } from '../../testing/run-engine.js';
import { typescriptEngine } from '../typescript-engine.js';
import { relaxedSimdEngine, simdEngine } from './simd-engine.js';

/** Node 20 has no relaxed operations. */
const engines = [simdEngine, relaxedSimdEngine].filter(({ available }) => available?.());

const surprisals: Record<string, ResolvedPlan['terms']> = {
  focal: [{ coefficient: 1, power: 2, order: 0 }],
  'power 1': [{ coefficient: 0.25, power: 1, order: 0 }],
  'power 1.5': [{ coefficient: 1, power: 1.5, order: 0 }],
  'power below 1': [{ coefficient: 1, power: 0.5, order: 0 }],
  'power 7.25': [{ coefficient: 1, power: 7.25, order: 0 }],
  generalised: [{ coefficient: 1, power: 0, order: 0.7 }],
  'order near 0': [{ coefficient: 1, power: 0, order: 1e-3 }],
  'modulated order': [{ coefficient: 3, power: 1.25, order: 2.5 }],
  'poly-1': [CROSS_ENTROPY[0], { coefficient: 2, power: 0, order: 1 }],
  symmetric: [
    { coefficient: 0.1, power: 0, order: 0 },
    { coefficient: 4, power: 0, order: 1 },
  ],
};
const names = Object.keys(surprisals);

/** Results below it may be flushed to zero. */
const SMALLEST = 2 ** -126;

/** Four times the bounds of cross-entropy. */
const BOUNDS = { loss: 14, gradient: 20 };

describe.each(engines)('surprisals of terms in $name, float32', (engine) => {
  const { z, y } = randomElements('float32', 150, 0, 2);
  const call = { engine, logits: Float32Array.from(z), layout: layoutOf(z.length) };

  it.each(names)('%s, hard targets: loss within 14 ulp, gradient within 20 ulp', (name) => {
    const terms = surprisals[name];
    for (const given of [{ targets: y }, { hardTargets: Uint8Array.from(y) }]) {
      const { losses, gradient } = runEngine({ ...call, ...given, plan: { terms, negativeTerms: terms } });
      const worst = { loss: 0, gradient: 0 };
      z.forEach((logit, i) => {
        const exact = exactSigmoidElement(logit, y[i], 1 - y[i], { terms });
        if (exact.loss.toNumber() > SMALLEST)
          worst.loss = Math.max(worst.loss, ulpsBetween(Math.fround(losses[i]), exact.loss, 'float32'));
        if (Math.abs(exact.gradient.toNumber()) > SMALLEST)
          worst.gradient = Math.max(worst.gradient, ulpsBetween(gradient[i], exact.gradient, 'float32'));
      });
      expect(worst.loss).toBeLessThanOrEqual(BOUNDS.loss);
      expect(worst.gradient).toBeLessThanOrEqual(BOUNDS.gradient);
    }
  });

  it.each(names)('%s: soft targets, weights and other negative terms are those of the TypeScript engine', (name) => {
    const { z: logits, y: targets } = randomElements('float32', 3000, 0.5, 3);
    const weights = targets.map((_, i) => i % 4);
    const terms = surprisals[name];
    const plan = { terms, negativeTerms: surprisals['focal'], partition: 0.125 };
    const part = { logits: Float32Array.from(logits), layout: layoutOf(3000), targets, weights, plan };
    const result = runEngine({ ...part, engine });
    const expected = runEngine({ ...part, engine: typescriptEngine });
    logits.forEach((logit, i) => {
      expect(Math.abs(result.losses[i] - expected.losses[i])).toBeLessThanOrEqual(
        2 ** -40 * expected.losses[i] + SMALLEST,
      );
      // A true difference of the two outcomes.
      const scale = weights[i] * (1 + Math.abs(logit) + 10);
      expect(Math.abs(result.gradient[i] - expected.gradient[i])).toBeLessThanOrEqual(2 ** -22 * scale);
    });
  });

  it.each([...names, 'power of order 1'])('%s: coefficients raise what is no normal number', (name) => {
    const terms = surprisals[name] ?? [{ coefficient: 1, power: 3, order: 1 }];
    const logits = Float32Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (84 + i / 25));
    const part = { ...call, logits, layout: layoutOf(logits.length), plan: { terms, negativeTerms: terms } };
    for (const label of [0, 1])
      for (const given of [
        { targets: Array.from(logits, () => label) },
        { hardTargets: Uint8Array.from(logits, () => label) },
      ]) {
        const { losses, gradient } = runEngine({ ...part, ...given });
        const worst = { loss: 0, gradient: 0 };
        logits.forEach((logit, i) => {
          const exact = exactSigmoidElement(logit, label, 1 - label, { terms });
          if (exact.loss.toNumber() > SMALLEST)
            worst.loss = Math.max(worst.loss, ulpsBetween(Math.fround(losses[i]), exact.loss, 'float32'));
          if (Math.abs(exact.gradient.toNumber()) > SMALLEST)
            worst.gradient = Math.max(worst.gradient, ulpsBetween(gradient[i], exact.gradient, 'float32'));
        });
        expect(worst.loss).toBeLessThanOrEqual(BOUNDS.loss);
        expect(worst.gradient).toBeLessThanOrEqual(BOUNDS.gradient);
      }
  });

  const shifted = [[{ coefficient: 1, power: 1, order: 0 }], [{ coefficient: 1, power: 4, order: 0, shift: 0.05 }]];
  it.each(['focal', 'power 1.5', 'poly-1', 'shifted'])(
    '%s: masses beyond float32 raise what would underflow',
    (name) => {
      const [terms, negativeTerms] = name === 'shifted' ? shifted : [surprisals[name], surprisals[name]];
      const logits = Float32Array.from({ length: 600 }, (_, i) => (i - 300.25) / 2);
      const part = { ...call, logits, layout: layoutOf(600), weights: Array.from(logits, () => 2 ** 100) };
      for (const label of [0, 1]) {
        const targets = Array.from(logits, () => label);
        const plan = { terms, negativeTerms };
        const { losses, gradient } = runEngine({ ...part, targets, plan, gradientScale: 2 ** -50 });
        // Losses are numbers of any size, not of float32: a unit of theirs is 2^29 of float64.
        const worst = { loss: 0, gradient: 0 };
        logits.forEach((logit, i) => {
          const exact = exactSigmoidElement(logit, label, 1 - label, { terms: label === 1 ? terms : negativeTerms });
          const slope = exact.gradient.mul(2 ** 50);
          if (exact.loss.mul(2 ** 100).toNumber() > SMALLEST)
            worst.loss = Math.max(worst.loss, ulpsBetween(losses[i] * 2 ** -100, exact.loss, 'float64') / 2 ** 29);
          if (Math.abs(slope.toNumber()) > SMALLEST)
            worst.gradient = Math.max(worst.gradient, ulpsBetween(gradient[i], slope, 'float32'));
        });
        expect(worst.loss).toBeLessThanOrEqual(BOUNDS.loss);
        expect(worst.gradient).toBeLessThanOrEqual(BOUNDS.gradient);
      }
    },
  );

  it('a partition term adds strength softplus(z)^2', () => {
    const logits = Float32Array.of(-50, -1, 0, 0.5, 20, 800);
    const part = { ...call, logits, layout: layoutOf(6), targets: [0, 1, 0.5, 1, 1, 0], weights: [1, 2, 3, 0, 1, NaN] };
    const { losses, gradient } = runEngine({ ...part, keep: [1, 1, 1, 1, 1, 0], plan: { partition: 0.25 } });
    logits.forEach((logit, i) => {
      const weight = i === 5 ? 0 : part.weights[i];
      const exact = exactSigmoidElement(logit, part.targets[i], 1 - part.targets[i], { partition: 0.25 });
      expect(ulpsBetween(Math.fround(losses[i]), exact.loss.mul(weight), 'float32')).toBeLessThanOrEqual(3.5);
      const scale = exact.gradient.abs().add(2);
      expect(ulpsOfScale(gradient[i], exact.gradient.mul(weight), scale, 'float32')).toBeLessThanOrEqual(5);
    });
  });

  const steps: Record<string, readonly LogitStep[]> = {
    softcap: [{ kind: 'softcap', cap: 2 }],
    margins: [{ kind: 'margin', margins: [0.25, 0.5] }],
    'all of them': [
      { kind: 'affine', scale: -1.5, offsets: [0.5, 0.25] },
      { kind: 'softcap', cap: 30 },
      { kind: 'margin', margins: [0.25, 0.5] },
    ],
  };

  it.each(Object.keys(steps))('%s: the same as the TypeScript engine but for rounding', (name) => {
    const logits = Float32Array.from(z, (value) => Math.max(-50, Math.min(50, value)));
    for (const terms of [CROSS_ENTROPY, surprisals['focal']]) {
      const plan = { terms, negativeTerms: terms, logitSteps: steps[name] };
      const expected = runEngine({ ...call, logits, targets: y, plan, engine: typescriptEngine });
      for (const given of [{ targets: y }, { hardTargets: Int32Array.from(y) }]) {
        const { losses, gradient } = runEngine({ ...call, logits, plan, ...given });
        losses.forEach((loss, i) => {
          expect(Math.abs(loss - expected.losses[i])).toBeLessThanOrEqual(2 ** -40 * expected.losses[i]);
          expect(Math.abs(gradient[i] - expected.gradient[i])).toBeLessThanOrEqual(
            2 ** -23 * Math.abs(expected.gradient[i]),
          );
        });
      }
    }
  });
});

describe.each(engines)('tiles and edges of terms in $name', (engine) => {
  const { z, y } = randomElements('float32', 5000, 0, 3);
  const plan = { terms: surprisals['power 1.5'], negativeTerms: surprisals['power 1.5'] };
  const base = { engine, logits: Float32Array.from(z), layout: layoutOf(5000), plan };
  const call = { ...base, targets: y };
  const whole = runEngine(call);

  it('tiles of any length, values alone and weights of 1 change no bit', () => {
    for (const tileRows of [37, 511, 512, 513, 1000]) expect(runEngine({ ...call, tileRows })).toEqual(whole);
    expect(runEngine({ ...call, valueOnly: true }).losses).toEqual(whole.losses);
    expect(runEngine({ ...call, weights: y.map(() => 1) })).toEqual(whole);
  });

  it('infinite logits are 0 or Infinity, NaN is found, and the others keep their bits', () => {
    const logits = call.logits.slice();
    logits.set([Infinity, -Infinity, Infinity, -Infinity], 0);
    const targets = [1, 0, 0, 1, ...y.slice(4)];
    for (const given of [{ targets }, { hardTargets: Int32Array.from(targets) }]) {
      const { losses, gradient } = runEngine({ ...base, ...given, logits });
      expect([...losses.subarray(0, 4)]).toEqual([0, 0, Infinity, Infinity]);
      losses
        .subarray(4)
        .forEach((loss, i) =>
          expect(Math.abs(loss - whole.losses[i + 4])).toBeLessThanOrEqual(2 ** -40 * whole.losses[i + 4] + SMALLEST),
        );
      expect(gradient.subarray(4).every(Number.isFinite)).toBe(true);
      const spoiled = logits.slice();
      spoiled[4500] = NaN;
      expect(runEngine({ ...base, ...given, logits: spoiled }).fault?.position).toBe(4500);
    }
  });

  it('nothing of an ignored element is read', () => {
    const keep = y.map((_, i) => Number(i % 5 !== 2));
    const logits = call.logits.map((value, i) => (keep[i] === 1 ? value : [NaN, Infinity][i % 2]));
    const targets = y.map((value, i) => (keep[i] === 1 ? value : NaN));
    const { losses, gradient, fault } = runEngine({ ...call, logits, targets, keep, weights: keep.map(() => 1) });
    expect(fault).toBeUndefined();
    expect(losses).toEqual(whole.losses.map((loss, i) => loss * keep[i]));
    expect(gradient).toEqual(whole.gradient.map((value, i) => (keep[i] === 1 ? value : 0)));
  });

  it('a measure of its own for each label makes the masses', () => {
    const perLabel: OutcomeMeasure = {
      positiveFromPositive: Float64Array.of(1, 2),
      positiveFromNegative: Float64Array.of(0, 0.25),
      negativeFromPositive: Float64Array.of(0.125, 0),
      negativeFromNegative: Float64Array.of(1, 4),
    };
    const part = { ...call, layout: { rows: 2500, classes: 2, inner: 1 }, plan: { ...plan, outcomeMeasure: perLabel } };
    const { losses } = runEngine(part);
    const expected = runEngine({ ...part, engine: typescriptEngine });
    // 1 - p is float32, and so is its power: 14 units are the bound.
    losses.forEach((loss, i) =>
      expect(Math.abs(loss - expected.losses[i])).toBeLessThanOrEqual(14 * 2 ** -23 * expected.losses[i] + SMALLEST),
    );
  });
});
