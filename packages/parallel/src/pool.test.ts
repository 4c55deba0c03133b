// The results of a pool are those of the loss itself, to the last bit, however many workers there are.
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { CallEvaluation, CallOptions, Loss, Logits, OutputArray, Targets } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { afterAll, describe, expect, it } from 'vitest';
import { createPool } from './index.js';
import { buildModules } from './testing/build-modules.js';
import { makeBatch, type BatchOptions } from './testing/make-batch.js';

const modules = await buildModules();
const plugins = [
  modules.url('categorical'),
  modules.url('binary'),
  modules.url('weighted'),
  modules.url('label-smoothing'),
];
const pools = [1, 2, 3, 4, 5, 6, 7, 8].map((workers) =>
  createPool({ plugins, workers, worker: modules.url('worker') }),
);

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await modules.remove();
});

interface Case {
  readonly name: string;
  readonly loss: Loss;
  readonly call: (memory: Pick<BatchOptions, 'type' | 'shared'>) => readonly [Logits, Targets, CallOptions];
}

const weightedLoss = labelSmoothed(classWeighted(categoricalCrossEntropy(), { weights: [1, 2.5, 0.3, 7, 0.1] }), {
  smoothing: 0.1,
});

const cases: readonly Case[] = [
  {
    name: 'class indices',
    loss: categoricalCrossEntropy(),
    call: (memory) => {
      const { logits, labels } = makeBatch({ rows: 203, classes: 11, seed: 1, ...memory });
      return [{ data: logits, dims: [203, 11] }, labels, {}];
    },
  },
  {
    name: 'more rows than a tile holds, with weights of every size',
    loss: weightedLoss,
    call: (memory) => {
      const { logits, labels, weights } = makeBatch({ rows: 9001, classes: 5, seed: 2, ...memory });
      return [logits, BigInt64Array.from(labels, BigInt), { sampleWeights: weights }];
    },
  },
  {
    name: 'probability targets, weights and a mask',
    loss: weightedLoss,
    call: (memory) => {
      const { logits, probabilities, weights, mask } = makeBatch({ rows: 150, classes: 5, seed: 3, ...memory });
      return [logits, { data: probabilities, dims: [150, 5] }, { sampleWeights: weights, mask }];
    },
  },
  {
    name: 'totals per class, accuracy, calibration and the floor',
    loss: weightedLoss,
    call: (memory) => {
      const { logits, labels, weights } = makeBatch({ rows: 903, classes: 5, seed: 12, ...memory });
      return [logits, labels, { sampleWeights: weights, perClass: true, accuracy: true, calibration: 7, floor: true }];
    },
  },
  {
    name: 'ignored labels, a mean over rows',
    loss: categoricalCrossEntropy({ classes: 4 }),
    call: (memory) => {
      const { logits, labels } = makeBatch({ rows: 99, classes: 4, seed: 4, ...memory });
      return [logits, labels, { ignoreIndex: [1, -100], denominator: 'rows' }];
    },
  },
  {
    name: 'the class axis before others',
    loss: weightedLoss,
    call: (memory) => {
      const { logits, labels, mask } = makeBatch({ rows: 60, classes: 5, inner: 12, seed: 5, ...memory });
      return [
        { data: logits, dims: [5, 5, 3, 4] },
        { data: labels, dims: [5, 3, 4] },
        { axis: 1, mask: { data: mask, dims: [5, 3, 4] } },
      ];
    },
  },
  {
    name: 'probability targets with the class axis before others',
    loss: weightedLoss,
    call: (memory) => {
      const { logits, probabilities } = makeBatch({ rows: 60, classes: 5, inner: 12, seed: 6, ...memory });
      return [{ data: logits, dims: [5, 5, 12] }, { data: probabilities, dims: [5, 5, 12] }, { axis: 1 }];
    },
  },
  {
    name: 'binary targets, one a row',
    loss: binaryCrossEntropy(),
    call: (memory) => {
      const { logits, weights } = makeBatch({ rows: 5003, classes: 1, seed: 7, ...memory });
      return [logits, logits.map((logit) => (logit > 1 ? 1 : 0)), { sampleWeights: weights, reduction: 'sum' }];
    },
  },
  {
    name: 'labels of a row, positive, label and sample weights, missing answers',
    loss: positiveWeighted(labelSmoothed(binaryCrossEntropy(), { smoothing: 0.05 }), { weight: [1, 2, 3] }),
    call: (memory) => {
      const { logits, weights } = makeBatch({ rows: 70, classes: 3, seed: 8, ...memory });
      const targets = Float32Array.from(logits, (logit) => (logit > 4 ? -1 : logit > 0 ? 1 : 0));
      const labelWeights = [1, 0.5, 4];
      return [
        logits,
        targets,
        { labels: 3, sampleWeights: weights, labelWeights, ignoreIndex: -1, denominator: 'rows' },
      ];
    },
  },
  {
    name: 'labels before other axes, a mask per element',
    loss: binaryCrossEntropy(),
    call: (memory) => {
      const { logits } = makeBatch({ rows: 42, classes: 3, inner: 6, seed: 9, ...memory });
      const targets = Uint8Array.from(logits, (logit) => (logit > 0 ? 1 : 0));
      const mask = { data: Uint8Array.from(logits, (logit) => (logit > 3 ? 0 : 1)), dims: [7, 3, 6] };
      return [
        { data: logits, dims: [7, 3, 6] },
        { data: targets, dims: [7, 3, 6] },
        { axis: 1, mask },
      ];
    },
  },
  {
    name: 'probabilities as input, with a clip',
    loss: categoricalCrossEntropy({ classes: 6 }),
    call: ({ type, shared }) => {
      const { probabilities, labels } = makeBatch({ rows: 31, classes: 6, seed: 10, type, shared });
      const input = type === 'float32' ? Float32Array.from(probabilities) : probabilities;
      return [input, labels, { input: 'probabilities', clip: 0.01, denominator: 7 }];
    },
  },
  {
    name: 'fewer rows than workers',
    loss: weightedLoss,
    call: (memory) => {
      const { logits, labels } = makeBatch({ rows: 3, classes: 5, seed: 11, ...memory });
      return [logits, labels, {}];
    },
  },
  {
    name: 'no rows',
    loss: weightedLoss,
    call: () => [new Float32Array(0), new Int32Array(0), {}],
  },
  {
    name: 'nested arrays',
    loss: categoricalCrossEntropy(),
    call: () => [
      [
        [1, 2, 0.5],
        [0.1, -1, 3],
        [0, -Infinity, 1],
      ],
      [1, 2, 0],
      { mask: [true, false, true] },
    ],
  },
  {
    name: 'binary16 bits',
    loss: categoricalCrossEntropy(),
    call: () => [
      { data: Uint16Array.of(0x3c00, 0x4000, 0x3800, 0x2e66, 0xbc00, 0x4200), dims: [2, 3], type: 'float16' },
      [1, 2],
      {},
    ],
  },
  {
    name: 'a Float16Array',
    loss: categoricalCrossEntropy(),
    call: () => [{ data: newHalves([1, 2, 0.5, 0.1, -1, 3]), dims: [2, 3] }, [1, 2], {}],
  },
  {
    name: 'NaN that is let through',
    loss: categoricalCrossEntropy({ classes: 2 }),
    call: () => [Float64Array.of(1, 2, Number.NaN, 0, 3, 1, 0, 0), [0, 1, 1, 0], { invalid: 'propagate' }],
  },
];

const memories = (['float32', 'float64'] as const).flatMap((type) => [
  { type, shared: false },
  { type, shared: true },
]);

describe.each(memories)('$type, shared memory: $shared', (memory) => {
  it.each(cases)('$name: one to eight workers give the bits of the loss itself', async ({ loss, call }) => {
    const [logits, targets, options] = call(memory);
    const expected = loss.evaluate(logits, targets, { ...options, gradient: true, losses: true });
    const { value } = loss.valueAndGradient(logits, targets, options);
    for (const pool of pools) {
      expectSame(await pool.evaluate(loss, logits, targets, { ...options, gradient: true, losses: true }), expected);
      const both = await pool.valueAndGradient(loss, logits, targets, options);
      expect(both.value).toBe(value);
      expect(firstDifference(both.gradient, expected.gradient)).toBe('none');
      expect(await pool.value(loss, logits, targets, options)).toBe(value);
    }
  });
});

it('buffers of the caller are filled and returned, on shared memory and elsewhere, in another type too', async () => {
  const { logits, labels } = makeBatch({ rows: 50, classes: 5, seed: 12, type: 'float32', shared: true });
  const expected = weightedLoss.evaluate(logits, labels, {
    gradient: new Float64Array(250),
    losses: new Float64Array(50),
  });
  for (const make of [
    (length: number) => new ArrayBuffer(8 * length),
    (length: number) => new SharedArrayBuffer(8 * length),
  ]) {
    const gradient = new Float64Array(make(250));
    const losses = new Float64Array(make(50));
    const actual = await pools[2].evaluate(weightedLoss, logits, labels, { gradient, losses });
    expect(actual.gradient).toBe(gradient);
    expect(actual.losses).toBe(losses);
    expect(gradient).toEqual(expected.gradient);
    expect(losses).toEqual(expected.losses);
  }
});

it('only the buffer of a gradient is written, and only the part of it that was given', async () => {
  const { logits, labels } = makeBatch({ rows: 20, classes: 5, seed: 13, type: 'float32', shared: true });
  const before = logits.slice();
  const memory = new Float32Array(new SharedArrayBuffer(4 * 104)).fill(42);
  const gradient = memory.subarray(2, 102);
  await pools[3].valueAndGradient(weightedLoss, logits, labels, { gradient });
  expect(logits).toEqual(before);
  expect(Array.from(memory).filter((number) => number === 42)).toHaveLength(4);
  expect(gradient).toEqual(weightedLoss.valueAndGradient(logits, labels).gradient);
});

it('calls that are made at once take turns', async () => {
  const { logits, labels } = makeBatch({ rows: 40, classes: 5, seed: 14, type: 'float64', shared: false });
  const losses = [weightedLoss, categoricalCrossEntropy({ classes: 5 }), weightedLoss];
  const values = await Promise.all(losses.map((loss) => pools[1].value(loss, logits, labels)));
  expect(values).toEqual(losses.map((loss) => loss.value(logits, labels)));
});

/** Named at run time only: the library of the tests need not know the class. A runtime without it takes another. */
function newHalves(values: readonly number[]): ArrayLike<number> {
  const { Float16Array: Half = Float32Array } = globalThis as unknown as {
    readonly Float16Array?: Float32ArrayConstructor;
  };
  return Half.from(values);
}

function expectSame(actual: CallEvaluation, expected: CallEvaluation): void {
  // toEqual compares every number with Object.is; arrays apart, whose difference would fill pages.
  const { gradient, losses, ...rest } = actual;
  const { gradient: expectedGradient, losses: expectedLosses, ...expectedRest } = expected;
  expect(rest).toEqual(expectedRest);
  expect(JSON.stringify(actual)).toBe(JSON.stringify(expected));
  expect(firstDifference(gradient, expectedGradient)).toBe('none');
  expect(firstDifference(losses, expectedLosses)).toBe('none');
}

function firstDifference(actual: OutputArray | undefined, expected: OutputArray | undefined): string {
  if (actual?.constructor !== expected?.constructor || actual?.length !== expected?.length) return 'kind or length';
  for (let i = 0; i < (actual?.length ?? 0); i++)
    if (!Object.is(actual?.[i], expected?.[i])) return `[${i}]: ${actual?.[i]} for ${expected?.[i]}`;
  return 'none';
}
