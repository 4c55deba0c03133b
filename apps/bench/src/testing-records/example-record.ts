import type { Accuracy } from '../records/accuracy-record.js';
import { METRICS, type Axes, type Benchmark } from '../records/benchmark-record.js';
import type { Commit, RunRecord } from '../records/run-record.js';

const exampleCommit: Commit = {
  id: '518fc2c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6',
  dirty: false,
  branch: 'main',
  subject: 'Say which engine gives the same bits everywhere',
  time: '2026-11-24T20:05:12Z',
};

const axesOfPeers = {
  loss: 'categoricalCrossEntropy',
  lossId: 'categorical-cross-entropy@6cfa1a2b9c84e6f7',
  options: 'classes 10',
  operation: 'value-and-gradient',
  dtype: 'float32',
  rows: 4096,
  classes: 10,
  input: 'digits',
};

export const exampleAxes: Axes = { ...axesOfPeers, implementation: 'surprisal', engine: 'wasm-simd' };

/** Every key that a benchmark may have. */
const ours: Benchmark = {
  id: 'categorical-cross-entropy@6cfa1a2b9c84e6f7/value-and-gradient/float32/4096x10/digits/surprisal:wasm-simd',
  definition: '0f1e2d3c4b5a6978',
  axes: exampleAxes,
  status: 'ok',
  metrics: [
    {
      ...METRICS.time,
      value: 1.92,
      interval: { low: 1.88, high: 1.97, level: 0.99 },
      n: 8,
      processes: [1.9, 1.91, 1.94, 1.89, 1.92, 1.95, 1.9, 1.96],
    },
    { ...METRICS.ratio, value: 0.31, interval: { low: 0.305, high: 0.316, level: 0.99 }, n: 8 },
    { ...METRICS.throughput, value: 4.2 },
    { ...METRICS.copyShare, value: 0.41 },
    { ...METRICS.firstCall, value: 3.1 },
    { ...METRICS.allocated, value: 96 },
  ],
};

const loop: Benchmark = {
  id: 'categorical-cross-entropy@6cfa1a2b9c84e6f7/value-and-gradient/float32/4096x10/digits/plain-loop',
  definition: '0f1e2d3c4b5a6978',
  axes: { ...axesOfPeers, implementation: 'plain-loop' },
  status: 'wrong',
  reason: 'the loss of row 17 is NaN, exactly 3.25',
  metrics: [{ ...METRICS.time, value: NaN }],
};

const tfjs: Benchmark = {
  id: 'categorical-cross-entropy@6cfa1a2b9c84e6f7/value-and-gradient/float32/4096x10/digits/tfjs-wasm',
  definition: '0f1e2d3c4b5a6978',
  axes: { ...axesOfPeers, implementation: 'tfjs-wasm' },
  status: 'missing',
  reason: '@tensorflow/tfjs is not installed: pnpm bench:peers',
  metrics: [],
};

const accuracy: Accuracy = {
  id: 'categorical-cross-entropy@6cfa1a2b9c84e6f7/value-and-gradient/float32/4096x10/margins/surprisal:wasm-simd/gradient-error',
  definition: '8796a5b4c3d2e1f0',
  axes: { ...exampleAxes, input: 'margins', call: 'kernel-memory' },
  quantity: 'gradient',
  unit: 'ulp',
  search: { kind: 'sampled', seed: 1 },
  status: 'wrong',
  reason: 'largest error Infinity is above the budget 5',
  budget: 5,
  buckets: [
    {
      margin: { low: -Infinity, high: 0 },
      count: 1000,
      largest: 2.31,
      largestInput: '41200000 c0a00000',
      p999: 1.4,
      median: 0.27,
      correctlyRounded: 0.83,
      nan: 0,
      wrongSign: 0,
      falseZero: 0,
    },
    {
      margin: { low: 0, high: Infinity },
      count: 1000,
      largest: Infinity,
      p999: 1.5,
      median: 0.28,
      correctlyRounded: 0.8,
      nan: 1,
      wrongSign: 2,
      falseZero: 3,
    },
  ],
  marks: [{ margin: -103.97, label: 'underflow of float32' }],
};

/** A record with every key that the schema knows, and with NaN and both infinities in it. */
export const exampleRecord: RunRecord = {
  schema: 'surprisal-bench/run@1',
  time: '2026-11-24T20:31:58.123Z',
  tool: { name: '@surprisal/bench', version: '0.0.0' },
  commit: exampleCommit,
  machine: {
    os: 'linux',
    arch: 'x64',
    cpu: 'Example CPU 3000',
    cores: 2,
    memoryBytes: 8_000_000_000,
    runtime: { name: 'node', version: '24.21.0' },
  },
  noise: {
    status: 'quiet',
    figures: [
      { name: 'sentinel', unit: '%', value: 0.4, limit: 1, note: 'the largest difference between two equal kernels' },
    ],
  },
  settings: {
    suite: 'quick',
    seed: 1,
    processes: 8,
    blocks: 30,
    only: 'categorical',
    plugins: ['categorical-cross-entropy'],
    complete: true,
    leftOut: 2,
  },
  verdict: {
    status: 'wrong',
    reasons: [{ gate: 'output', id: loop.id, message: 'the loss of row 17 is NaN, exactly 3.25' }],
  },
  peers: [
    { name: 'onnxruntime', version: '1.22.0' },
    { name: 'tfjs-wasm', missing: '@tensorflow/tfjs is not installed: pnpm bench:peers' },
  ],
  benchmarks: [ours, loop, tfjs],
  accuracy: [accuracy],
  sizes: [
    { package: '@surprisal/categorical', version: '0.1.0', minifiedBytes: 9_000, gzipBytes: 3_900, budgetBytes: 4_000 },
  ],
  curves: [
    {
      loss: 'categoricalCrossEntropy',
      lossId: 'categorical-cross-entropy@6cfa1a2b9c84e6f7',
      options: 'classes 10',
      classes: 10,
      margin: [-10, 0, 10],
      value: [12.197, 2.302, 0.0004],
      gradient: [-0.99, -0.9, -0.0004],
    },
  ],
  selftests: [
    { kind: 'aa', time: '2026-11-24T20:00:00Z', rounds: 40, found: 0, inconclusive: 1, passed: true, note: '2 cores' },
    { kind: 'inject', time: '2026-11-24T20:10:00Z', rounds: 40, found: 39, factor: 1.05, passed: true },
  ],
  compare: {
    base: { label: 'main', commit: exampleCommit },
    head: { label: 'working tree' },
    rows: [
      {
        id: ours.id,
        axes: exampleAxes,
        metric: 'time',
        unit: 'ns/element',
        better: 'lower',
        base: 1.92,
        head: 2.02,
        ratio: 1.052,
        interval: { low: 1.041, high: 1.063, level: 0.99 },
        n: 8,
        pValue: 0.0001,
        confirmed: true,
        verdict: 'worse',
        reason: 'slower by 5.2%',
      },
    ],
  },
  targets: [
    {
      ...{ id: 'c10/memory', case: '16,384 x 10', what: 'in kernel memory, of the copy', unit: 'x', bound: 'at most' },
      ...{ limit: 3, measured: 2.4, interval: { low: 2.3, high: 2.5, level: 0.99 }, verdict: 'met', close: false },
    },
    {
      ...{ id: 'c10/pytorch', case: '16,384 x 10', what: 'than PyTorch', unit: 'x', bound: 'at least', limit: 4 },
      ...{ verdict: 'not measured', close: false, reason: 'python3 cannot import torch' },
    },
  ],
};
