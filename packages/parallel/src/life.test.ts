// How calls and workers end: by a signal, by a death, by close, and by the end of the process.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { createPool, type Pool } from './index.js';
import { buildModules } from './testing/build-modules.js';
import { misbehaving } from './testing/misbehaving.js';

const modules = await buildModules();
const plugins = [modules.url('categorical'), modules.url('misbehaving')];
const worker = modules.url('worker');
const pools: Pool[] = [];

function newPool(workers: number): Pool {
  const pool = createPool({ plugins, workers, worker });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});
afterAll(() => modules.remove());

const good = categoricalCrossEntropy({ classes: 2 });
const logits = Float64Array.of(1, 2, 3, 4, 5, 7, 8, 6);
const labels = [0, 1, 0, 1];
const zeros = [0, 0, 0, 0];
const hanging = misbehaving({ how: 'hang' });
const exiting = misbehaving({ how: 'exit' });

async function expectToWork(pool: Pool): Promise<void> {
  expect(await pool.value(good, logits, labels)).toBe(good.value(logits, labels));
}

describe('a signal', () => {
  it('that has aborted rejects at once, with its reason', async () => {
    const reason = new Error('too late');
    const call = newPool(1).value(good, 'no logits' as never, labels, { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
  });

  it('ends a call whose workers would never answer, and leaves NaN in its outputs', async () => {
    const pool = newPool(2);
    const gradient = new Float64Array(new SharedArrayBuffer(32)).fill(42);
    const controller = new AbortController();
    const call = pool.valueAndGradient(hanging, [-1, -1, 1, 1], zeros, { gradient, signal: controller.signal });
    const rejected = call.catch((reason: unknown) => reason);
    // The first worker writes its half; the second never comes to it.
    await vi.waitUntil(() => gradient[0] !== 42, { timeout: 20_000 });
    controller.abort('enough');
    expect(await rejected).toBe('enough');
    expect([...gradient]).toEqual([NaN, NaN, NaN, NaN]);
    await expectToWork(pool);
  });

  it('takes a call out of the queue, and lets the one before it finish', async () => {
    const pool = newPool(2);
    const first = new AbortController();
    const second = new AbortController();
    const running = pool.value(hanging, [1, 1, 1, 1], zeros, { signal: first.signal });
    const waiting = pool.value(good, logits, labels, { signal: second.signal });
    const after = pool.value(good, logits, labels);
    second.abort('not wanted any more');
    await expect(waiting).rejects.toBe('not wanted any more');
    first.abort('nor this');
    await expect(running).rejects.toBe('nor this');
    expect(await after).toBe(good.value(logits, labels));
  });

  it('is told from what is none', async () => {
    const call = newPool(1).value(good, logits, labels, { signal: 7 as never });
    await expect(call).rejects.toThrow(new TypeError('pool: "signal" expected an AbortSignal, got 7'));
  });

  it('that does not abort changes nothing, and nobody listens to it afterwards', async () => {
    const listeners = new Set<unknown>();
    const signal = {
      aborted: false,
      addEventListener: (_: 'abort', listener: () => void) => void listeners.add(listener),
      removeEventListener: (_: 'abort', listener: () => void) => void listeners.delete(listener),
    };
    expect(await newPool(2).value(good, logits, labels, { signal })).toBe(good.value(logits, labels));
    expect(listeners.size).toBe(0);
  });
});

describe('a worker that dies', () => {
  it('rejects the call, leaves NaN in its outputs, and is replaced', async () => {
    const pool = newPool(2);
    await expectToWork(pool);
    const gradient = new Float64Array(new SharedArrayBuffer(32)).fill(42);
    await expect(pool.valueAndGradient(exiting, [-1, -1, 1, 1], zeros, { gradient })).rejects.toThrow(
      new Error(
        'pool: "worker" expected a worker that lives until it has answered, got exit code 3; the next call starts a new one',
      ),
    );
    expect([...gradient]).toEqual([NaN, NaN, NaN, NaN]);
    await expectToWork(pool);
  });

  it('before it could answer at all says why', async () => {
    const pool = createPool({ plugins, workers: 2, worker: 'file:///nowhere/worker.js' });
    await expect(pool.value(good, logits, labels)).rejects.toThrow(
      /^pool: "worker" expected a worker that lives until it has answered, got Cannot find module '\/nowhere\/worker.js'.*; the next call starts a new one$/s,
    );
    await pool.close();
  });
});

describe('close', () => {
  const closed = 'pool: "call" expected a pool that is open, got one that was closed; make another with createPool';

  it('rejects what is computed, what waits and what comes later', async () => {
    const pool = newPool(2);
    const running = pool.value(hanging, [1, 1, 1, 1], zeros);
    const waiting = pool.value(good, logits, labels);
    const rejected = Promise.allSettled([running, waiting]);
    setTimeout(() => void pool.close(), 200);
    for (const result of await rejected) expect(result).toEqual({ status: 'rejected', reason: new Error(closed) });
    await expect(pool.value(good, logits, labels)).rejects.toThrow(new Error(closed));
  });

  it('of a pool that has computed nothing is no effort, twice neither', async () => {
    const pool = newPool(2);
    await pool.close();
    await pool.close();
    await expect(pool.value(good, logits, labels)).rejects.toThrow(new Error(closed));
  });
});

describe('the process', () => {
  it('ends when the pool is idle, and not before the call it waits for is done', async () => {
    const program = join(modules.folder, 'program.js');
    await writeFile(
      program,
      `import { createPool } from './index.js';
       import { categoricalCrossEntropy } from './categorical.js';
       const pool = createPool({ plugins: [new URL('./categorical.js', import.meta.url)], workers: 2 });
       pool.value(categoricalCrossEntropy(), [[1, 2, 0.5], [0.1, -1, 3]], [1, 2]).then(console.log);`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 20_000 });
    expect(stdout).toBe('0.26757150153421816\n');
  });
});
