import { RUN_SCHEMA, type RunRecord } from './run-record.js';
import type { Benchmark, Interval, Metric } from './benchmark-record.js';
import { numbersOf } from './non-finite.js';
import { recordError } from './record-error.js';
import { schemaFault } from './validate-schema.js';

/**
 * Returns a parsed JSON value as a run record, with NaN and infinities as numbers.
 *
 * @throws RecordError where it is of another schema, malformed, or breaks a rule that JSON Schema cannot say: ids are
 * unique, a row that is ok has finite metrics, an interval is no less than empty.
 */
export function checkRecord(value: unknown, source: string): RunRecord {
  refuseOtherSchemas(value, source);
  const fault = schemaFault(value, source);
  if (fault !== undefined) throw fault;
  const record = numbersOf(value) as RunRecord;
  refuseDuplicates(record.benchmarks, 'benchmarks', source);
  refuseDuplicates(record.accuracy, 'accuracy', source);
  for (const [index, benchmark] of record.benchmarks.entries()) checkMetrics(benchmark, `benchmarks[${index}]`, source);
  return record;
}

function refuseOtherSchemas(value: unknown, source: string): void {
  const schema = typeof value === 'object' && value !== null ? (value as { readonly schema?: unknown }).schema : null;
  if (schema === RUN_SCHEMA) return;
  const newer = typeof schema === 'string' && schema.startsWith('surprisal-bench/run@');
  throw recordError(
    source,
    schema === null ? '' : 'schema',
    schema === null ? 'a run record' : JSON.stringify(RUN_SCHEMA),
    schema === null ? value : schema,
    newer ? 'Another version of @surprisal/bench reads it.' : '',
  );
}

function refuseDuplicates(rows: readonly { readonly id: string }[], path: string, source: string): void {
  const first = new Map<string, number>();
  for (const [index, { id }] of rows.entries()) {
    const other = first.get(id);
    if (other !== undefined)
      throw recordError(source, `${path}[${index}].id`, `an id that ${path}[${other}] has not`, id);
    first.set(id, index);
  }
}

function checkMetrics({ status, metrics }: Benchmark, path: string, source: string): void {
  const names = new Set<string>();
  for (const [index, metric] of metrics.entries()) {
    const at = `${path}.metrics[${index}]`;
    if (names.has(metric.name)) throw recordError(source, `${at}.name`, 'a name used once', metric.name);
    names.add(metric.name);
    if (status === 'ok') checkFinite(metric, at, source);
    if (metric.interval !== undefined) checkInterval(metric.interval, `${at}.interval`, source);
  }
}

function checkFinite({ value, processes = [] }: Metric, path: string, source: string): void {
  const expected = 'a finite number where the status is ok';
  if (!Number.isFinite(value)) throw recordError(source, `${path}.value`, expected, value);
  const at = processes.findIndex((time) => !Number.isFinite(time));
  if (at >= 0) throw recordError(source, `${path}.processes[${at}]`, expected, processes[at]);
}

function checkInterval({ low, high }: Interval, path: string, source: string): void {
  if (low > high) throw recordError(source, path, 'low not above high', `${low} to ${high}`);
}
