import { createHash } from 'node:crypto';
import type { Axes, Metric } from '../records/benchmark-record.js';
import type { RunRecord } from '../records/run-record.js';

/** What other tools may judge by: one benchmark, row of accuracy or package, with its finite metrics. */
export interface Measurement {
  /** As in the record: without machine or commit. */
  readonly id: string;
  readonly axes: Axes | undefined;
  readonly metrics: readonly Metric[];
}

/**
 * The measurements of a record, without those that mean nothing to a gate: rows that are wrong or missing, times of rows
 * that are unproven, and numbers that are not finite, which other formats have no way to write.
 */
export function measurementsOf({ benchmarks, accuracy, sizes }: RunRecord): readonly Measurement[] {
  const timed = benchmarks.map(({ id, axes, status, metrics }) => ({
    ...{ id, axes },
    metrics: metrics.filter(({ exact }) => status === 'ok' || (status === 'unproven' && exact)),
  }));
  const exact = accuracy
    .filter(({ status, buckets }) => status === 'ok' && buckets.length > 0)
    .map(({ id, axes, quantity, unit, buckets }) => {
      const value = Math.max(...buckets.map(({ largest }) => largest));
      return { id, axes, metrics: [exactMetric(`${quantity}-error`, unit, value)] };
    });
  const packages = sizes.map((size) => ({
    ...{ id: size.package, axes: undefined },
    metrics: [exactMetric('size', 'B', size.gzipBytes)],
  }));
  return [...timed, ...exact, ...packages]
    .map((row) => ({ ...row, metrics: row.metrics.filter(({ value }) => Number.isFinite(value)) }))
    .filter(({ metrics }) => metrics.length > 0);
}

function exactMetric(name: string, unit: string, value: number): Metric {
  return { name, unit, better: 'lower', value, exact: true };
}

/** A text within a length, cut with a hash of the whole where it is longer, so that two stay two. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return `${text.slice(0, length - hash.length - 1)}~${hash}`;
}
