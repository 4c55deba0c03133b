import { exactSoftmaxRow, randomNumbers, randomRows, ulpsBetween, ulpsOfScale } from '@surprisal/reference';
import type { CustomTile } from '@surprisal/core';
import { describe, expect, it } from 'vitest';
import { CROSS_ENTROPY, LABEL_MEASURE, runEngine } from '../testing/run-engine.js';
import { createTypescriptEngine, typescriptEngine } from './typescript-engine.js';

const surprisals = {
  focal: [{ coefficient: 1, power: 2, order: 0 }],
  'power below 1': [{ coefficient: 1, power: 0.5, order: 0 }],
  generalised: [{ coefficient: 1, power: 0, order: 0.7 }],
  'poly-1': [CROSS_ENTROPY[0], { coefficient: 2, power: 0, order: 1 }],
};

describe('modulated surprisals of target rows', () => {
  it.each(Object.keys(surprisals) as (keyof typeof surprisals)[])(
    '%s: loss within 20 ulp, gradient within 32 ulp of |u| p + u',
    (name) => {
      const terms = surprisals[name];
      const random = randomNumbers(21);
      for (const { logits: z } of randomRows({ seed: 20, logits: 600, type: 'float64', classes: [2, 20] })) {
        const rows = z.map((value) => (value === -Infinity ? 0 : random.uniform())) as Float64Array;
        const layout = { rows: 1, classes: z.length, inner: 1 };
        const call = { engine: typescriptEngine, logits: z, layout, labels: [0], rows };
        const { losses, gradient } = runEngine({ ...call, plan: { terms } });
        const exact = exactSoftmaxRow(z, rows, { terms });
        expect(ulpsBetween(losses[0], exact.loss, 'float64')).toBeLessThanOrEqual(20);
        const mass = rows.reduce((sum, value) => sum + value, 0);
        const unmodulated = exactSoftmaxRow(z, rows).gradient;
        exact.gradient.forEach((value, j) => {
          const scale = unmodulated[j].add(2 * rows[j]).add(mass * 1e-300);
          expect(ulpsOfScale(gradient[j], value, scale, 'float64')).toBeLessThanOrEqual(32);
        });
      }
    },
  );
});

it('a power of a probability that underflows keeps its digits: gradient within 32 ulp of itself', () => {
  const terms = [{ coefficient: 1, power: 0, order: 0.3 }];
  const random = randomNumbers(22);
  const layout = { rows: 1, classes: 3, inner: 1 };
  for (let n = 0; n < 200; n++) {
    const z = Float64Array.of(random.normal(), -710 - 1000 * random.uniform(), -710 - 1000 * random.uniform());
    const rows = Float64Array.of(0.5, 0.25, 0.25);
    const { gradient } = runEngine({ engine: typescriptEngine, logits: z, layout, labels: [0], rows, plan: { terms } });
    const exact = exactSoftmaxRow(z, rows, { terms });
    for (const j of [1, 2]) expect(ulpsBetween(gradient[j], exact.gradient[j], 'float64')).toBeLessThanOrEqual(32);
  }
});

describe('custom rules', () => {
  const rows = 4;
  const classes = 40;
  const random = randomNumbers(30);
  const logits = Float64Array.from({ length: rows * classes }, () => 3 * random.normal());
  const call = { logits, layout: { rows, classes, inner: 1 }, labels: [0, 39, 31, 7], weights: [1, 2, 0.5, 1] };
  const labelMeasure = LABEL_MEASURE;

  /** Cross-entropy as a custom rule. */
  function crossEntropy({ rows: count, outcomes, logProbabilities, masses, losses, slopes }: CustomTile): void {
    for (let i = 0; i < count * outcomes; i++) {
      if (masses[i] === 0) continue;
      losses[Math.floor(i / outcomes)] -= masses[i] * logProbabilities[i];
      slopes[i] -= masses[i];
    }
  }

  it('a rule that computes cross-entropy equals cross-entropy to rounding, beside chunks and ignored rows', () => {
    const expected = runEngine({ ...call, engine: typescriptEngine, plan: { labelMeasure }, keep: [1, 0, 1, 1] });
    const customs = [{ rule: crossEntropy, parameters: {} }];
    const plan = { labelMeasure, terms: [], customs };
    for (const engine of [typescriptEngine, createTypescriptEngine({ tile: 32, memory: 0 })]) {
      const { losses, gradient } = runEngine({ ...call, engine, plan, keep: [1, 0, 1, 1] });
      losses.forEach((loss, row) => expect(loss).toBeCloseTo(expected.losses[row], 13));
      gradient.forEach((value, j) => expect(value).toBeCloseTo(expected.gradient[j], 14));
    }
  });

  it('a rule that adds gives twice the loss, the partition included once', () => {
    const plan = { labelMeasure, partition: 0.5 };
    const bare = runEngine({ ...call, engine: typescriptEngine, plan: { labelMeasure } });
    const pushed = runEngine({ ...call, engine: typescriptEngine, plan });
    const customs = [{ rule: crossEntropy, parameters: {} }];
    const both = runEngine({ ...call, engine: typescriptEngine, plan: { ...plan, customs } });
    both.losses.forEach((loss, row) => expect(loss).toBeCloseTo(pushed.losses[row] + bare.losses[row], 12));
    both.gradient.forEach((value, j) => expect(value).toBeCloseTo(pushed.gradient[j] + bare.gradient[j], 13));
  });

  it('a slope beside which the others are tiny leaves them their digits', () => {
    // -log p_0 and p_1 log p_1, which is -1.7e-16 at a gap of 40: 1 - 1.7e-16 is no double.
    const rule = ({ probabilities, logProbabilities, slopes }: CustomTile): void => {
      slopes[0] -= 1;
      slopes[1] += probabilities[1] * logProbabilities[1];
    };
    const plan = { labelMeasure, terms: [], customs: [{ rule, parameters: {} }] };
    const layout = { rows: 1, classes: 2, inner: 1 };
    const { gradient } = runEngine({
      engine: typescriptEngine,
      logits: Float64Array.of(40, 0),
      layout,
      labels: [0],
      plan,
    });
    // p_1 = e^-40 / (1 + e^-40), and p_0 p_1 log p_1 = p_1 (-40) to 17 digits.
    const p1 = 4.248354255291589e-18;
    expect(Math.abs(gradient[0] / (-p1 + 40 * p1) - 1)).toBeLessThan(1e-15);
    expect(gradient[1]).toBe(-gradient[0]);
  });

  it('complements are exact beside a certain class, and a masked class has no slope', () => {
    const seen: number[][] = [];
    const rule = ({ complements, slopes, weights, probabilities }: CustomTile): void => {
      seen.push([...complements], [...weights], [...probabilities]);
      slopes.fill(NaN, 2, 3);
    };
    const { gradient } = runEngine({
      engine: typescriptEngine,
      logits: Float64Array.of(50, 0, -Infinity),
      layout: { rows: 1, classes: 3, inner: 1 },
      labels: [0],
      weights: [3],
      plan: { labelMeasure, customs: [{ rule, parameters: {} }] },
    });
    expect(seen[0][0]).toBeCloseTo(1.9287498479639178e-22, 36);
    expect(seen[1]).toEqual([3]);
    expect(seen[2][2]).toBe(0);
    expect(gradient[2]).toBe(0);
  });

  it('faults are found, and NaN rows let through', () => {
    const broken = logits.map((value, i) => (i === classes + 3 ? NaN : value));
    const customs = [{ rule: crossEntropy, parameters: {} }];
    const plan = { labelMeasure, terms: [], customs };
    const { fault } = runEngine({ ...call, logits: broken, engine: typescriptEngine, plan });
    expect(fault).toEqual({ kind: 'number', position: classes + 3, value: NaN });
    const { losses } = runEngine({ ...call, logits: broken, engine: typescriptEngine, plan, propagate: true });
    expect(Number.isNaN(losses[1])).toBe(true);
    expect(losses.filter(Number.isNaN)).toHaveLength(1);
    const valueOnly = runEngine({ ...call, engine: typescriptEngine, plan, valueOnly: true });
    expect(valueOnly.losses[2]).toBe(losses[2]);
  });
});
