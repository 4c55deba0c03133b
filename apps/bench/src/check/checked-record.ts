import { compareRecord } from '../compare/compare-record.js';
import { newRecord } from '../record/new-record.js';
import type { Compare } from '../records/compare-record.js';
import type { RunRecord, Settings } from '../records/run-record.js';
import { reasonsOf, statusOf } from './gates.js';
import type { Checked } from './run-check.js';

/** The record of a check. */
export function checkedRecord(
  time: Date,
  checked: Checked,
  settings: Settings,
  sides: Pick<Compare, 'base' | 'head'>,
): RunRecord {
  const { accuracy, sizes, comparison, complete } = checked;
  const compare = comparison && compareRecord(time, comparison, sides, settings).compare;
  return newRecord(time, {
    settings: { ...settings, complete },
    verdict: { status: statusOf(checked), reasons: reasonsOf(checked) },
    accuracy: accuracy.flatMap(({ rows }) => rows),
    sizes,
    ...(compare && { compare }),
  });
}
