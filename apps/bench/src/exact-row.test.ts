import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { defineWrapper, type Plan } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { randomNumbers } from '@surprisal/reference';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, test } from 'vitest';
import { largestErrors } from './exact-error.js';
import { exactLoss } from './exact-row.js';
import { focal, squared } from './testing.js';

type AnyLoss = Parameters<typeof exactLoss>[0];

const LOGITS = [
  [1, 2, 0.5],
  [0.1, -1, 3],
  [2, 2, 2],
];
const LABELS = [1, 2, 0];
const weights = [1, 2, 3];
const smoothing = 0.1;

/** A wrapper of these steps. */
const withSteps = (...steps: Plan) =>
  defineWrapper<'stepped', Readonly<Record<string, never>>, 'softmax' | 'sigmoid'>({
    name: 'stepped',
    links: ['softmax', 'sigmoid'],
    options: {},
    steps: () => steps,
    traits: { convex: false, nonNegative: false, shiftInvariant: false, needsIndexTargets: false },
    examples: () => [{}],
  });

describe('exact rows follow from the plan', () => {
  // Computed in float64 from the formulas and checked against PyTorch.
  test.each<[string, AnyLoss, number[]]>([
    ['cross-entropy', categoricalCrossEntropy(), [0.4643687841, 0.070774219, 1.0986122887]],
    [
      'class weights',
      classWeighted(categoricalCrossEntropy(), { weights }),
      [0.9287375682, 0.2123226569, 1.0986122887],
    ],
    ['smoothing', labelSmoothed(categoricalCrossEntropy(), { smoothing }), [0.5477021174, 0.300774219, 1.0986122887]],
    [
      'class weights, smoothed',
      labelSmoothed(classWeighted(categoricalCrossEntropy(), { weights }), { smoothing }),
      [1.1120709015, 0.5685785683, 1.2084735175],
    ],
  ])('%s over classes', (_, loss, expected) => {
    const rows = LOGITS.map((logits, row) => exactLoss(loss)?.(logits, LABELS[row]).loss.toNumber());
    rows.forEach((value, row) => expect(value).toBeCloseTo(expected[row], 9));
  });

  test.each<[string, AnyLoss, number]>([
    ['cross-entropy', binaryCrossEntropy(), 0.6157135086],
    ['smoothing', labelSmoothed(binaryCrossEntropy(), { smoothing }), 0.6594635086],
    ['a positive weight', positiveWeighted(binaryCrossEntropy(), { weight: 3 }), 1.3358083579],
    [
      'a positive weight, smoothed',
      labelSmoothed(positiveWeighted(binaryCrossEntropy(), { weight: 3 }), { smoothing }),
      1.4316202238,
    ],
  ])('%s of one logit', (_, loss, mean) => {
    const rows = [
      [2, 1],
      [-1, 1],
      [0.5, 0],
      [-3, 0],
    ].map(([z, y]) => exactLoss(loss)?.([z], y).loss.toNumber() ?? NaN);
    expect(rows.reduce((sum, value) => sum + value) / 4).toBeCloseTo(mean, 9);
  });

  test('a loss with a tile rule or a custom step has none', () => {
    const custom = defineWrapper<'strange', Readonly<Record<string, never>>, 'softmax'>({
      name: 'strange',
      links: ['softmax'],
      options: {},
      steps: () => [{ kind: 'custom', plugin: 'strange', parameters: {}, replaces: false }],
      custom: () => undefined,
      traits: squared.traits,
      examples: () => [{}],
    });
    expect(exactLoss(squared())).toBeUndefined();
    expect(exactLoss(custom(categoricalCrossEntropy()))).toBeUndefined();
  });
});

const terms = [{ coefficient: 0.5, power: 1.5, order: 0.3 }];
const stepped: readonly [string, Plan][] = [
  ['affine', [{ kind: 'affine', scale: 0.7, offsets: [0.3, -1] }]],
  ['softcap', [{ kind: 'softcap', cap: 4 }]],
  ['margin', [{ kind: 'margin', margins: [0.5, 0.25] }]],
  [
    'affine after softcap after margin',
    [
      { kind: 'margin', margins: [0.5, 0.25] },
      { kind: 'softcap', cap: 3 },
      { kind: 'affine', scale: 2 },
    ],
  ],
  ['mix towards a distribution', [{ kind: 'mix', smoothing: 0.2, spread: 'all', towards: [0.75, 0.25] }]],
  ['surprisal', [{ kind: 'surprisal', terms }]],
  ['partition', [{ kind: 'partition', strength: 0.01 }]],
];

/** The loss of a plan over three classes or one logit; lists of two outcomes get a third. */
function stretched(plan: Plan): Plan {
  const third = (values: readonly number[]): number[] => [...values, 0];
  return plan.map((step) => {
    if (step.kind === 'affine' && step.offsets !== undefined) return { ...step, offsets: third(step.offsets) };
    if (step.kind === 'margin') return { ...step, margins: third(step.margins) };
    if (step.kind === 'mix' && step.towards !== undefined) return { ...step, towards: third(step.towards) };
    return step;
  });
}

function errorsOn(loss: AnyLoss, classes: number) {
  const rows = 60;
  const random = randomNumbers(7);
  const logits = Float32Array.from({ length: rows * classes }, () => 4 * random.normal());
  const labels = Uint8Array.from({ length: rows }, () => random.below(Math.max(2, classes)));
  const [losses, gradient] = [new Float32Array(rows), new Float32Array(logits.length)];
  loss.evaluate({ data: logits, dims: classes === 1 ? [rows] : [rows, classes] }, labels, {
    // The engine with the narrowest bounds.
    engine: 'typescript',
    losses,
    gradient,
    reduction: 'sum',
  });
  return largestErrors(loss, { logits, labels, losses, gradient }, [...labels.keys()]);
}

describe('exact rows agree with the packages within four times their bounds (those of modulated surprisals), for every kind of step', () => {
  test.each(stepped)('%s over classes', (_, plan) => {
    const errors = errorsOn(withSteps(...stretched(plan))(categoricalCrossEntropy()), 3);
    expect(errors?.loss).toBeLessThan(2.04);
    expect(errors?.gradient).toBeLessThan(6);
  });

  test.each(stepped)('%s of one logit', (_, plan) => {
    const errors = errorsOn(withSteps(...plan)(binaryCrossEntropy()), 1);
    expect(errors?.loss).toBeLessThan(2.04);
    expect(errors?.gradient).toBeLessThan(6);
  });

  test('terms of the negative outcome, class masks, smoothing under a surprisal', () => {
    const losses = [
      [
        withSteps({ kind: 'surprisal', terms, negativeTerms: [{ coefficient: 2, power: 3, order: 0 }] })(
          binaryCrossEntropy(),
        ),
        1,
      ],
      [labelSmoothed(focal(categoricalCrossEntropy()), { smoothing }), 3],
      [
        withSteps(
          { kind: 'mix', smoothing, spread: 'others' },
          { kind: 'classMask', allowed: [true, true, true, false] },
        )(categoricalCrossEntropy()),
        4,
      ],
    ] as const;
    for (const [loss, classes] of losses) {
      const errors = errorsOn(loss, classes);
      expect(errors?.loss).toBeLessThan(2.04);
      expect(errors?.gradient).toBeLessThan(6);
    }
  });
});
