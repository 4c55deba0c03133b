import Table from 'cli-table3';
import { largestError } from '../budgets/hold-against.js';
import { compareText } from '../compare/compare-table.js';
import type { VerdictReason, VerdictStatus } from '../records/run-record.js';
import { reasonsOf, statusOf } from './gates.js';
import type { Checked } from './run-check.js';

const SENTENCES: Readonly<Record<VerdictStatus, string>> = {
  ok: 'Passed',
  regression: 'FAILED: a regression',
  inconclusive: 'INCONCLUSIVE',
  wrong: 'FAILED: wrong output',
};

/** The verdict first, then why, then what every gate saw. */
export function checkText(checked: Checked, isBaseGiven: boolean): string {
  const { accuracy, sizes, comparison, complete } = checked;
  const rows = accuracy.flatMap((group) => group.rows);
  const reasons = reasonsOf(checked).map(reasonText);
  return [
    [`${SENTENCES[statusOf(checked)]}.${complete ? '' : ' Ended by Ctrl-C.'}`, ...reasons].join('\n'),
    `Accuracy: ${rows.length} rows, ${rows.filter(({ status }) => status === 'wrong').length} over their budgets.`,
    closest(checked),
    sizesText(checked),
    comparison === undefined ? `Time: ${leftOut(isBaseGiven, sizes.length)}` : `Time: ${compareText(comparison)}`,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function leftOut(isBaseGiven: boolean, sizes: number): string {
  if (!isBaseGiven) return 'not looked at, since no base was given to compare with.';
  return sizes === 0
    ? 'not looked at, since the check was ended.'
    : 'not looked at, since that of a wrong output is worth nothing.';
}

function reasonText({ gate, message }: VerdictReason): string {
  return `  ${gate}: ${message}`;
}

/** Of so many rows those nearest to their budgets are shown. */
const SHOWN = 5;

function closest({ accuracy }: Checked): string {
  const rows = accuracy
    .flatMap((group) => group.rows)
    .flatMap((row) =>
      row.budget === undefined ? [] : [{ id: row.id, budget: row.budget, largest: largestError(row) }],
    )
    .sort((one, other) => other.largest / other.budget - one.largest / one.budget)
    .slice(0, SHOWN);
  if (rows.length === 0) return '';
  const table = tableOf(['nearest to its budget', 'ulp', 'budget'], ['left', 'right', 'right']);
  table.push(...rows.map(({ id, budget, largest }) => [id, largest.toPrecision(3), String(budget)]));
  return table.toString();
}

function sizesText({ sizes }: Checked): string {
  if (sizes.length === 0) return '';
  const table = tableOf(['package', 'minified', 'gzip', 'budget'], ['left', 'right', 'right', 'right']);
  table.push(
    ...sizes.map(({ package: name, minifiedBytes, gzipBytes, budgetBytes }) => [
      name,
      String(minifiedBytes),
      String(gzipBytes),
      budgetBytes === undefined ? 'none' : String(budgetBytes),
    ]),
  );
  return table.toString();
}

function tableOf(head: string[], colAligns: ('left' | 'right')[]): Table.Table {
  return new Table({ head, colAligns, style: { head: [], border: [], compact: true } });
}
