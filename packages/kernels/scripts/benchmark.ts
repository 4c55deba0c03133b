/**
 * Times the engines against the plain loops a newcomer would write with Math.exp, on one thread, value and
 * gradient: blocks of both in turn, medians, and their ratio. Only the ratios mean anything.
 *
 *     pnpm build && node packages/kernels/scripts/benchmark.ts [filter]
 */
import { spawnSync } from 'node:child_process';
import { numberSink, numberSource, type Engine, type Problem, type ResolvedPlan, type Tile } from '@surprisal/core';
import { sigmoidLink } from '@surprisal/kernels/sigmoid';
import { softmaxLink } from '@surprisal/kernels/softmax';

type Float = Float32Array | Float64Array;
type Name = 'float32' | 'float64';

interface Case {
  readonly name: string;
  readonly numbers: number;
  readonly plain: () => void;
  readonly engine: () => void;
}

const crossEntropy = [{ coefficient: 1, power: 0, order: 0 }];

function plan(more: Partial<ResolvedPlan>): ResolvedPlan {
  return {
    targetSteps: [],
    logitSteps: [],
    terms: crossEntropy,
    negativeTerms: crossEntropy,
    crossEntropy: true,
    partition: 0,
    customs: [],
    ...more,
  };
}

/** Park and Miller's generator: the same numbers on every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function normals(type: Name, count: number, seed: number): Float {
  const next = random(seed);
  const values = type === 'float32' ? new Float32Array(count) : new Float64Array(count);
  return values.map(() => 3 * Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()));
}

function createTile(capacity: number): Tile {
  return {
    first: 0,
    count: 0,
    labels: new Int32Array(capacity),
    targets: new Float64Array(capacity),
    keep: new Uint8Array(capacity).fill(1),
    weights: new Float64Array(capacity).fill(1),
    losses: new Float64Array(capacity),
    uniform: true,
    summed: 0,
  };
}

/** A call as core makes it: opens a session and runs its tiles. Core keeps the tile from call to call. */
function runCall(engine: Engine, problem: Problem, units: number, tile: Tile, fill: (tile: Tile) => void): number {
  const session = engine.open(problem);
  const capacity = Math.min(session.capacity, tile.keep.length);
  let sum = 0;
  for (let first = 0; first < units; first += capacity) {
    tile.first = first;
    tile.count = Math.min(capacity, units - first);
    fill(tile);
    const fault = session.run(tile);
    if (fault !== undefined) throw new Error(fault.kind);
    for (let i = 0; i < tile.count; i++) sum += tile.losses[i];
  }
  return sum;
}

/** Maximum, exponentials into the gradient, division: three passes. */
function plainSoftmax(logits: Float, labels: Int32Array, classes: number, gradient: Float): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const at = row * classes;
    let max = -Infinity;
    for (let c = 0; c < classes; c++) max = logits[at + c] > max ? logits[at + c] : max;
    let total = 0;
    for (let c = 0; c < classes; c++) total += gradient[at + c] = Math.exp(logits[at + c] - max);
    for (let c = 0; c < classes; c++) gradient[at + c] /= total * labels.length;
    sum += Math.log(total) + max - logits[at + labels[row]];
    gradient[at + labels[row]] -= 1 / labels.length;
  }
  return sum / labels.length;
}

/** The same with Math.max, one exponential and Math.log1p. */
function plainSigmoid(logits: Float, targets: Float, gradient: Float): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const z = logits[i];
    const q = Math.exp(-Math.abs(z));
    sum += Math.max(z, 0) - z * targets[i] + Math.log1p(q);
    gradient[i] = ((z > 0 ? 1 : q) / (1 + q) - targets[i]) / logits.length;
  }
  return sum / logits.length;
}

function softmaxCase(name: string, type: Name, rows: number, classes: number, more: Partial<ResolvedPlan> = {}): Case {
  const logits = normals(type, rows * classes, 1);
  const gradient = logits.slice();
  const next = random(2);
  const labels = new Int32Array(rows).map(() => Math.floor(next() * classes));
  const problem = (): Problem => ({
    input: 'logits',
    layout: { rows, classes, inner: 1 },
    logits: numberSource(logits, type),
    gradient: numberSink(gradient, type),
    plan: plan({ labelMeasure: { direct: 1, spread: 0 }, ...more }),
    gradientScale: 1 / rows,
    propagate: false,
    unnormalized: false,
    clip: 0,
    scratch: [],
  });
  const fill = (tile: Tile): void => {
    for (let i = 0; i < tile.count; i++) tile.labels[i] = labels[tile.first + i];
  };
  const tile = createTile(Math.min(rows, 4096));
  return {
    name,
    numbers: rows * classes,
    plain: () => plainSoftmax(logits, labels, classes, gradient),
    engine: () => runCall(softmaxLink.engines[0], problem(), rows, tile, fill),
  };
}

function sigmoidCase(name: string, type: Name, count: number, engineName = 'typescript'): Case {
  const engine = sigmoidLink.engines.find((candidate) => candidate.name === engineName) ?? sigmoidLink.engines[0];
  const logits = normals(type, count, 1);
  const gradient = logits.slice();
  const next = random(2);
  const targets = logits.map(() => Math.round(next()));
  const one = new Float64Array([1]);
  const none = new Float64Array([0]);
  const measure = {
    positiveFromPositive: one,
    positiveFromNegative: none,
    negativeFromPositive: none,
    negativeFromNegative: one,
  };
  const problem = (): Problem => ({
    input: 'logits',
    layout: { rows: count, classes: 1, inner: 1 },
    logits: numberSource(logits, type),
    gradient: numberSink(gradient, type),
    plan: plan({ outcomeMeasure: measure }),
    gradientScale: 1 / count,
    propagate: false,
    unnormalized: false,
    clip: 0,
    scratch: [],
  });
  const fill = (tile: Tile): void => tile.targets.set(targets.subarray(tile.first, tile.first + tile.count));
  const tile = createTile(Math.min(count, 4096));
  return {
    name,
    numbers: count,
    plain: () => plainSigmoid(logits, targets, gradient),
    engine: () => runCall(engine, problem(), count, tile, fill),
  };
}

function smoothing(classes: number): Partial<ResolvedPlan> {
  const vector = new Float64Array(classes).fill(1 / classes);
  return { labelMeasure: { direct: 0.9, spread: 0.1, vector } };
}

function weights(classes: number): Partial<ResolvedPlan> {
  return {
    labelMeasure: {
      direct: 1,
      directWeights: normals('float64', classes, 3).map(Math.abs) as Float64Array,
      spread: 0,
    },
  };
}

/** The cases of an engine that a call asks for by name. */
function sigmoidCasesOf(engine: string): [string, () => Case][] {
  const sizes = [
    ['float32', 4_000_000],
    ['float64', 4_000_000],
    ['float32', 320],
  ] as const;
  return sizes.map(([type, count]) => {
    const name = `sigmoid ${count} ${type} ${engine}`;
    return [name, () => sigmoidCase(name, type, count, engine)];
  });
}

const focal = { crossEntropy: false, terms: [{ coefficient: 1, power: 2, order: 0 }] };

const cases: Record<string, () => Case> = {
  'softmax 1024 x 1000 float32': () => softmaxCase('softmax 1024 x 1000 float32', 'float32', 1024, 1000),
  'softmax 1024 x 1000 float64': () => softmaxCase('softmax 1024 x 1000 float64', 'float64', 1024, 1000),
  'softmax 1024 x 1000 float32, class weights': () =>
    softmaxCase('softmax 1024 x 1000 float32, class weights', 'float32', 1024, 1000, weights(1000)),
  'softmax 1024 x 1000 float32, smoothing': () =>
    softmaxCase('softmax 1024 x 1000 float32, smoothing', 'float32', 1024, 1000, smoothing(1000)),
  'softmax 1024 x 1000 float32, focal': () =>
    softmaxCase('softmax 1024 x 1000 float32, focal', 'float32', 1024, 1000, focal),
  'softmax 10240 x 100 float32': () => softmaxCase('softmax 10240 x 100 float32', 'float32', 10240, 100),
  'softmax 32768 x 32 float32': () => softmaxCase('softmax 32768 x 32 float32', 'float32', 32768, 32),
  'softmax 100000 x 10 float32': () => softmaxCase('softmax 100000 x 10 float32', 'float32', 100000, 10),
  'softmax 300000 x 3 float32': () => softmaxCase('softmax 300000 x 3 float32', 'float32', 300000, 3),
  'softmax 32 x 10 float32': () => softmaxCase('softmax 32 x 10 float32', 'float32', 32, 10),
  'softmax 32 x 32000 float32': () => softmaxCase('softmax 32 x 32000 float32', 'float32', 32, 32000),
  'softmax 8 x 151936 float32': () => softmaxCase('softmax 8 x 151936 float32', 'float32', 8, 151936),
  'sigmoid 1000000 float32': () => sigmoidCase('sigmoid 1000000 float32', 'float32', 1000000),
  'sigmoid 1000000 float64': () => sigmoidCase('sigmoid 1000000 float64', 'float64', 1000000),
  'sigmoid 320 float32': () => sigmoidCase('sigmoid 320 float32', 'float32', 320),
  ...Object.fromEntries(['wasm-simd', 'wasm-relaxed-simd'].flatMap(sigmoidCasesOf)),
};

function time(run: () => void, repeats: number): number {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  return ((performance.now() - start) * 1e6) / repeats;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function measure({ plain, engine, numbers, name }: Case): void {
  // Blocks of about 20 ms, after a warm-up of ten times that.
  const repeats = Math.max(1, Math.round(20e6 / (numbers * 10)));
  for (let i = 0; i < 10; i++) {
    time(plain, repeats);
    time(engine, repeats);
  }
  const times = Array.from({ length: 21 }, () => ({ plain: time(plain, repeats), engine: time(engine, repeats) }));
  const ratio = median(times.map((block) => block.engine / block.plain));
  const each = (part: 'plain' | 'engine'): string => (median(times.map((block) => block[part])) / numbers).toFixed(2);
  console.log(`${name.padEnd(44)} engine ${each('engine')} ns, plain ${each('plain')} ns, ratio ${ratio.toFixed(2)}`);
}

/** Each case in a process of its own: what the compiler learned of one array type must not slow the next one down. */
function main([option = '', name = '']: readonly string[]): void {
  if (option === '--case') measure(cases[name]());
  else
    for (const one of Object.keys(cases).filter((each) => each.includes(option)))
      spawnSync(process.execPath, [process.argv[1], '--case', one], { stdio: 'inherit' });
}

main(process.argv.slice(2));
