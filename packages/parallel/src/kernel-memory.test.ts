// Arrays of `@surprisal/kernels/memory`: workers compute in them, in place, each with a place of its own for its programs.
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { allocate, type KernelArray } from '@surprisal/kernels/memory';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createPool } from './index.js';
import { buildModules } from './testing/build-modules.js';
import { makeBatch } from './testing/make-batch.js';

const modules = await buildModules();
const plugins = [modules.url('categorical'), modules.url('binary'), modules.url('label-smoothing')];
const newPool = (workers: number): ReturnType<typeof createPool> =>
  createPool({ plugins, workers, worker: modules.url('worker') });
const pools = [1, 2, 3, 5, 8].map((workers) => ({ workers, pool: newPool(workers) }));
const allocated: KernelArray<Float32Array | Float64Array>[] = [];

/** A copy of an array in kernel memory. */
function kernelCopy(values: Float32Array | Float64Array): KernelArray<Float32Array | Float64Array> {
  const { length } = values;
  const array = values instanceof Float32Array ? allocate(Float32Array, length) : allocate(Float64Array, length);
  allocated.push(array);
  array.set(values);
  return array;
}

afterEach(() => {
  for (const array of allocated.splice(0)) array.release();
});

afterAll(async () => {
  await Promise.all(pools.map(({ pool }) => pool.close()));
  await modules.remove();
});

const rows = {
  loss: labelSmoothed(categoricalCrossEntropy({ classes: 77 }), { smoothing: 0.1 }),
  of: 203,
  classes: 77,
};
const elements = { loss: binaryCrossEntropy(), of: 1003, classes: 3 };

describe.each(pools)('$workers workers', ({ pool }) => {
  it.each(['float32', 'float64'] as const)(
    'compute rows in kernel memory to the bits of one thread: %s',
    async (type) => {
      const { loss, of, classes } = rows;
      const { logits, labels, weights } = makeBatch({ rows: of, classes, seed: 4, type, shared: false });
      for (const { name: engine } of loss.link.engines) {
        const options = { engine, sampleWeights: weights, losses: true } as const;
        const expected = loss.evaluate(logits, labels, { ...options, gradient: true });
        const gradient = kernelCopy(logits.map(() => 1));
        const found = await pool.evaluate(loss, kernelCopy(logits), labels, { ...options, gradient });
        expect(found.sum).toEqual(expected.sum);
        expect(found.losses).toEqual(expected.losses);
        expect(gradient).toEqual(expected.gradient);
      }
    },
  );

  it('compute elements there too, with losses and weights there as well', async () => {
    const { loss, of, classes } = elements;
    const { logits } = makeBatch({ rows: of, classes, seed: 5, type: 'float32', shared: false });
    const targets = Float64Array.from(logits, (value) => Number(value > 0));
    const sampleWeights = kernelCopy(Float64Array.from(logits, (_, index) => index % 4));
    const expected = loss.evaluate(logits, targets, { sampleWeights, losses: true, gradient: true });
    const [gradient, losses] = [
      kernelCopy(new Float32Array(logits.length)),
      kernelCopy(new Float64Array(logits.length)),
    ];
    const options = { sampleWeights, losses, gradient };
    const found = await pool.evaluate(loss, kernelCopy(logits), kernelCopy(targets), options);
    expect(found.sum).toEqual(expected.sum);
    expect(Array.from(losses, Math.fround)).toEqual(Array.from(expected.losses ?? []));
    expect(gradient).toEqual(expected.gradient);
  });
});

it('workers see memory that has grown since their last call', async () => {
  const pool = newPool(2);
  const { loss, classes } = rows;
  for (const count of [50, 40_000]) {
    const { logits, labels } = makeBatch({ rows: count, classes, seed: count, type: 'float32', shared: false });
    const gradient = kernelCopy(new Float32Array(logits.length));
    const { value } = await pool.valueAndGradient(loss, kernelCopy(logits), labels, { gradient });
    const expected = loss.valueAndGradient(logits, labels);
    expect(value).toBe(expected.value);
    expect(gradient.every((slope, index) => slope === expected.gradient[index])).toBe(true);
  }
  await pool.close();
});

describe('places of workers in a memory', () => {
  it('run out without harm, and come back when a pool closes', async () => {
    const { logits, labels } = makeBatch({ rows: 80, classes: 77, seed: 2, type: 'float32', shared: false });
    const expected = rows.loss.valueAndGradient(logits, labels);
    // There are 31; the pools above have 19 of them.
    for (let turn = 0; turn < 3; turn++) {
      const pool = newPool(13);
      const gradient = kernelCopy(new Float32Array(logits.length));
      const { value } = await pool.valueAndGradient(rows.loss, kernelCopy(logits), labels, { gradient });
      expect(value).toBe(expected.value);
      expect(gradient).toEqual(expected.gradient);
      await pool.close();
    }
  });

  it('are taken by programs that compute there, each by its worker', async () => {
    const pool = newPool(3);
    const { logits, labels } = makeBatch({ rows: 30, classes: 77, seed: 1, type: 'float32', shared: false });
    const gradient = kernelCopy(new Float32Array(logits.length)) as Float32Array;
    // The page of constants of every place but that of this thread. Nobody asks the pools above again.
    const constants = Array.from(
      { length: 31 },
      (_, index) => new Uint8Array(gradient.buffer as ArrayBuffer, (index + 1) * 9 * 65_536, 65_536),
    );
    for (const page of constants) page.fill(0);
    await pool.valueAndGradient(rows.loss, kernelCopy(logits), labels, { gradient });
    expect(constants.filter((page) => page.some((byte) => byte !== 0)).length).toBe(3);
    await pool.close();
  });
});
