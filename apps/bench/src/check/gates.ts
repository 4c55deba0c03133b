import { sizeReasons } from '../budgets/hold-against.js';
import { compareExitCode } from '../compare/compare-builds.js';
import type { VerdictReason, VerdictStatus } from '../records/run-record.js';
import type { Checked } from './run-check.js';

/** Wrong outputs, then errors over their budgets: after these no time is worth anything. */
export function faultsOf({ accuracy }: Pick<Checked, 'accuracy'>): VerdictReason[] {
  return [
    ...accuracy.flatMap(({ title, failure }): VerdictReason[] =>
      failure === undefined ? [] : [{ gate: 'output', message: `${title}: ${failure}` }],
    ),
    ...accuracy.flatMap(({ rows }) =>
      rows.flatMap(({ id, status, reason = '' }): VerdictReason[] =>
        status === 'wrong' ? [{ gate: 'accuracy', id, message: `${id}: ${reason}` }] : [],
      ),
    ),
  ];
}

/** Why a check did not pass, in the order of the gates. */
export function reasonsOf(checked: Checked): VerdictReason[] {
  const { sizes, comparison } = checked;
  const { failures = [], rows = [] } = comparison ?? {};
  return [
    ...failures.map(({ title, message }): VerdictReason => ({ gate: 'output', message: `${title}: ${message}` })),
    ...faultsOf(checked),
    ...sizeReasons(sizes),
    ...(['worse', 'inconclusive'] as const).flatMap((of) =>
      rows.flatMap(({ row: { id }, verdict, reason = '' }): VerdictReason[] =>
        verdict === of ? [{ gate: 'time', id, message: `${id}: ${verdict}, ${reason}` }] : [],
      ),
    ),
  ];
}

/** The gravest that was found; what Ctrl-C ended is inconclusive at best. */
export function statusOf(checked: Checked): VerdictStatus {
  const { comparison, sizes, complete } = checked;
  const code = comparison === undefined ? 0 : compareExitCode(comparison);
  if (code === 4 || faultsOf(checked).length > 0) return 'wrong';
  if (code === 1 || sizeReasons(sizes).length > 0) return 'regression';
  return code === 3 || !complete ? 'inconclusive' : 'ok';
}

/** What each status ends the program with. */
export const EXIT_CODES: Readonly<Record<VerdictStatus, 0 | 1 | 3 | 4>> = {
  ok: 0,
  regression: 1,
  inconclusive: 3,
  wrong: 4,
};
