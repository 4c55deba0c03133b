import type { Metric } from '../records/benchmark-record.js';
import type { RunRecord } from '../records/run-record.js';
import { measurementsOf } from './measurements.js';

/** One entry of the custom formats of github-action-benchmark. */
export interface GithubActionEntry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** `± 0.04`. */
  readonly range?: string;
  readonly extra?: string;
}

/** The names of its two tools: it cannot have both directions in one file. */
export type GithubActionTool = 'customSmallerIsBetter' | 'customBiggerIsBetter';

/**
 * The input of github-action-benchmark for one direction. Metrics without a direction are in neither file. It takes null for 0
 * and joins runs by name: every value is finite, every name unique, none holds the machine or the commit.
 */
export function githubActionEntries(record: RunRecord, tool: GithubActionTool): readonly GithubActionEntry[] {
  const better = tool === 'customSmallerIsBetter' ? 'lower' : 'higher';
  return measurementsOf(record).flatMap(({ id, metrics }) =>
    metrics.filter((metric) => metric.better === better).map((metric) => entryOf(id, metric)),
  );
}

function entryOf(id: string, { name, unit, value, interval, n }: Metric): GithubActionEntry {
  const half = interval && Math.max(interval.high - value, value - interval.low);
  const known = half !== undefined && Number.isFinite(half);
  const extra = [n !== undefined && `${n} processes`, interval && `${100 * interval.level}% interval`].filter(Boolean);
  return {
    ...{ name: `${id} ${name}`, unit, value },
    ...(known && { range: `± ${Number(half.toPrecision(2))}` }),
    ...(extra.length > 0 && { extra: extra.join('\n') }),
  };
}
