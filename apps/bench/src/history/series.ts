import type { Axes, Better, Interval } from '../records/benchmark-record.js';
import type { RunRecord } from '../records/run-record.js';
import { machineClass } from '../records/series.js';
import type { Run } from './run-file.js';

/** One number over the runs of one class of machines: the same id, definition and metric. */
export interface Series {
  readonly machineClass: string;
  readonly id: string;
  readonly definition: string;
  readonly metric: string;
  readonly unit: string;
  readonly better: Better;
  readonly exact: boolean;
  readonly axes: Axes | undefined;
  /** In the order of time. */
  readonly points: readonly Point[];
}

export interface Point {
  readonly run: RunRecord;
  readonly value: number;
  readonly interval?: Interval | undefined;
  /** False where the run could not prove the value: shown, never judged by. */
  readonly proven: boolean;
}

/** Every series of some runs, sorted by class of machine, id and metric. Rows that are wrong or missing have no point. */
export function seriesOf(runs: readonly Run[]): readonly Series[] {
  const found = new Map<string, Series & { readonly points: Point[] }>();
  for (const { record } of runs) {
    const machine = machineClass(record.machine);
    for (const { value, interval, proven, ...names } of [
      ...measured(record),
      ...accuracies(record),
      ...sizes(record),
    ]) {
      if (!Number.isFinite(value)) continue;
      const key = JSON.stringify([machine, names.id, names.metric, names.definition]);
      const series = found.get(key) ?? { machineClass: machine, ...names, points: [] };
      series.points.push({ run: record, value, interval, proven });
      found.set(key, series);
    }
  }
  return [...found.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, series]) => series);
}

type Measurement = Omit<Series, 'machineClass' | 'points'> & Omit<Point, 'run'>;

function measured({ benchmarks }: RunRecord): Measurement[] {
  return benchmarks
    .filter(({ status }) => status === 'ok' || status === 'unproven')
    .flatMap(({ id, definition, axes, status, metrics }) =>
      metrics.map(({ name, unit, better, exact, value, interval }) => {
        const proven = exact || status === 'ok';
        return { id, definition, axes, metric: name, unit, better, exact, value, interval, proven };
      }),
    );
}

/** The largest error over all margins. */
function accuracies({ accuracy }: RunRecord): Measurement[] {
  return accuracy
    .filter(({ status, buckets }) => status !== 'missing' && buckets.length > 0)
    .map(({ id, definition, axes, quantity, unit, buckets }) => ({
      ...{ id, definition, axes, metric: `${quantity}-error`, unit, better: 'lower', exact: true, proven: true },
      value: Math.max(...buckets.map(({ largest }) => largest)),
    }));
}

function sizes(record: RunRecord): Measurement[] {
  return record.sizes.map((size) => ({
    ...{ id: size.package, definition: 'minified, gzip', axes: undefined, metric: 'size', unit: 'B' },
    ...{ better: 'lower', exact: true, proven: true, value: size.gzipBytes },
  }));
}
