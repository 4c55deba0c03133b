import type { OutcomeMeasure } from '@surprisal/core';
import { randomNumbers } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { layoutOf, randomElements } from '../../testing/random-elements.js';
import { runEngine, type EngineCall } from '../../testing/run-engine.js';
import { relaxedSimdEngine, simdEngine } from './simd-engine.js';

/** Node 20 has no relaxed operations. */
const engines = [simdEngine, relaxedSimdEngine].filter(({ available }) => available?.());
const cases = engines.flatMap((engine) =>
  ([Float32Array, Float64Array] as const).map((type) => ({ name: engine.name, engine, type })),
);

function diagonal(positive: number, negative: number): OutcomeMeasure {
  return {
    positiveFromPositive: Float64Array.of(positive),
    positiveFromNegative: Float64Array.of(0),
    negativeFromPositive: Float64Array.of(0),
    negativeFromNegative: Float64Array.of(negative),
  };
}

const smoothed: OutcomeMeasure = {
  positiveFromPositive: Float64Array.of(0.95),
  positiveFromNegative: Float64Array.of(0.05),
  negativeFromPositive: Float64Array.of(0.05),
  negativeFromNegative: Float64Array.of(0.95),
};

const perLabel: OutcomeMeasure = {
  positiveFromPositive: Float64Array.of(1, 2),
  positiveFromNegative: Float64Array.of(0, 0),
  negativeFromPositive: Float64Array.of(0, 0),
  negativeFromNegative: Float64Array.of(1, 0.5),
};

describe.each(cases)('labels that $name reads itself, $type.name', ({ engine, type }) => {
  const { z, y } = randomElements(type === Float32Array ? 'float32' : 'float64', 100_000, 0, 1);
  const infinities = [Infinity, -Infinity, 0, -0, Infinity, -Infinity];
  const logits = type.from([...z, ...infinities]);
  const targets = [...y, 1, 1, 0, 1, 0, 0];
  const random = randomNumbers(2);
  const weights = targets.map(() => random.pick([0, 0.3, 1, 7]));
  const call = { engine, logits, layout: layoutOf(logits.length) };
  const calls: Record<string, Partial<EngineCall>> = {
    'as they are': {},
    'with class weights': { plan: { outcomeMeasure: diagonal(3, 0.25) } },
    'with weights': { weights },
    'with both': { weights, plan: { outcomeMeasure: diagonal(0.1, 0) } },
    smoothed: { weights, plan: { outcomeMeasure: smoothed } },
    'with weights of each label': {
      plan: { outcomeMeasure: perLabel },
      layout: { rows: logits.length / 2, classes: 2, inner: 1 },
    },
    'with an affine step': { plan: { logitSteps: [{ kind: 'affine', scale: -1.5, offsets: [0.5, 0.25] }] } },
    'without a gradient': { valueOnly: true },
    'with a gradient beyond float32': { gradientScale: 1e39 },
    'in small tiles': { tileRows: 37 },
  };

  it.each(Object.keys(calls))('%s give the bits of targets in float64', (name) => {
    const given = { ...call, ...calls[name] };
    const expected = runEngine({ ...given, targets });
    for (const hardTargets of [Int32Array.from(targets), Uint8Array.from(targets), Int16Array.from(targets)])
      expect(runEngine({ ...given, hardTargets })).toEqual(expected);
  });

  it('a NaN is found at its place, and let through where the call says so', () => {
    const spoiled = logits.slice();
    spoiled[5000] = NaN;
    const hardTargets = Int8Array.from(targets);
    expect(runEngine({ ...call, logits: spoiled, hardTargets }).fault?.position).toBe(5000);
    const { losses, gradient } = runEngine({ ...call, logits: spoiled, hardTargets, propagate: true });
    const whole = runEngine({ ...call, hardTargets });
    expect(losses).toEqual(whole.losses.map((loss, i) => (i === 5000 ? NaN : loss)));
    expect(gradient).toEqual(whole.gradient.map((value, i) => (i === 5000 ? NaN : value)));
  });
});
