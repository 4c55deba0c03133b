import { measureGroup, type GroupOptions } from '../measure/measure-group.js';
import type { VariantReport } from '../measure/protocol.js';
import { JobFailure } from '../measure/run-process.js';
import { errorBounds } from '../exact-error.js';
import type { Accuracy } from '../records/accuracy-record.js';
import type { Axes } from '../records/benchmark-record.js';
import { definitionHash } from '../records/definition-hash.js';
import { benchmarkId } from '../records/series.js';
import { MARKS, type AccuracyGroup } from './accuracy-groups.js';

/** The errors of a group, as rows of a record. */
export interface MeasuredAccuracy {
  readonly title: string;
  readonly rows: readonly Accuracy[];
  readonly failure?: string;
}

/** Compares a group in one fresh process; its results do not depend on time. */
export async function runAccuracy(group: AccuracyGroup, options: GroupOptions): Promise<MeasuredAccuracy> {
  try {
    const [report] = await measureGroup(group, { ...options, processes: 1, purpose: 'errors' });
    return { title: group.title, rows: (report?.variants ?? []).flatMap((variant) => rowsOf(group, variant)) };
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
    return { title: group.title, rows: [], failure: error.message };
  }
}

function rowsOf(group: AccuracyGroup, variant: VariantReport): Accuracy[] {
  const axes = group.axes[variant.id];
  if (axes === undefined) return [];
  const { engine } = axes;
  // Another engine did the work: its own row says so.
  if (engine !== undefined && variant.engines?.includes(engine) === false) return [];
  return (['value', 'gradient'] as const).flatMap((quantity) => rowOf(group, variant, axes, quantity));
}

function rowOf(group: AccuracyGroup, variant: VariantReport, axes: Axes, quantity: 'value' | 'gradient'): Accuracy[] {
  const { main } = group.inputs;
  const about = {
    id: benchmarkId(axes, `${quantity}-error`),
    definition: definitionHash({ method: 1, quantity, input: main }),
    axes,
    quantity,
    unit: 'ulp',
    search: { kind: 'sampled', seed: 1 },
    ...(main?.type === 'float32' && { marks: MARKS }),
  } as const;
  if (variant.missing !== undefined) return [{ ...about, status: 'missing', reason: variant.missing, buckets: [] }];
  const buckets = variant.distributions?.[quantity];
  if (buckets === undefined) return [];
  if (axes.engine === undefined) return [{ ...about, status: 'ok', buckets }];
  const bounds = errorBounds(group.loss, axes.engine, main?.type);
  const budget = quantity === 'value' ? bounds.loss : bounds.gradient;
  const largest = Math.max(...buckets.map((bucket) => bucket.largest));
  return largest <= budget
    ? [{ ...about, status: 'ok', budget, buckets }]
    : [
        {
          ...about,
          status: 'wrong',
          reason: `the largest error, ${largest.toPrecision(3)} units, is above the budget of ${budget}`,
          budget,
          buckets,
        },
      ];
}
