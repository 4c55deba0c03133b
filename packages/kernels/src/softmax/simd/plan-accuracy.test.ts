import type { Engine, LogitStep, ResolvedPlan } from '@surprisal/core';
import {
  doubleDoubleSoftmaxRow,
  exactMeasure,
  pairsOf,
  randomNumbers,
  randomRows,
  ulpsBetween,
  ulpsBetweenPairs,
  ulpsOfScale,
  ulpsOfScalePairs,
  type FloatType,
  type RandomNumbers,
} from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { exactPlanRow, exactSteps } from '../../testing/exact-plan-row.js';
import { CROSS_ENTROPY, LABEL_MEASURE, runEngine } from '../../testing/run-engine.js';
import { relaxedSimdEngine, simdEngine } from './simd-engine.js';

/** Node 20 has no relaxed operations. */
const engines = [simdEngine, relaxedSimdEngine].filter(({ available }) => available?.());
interface Case {
  readonly name: string;
  readonly engine: Engine;
  readonly type: FloatType;
}

const cases = engines.map((engine): Case => ({ name: engine.name, engine, type: 'float32' }));

/** semantics of the bounds: units in the last place of loss and gradient, and of 99.9% of the gradient's elements. */
const BOUNDS = {
  float32: { loss: 3.5, gradient: 5, usual: 2.5 },
  float64: { loss: 5, gradient: 8, usual: 8 },
} as const;

function normals(count: number, random: RandomNumbers, scale = 1): number[] {
  return Array.from({ length: count }, () => scale * random.normal());
}

/** Logit steps by class count: one of each kind, and some after others. */
const STEPS: Record<string, (classes: number, random: RandomNumbers) => LogitStep[]> = {
  none: () => [],
  'a temperature': () => [{ kind: 'affine', scale: 1 / 3 }],
  'a small temperature': () => [{ kind: 'affine', scale: 1 / 0.07 }],
  'two temperatures': () => [
    { kind: 'affine', scale: 0.7 },
    { kind: 'affine', scale: 0.3 },
  ],
  priors: (classes, random) => [{ kind: 'affine', scale: 1, offsets: normals(classes, random, 3) }],
  margins: (classes, random) => [{ kind: 'margin', margins: normals(classes, random).map(Math.abs) }],
  'a softcap': () => [{ kind: 'softcap', cap: 30 }],
  'a small softcap': () => [{ kind: 'softcap', cap: 2.5 }],
  'a softcap between others': (classes, random) => [
    { kind: 'affine', scale: 1.7 },
    { kind: 'softcap', cap: 20 },
    { kind: 'affine', scale: 0.8, offsets: normals(classes, random, 2) },
    { kind: 'margin', margins: normals(classes, random).map(Math.abs) },
  ],
  'all of them': (classes, random) => [
    { kind: 'affine', scale: 1.3, offsets: normals(classes, random, 2) },
    { kind: 'margin', margins: normals(classes, random).map(Math.abs) },
    { kind: 'affine', scale: 0.9, offsets: normals(classes, random, 2).map((value) => value - 20) },
  ],
};

/** Mass at the label and mass spread over all classes: on one above all, on few, on many. */
function spreadMeasure(classes: number, random: RandomNumbers): NonNullable<ResolvedPlan['labelMeasure']> {
  const vector = Float64Array.from({ length: classes }, () => random.uniform() / classes);
  if (random.uniform() < 0.5) vector[random.below(classes)] += 5;
  return { direct: random.pick([0, 0.9]), spread: random.pick([0.1, 1]), vector };
}

interface Worst {
  loss: number;
  gradient: number;
  readonly all: number[];
}

function expectWithin({ loss, gradient, all }: Worst, type: FloatType, factor = 1): void {
  const bounds = BOUNDS[type];
  all.sort((one, other) => one - other);
  expect(all.length).toBeGreaterThan(0);
  expect(loss).toBeLessThanOrEqual(factor * bounds.loss);
  expect(gradient).toBeLessThanOrEqual(factor * bounds.gradient);
  // Of fewer elements 99.9% are all.
  if (all.length > 20_000) expect(all[Math.floor(all.length * 0.999)]).toBeLessThanOrEqual(factor * bounds.usual);
}

function note(worst: Worst, loss: number, gradient: number[]): void {
  worst.loss = Math.max(worst.loss, loss);
  worst.gradient = Math.max(worst.gradient, ...gradient);
  worst.all.push(...gradient);
}

const rounded = (loss: number, type: FloatType): number => (type === 'float32' ? Math.fround(loss) : loss);

describe.each(cases)('short rows of $name, $type, against Decimal', ({ engine, type }) => {
  it.each(Object.keys(STEPS))('labels after %s keep the bounds of cross-entropy', (name) => {
    const random = randomNumbers(31);
    const worst: Worst = { loss: 0, gradient: 0, all: [] };
    for (const { logits: z, label } of randomRows({ seed: 32, logits: 700, type, classes: [2, 40] })) {
      const plan = { labelMeasure: LABEL_MEASURE, logitSteps: STEPS[name](z.length, random) };
      const layout = { rows: 1, classes: z.length, inner: 1 };
      const { losses, gradient } = runEngine({ engine, logits: z, labels: [label], layout, plan });
      const exact = exactPlanRow(z, exactMeasure(label, z.length), plan, label);
      const errors = exact.gradient.map((value, j) => ulpsBetween(gradient[j], value, type));
      note(worst, ulpsBetween(rounded(losses[0], type), exact.loss, type), errors);
    }
    expectWithin(worst, type);
  });

  it.each(Object.keys(STEPS))('spread labels after %s keep them, in units of |u| p + u', (name) => {
    const random = randomNumbers(33);
    const worst: Worst = { loss: 0, gradient: 0, all: [] };
    for (const { logits: z, label } of randomRows({ seed: 34, logits: 500, type, classes: [2, 40] })) {
      const labelMeasure = spreadMeasure(z.length, random);
      const plan = { labelMeasure, logitSteps: STEPS[name](z.length, random) };
      const { vector = [], direct, spread } = labelMeasure;
      const u = Array.from(vector, (share, c) => spread * share + (c === label ? direct : 0));
      const layout = { rows: 1, classes: z.length, inner: 1 };
      const { losses, gradient } = runEngine({ engine, logits: z, labels: [label], layout, plan });
      const exact = exactPlanRow(z, u, plan, label);
      const slopes = exactSteps(z, plan.logitSteps, label).map(({ slope }) => slope);
      const errors = exact.gradient.map((value, j) => {
        const scale = value.add(slopes[j].mul(2 * u[j]));
        return ulpsOfScale(gradient[j], value, scale, type);
      });
      note(worst, ulpsBetween(rounded(losses[0], type), exact.loss, type), errors);
    }
    expectWithin(worst, type);
  });

  it.each(['none', 'priors', 'a softcap', 'a small softcap'])('target rows after %s keep them', (name) => {
    const random = randomNumbers(35);
    const worst: Worst = { loss: 0, gradient: 0, all: [] };
    for (const { logits: z } of randomRows({ seed: 36, logits: 700, type, classes: [2, 40] })) {
      const power = random.pick([0, 1, 30]);
      const rows = z.map(() => random.uniform() ** power) as Float64Array;
      // A one-hot row is as exact as its label; a class that cannot be has no mass.
      if (random.uniform() < 0.3) rows.fill(0).fill(1, 0, 1);
      z.forEach((value, c) => (rows[c] = value === -Infinity ? 0 : rows[c]));
      const logitSteps = STEPS[name](z.length, random);
      const layout = { rows: 1, classes: z.length, inner: 1 };
      const call = { engine, logits: z, layout, rows, plan: { logitSteps } };
      const { losses, gradient } = runEngine(call);
      const exact = exactPlanRow(z, rows, { logitSteps });
      const slopes = exactSteps(z, logitSteps).map(({ slope }) => slope);
      const errors = exact.gradient.map((value, j) =>
        ulpsOfScale(gradient[j], value, value.add(slopes[j].mul(2 * rows[j])), type),
      );
      note(worst, ulpsBetween(rounded(losses[0], type), exact.loss, type), errors);
    }
    expectWithin(worst, type);
  });

  it.each([
    ['focal', [{ coefficient: 1, power: 2, order: 0 }]],
    ['a power below 1', [{ coefficient: 1, power: 0.5, order: 0 }]],
    ['generalised', [{ coefficient: 1, power: 0, order: 0.7 }]],
    ['poly-1', [...CROSS_ENTROPY, { coefficient: 2, power: 0, order: 1 }]],
    ['mixed', [{ coefficient: 0.5, power: 3.3, order: 2.5 }]],
  ])('%s of labels after steps keeps four times the bounds', (_, terms) => {
    const random = randomNumbers(37);
    const worst: Worst = { loss: 0, gradient: 0, all: [] };
    for (const { logits: z, label } of randomRows({ seed: 38, logits: 600, type, classes: [2, 40] })) {
      const logitSteps = random.uniform() < 0.5 ? [] : STEPS['all of them'](z.length, random);
      const plan = { labelMeasure: LABEL_MEASURE, logitSteps, terms };
      const layout = { rows: 1, classes: z.length, inner: 1 };
      const { losses, gradient } = runEngine({ engine, logits: z, labels: [label], layout, plan });
      const exact = exactPlanRow(z, exactMeasure(label, z.length), plan, label);
      const errors = exact.gradient.map((value, j) => ulpsBetween(gradient[j], value, type));
      note(worst, ulpsBetween(rounded(losses[0], type), exact.loss, type), errors);
    }
    expectWithin(worst, type, 4);
  });

  it('a partition term after steps keeps them, in units of (1 + 2 strength |lse|) p', () => {
    const random = randomNumbers(39);
    const worst: Worst = { loss: 0, gradient: 0, all: [] };
    for (const { logits: z, label } of randomRows({ seed: 40, logits: 600, type, classes: [2, 40] })) {
      // lse^2 overflows float32 there.
      if (Math.max(...z.map(Math.abs).filter((value) => value < Infinity)) > 1e15) continue;
      const logitSteps = random.uniform() < 0.5 ? [] : STEPS['all of them'](z.length, random);
      const plan = { labelMeasure: LABEL_MEASURE, logitSteps, partition: 0.25 };
      const layout = { rows: 1, classes: z.length, inner: 1 };
      const { losses, gradient } = runEngine({ engine, logits: z, labels: [label], layout, plan });
      const u = exactMeasure(label, z.length);
      const exact = exactPlanRow(z, u, plan, label);
      const bare = exactPlanRow(z, u, { logitSteps }, label);
      const errors = exact.gradient.map((value, j) => {
        const pushed = value.minus(bare.gradient[j]).abs();
        return ulpsOfScale(gradient[j], value, pushed.plus(bare.gradient[j].abs()), type);
      });
      note(worst, ulpsBetween(rounded(losses[0], type), exact.loss, type), errors);
    }
    expectWithin(worst, type);
  });
});

describe.each(engines)('target rows of $name, float32, under a surprisal', (engine) => {
  it.each([
    ['focal', [{ coefficient: 1, power: 2, order: 0 }]],
    ['a power below 1', [{ coefficient: 1, power: 0.5, order: 0 }]],
    ['generalised', [{ coefficient: 1, power: 0, order: 0.7 }]],
    ['poly-1', [...CROSS_ENTROPY, { coefficient: 2, power: 0, order: 1 }]],
    ['mixed', [{ coefficient: 0.5, power: 3.3, order: 2.5 }]],
  ])('%s keeps four times the bounds, in units of |u| p + u', (_, terms) => {
    const random = randomNumbers(43);
    const worst: Worst = { loss: 0, gradient: 0, all: [] };
    for (const { logits: z } of randomRows({ seed: 44, logits: 900, type: 'float32', classes: [2, 40] })) {
      const logitSteps = random.uniform() < 0.5 ? [] : STEPS['priors'](z.length, random);
      const power = random.pick([0, 1, 30]);
      const rows = z.map((value) => (value === -Infinity ? 0 : random.uniform() ** power)) as Float32Array;
      const layout = { rows: 1, classes: z.length, inner: 1 };
      const call = { engine, logits: z, labels: [], layout, rows, plan: { logitSteps, terms } };
      const { losses, gradient } = runEngine(call);
      const exact = exactPlanRow(z, rows, { logitSteps, terms });
      const unmodulated = exactPlanRow(z, rows, { logitSteps });
      const errors = exact.gradient.map((value, j) =>
        ulpsOfScale(gradient[j], value, unmodulated.gradient[j].add(2 * rows[j]), 'float32'),
      );
      note(worst, ulpsBetween(Math.fround(losses[0]), exact.loss, 'float32'), errors);
    }
    expectWithin(worst, 'float32', 4);
  });
});

/** The largest errors over long rows, whose logits are pairs after the steps. */
function worstOfLongRows(
  engine: Engine,
  type: FloatType,
  logits: number,
  classes: [number, number],
  soft: boolean,
): Worst {
  const random = randomNumbers(41);
  const worst: Worst = { loss: 0, gradient: 0, all: [] };
  for (const { logits: z, label } of randomRows({ seed: 42, logits, type, classes })) {
    const count = z.length;
    // Half a unit is a scale whose products with the gradient are exact.
    const logitSteps: LogitStep[] = [
      { kind: 'affine', scale: 0.7, offsets: normals(count, random, 2) },
      { kind: 'affine', scale: 0.5 / 0.7 },
    ];
    // Less the largest: pairs hold no offset of 1 beside a logit of 1e30, and a softmax does not see it.
    const stepped = exactSteps(z, logitSteps, label).map((each) => each.y);
    const top = stepped.reduce((largest, each) => (each.gt(largest) ? each : largest));
    const y = pairsOf(stepped.map((each) => each.minus(top)));
    const rows = z.map((value) => (value === -Infinity ? 0 : random.uniform())) as Float64Array;
    const layout = { rows: 1, classes: count, inner: 1 };
    const targets = soft ? { rows } : { labels: [label] };
    const plan = { logitSteps, ...(soft ? {} : { labelMeasure: LABEL_MEASURE }) };
    const { losses, gradient } = runEngine({ engine, logits: z, layout, ...targets, plan });
    const exact = {
      loss: new Float64Array(2),
      gradientHigh: new Float64Array(count),
      gradientLow: new Float64Array(count),
    };
    doubleDoubleSoftmaxRow(y, soft ? { high: rows, low: new Float64Array(count) } : label, exact);
    const { gradientHigh: high, gradientLow: low } = exact;
    const errors = Array.from(gradient, (value, j) =>
      soft
        ? ulpsOfScalePairs(2 * value, high[j], low[j], high[j] + 2 * rows[j], type)
        : ulpsBetweenPairs(2 * value, high[j], low[j], type),
    );
    worst.loss = Math.max(worst.loss, ulpsBetweenPairs(rounded(losses[0], type), exact.loss[0], exact.loss[1], type));
    for (const error of errors) {
      worst.gradient = Math.max(worst.gradient, error);
      worst.all.push(error);
    }
  }
  return worst;
}

describe.each(cases)('long rows of $name, $type, against pairs', ({ engine, type }) => {
  it.each([
    [48, 2000, 60_000, false],
    [48, 2000, 60_000, true],
    [60_000, 100_000, 60_000, false],
    [60_000, 100_000, 60_000, true],
  ])('%d to %d classes, %d logits, target rows: %j', (low, high, logits, soft) => {
    expectWithin(worstOfLongRows(engine, type, logits, [low, high], soft), type);
  });
});
