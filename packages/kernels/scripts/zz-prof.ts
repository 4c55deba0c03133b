/**
 * Times plans of the SIMD engines of the softmax link against the bare cross-entropy of labels on the same engine: calls of
 * both in turn, and the ratio of the shortest of each, since whatever else a machine does only adds. Only the ratios mean
 * anything.
 *
 *     pnpm build && node packages/kernels/scripts/plan-benchmark.ts [filter [engine]]
 */
import {
  numberSink,
  numberSource,
  type Engine,
  type Problem,
  type ResolvedPlan,
  type TargetStep,
  type Tile,
} from '@surprisal/core';
import { softmaxLink } from '@surprisal/kernels/softmax';

type Float = Float32Array | Float64Array;
type Name = 'float32' | 'float64';

const crossEntropy = [{ coefficient: 1, power: 0, order: 0 }];
const [rows, classes] = [1024, 1000];

function plan(more: Partial<ResolvedPlan>): ResolvedPlan {
  return {
    labelMeasure: { direct: 1, spread: 0 },
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

function probabilities(type: Name): Float {
  const values = normals(type, rows * classes, 4).map(Math.exp);
  for (let at = 0; at < values.length; at += classes) {
    const row = values.subarray(at, at + classes);
    let sum = 0;
    for (const value of row) sum += value;
    for (let j = 0; j < classes; j++) row[j] /= sum;
  }
  return values;
}

interface Data {
  readonly logits: Float;
  readonly gradient: Float;
  readonly labels: Int32Array;
  readonly targets: Float;
}

function dataOf(type: Name): Data {
  const logits = normals(type, rows * classes, 1);
  const next = random(2);
  const labels = new Int32Array(rows).map(() => Math.floor(next() * classes));
  return { logits, gradient: logits.slice(), labels, targets: probabilities(type) };
}

interface Case {
  readonly plan: ResolvedPlan;
  readonly dense?: boolean;
  readonly valueOnly?: boolean;
}

const mass = Math.abs;
const vector = new Float64Array(classes).fill(1 / classes);
const weights = Float64Array.from(normals('float64', classes, 3), mass);
const offsets = Array.from(normals('float64', classes, 5));
const focal = { crossEntropy: false, terms: [{ coefficient: 1, power: 2, order: 0 }] };
const poly = { crossEntropy: false, terms: [...crossEntropy, { coefficient: 1, power: 0, order: 1 }] };
const generalised = { crossEntropy: false, terms: [{ coefficient: 1, power: 0, order: 0.7 }] };
const mask = Array.from({ length: classes }, (_, c) => c % 10 !== 3);
const mix: TargetStep = { kind: 'mix', smoothing: 0.1, spread: 'all', towards: Array.from(vector) };
const smoothing: Partial<ResolvedPlan> = { labelMeasure: { direct: 0.9, spread: 0.1, vector } };
const wideSpread: Partial<ResolvedPlan> = {
  labelMeasure: { direct: 0.9, spread: 0.1, vector: vector.map((v, c) => (c === 7 ? 5 : v)) },
};

const cases: Record<string, Case> = {
  'labels again': { plan: plan({}) },
  'class weights': { plan: plan({ labelMeasure: { direct: 1, spread: 0, directWeights: weights } }) },
  focal: { plan: plan(focal) },
  'poly-1': { plan: plan(poly) },
  generalised: { plan: plan(generalised) },
  'z-loss': { plan: plan({ partition: 1e-4 }) },
  temperature: { plan: plan({ logitSteps: [{ kind: 'affine', scale: 0.7 }] }) },
  priors: { plan: plan({ logitSteps: [{ kind: 'affine', scale: 1, offsets }] }) },
  margin: { plan: plan({ logitSteps: [{ kind: 'margin', margins: offsets.map(mass) }] }) },
  'class mask': { plan: plan({ logitSteps: [{ kind: 'classMask', allowed: mask }] }) },
  softcap: { plan: plan({ logitSteps: [{ kind: 'softcap', cap: 30 }] }) },
  smoothing: { plan: plan(smoothing) },
  'smoothing, one dominant class': { plan: plan(wideSpread) },
  'smoothing, temperature': { plan: plan({ ...smoothing, logitSteps: [{ kind: 'affine', scale: 0.7 }] }) },
  dense: { plan: plan({}), dense: true },
  'dense, value only': { plan: plan({}), dense: true, valueOnly: true },
  'dense, smoothed': {
    plan: plan({ targetSteps: [mix] }),
    dense: true,
  },
  'dense, focal': { plan: plan(focal), dense: true },
  'dense, poly-1': { plan: plan(poly), dense: true },
  'dense, generalised': { plan: plan(generalised), dense: true },
  'dense, focal 1.5': { plan: plan({ ...focal, terms: [{ coefficient: 1, power: 1.5, order: 0 }] }), dense: true },
  'smoothing, focal': { plan: plan({ ...smoothing, ...focal, targetSteps: [mix] }) },
};

function runCall(engine: Engine, { plan: of, dense = false, valueOnly = false }: Case, data: Data, type: Name): number {
  const problem: Problem = {
    input: 'logits',
    layout: { rows, classes, inner: 1 },
    logits: numberSource(data.logits, type),
    ...(valueOnly ? {} : { gradient: numberSink(data.gradient, type) }),
    ...(dense ? { targets: numberSource(data.targets, type) } : {}),
    plan: of,
    gradientScale: 1 / rows,
    propagate: false,
    unnormalized: false,
    clip: 0,
    scratch: [],
  };
  const session = engine.open(problem);
  const capacity = Math.min(session.capacity, rows);
  const tile: Tile = {
    first: 0,
    count: 0,
    labels: new Int32Array(dense ? 0 : capacity),
    targets: new Float64Array(0),
    keep: new Uint8Array(capacity).fill(1),
    weights: new Float64Array(capacity).fill(1),
    losses: new Float64Array(capacity),
    uniform: true,
    summed: 0,
  };
  let sum = 0;
  for (let first = 0; first < rows; first += capacity) {
    tile.first = first;
    tile.count = Math.min(capacity, rows - first);
    if (!dense) tile.labels.set(data.labels.subarray(first, first + tile.count));
    const fault = session.run(tile);
    if (fault !== undefined) throw new Error(fault.kind);
    for (let i = 0; i < tile.count; i++) sum += tile.losses[i];
  }
  return sum;
}

function time(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}


const data = dataOf('float32');
const engine = softmaxLink.engines.find(({ name }) => name === 'wasm-relaxed-simd') as Engine;
const sd = Number(process.argv[3] ?? 1);
for (let i = 0; i < data.logits.length; i++) data.logits[i] *= sd;
const run = (): number => runCall(engine, cases[process.argv[2]], data, 'float32');
for (let i = 0; i < 600; i++) run();
