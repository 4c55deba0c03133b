import type { LogitStep } from '@surprisal/core';
import { exactSoftmaxRow, randomNumbers, ulpsBetween } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { LABEL_MEASURE, runEngine } from '../testing/run-engine.js';
import { createTypescriptEngine, typescriptEngine } from './typescript-engine.js';

const labelMeasure = LABEL_MEASURE;
const layout = { rows: 1, classes: 4, inner: 1 };
const logits = Float64Array.of(1, -2, 0.5, 3);

function run(logitSteps: readonly LogitStep[], z = logits): ReturnType<typeof runEngine> {
  return runEngine({ engine: typescriptEngine, logits: z, layout, labels: [2], plan: { labelMeasure, logitSteps } });
}

describe('logit steps', () => {
  it('an affine step is the loss of the scaled logits, its gradient times the scale', () => {
    const { losses, gradient } = run([{ kind: 'affine', scale: 0.5, offsets: [1, 0, -1, 2] }]);
    const exact = exactSoftmaxRow([1.5, -1, -0.75, 3.5], [0, 0, 1, 0]);
    expect(ulpsBetween(losses[0], exact.loss, 'float64')).toBeLessThanOrEqual(5);
    exact.gradient.forEach((value, j) =>
      expect(ulpsBetween(gradient[j], value.mul(0.5), 'float64')).toBeLessThanOrEqual(8),
    );
  });

  it('steps act in order: a margin before a temperature is divided by it', () => {
    const margin = { kind: 'margin', margins: [9, 9, 0.5, 9] } as const;
    const cooled = { kind: 'affine', scale: 2 } as const;
    expect(run([margin, cooled]).losses).toEqual(run([cooled, { ...margin, margins: [9, 9, 1, 9] }]).losses);
    const exact = exactSoftmaxRow([2, -4, 0, 6], [0, 0, 1, 0]);
    expect(ulpsBetween(run([margin, cooled]).losses[0], exact.loss, 'float64')).toBeLessThanOrEqual(5);
  });

  it('a class mask takes classes out, with gradient 0 even at the label', () => {
    const allowed = [true, false, true, true];
    const { losses, gradient } = run([{ kind: 'classMask', allowed }]);
    expect({ losses, gradient }).toEqual(
      (({ losses: l, gradient: g }) => ({ losses: l, gradient: g }))(run([], Float64Array.of(1, -Infinity, 0.5, 3))),
    );
    const atLabel = run([{ kind: 'classMask', allowed: [true, true, false, true] }]);
    expect(atLabel.losses[0]).toBe(Infinity);
    expect(atLabel.gradient[2]).toBe(0);
  });

  it('softcap bounds the logits; its gradient is that of central differences', () => {
    const step = { kind: 'softcap', cap: 2 } as const;
    const { losses, gradient } = run([step]);
    const capped = Array.from(logits, (z) => 2 * Math.tanh(z / 2));
    expect(losses[0]).toBeCloseTo(Number(exactSoftmaxRow(capped, [0, 0, 1, 0]).loss), 14);
    logits.forEach((_, j) => {
      const moved = (by: number): number =>
        run(
          [step],
          logits.map((z, c) => (c === j ? z + by : z)),
        ).losses[0];
      expect(gradient[j]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 9);
    });
  });

  it('softcap keeps a masked class masked and +Infinity an error', () => {
    const step = { kind: 'softcap', cap: 2 } as const;
    const { losses, gradient } = run([step], Float64Array.of(1, -Infinity, 0.5, 3));
    expect(gradient[1]).toBe(0);
    expect(losses[0]).toBe(run([step, { kind: 'classMask', allowed: [true, false, true, true] }]).losses[0]);
    expect(run([step], Float64Array.of(1, Infinity, 0.5, 3)).fault?.position).toBe(1);
  });

  it('far into saturation the derivative of softcap keeps its digits', () => {
    const { gradient } = run([{ kind: 'softcap', cap: 1 }], Float64Array.of(0, 0, 0, 20));
    const top = Number(exactSoftmaxRow([0, 0, 0, 1], [0, 0, 1, 0]).gradient[3]);
    // 1 - tanh^2(20) = 4 e^-40 / (1 + e^-40)^2
    expect(gradient[3] / (top * 4 * 4.248354255291589e-18)).toBeCloseTo(1, 12);
  });

  it('a NaN that is let through makes the whole gradient of its row NaN, under steps that let no gradient through too', () => {
    const logitSteps: readonly LogitStep[] = [
      { kind: 'softcap', cap: 2 },
      { kind: 'classMask', allowed: [true, false, true, true] },
    ];
    const call = { layout, labels: [2], plan: { labelMeasure, logitSteps }, propagate: true };
    for (const engine of [typescriptEngine, createTypescriptEngine({ tile: 32, memory: 0 })]) {
      const { losses, gradient } = runEngine({ ...call, engine, logits: Float64Array.of(1, 2, 3, NaN) });
      expect([...losses, ...gradient]).toEqual([NaN, NaN, NaN, NaN, NaN]);
    }
  });

  it('chunks, tiles and target rows go through the same steps', () => {
    const [rows, classes] = [3, 100];
    const random = randomNumbers(5);
    const z = Float32Array.from({ length: rows * classes }, () => 4 * random.normal());
    const targets = Float64Array.from({ length: rows * classes }, () => random.uniform());
    const logitSteps: readonly LogitStep[] = [
      { kind: 'affine', scale: 1.5, offsets: Array.from({ length: classes }, () => random.normal()) },
      { kind: 'softcap', cap: 5 },
      { kind: 'classMask', allowed: Array.from({ length: classes }, (_, c) => c % 7 !== 3) },
    ];
    const margin = { kind: 'margin', margins: Array.from({ length: classes }, () => random.uniform()) } as const;
    const masked = targets.map((mass, i) => ((i % classes) % 7 === 3 ? 0 : mass));
    const call = { logits: z, layout: { rows, classes, inner: 1 }, keep: [1, 0, 1] };
    const hard = { labels: [2, 50, 99], plan: { labelMeasure, logitSteps: [margin, ...logitSteps] } };
    const soft = { labels: [], rows: masked, plan: { logitSteps } };
    for (const kind of [hard, soft]) {
      const whole = runEngine({ ...call, ...kind, engine: typescriptEngine });
      const chunked = createTypescriptEngine({ tile: 32, memory: 0 });
      expect(runEngine({ ...call, ...kind, engine: chunked })).toEqual(whole);
      expect(whole.gradient.every((value, i) => (i % classes) % 7 !== 3 || value === 0)).toBe(true);
    }
  });
});
