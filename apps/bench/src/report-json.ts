import type { HeldOut } from './held-out.js';
import { isWrong, type MeasuredRow } from './measure-row.js';
import { exitCodeOf, type BenchResult } from './run-bench.js';

/** Changes when a reader of the report would have to. New keys may come without; readers ignore those they don't know. */
export const SCHEMA = 'surprisal-bench/table@1';

/** What a program reads. NaN and the infinities are strings. */
export function reportJson(result: BenchResult): string {
  const { seed, heldOut, measured, skipped, failed } = result;
  const report = {
    schema: SCHEMA,
    ok: exitCodeOf(result) === 0,
    seed,
    machine: { os: process.platform, arch: process.arch, runtime: `node ${process.versions.node}` },
    classifiers: heldOut.map(classifierJson),
    losses: measured.map(lossJson),
    skipped,
    failed,
  };
  return JSON.stringify(report, (_, value: unknown) => (isPlain(value) ? value : String(value)), 2);
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'number' || Number.isFinite(value);
}

function classifierJson({ classifier, sample, plainLoopError }: HeldOut): object {
  const { dataset, before, after } = classifier;
  return {
    data: dataset.name,
    source: dataset.source,
    classes: dataset.classes,
    features: dataset.features,
    trainingRows: dataset.train.rows.count,
    heldOutRows: dataset.heldOut.rows.count,
    comparedRows: sample.length,
    before,
    after,
    plainLoop: { lossError: plainLoopError },
  };
}

function lossJson(row: MeasuredRow): object {
  const { id, composition, options, definition, data, engine, value, errors, bounds, times } = row;
  return {
    id,
    composition,
    options,
    definition,
    data,
    dtype: 'float32',
    engine,
    value,
    // In units in the last place; null where a loss has no exact reference.
    errors:
      errors === undefined ? null : { unit: 'ulp', rows: errors.rows, loss: errors.loss, gradient: errors.gradient },
    bounds,
    ok: !isWrong(row),
    times,
  };
}
