import type { Axes, Benchmark, Metric } from '../records/benchmark-record.js';
import type { Accuracy } from '../records/accuracy-record.js';
import type { RunRecord } from '../records/run-record.js';
import { shapeOf } from './text.js';
import { COPY } from './variants.js';

/** The variants of one loss x operation x type x shape x input, which were measured side by side. */
export interface Group {
  readonly key: string;
  readonly axes: Axes;
  readonly benchmarks: readonly Benchmark[];
}

/** The groups of a record, in its order; with more axes varied, larger groups. */
export function groupsOf({ benchmarks }: RunRecord, ...varied: readonly string[]): readonly Group[] {
  const groups = new Map<string, Group & { readonly benchmarks: Benchmark[] }>();
  for (const benchmark of benchmarks) {
    const key = keyOf(benchmark.axes, ['implementation', 'engine', ...varied]);
    const group = groups.get(key) ?? { key, axes: benchmark.axes, benchmarks: [] };
    group.benchmarks.push(benchmark);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** All axes but those that vary within a group. */
export function keyOf(axes: Axes, varied: readonly string[] = ['implementation', 'engine']): string {
  const entries = Object.entries(axes).filter(([key]) => !varied.includes(key));
  return JSON.stringify(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** `value-and-gradient, float32, 4,096 × 10, digits`. */
export function groupText({ axes }: Pick<Group, 'axes'>): string {
  return [axes.operation, axes.dtype, shapeOf(axes), axes.input].filter((part) => part !== '').join(', ');
}

/** `classWeighted(binaryCrossEntropy), weights [0.5, 1], value, float32, …`. */
export function titleOf(axes: Axes): string {
  const { loss, options = '' } = axes;
  return [loss, options, groupText({ axes })].filter((part) => part !== '').join(', ');
}

export function metricOf({ metrics }: Benchmark, name: string): Metric | undefined {
  return metrics.find((metric) => metric.name === name);
}

/** The largest error over all margins. */
function worstError({ buckets }: Accuracy): number {
  return Math.max(...buckets.map(({ largest }) => largest));
}

/**
 * The largest error of a variant of a loss, over value and gradient: of its rows of accuracy, and of what was measured beside
 * its time. Undefined where none was.
 */
export function errorOf({ accuracy }: RunRecord, { axes, metrics }: Benchmark): number | undefined {
  const byMargin = accuracy
    .filter((row) => row.status !== 'missing' && row.buckets.length > 0 && isSameVariant(row.axes, axes))
    .map(worstError);
  const besideTime = metrics.filter(({ name }) => name.endsWith('-error')).map(({ value }) => value);
  const errors = [...byMargin, ...besideTime];
  return errors.length === 0 ? undefined : Math.max(...errors);
}

function isSameVariant(one: Axes, other: Axes): boolean {
  const keys = ['loss', 'lossId', 'options', 'dtype', 'implementation', 'engine'];
  return keys.every((key) => one[key] === other[key]);
}

/**
 * The fastest of a group, and those that cannot be told from it: their intervals of the ratio overlap. Without intervals equal
 * values are ties.
 */
export function fastestOf(benchmarks: readonly Benchmark[]): readonly Benchmark[] {
  const rated = benchmarks.flatMap((benchmark) => {
    const metric = metricOf(benchmark, 'ratio') ?? metricOf(benchmark, 'time');
    const isRated = benchmark.status === 'ok' && benchmark.axes.implementation !== COPY;
    return isRated && metric !== undefined ? [{ benchmark, metric }] : [];
  });
  const [best] = [...rated].sort((one, other) => one.metric.value - other.metric.value);
  if (best === undefined) return [];
  const highest = best.metric.interval?.high ?? best.metric.value;
  const isTie = ({ value, interval }: Metric): boolean => (interval?.low ?? value) <= highest;
  return rated
    .filter(({ metric }) => metric.name === best.metric.name && isTie(metric))
    .map(({ benchmark }) => benchmark);
}
