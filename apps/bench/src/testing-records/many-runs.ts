/** A history as it is after a year: many runs, two hundred series, two steps, and a last run with everything on it. */
import { randomNumbers, type RandomNumbers } from '@surprisal/reference';
import type { Run } from '../history/run-file.js';
import { METRICS, type Axes, type Benchmark } from '../records/benchmark-record.js';
import type { Accuracy } from '../records/accuracy-record.js';
import type { RunRecord } from '../records/run-record.js';
import { benchmarkId } from '../records/series.js';
import { exampleRecord } from './example-record.js';

const VARIANTS = [
  { implementation: 'surprisal', engine: 'wasm-simd', speed: 1, error: 2.3 },
  { implementation: 'surprisal', engine: 'typescript', speed: 3.1, error: 0.51 },
  { implementation: 'plain-loop', speed: 4.4, error: 900 },
  { implementation: 'onnxruntime', speed: 1.02, error: 45 },
  { implementation: 'tfjs-wasm', speed: 9, error: 6e4 },
];

const SHAPES = [
  { loss: 'categoricalCrossEntropy', rows: 4096, classes: 10, input: 'digits' },
  { loss: 'categoricalCrossEntropy', rows: 1024, classes: 1000, input: 'digits' },
  { loss: 'categoricalCrossEntropy', rows: 32, classes: 32_000, input: 'digits' },
  { loss: 'labelSmoothed(categoricalCrossEntropy)', rows: 4096, classes: 10, input: 'digits' },
  { loss: 'classWeighted(categoricalCrossEntropy)', rows: 4096, classes: 10, input: 'digits' },
  { loss: 'binaryCrossEntropy', rows: 4096, classes: 1, input: 'mail' },
  { loss: 'positiveWeighted(binaryCrossEntropy)', rows: 4096, classes: 1, input: 'mail' },
  { loss: 'labelSmoothed(classWeighted(categoricalCrossEntropy))', rows: 8, classes: 100_277, input: 'tokens' },
];

/** Runs one a day, each with 40 benchmarks of 5 metrics; in the last the whole page has something to show. */
export function manyRuns(count: number): readonly Run[] {
  const random = randomNumbers(11);
  return Array.from({ length: count }, (_, day) => {
    const time = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
    const id = `${day.toString(16).padStart(4, '0')}518fc2c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4`;
    const benchmarks = SHAPES.flatMap((shape) =>
      VARIANTS.map((variant, at) => benchmarkOf(shape, variant, at, day, count, random)),
    );
    const quiet: RunRecord = {
      ...exampleRecord,
      ...{ time, benchmarks, accuracy: [], sizes: [], verdict: { status: 'ok', reasons: [] } },
      commit: { id, dirty: false, branch: 'main', subject: `Change number ${day}` },
    };
    const record = day === count - 1 ? withEverything(quiet) : quiet;
    return { file: `runs/${day}.json`, record };
  });
}

function axesOf(shape: (typeof SHAPES)[number], { implementation, engine }: (typeof VARIANTS)[number]): Axes {
  const axes = { ...shape, operation: 'value-and-gradient', dtype: 'float32', implementation };
  return engine === undefined ? axes : { ...axes, engine };
}

function benchmarkOf(
  shape: (typeof SHAPES)[number],
  variant: (typeof VARIANTS)[number],
  at: number,
  day: number,
  days: number,
  random: RandomNumbers,
): Benchmark {
  const axes = axesOf(shape, variant);
  const stepped = at === 0 && day > 0.7 * days ? 1.12 : at === 1 && day > 0.4 * days ? 0.8 : 1;
  const ratio = 0.2 * variant.speed * stepped * (1 + 0.01 * random.normal());
  const time = 4 * ratio * (1 + 0.1 * random.normal()) * (1 + Math.log10(shape.classes) / 4);
  const interval = (value: number, share: number): { low: number; high: number; level: number } => ({
    ...{ low: value * (1 - share), high: value * (1 + share), level: 0.99 },
  });
  return {
    ...{ id: benchmarkId(axes), definition: 'd1', axes, status: 'ok' },
    metrics: [
      { ...METRICS.time, value: time, interval: interval(time, 0.08), n: 8 },
      { ...METRICS.ratio, value: ratio, interval: interval(ratio, 0.012), n: 8 },
      { ...METRICS.throughput, value: 8 / time },
      { ...METRICS.copyShare, value: Math.min(1, 0.6 / variant.speed) },
      { ...METRICS.firstCall, value: 3 * variant.speed * (1 + 0.2 * random.uniform()) },
    ],
  };
}

function withEverything(record: RunRecord): RunRecord {
  const [first, second, ...others] = record.benchmarks;
  const missing: Benchmark[] = others.slice(-1).map((benchmark) => ({
    ...{ ...benchmark, metrics: [], status: 'missing', reason: '@tensorflow/tfjs is not installed: pnpm bench:peers' },
  }));
  return {
    ...record,
    verdict: exampleRecord.verdict,
    benchmarks: [
      first,
      { ...second, status: 'unproven', reason: 'the anchors differ by 1.4%' },
      ...others.slice(0, -1),
      ...missing,
    ],
    accuracy: SHAPES.filter(({ classes }) => classes <= 10).flatMap((shape) =>
      (['value', 'gradient'] as const).flatMap((quantity) =>
        VARIANTS.map((variant) => accuracyOf(shape, variant, quantity)),
      ),
    ),
    sizes: ['core', 'kernels', 'categorical', 'binary', 'weighted', 'label-smoothing'].map((name, at) => ({
      ...{
        package: `@surprisal/${name}`,
        version: '0.1.0',
        minifiedBytes: 9000 - 900 * at,
        gzipBytes: 3900 - 400 * at,
      },
      budgetBytes: 3700 - 300 * at,
    })),
  };
}

function accuracyOf(
  shape: (typeof SHAPES)[number],
  variant: (typeof VARIANTS)[number],
  quantity: 'value' | 'gradient',
): Accuracy {
  const axes = { ...axesOf(shape, variant), input: 'margins' };
  const buckets = Array.from({ length: 24 }, (_, at) => {
    const low = -120 + 10 * at;
    const growth = variant.error > 10 ? variant.error ** Math.max(0, low / 120) : 1;
    const isLost = variant.implementation === 'tfjs-wasm' && low >= 90;
    const largest = isLost ? Infinity : (variant.error > 10 ? 0.6 : variant.error) * growth;
    const counts = { nan: isLost ? 12 : 0, wrongSign: 0, falseZero: low > 90 ? 3 : 0 };
    return {
      ...{
        margin: { low, high: low + 10 },
        count: 1000,
        largest,
        largestInput: '42c80000 00000000',
        p999: largest * 0.8,
      },
      ...{ median: 0.25, correctlyRounded: 0.9, ...counts },
    };
  });
  return {
    ...{
      id: benchmarkId(axes, `${quantity}-error`),
      definition: 'd1',
      axes,
      quantity,
      unit: 'ulp',
      buckets,
      budget: 4,
    },
    ...{ search: { kind: 'sampled', seed: 1 }, status: 'ok' },
    marks: [
      { margin: 88.72, label: 'exp overflows' },
      { margin: -103.97, label: 'exp underflows' },
    ],
  };
}
