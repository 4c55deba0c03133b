import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normalInput, own, peers, yardsticks } from '../suites/variants.js';
import { buildWorker, type BuiltWorker } from '../testing-measure/build-worker.js';
import { HASTE } from '../testing-measure/jobs.js';
import { withoutRelaxed } from '../testing-measure/plugins.js';
import type { InputSpec, Job, VariantSpec } from './protocol.js';
import { runJobBy } from './run-process.js';

let built: BuiltWorker;
beforeAll(async () => {
  built = await buildWorker();
});
afterAll(() => built.remove());

const softmax = { version: 1, loss: 'categorical-cross-entropy' } as const;

function marginInput(rows: number, classes: number): InputSpec {
  const source = { kind: 'margins', seed: 1, spread: 3, edges: [-5, 0, 5] } as const;
  return { rows, classes, type: 'float32', targets: 'labels', source };
}

function jobOf(variants: readonly VariantSpec[], more: Partial<Job> = {}): Job {
  return {
    version: 1,
    seed: 1,
    inputs: { main: normalInput(6, 5) },
    variants,
    pace: HASTE,
    sides: { main: [built.url('registry'), built.url('testing')] },
    peers: built.folder,
    ...more,
  };
}

describe('a measuring process', () => {
  test('checks and times every variant in every block', async () => {
    const engines = ['typescript', 'wasm-simd'].map((engine) => own(engine, softmax, engine));
    const notes: string[] = [];
    const report = await runJobBy(built.worker, jobOf([...yardsticks(), ...engines]), {
      note: (text) => notes.push(text),
    });
    expect(report.variants.map(({ id }) => id)).toEqual(['anchor', 'sentinel', 'copy', 'typescript', 'wasm-simd']);
    for (const { blocks, elements, firstCallNanoseconds } of report.variants) {
      expect(blocks).toHaveLength(3);
      expect(blocks.every((time) => time !== null && time > 0)).toBe(true);
      expect(elements).toBe(30);
      expect(firstCallNanoseconds).toBeGreaterThan(0);
    }
    expect(report.variants[3]).toMatchObject({ engines: ['typescript'], errors: { rows: 6 } });
    expect(notes).toEqual([
      'check anchor',
      'check sentinel',
      'check copy',
      'check typescript',
      'check wasm-simd',
      'warm up',
      'time',
    ]);
  });

  test.each([
    [
      'binary elements',
      { inputs: { main: normalInput(9, 1) } },
      own('ours', { version: 1, loss: 'binary-cross-entropy' }, 'typescript'),
    ],
    ['float64', { inputs: { main: normalInput(4, 3, { type: 'float64' }) } }, own('ours', softmax, 'typescript')],
    [
      'probability targets',
      { inputs: { main: normalInput(4, 3, { targets: 'probabilities' }) } },
      own('ours', softmax, 'typescript'),
    ],
    [
      'masked classes',
      { inputs: { main: normalInput(4, 12, { trouble: 'masked' }) } },
      own('ours', softmax, 'wasm-simd'),
    ],
    ['the value alone', {}, own('ours', softmax, 'typescript', { operation: 'value' })],
    ['sample weights', {}, own('ours', softmax, 'typescript', { extra: 'sample-weights' })],
    ['extras', {}, own('ours', softmax, 'wasm-simd', { asks: ['accuracy', 'hessianDiagonal', 'floor'] })],
    ['extras left out by name', {}, own('ours', softmax, 'wasm-simd', { asks: [] })],
    ['smoothing', {}, own('ours', { version: 1, loss: 'label-smoothed', smoothing: 0.1, of: softmax }, 'typescript')],
  ] as const)('compares %s with exact results', async (_, more, variant) => {
    const { variants } = await runJobBy(built.worker, jobOf([variant], more));
    expect(variants[0]?.errors?.loss).toBeLessThanOrEqual(3.5);
    expect(variants[0]?.errors?.gradient).toBeLessThanOrEqual(8);
  });

  test('fails as wrong where an output is off by more than its bound, whatever its speed', async () => {
    const wrong = own('wrong', { version: 1, loss: 'slightly-wrong' }, 'typescript');
    await expect(runJobBy(built.worker, jobOf([...yardsticks(), wrong]))).rejects.toMatchObject({
      kind: 'wrong',
      message: expect.stringMatching(
        /^wrong: "loss" expected an error of at most 0\.51 units in the last place, got \d/,
      ) as string,
    });
  });

  test('fails as broken where a program throws, with what it said', async () => {
    const unknown = own('unknown', { version: 1, loss: 'no-such-loss' }, 'typescript');
    await expect(runJobBy(built.worker, jobOf([unknown]))).rejects.toMatchObject({
      kind: 'broken',
      message: expect.stringContaining('fromJSON: "json.loss" expected one of \'categorical-cross-entropy\'') as string,
    });
  });

  test('says of a peer that is not installed how to get it, and measures the others', async () => {
    const { variants } = await runJobBy(built.worker, jobOf([...peers(['jax-wasm', 'abacus']), ...yardsticks()]));
    expect(variants.map(({ missing }) => missing)).toEqual([
      '@jax-js/jax is not installed: surprisal-bench peers install',
      "no peer is called 'abacus'",
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('says of an engine that its runtime cannot run that it is not there, and measures the others', async () => {
    const engines = ['wasm-relaxed-simd', 'wasm-simd'].map((engine) => own(engine, withoutRelaxed().toJSON(), engine));
    for (const purpose of ['time', 'errors'] as const) {
      const inputs = { main: purpose === 'time' ? normalInput(6, 5) : marginInput(6, 5) };
      const { variants } = await runJobBy(built.worker, jobOf(engines, { purpose, inputs }));
      expect(variants.map(({ missing }) => missing)).toEqual([
        `Node ${process.versions.node} cannot run the engine wasm-relaxed-simd: take a newer one`,
        undefined,
      ]);
    }
  });

  test('ends when it is told to', async () => {
    const reason = new Error('enough');
    await expect(runJobBy(built.worker, jobOf(yardsticks()), { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });

  test('that ends before it answers is a failure', async () => {
    await expect(runJobBy(built.url('anchor').replace('file://', ''), jobOf(yardsticks()))).rejects.toMatchObject({
      kind: 'broken',
      message: expect.stringContaining('the measuring process ended early (0)') as string,
    });
  });
});
