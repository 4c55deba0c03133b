import type { Metric } from '../records/benchmark-record.js';
import type { RunRecord } from '../records/run-record.js';
import { measurementsOf, shorten } from './measurements.js';

/** Bencher Metric Format: benchmark, measure, numbers. */
export type BencherMetrics = Readonly<Record<string, Readonly<Record<string, BencherMetric>>>>;

export interface BencherMetric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

/** Lengths that Bencher allows. */
const LONGEST_BENCHMARK = 1024;
const LONGEST_MEASURE = 64;

/** A record in Bencher Metric Format. Its own measure `latency` is in nanoseconds, as our `time` is. */
export function bencherMetrics(record: RunRecord): BencherMetrics {
  const benchmarks = measurementsOf(record).map(({ id, metrics }) => [
    shorten(id, LONGEST_BENCHMARK),
    Object.fromEntries(metrics.map((metric) => [measureOf(metric), numbersOf(metric)])),
  ]);
  return Object.fromEntries(benchmarks) as BencherMetrics;
}

function measureOf({ name }: Metric): string {
  return name === 'time' ? 'latency' : shorten(name, LONGEST_MEASURE);
}

function numbersOf({ value, interval: { low, high } = { low: NaN, high: NaN, level: NaN } }: Metric): BencherMetric {
  return {
    value,
    ...(Number.isFinite(low) && { lower_value: low }),
    ...(Number.isFinite(high) && { upper_value: high }),
  };
}
