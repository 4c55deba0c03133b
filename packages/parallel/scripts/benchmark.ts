/**
 * Times value and gradient on this thread against a pool of workers, on 1024 rows of 32,000 float32 logits: one run of
 * each in turn, and the median of the ratios of neighbours. Only the ratios mean anything, and only where the machine
 * has processors to give: two of them may be one core, or others may use it. So each pair is run beside threads that
 * share nothing, each with rows of its own, and the pairs during which these reached 90% of their number count apart.
 *
 *     pnpm build && node packages/parallel/scripts/benchmark.ts [workers] [repetitions]
 */
import { availableParallelism, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { allocate } from '@surprisal/kernels/memory';
import { createPool } from '@surprisal/parallel';

const ROWS = 1024;
const CLASSES = 32_000;

const [workers = 2, repetitions = 15] = process.argv.slice(2).map(Number);
const loss = categoricalCrossEntropy({ classes: CLASSES });
const module = import.meta.resolve('@surprisal/categorical');
const pool = createPool({ plugins: [module], workers });

/** Park and Miller's generator: the same numbers on every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function fill(logits: Float32Array, labels: Int32Array): void {
  const next = random(1);
  for (let i = 0; i < logits.length; i++) logits[i] = 8 * next() - 4;
  for (let row = 0; row < labels.length; row++) labels[row] = Math.floor(CLASSES * next());
}

async function milliseconds(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? NaN;
}

/** A thread that shares nothing: computes rows of its own for every message. */
const APART = `const { parentPort, workerData: { module, classes } } = require('node:worker_threads');
import(module).then(({ categoricalCrossEntropy }) => {
  const loss = categoricalCrossEntropy({ classes });
  const logits = new Float32Array(128 * classes).map((_, i) => i % 7);
  const labels = new Int32Array(128);
  const gradient = new Float32Array(logits.length);
  parentPort.on('message', () => parentPort.postMessage(loss.valueAndGradient(logits, labels, { gradient }).value));
});`;

const threads = Array.from(
  { length: workers },
  () => new Worker(APART, { eval: true, workerData: { module, classes: CLASSES } }),
);

/** How many times the work of one thread that many threads do in the same time. */
async function machineRatio(): Promise<number> {
  const ask = (some: readonly Worker[]): Promise<unknown> =>
    Promise.all(
      some.map((thread) => {
        thread.postMessage('compute');
        return new Promise((resolve) => thread.once('message', resolve));
      }),
    );
  const one = await milliseconds(() => ask(threads.slice(0, 1)));
  return (workers * one) / (await milliseconds(() => ask(threads)));
}

interface Pair {
  readonly alone: number;
  readonly together: number;
  readonly machine: number;
}

function report(name: string, pairs: readonly Pair[]): void {
  const one = median(pairs.map((pair) => pair.alone)).toFixed(0);
  const many = median(pairs.map((pair) => pair.together)).toFixed(0);
  const ratio = median(pairs.map((pair) => pair.alone / pair.together)).toFixed(2);
  const machine = median(pairs.map((pair) => pair.machine)).toFixed(2);
  console.log(
    `${name}, ${pairs.length} pairs: one thread ${one} ms, ${workers} workers ${many} ms, ratio ${ratio}; threads that share nothing ${machine}`,
  );
}

async function compare(name: string, make: (length: number) => Float32Array): Promise<void> {
  const logits = make(ROWS * CLASSES);
  const labels = new Int32Array(new SharedArrayBuffer(4 * ROWS));
  const gradient = make(logits.length);
  fill(logits, labels);
  const alone = () => loss.valueAndGradient(logits, labels, { gradient });
  const together = () => pool.valueAndGradient(loss, logits, labels, { gradient });
  // The first runs compile, and start the workers.
  for (let warm = 0; warm < 3; warm++) await together().then(alone).then(machineRatio);
  const pairs: Pair[] = [];
  for (let i = 0; i < repetitions; i++) {
    const before = await machineRatio();
    const pair = { alone: await milliseconds(alone), together: await milliseconds(together) };
    pairs.push({ ...pair, machine: Math.min(before, await machineRatio()) });
  }
  report(name, pairs);
  const free = pairs.filter((pair) => pair.machine >= 0.9 * workers);
  if (free.length > 0) report(`  ${name}, processors free`, free);
  else console.log(`  ${name}: no pair while ${workers} processors were free`);
}

const load = (): string => loadavg()[0]?.toFixed(2) ?? '';
console.log(`${ROWS} x ${CLASSES} float32, value and gradient; ${availableParallelism()} processors, load ${load()}`);
await compare('kernel memory', (length) => allocate(Float32Array, length));
await compare('shared memory', (length) => new Float32Array(new SharedArrayBuffer(4 * length)));
await compare('copied', (length) => new Float32Array(length));
console.log(`load ${load()}, this benchmark included`);
await Promise.all([pool.close(), ...threads.map((thread) => thread.terminate())]);
