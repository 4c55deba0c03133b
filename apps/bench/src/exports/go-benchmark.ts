import type { Metric } from '../records/benchmark-record.js';
import type { RunRecord } from '../records/run-record.js';
import { measurementsOf, type Measurement } from './measurements.js';

/**
 * A record as Go prints benchmarks, which benchstat compares: configuration, the properties of units, and a line for each process.
 * Source: golang.org/design/14313-benchmark-format, and the issue of Go "benchmark unit properties" for `Unit`.
 */
export function goBenchmarkText(record: RunRecord): string {
  const measurements = measurementsOf(record);
  const names = uniqueNames(measurements);
  const lines = measurements.flatMap(({ metrics }, index) => {
    const name = `${names[index] ?? ''}-${record.machine.cores}`;
    return samplesOf(metrics).map((pairs) => [name, Math.max(1, record.settings.blocks), ...pairs].join('\t'));
  });
  return [...configuration(record), ...unitLines(measurements), ...lines, ''].join('\n');
}

function configuration({ machine, commit }: RunRecord): string[] {
  const { os, arch, cpu, runtime } = machine;
  const values = {
    goos: os,
    goarch: arch,
    cpu,
    runtime: `${runtime.name} ${runtime.version}`,
    commit: commit?.id ?? '',
  };
  return Object.entries(values).map(([key, value]) => `${key}: ${value.replaceAll(/\s+/g, ' ')}`);
}

/** A unit names what is measured, to Go; where two metrics disagree about its direction, it has none. */
function unitLines(measurements: readonly Measurement[]): string[] {
  const units = new Map<string, { directions: Set<Metric['better']>; exact: boolean }>();
  for (const metric of measurements.flatMap(({ metrics }) => metrics)) {
    const unit = units.get(unitOf(metric)) ?? { directions: new Set(), exact: true };
    unit.directions.add(metric.better);
    units.set(unitOf(metric), { ...unit, exact: unit.exact && metric.exact });
  }
  return [...units].map(([unit, { directions, exact }]) => {
    const [better = 'none', ...others] = directions;
    const direction = better === 'lower' || better === 'higher' ? ` better=${better}` : '';
    return `Unit ${unit}${others.length === 0 ? direction : ''} assume=${exact ? 'exact' : 'nothing'}`;
  });
}

/** `ns/element` for times; otherwise the metric with its unit: `gradient-error-ulp`. */
function unitOf({ name, unit }: Metric): string {
  const text = name === 'time' ? unit : unit === 'x' || unit === '' || unit === 'share' ? name : `${name}-${unit}`;
  return text.replaceAll(/\s+/g, '_');
}

/** Value and unit of each metric, for each process; what was not measured by process stands with the first. */
function samplesOf(metrics: readonly Metric[]): string[][] {
  const count = Math.max(1, ...metrics.map(({ processes = [] }) => processes.length));
  return Array.from({ length: count }, (_, process) =>
    metrics.flatMap((metric) => {
      const { value, processes = [] } = metric;
      const sample = processes.length > 0 ? processes[process] : process === 0 ? value : undefined;
      return sample !== undefined && Number.isFinite(sample) ? [`${sample} ${unitOf(metric)}`] : [];
    }),
  ).filter((pairs) => pairs.length > 0);
}

/** `BenchmarkValueAndGradient/loss=…/dtype=float32`; the id too where the axes of two are the same. */
function uniqueNames(measurements: readonly Measurement[]): string[] {
  const names = measurements.map(nameOf);
  return names.map((name, index) => {
    const twice = names.indexOf(name) !== names.lastIndexOf(name);
    return twice ? `${name}/id=${goText(measurements[index]?.id)}` : name;
  });
}

function nameOf({ id, axes }: Measurement): string {
  if (axes === undefined) return `BenchmarkSize/package=${goText(id)}`;
  const { operation, loss, lossId, ...others } = axes;
  const base = operation.replaceAll(/(?:^|[^A-Za-z0-9]+)(\w?)/g, (__, letter: string) => letter.toUpperCase());
  const parts = Object.entries({ loss: lossId ?? loss, ...others }).filter(([key]) => key !== 'options');
  return [
    `Benchmark${base === '' ? 'Run' : base}`,
    ...parts.map(([key, value]) => `${goText(key)}=${goText(value)}`),
  ].join('/');
}

/** A name is one word; its parts are parted by slashes. */
function goText(value: unknown): string {
  return String(value).replaceAll(/[\s/]+/g, '_');
}
