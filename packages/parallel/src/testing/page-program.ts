/** What the test in a browser calls on its page. */
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { allocate } from '@surprisal/kernels/memory';
import { createPool } from '../index.js';
import { makeBatch } from './make-batch.js';
import { misbehaving } from './misbehaving.js';

/** Bits of results in the browser, with one worker and with three. */
export interface PageResult {
  readonly value: number;
  readonly sum: readonly number[];
  readonly gradient: readonly number[];
  readonly losses: readonly number[];
}

/** Evaluates the batch of the test over a pool; its memory is shared, that of the kernels, or has to be copied. */
export async function evaluateOnPage(workers: number, memory: 'shared' | 'kernels' | 'copied'): Promise<PageResult> {
  const pool = createPool({ plugins: [new URL('./categorical.js', import.meta.url)], workers });
  const shared = memory === 'shared';
  const { logits: made, labels, weights } = makeBatch({ rows: 1001, classes: 17, seed: 5, type: 'float32', shared });
  const logits = memory === 'kernels' ? allocate(Float32Array, made.length) : made;
  logits.set(made);
  const room = memory === 'kernels' ? allocate(Float32Array, made.length) : undefined;
  const gradient = room ?? (shared ? new Float32Array(new SharedArrayBuffer(4 * made.length)) : true);
  const evaluation = await pool.evaluate(categoricalCrossEntropy({ classes: 17 }), logits, labels, {
    sampleWeights: weights,
    gradient,
    losses: true,
  });
  await pool.close();
  const { value, sum, losses = [] } = evaluation;
  return { value, sum, gradient: Array.from(evaluation.gradient ?? []), losses: Array.from(losses) };
}

/** What becomes of a call that would never end, of one whose worker cannot be loaded, and of the next. */
export async function endsOnPage(): Promise<readonly string[]> {
  const plugins = ['./categorical.js', './misbehaving.js'].map((name) => new URL(name, import.meta.url));
  const pool = createPool({ plugins, workers: 2 });
  const gradient = new Float64Array(new SharedArrayBuffer(32));
  const controller = new AbortController();
  const endless = pool.valueAndGradient(misbehaving({ how: 'hang' }), [-1, -1, 1, 1], [0, 0, 0, 0], {
    gradient,
    signal: controller.signal,
  });
  const message = messageOf(endless);
  while (gradient[0] === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort(new Error('enough'));
  const lost = createPool({ plugins, workers: 1, worker: new URL('./nowhere.js', import.meta.url) });
  const messages = [
    await message,
    String(gradient),
    await messageOf(lost.value(categoricalCrossEntropy(), [1, 2], 0)),
    String(await pool.value(categoricalCrossEntropy(), [1, 2], 0)),
  ];
  await Promise.all([pool.close(), lost.close()]);
  return messages;
}

/** The message of a call that reads a bad logit in its last row. */
export async function messageOnPage(): Promise<string> {
  const pool = createPool({ plugins: [new URL('./categorical.js', import.meta.url)], workers: 2 });
  const { logits, labels } = makeBatch({ rows: 10, classes: 3, seed: 1, type: 'float64', shared: false });
  logits[29] = Number.NaN;
  const message = await messageOf(pool.value(categoricalCrossEntropy({ classes: 3 }), logits, labels));
  await pool.close();
  return message;
}

function messageOf(call: Promise<unknown>): Promise<string> {
  return call.then(String, (error: unknown) => (error as Error).message);
}
