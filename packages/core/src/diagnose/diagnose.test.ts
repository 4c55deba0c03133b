import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { randomNumbers } from '@surprisal/reference';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { diagnose, type CallOptions, type Finding, type Loss } from '../index.js';
import { messageOf } from '../testing/message-of.js';
import { ofElements, overClasses } from '../testing-extras/wrappers.js';

const anything = (value: unknown): never => value as never;
const loss = categoricalCrossEntropy();

const random = randomNumbers(5);
const ROWS = 60;
const goodLogits = Array.from({ length: ROWS }, () => Array.from({ length: 3 }, () => 2 * random.normal()));
const goodLabels = goodLogits.map((_, index) => index % 3);
const goodTargets = goodLabels.map((label) => [0, 1, 2].map((c) => (c === label ? 0.75 : 0.125)));
const goodElements = goodLogits.flat();
const goodOutcomes = goodElements.map((_, index) => index % 2);

describe('data that look right give nothing', () => {
  it.each<[string, Loss, unknown, unknown, CallOptions]>([
    ['class indices', loss, goodLogits, goodLabels, {}],
    ['probability targets', loss, goodLogits, goodTargets, {}],
    [
      'ignored labels, weights and a mask',
      loss,
      goodLogits,
      [-1, ...goodLabels.slice(1)],
      { ignoreIndex: -1, sampleWeights: goodLabels, mask: goodLabels.map(() => 1) },
    ],
    [
      'multi-hot targets, said to be so',
      loss,
      goodLogits,
      goodTargets.map((row) => row.map(Math.round).map((value) => value + 1)),
      { unnormalized: true },
    ],
    ['a bare array', loss, Float32Array.from(goodLogits.flat()), Int32Array.from(goodLabels), { classes: 3 }],
    ['probabilities, said to be so', loss, goodTargets, goodLabels, { input: 'probabilities' }],
    ['binary targets', binaryCrossEntropy(), goodElements, goodOutcomes, {}],
    ['few binary logits in [0, 1]', binaryCrossEntropy(), [0.2, 0.7], [0, 1], {}],
    ['fewer rows than classes', loss, [[1, 2, 3]], [1], {}],
    [
      'smoothing and weights',
      labelSmoothed(classWeighted(loss, { weights: [1, 2, 1] }), { smoothing: 0.1 }),
      goodLogits,
      goodLabels,
      {},
    ],
    ['outputs, which are left alone', loss, goodLogits, goodLabels, { gradient: new Float64Array(1) }],
    ['nothing', loss, new Float32Array(0), new Int32Array(0), { classes: 3 }],
  ])('%s', (_, subject, logits, targets, options) => {
    expect(diagnose(subject, anything(logits), anything(targets), options)).toEqual([]);
  });
});

const probabilities = goodLogits.map(() => [0.5, 0.25, 0.25]);
const sigmoids = goodElements.map((z) => 1 / (1 + Math.exp(-z)));
const heavy = labelSmoothed(classWeighted(categoricalCrossEntropy(), { weights: [0.01, 0.99] }), { smoothing: 0.1 });
const heavyPositive = labelSmoothed(positiveWeighted(binaryCrossEntropy(), { weight: 100 }), { smoothing: 0.1 });

type Case = readonly [
  name: string,
  loss: Loss,
  logits: unknown,
  targets: unknown,
  options: CallOptions,
  expected: Partial<Finding>,
];

describe('finds', () => {
  it.each<Case>([
    [
      'one class under softmax',
      loss,
      [[1], [2]],
      [0, 0],
      {},
      { code: 'one-class', severity: 'error', argument: 'logits', position: 0 },
    ],
    ['one class, stated', loss, new Float32Array(3), [0, 0, 0], { classes: 1 }, { code: 'one-class' }],
    [
      'logits that are probabilities',
      loss,
      probabilities,
      goodLabels,
      {},
      { code: 'already-probabilities', severity: 'warning', argument: 'logits', position: 0, count: 180 },
    ],
    [
      'the same along axis 1',
      loss,
      { data: Float32Array.of(0.25, 0.5, 0.75, 0.5), dims: [1, 2, 2] },
      { data: Int32Array.of(0, 1), dims: [1, 2] },
      { axis: 1 },
      { code: 'already-probabilities' },
    ],
    [
      'binary logits that are probabilities',
      binaryCrossEntropy(),
      sigmoids,
      goodOutcomes,
      {},
      { code: 'already-probabilities', count: 180 },
    ],
    [
      'labels that count from 1',
      loss,
      goodLogits,
      goodLabels.map((label) => label + 1),
      {},
      {
        code: 'label-out-of-range',
        severity: 'error',
        argument: 'targets',
        position: 2,
        count: 20,
        fix: 'the labels count from 1: subtract 1 from each',
      },
    ],
    [
      'padding that is not ignored',
      loss,
      goodLogits,
      [0, -100, ...goodLabels.slice(2)],
      {},
      {
        code: 'label-out-of-range',
        position: 1,
        count: 1,
        fix: 'if the label marks what is to be left out, pass ignoreIndex: -100',
      },
    ],
    [
      'labels that are no integers',
      loss,
      goodLogits,
      [0.5, ...goodLabels.slice(1)],
      {},
      {
        code: 'label-out-of-range',
        position: 0,
        fix: 'number the classes 0 to C - 1, or give the logits a class for every label',
      },
    ],
    [
      'binary targets above 1',
      binaryCrossEntropy(),
      goodElements,
      [2, ...goodOutcomes.slice(1)],
      {},
      { code: 'label-out-of-range', position: 0, count: 1 },
    ],
    [
      'a class that no row has',
      loss,
      goodLogits,
      goodLabels.map((label) => (label === 1 ? 0 : label)),
      {},
      { code: 'class-never-seen', severity: 'warning', position: 1, count: 1 },
    ],
    [
      'an outcome that no element has',
      binaryCrossEntropy(),
      goodElements,
      goodElements.map(() => 0),
      {},
      { code: 'class-never-seen', position: 1 },
    ],
    [
      'targets that do not sum to one',
      loss,
      goodLogits,
      goodTargets.map((row, index) => (index < 2 ? row : [0.5, 0.5, 0.5])),
      {},
      { code: 'target-sum', severity: 'error', argument: 'targets', position: 6, count: 58 },
    ],
    [
      'negative targets',
      loss,
      goodLogits,
      [[1.5, -0.5, 0], ...goodTargets.slice(1)],
      {},
      { code: 'target-sum', position: 0, count: 1 },
    ],
    [
      'weights that make a wrong class the best',
      heavy,
      [
        [1, 2],
        [-1, 1],
        [0, -2],
      ],
      [0, 1, 0],
      {},
      { code: 'wrong-optimum', severity: 'warning', argument: 'loss', position: 0, count: 1 },
    ],
    [
      'positive weights that drive negatives to the wrong side',
      heavyPositive,
      [2, -1, 0.5],
      [1, 0, 0],
      {},
      { code: 'wrong-optimum', position: 0 },
    ],
    [
      'rows that a cap keeps from moving',
      overClasses({ kind: 'softcap', cap: 1 }),
      [[1000, -1000, 900], ...goodLogits.slice(1).map((row) => row.map((z) => z / 10))],
      [1, 1, ...goodLabels.slice(2)],
      {},
      { code: 'saturated-rows', severity: 'warning', argument: 'logits', count: 1 },
    ],
    [
      'rows too sure to learn from',
      loss,
      goodLogits.map((_, index) => [0, 1, 2].map((c) => (c === index % 3 ? 1e5 : 0))),
      goodLabels,
      {},
      { code: 'saturated-rows', position: 0, count: 60 },
    ],
    [
      'an impossible target',
      loss,
      [[0, -Infinity, 1], ...goodLogits.slice(1)],
      [1, ...goodLabels.slice(1)],
      {},
      { code: 'infinite-loss', severity: 'error', position: 0, count: 1 },
    ],
    [
      'NaN',
      loss,
      [[0, NaN, 1], ...goodLogits.slice(1)],
      goodLabels,
      {},
      { code: 'refused', severity: 'error', argument: 'logits', position: 1 },
    ],
    ['targets of another shape', loss, goodLogits, [1, 2], {}, { code: 'refused', argument: 'targets' }],
    [
      'a bad weight',
      loss,
      goodLogits,
      goodLabels,
      { sampleWeights: goodLabels.map(() => -1) },
      { code: 'refused', argument: 'options' },
    ],
    [
      'a bad mask',
      loss,
      goodLogits,
      goodLabels,
      { mask: goodLabels.map(() => 2) },
      { code: 'refused', argument: 'options', position: 0 },
    ],
    [
      'a bad mask of probability targets',
      loss,
      goodLogits,
      goodTargets,
      { mask: goodLabels.map(() => 2) },
      { code: 'refused', argument: 'options' },
    ],
    [
      'an unknown option',
      loss,
      goodLogits,
      goodLabels,
      anything({ reduce: 'mean' }),
      { code: 'refused', argument: 'options' },
    ],
    ['arguments that are no numbers', loss, 'logits', null, {}, { code: 'refused', argument: 'logits' }],
    ['options that are none', loss, goodLogits, goodLabels, anything('sum'), { code: 'refused', argument: 'options' }],
  ])('%s', (_, subject, logits, targets, options, expected) => {
    const findings = diagnose(subject, anything(logits), anything(targets), options);
    expect(findings).toEqual([expect.objectContaining(expected)]);
    for (const { cause, fix } of findings) expect([cause, fix].every((text) => text.length > 10)).toBe(true);
  });

  it('several things at once, errors first', () => {
    const findings = diagnose(
      heavy,
      [
        [0.2, 0.8],
        [0.6, 0.4],
      ],
      [1, 2],
    );
    expect(findings.map(({ code }) => code)).toEqual(['label-out-of-range', 'already-probabilities', 'wrong-optimum']);
  });

  it('nothing in ignored rows, whatever they hold', () => {
    const logits = [[NaN, 0, 0], [9e5, 0, 0], ...goodLogits];
    expect(diagnose(loss, logits, [0, 0, ...goodLabels], { mask: [0, 0, ...goodLabels.map(() => 1)] })).toEqual([]);
    expect(diagnose(loss, logits, [-7, -7, ...goodLabels], { ignoreIndex: -7 })).toEqual([]);
  });

  it('margins that need 0 and 1', () => {
    const findings = diagnose(
      ofElements({ kind: 'margin', margins: [1, 1] }),
      goodElements,
      goodElements.map(() => 0.5),
    );
    expect(findings).toEqual([expect.objectContaining({ code: 'label-out-of-range', count: 180 })]);
  });
});

describe('diagnose', () => {
  it('refuses what is no loss', () => {
    expect(messageOf(() => diagnose(anything(categoricalCrossEntropy), [[1, 2]], [0]))).toBe(
      'TypeError: diagnose: "loss" expected a loss, got a function; call the plugin: categoricalCrossEntropy()',
    );
  });

  it('says a cause and a fix in whole words', () => {
    const [finding] = diagnose(
      loss,
      [
        [1, 2],
        [3, 4],
      ],
      [0, 2],
    );
    expect(finding).toEqual({
      code: 'label-out-of-range',
      severity: 'error',
      argument: 'targets',
      position: 1,
      count: 1,
      cause: 'targets[1] is 2, outside 0..1.',
      fix: 'number the classes 0 to C - 1, or give the logits a class for every label',
    });
  });
});
