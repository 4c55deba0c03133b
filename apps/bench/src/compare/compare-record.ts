import { CONFIDENCE } from '../measure/statistics.js';
import { newRecord } from '../record/new-record.js';
import type { Compare, Difference } from '../records/compare-record.js';
import type { RunRecord, Settings, VerdictReason } from '../records/run-record.js';
import { compareExitCode, type ComparedRow, type Comparison } from './compare-builds.js';

/** A record that holds a comparison. */
export function compareRecord(
  time: Date,
  comparison: Comparison,
  sides: Pick<Compare, 'base' | 'head'>,
  settings: Settings,
): RunRecord {
  const { rows, failures, complete } = comparison;
  const reasons = [
    ...failures.map(({ title, message }): VerdictReason => ({ gate: 'output', message: `${title}: ${message}` })),
    ...rows.flatMap(({ row, verdict, reason }): VerdictReason[] =>
      verdict === 'worse' || verdict === 'inconclusive'
        ? [{ gate: 'time', id: row.id, message: reason ?? verdict }]
        : [],
    ),
  ];
  const status = ({ 0: 'ok', 1: 'regression', 3: 'inconclusive', 4: 'wrong' } as const)[compareExitCode(comparison)];
  return newRecord(time, {
    settings: { ...settings, complete },
    verdict: { status, reasons },
    compare: { ...sides, rows: rows.map(differenceOf) },
  });
}

function differenceOf({ row, look, base, head, verdict, confirmed, reason }: ComparedRow): Difference {
  const { mean, low, high, n } = look.estimate;
  return {
    id: row.id,
    axes: row.axes,
    metric: 'time',
    unit: 'ns/element',
    better: 'lower',
    base,
    head,
    ratio: Math.exp(mean),
    ...(low !== undefined &&
      high !== undefined && { interval: { low: Math.exp(low), high: Math.exp(high), level: CONFIDENCE } }),
    n,
    pValue: look.pValue,
    ...(confirmed !== undefined && { confirmed }),
    verdict,
    ...(reason !== undefined && { reason }),
  };
}
