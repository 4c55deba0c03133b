import type { Axes } from './benchmark-record.js';
import type { Machine } from './run-record.js';

/**
 * The id of a benchmark: `<loss id>/<operation>/<dtype>/<rows>x<classes>/<input>/<implementation>:<engine>`, and how it is called where that
 * is not the usual way, by the axes
 * alone, so that a run on any machine or commit names the series alike. Rows of accuracy add what they measure:
 * `benchmarkId(axes, 'gradient-error')`.
 */
export function benchmarkId(axes: Axes, ...more: readonly string[]): string {
  const { loss, lossId, operation, dtype, rows, classes, input, implementation, engine, call = '' } = axes;
  const shape = [rows, classes].filter((size) => size !== undefined).join('x');
  const variant = engine === undefined ? implementation : `${implementation}:${engine}`;
  return [lossId ?? loss, operation, dtype, shape, input, variant, call, ...more]
    .filter((part) => part !== '')
    .join('/');
}

/** The machines whose times are compared: the same system, processor, cores, and major version of the runtime. */
export function machineClass({ os, arch, cpu, cores, runtime }: Machine): string {
  const major = runtime.version.split('.')[0] ?? runtime.version;
  return `${os} ${arch}, ${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${runtime.name} ${major}`;
}
