import { nanoseconds, ratio, variantIn, type Measured } from '../measure/ratios.js';
import { isUnproven } from '../compare/decide.js';
import type { InputSpec, OutputErrors, ProcessReport, VariantSpec } from '../measure/protocol.js';
import { CONFIDENCE, median } from '../measure/statistics.js';
import { METRICS, type Axes, type Benchmark, type Metric } from '../records/benchmark-record.js';
import { definitionHash } from '../records/definition-hash.js';
import { benchmarkId } from '../records/series.js';

/** Changes when what is timed, or how, means something else. */
const METHOD = 1;

/** A variant that a record holds. */
export interface Recorded {
  readonly spec: VariantSpec;
  readonly axes: Axes;
  readonly input: InputSpec;
}

/** What was measured of a variant, as a record says it; undefined where an engine handed the work to another. */
export function benchmarkOf({ spec, axes, input }: Recorded, reports: readonly ProcessReport[]): Benchmark | undefined {
  const about = { id: benchmarkId(axes), definition: definitionOf(spec, input), axes };
  const missing = reports.flatMap(({ variants }) => variants.find(({ id }) => id === spec.id)?.missing ?? [])[0];
  if (missing !== undefined) return { ...about, status: 'missing', reason: missing, metrics: [] };
  const engines = reports.map((report) => variantIn(report, spec.id)?.engines).find((found) => found !== undefined);
  if (axes.engine !== undefined && engines !== undefined && !engines.includes(axes.engine)) return undefined;
  const metrics = metricsOf(spec.id, input, reports);
  if (metrics.length === 0) return { ...about, status: 'missing', reason: 'no process finished', metrics: [] };
  return isUnproven(reports)
    ? { ...about, status: 'unproven', reason: 'the two copies of the anchor differ by more than 1%', metrics }
    : { ...about, status: 'ok', metrics };
}

/** A variant of a group whose process failed: the one that the message names, or none. */
export function failedBenchmark({ spec, axes, input }: Recorded, message: string): Benchmark | undefined {
  if (!message.startsWith(`${spec.id}: `)) return undefined;
  return {
    id: benchmarkId(axes),
    definition: definitionOf(spec, input),
    axes,
    status: 'wrong',
    reason: message,
    metrics: [],
  };
}

function definitionOf({ program }: VariantSpec, { rows, classes, type, targets, source }: InputSpec): string {
  const made = source.kind === 'files' ? 'real' : source;
  return definitionHash({ method: METHOD, program: { ...program }, rows, classes, type, targets, source: made });
}

function metricsOf(id: string, { type }: InputSpec, reports: readonly ProcessReport[]): Metric[] {
  const time = nanoseconds(reports, id);
  if (time === undefined) return [];
  const ofAnchor = ratio(reports, id, 'anchor');
  const ofCopy = ratio(reports, 'copy', id);
  const bytes = 2 * (type === 'float32' ? 4 : 8);
  const found = reports.flatMap((report) => variantIn(report, id) ?? []);
  const firstCalls = found.map(
    ({ loadNanoseconds, firstCallNanoseconds }) => (loadNanoseconds + firstCallNanoseconds) / 1e6,
  );
  return [
    metricOf('time', time),
    ...(ofAnchor === undefined ? [] : [metricOf('ratio', ofAnchor)]),
    { ...METRICS.throughput, value: bytes / time.value },
    ...(ofCopy === undefined ? [] : [metricOf('copyShare', ofCopy)]),
    { ...METRICS.firstCall, value: median(firstCalls), n: firstCalls.length, processes: firstCalls },
    { ...METRICS.allocated, value: median(found.map(({ allocatedBytes }) => allocatedBytes)) },
    ...errorMetrics(found.flatMap(({ errors }) => errors ?? [])),
  ];
}

function metricOf(name: keyof typeof METRICS, { value, low, high, processes }: Measured): Metric {
  const interval = low === undefined || high === undefined ? {} : { interval: { low, high, level: CONFIDENCE } };
  return { ...METRICS[name], value, ...interval, n: processes.length, processes };
}

/** The largest errors on the rows that every process compared. */
function errorMetrics(errors: readonly OutputErrors[]): Metric[] {
  return (['loss', 'gradient'] as const).flatMap((quantity): Metric[] => {
    const found = errors.flatMap((each) => each[quantity] ?? []);
    return found.length === 0
      ? []
      : [{ name: `${quantity}-error`, unit: 'ulp', better: 'lower', value: Math.max(...found), exact: false }];
  });
}
