// A pool rejects with the error that the loss itself throws: class, whole message, positions in the whole call.
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss, Logits, Targets } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { afterAll, describe, expect, it } from 'vitest';
import { createPool, type PoolCallOptions } from './index.js';
import { buildModules } from './testing/build-modules.js';
import { makeBatch } from './testing/make-batch.js';
import { misbehaving } from './testing/misbehaving.js';

const modules = await buildModules();
const plugins = [modules.url('categorical'), modules.url('binary'), modules.url('misbehaving')];
const worker = modules.url('worker');
const pool = createPool({ plugins, workers: 3, worker });

afterAll(async () => {
  await pool.close();
  await modules.remove();
});

const loss = categoricalCrossEntropy({ classes: 4 });
const batch = makeBatch({ rows: 30, classes: 4, seed: 1, type: 'float64', shared: false });
const shared = makeBatch({ rows: 30, classes: 4, seed: 1, type: 'float64', shared: true });

/** A copy with some numbers changed. */
function changed<Numbers extends Float64Array | Int32Array>(numbers: Numbers, at: Record<number, number>): Numbers {
  const copy = numbers.slice() as Numbers;
  for (const [index, value] of Object.entries(at)) copy[Number(index)] = value;
  return copy;
}

interface Bad {
  readonly name: string;
  readonly loss?: unknown;
  readonly logits?: unknown;
  readonly targets?: unknown;
  readonly options?: unknown;
}

/** What can be told without the logits. */
const early: readonly Bad[] = [
  { name: 'logits of no shape', loss: categoricalCrossEntropy() },
  { name: 'text for logits', logits: 'cat' },
  { name: 'labels that do not fit', targets: new Int32Array(31) },
  { name: 'a label out of range in the last part', targets: changed(batch.labels, { 29: 4 }) },
  { name: 'two bad labels in two parts', targets: changed(batch.labels, { 28: -1, 14: 9 }) },
  {
    name: 'a bad label before a bad mask in another part',
    targets: changed(batch.labels, { 3: 9 }),
    options: { mask: Uint8Array.from({ length: 30 }, (_, row) => (row === 25 ? 7 : 1)) },
  },
  { name: 'a negative weight', options: { sampleWeights: changed(batch.weights, { 17: -2 }) } },
  { name: 'probabilities that do not sum to one', targets: changed(batch.probabilities, { 77: 0.99 }) },
  { name: 'an unknown option', options: { temperature: 2 } },
  { name: 'options that are no object', options: null },
  { name: 'an engine that is not there', options: { engine: 'abacus' } },
  { name: 'a mean over nothing', options: { mask: new Uint8Array(30), whenEmpty: 'throw' } },
  {
    name: 'a binary target out of range',
    loss: binaryCrossEntropy(),
    targets: changed(batch.logits as Float64Array, {}),
  },
];

/** What only a look at the logits can tell. */
const late: readonly Bad[] = [
  { name: 'NaN in the last row', logits: changed(batch.logits as Float64Array, { 119: Number.NaN }) },
  {
    name: 'infinite logits in two parts',
    logits: changed(batch.logits as Float64Array, { 100: Infinity, 50: Infinity }),
  },
  {
    name: 'a row of nothing but -Infinity',
    logits: changed(batch.logits as Float64Array, { 80: -Infinity, 81: -Infinity, 82: -Infinity, 83: -Infinity }),
  },
  {
    name: 'NaN with the class axis before others',
    loss: categoricalCrossEntropy(),
    logits: { data: changed(batch.logits as Float64Array, { 90: Number.NaN }), dims: [5, 4, 6] },
    options: { axis: 1 },
  },
  {
    name: 'input probabilities that do not sum to one',
    logits: changed(batch.probabilities, { 61: 0 }),
    options: { input: 'probabilities' },
  },
];

describe.each([...early, ...late])('$name', (bad) => {
  it('is refused in the words of the loss itself', async () => {
    const call = argumentsOf(bad);
    const expected = errorOf(() => call.loss.evaluate(call.logits, call.targets, call.options));
    const [error] = await rejectionsOf([pool.evaluate(call.loss, call.logits, call.targets, call.options)]);
    expect(error.message).toBe(expected.message);
    expect(error.constructor).toBe(expected.constructor);
  });
});

describe('outputs of a call in one piece', () => {
  it.each(['argmax', 'probabilities', 'hessianDiagonal'])('%s is refused by name', async (name) => {
    const loss = categoricalCrossEntropy();
    const [error] = await rejectionsOf([pool.evaluate(loss, [[1, 2]], [0], { [name]: true })]);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(
      `categorical-cross-entropy: "${name}" expected a call in one piece, got a call in parts; ask the loss itself for it, in a call of its own`,
    );
  });
});

describe.each([
  ['on shared memory', shared.logits, (length: number) => new SharedArrayBuffer(8 * length)],
  ['elsewhere', batch.logits, (length: number) => new ArrayBuffer(8 * length)],
] as const)('outputs %s', (_, logits, make) => {
  const outputs = () => ({
    gradient: new Float64Array(make(120)).fill(42),
    losses: new Float64Array(make(30)).fill(42),
  });

  it('stay untouched by what is refused without the logits', async () => {
    const { gradient, losses } = outputs();
    const call = pool.evaluate(loss, logits, changed(batch.labels, { 29: 4 }), { gradient, losses });
    await expect(call).rejects.toThrow('categorical-cross-entropy: "targets[29]" expected');
    expect([...new Set([...gradient, ...losses])]).toEqual([42]);
  });

  it('hold NaN after a bad logit, and never half a result', async () => {
    const { gradient, losses } = outputs();
    const bad = changed(logits.slice() as Float64Array, { 119: Number.NaN });
    const call = pool.evaluate(loss, bad, batch.labels, { gradient, losses });
    await expect(call).rejects.toThrow('categorical-cross-entropy: "logits[119]" expected');
    expect([...new Set([...gradient, ...losses])]).toEqual([Number.NaN]);
  });
});

it('a gradient in the memory of the logits is refused', async () => {
  const call = pool.evaluate(loss, shared.logits, shared.labels, { gradient: shared.logits });
  await expect(call).rejects.toThrow(
    'categorical-cross-entropy: "gradient" expected memory of its own, got memory shared with "logits"',
  );
});

it('after an error the pool goes on', async () => {
  await rejectionsOf([pool.value(loss, batch.logits, changed(batch.labels, { 29: 4 }))]);
  expect(await pool.value(loss, batch.logits, batch.labels)).toBe(loss.value(batch.logits, batch.labels));
});

it('what the arithmetic of a plugin throws reaches the caller', async () => {
  const [error] = await rejectionsOf([pool.value(misbehaving({ how: 'throw' }), [-1, -1, 1], [0, 0, 0])]);
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toBe('misbehaving: as asked');
});

describe('a loss that the pool cannot make', () => {
  it('is refused by the name of the plugin that is missing', async () => {
    const call = pool.value(labelSmoothed(loss, { smoothing: 0.1 }), batch.logits, batch.labels);
    await expect(call).rejects.toThrow(
      new RangeError(
        `pool: "loss" expected a loss made by the plugins of the pool, 'categorical-cross-entropy', 'binary-cross-entropy', 'misbehaving', got one made by 'label-smoothed'; add the URL of the module that exports 'label-smoothed' to the plugins of createPool`,
      ),
    );
  });

  it.each([
    [categoricalCrossEntropy, 'a function; call the plugin: categoricalCrossEntropy()'],
    [[1, 2], 'an array of length 2; the order of the arguments is (loss, logits, targets, options)'],
    [{}, 'an object; the order of the arguments is (loss, logits, targets, options)'],
  ])('is told from what is no loss: %s', async (notALoss, got) => {
    const call = pool.value(notALoss as unknown as Loss, batch.logits, batch.labels);
    await expect(call).rejects.toThrow(new TypeError(`pool: "loss" expected a loss, got ${got}`));
  });
});

describe('createPool', () => {
  it.each([
    [undefined, 'options" expected an object with plugins, got undefined'],
    [
      {},
      `plugins" expected an array of at least one URL, got undefined; pass the modules of the plugins that losses are made of: [import.meta.resolve('@surprisal/categorical')]`,
    ],
    [
      { plugins: ['@surprisal/focal'] },
      `plugins[0]" expected an absolute URL, got '@surprisal/focal'; pass import.meta.resolve('@surprisal/focal') or new URL('@surprisal/focal', import.meta.url)`,
    ],
    [{ plugins: [7] }, 'plugins[0]" expected an absolute URL, got 7'],
    [{ plugins, workers: 0 }, 'workers" expected an integer of at least 1, got 0'],
    [{ plugins, threads: 2 }, `options" expected one of the options plugins, workers, worker, got 'threads'`],
  ])('refuses %j', (options, message) => {
    expect(errorOf(() => createPool(options as never)).message).toBe(`createPool: "${message}`);
  });

  it.each([
    [
      'file:///nowhere/plugin.js',
      /^createPool: "plugins\[0\]" expected a module that can be imported, got 'file:\/\/\/nowhere\/plugin.js' \(Cannot find module .+\)$/,
    ],
    [
      modules.url('no-plugin'),
      /^createPool: "plugins\[0\]" expected a module that exports plugins, got 'file:.+no-plugin.js'$/,
    ],
  ])('makes a pool whose calls name a bad module: %s', async (plugin, message) => {
    const bad = createPool({ plugins: [plugin], workers: 2, worker });
    const errors = await rejectionsOf([
      bad.value(loss, batch.logits, batch.labels),
      bad.value(loss, batch.logits, batch.labels),
    ]);
    for (const error of errors) expect(error.message).toMatch(message);
    await bad.close();
  });
});

function argumentsOf({ loss: given = loss, logits = batch.logits, targets = batch.labels, options }: Bad): {
  readonly loss: Loss;
  readonly logits: Logits;
  readonly targets: Targets;
  readonly options: PoolCallOptions;
} {
  return {
    loss: given as Loss,
    logits: logits as Logits,
    targets: targets as Targets,
    options: options as PoolCallOptions,
  };
}

function errorOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

async function rejectionsOf(calls: readonly Promise<unknown>[]): Promise<Error[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((result) => {
    if (result.status === 'fulfilled') throw new Error('nothing was thrown');
    return result.reason as Error;
  });
}
