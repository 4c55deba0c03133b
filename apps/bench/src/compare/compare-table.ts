import Table from 'cli-table3';
import { compareExitCode, type ComparedRow, type Comparison } from './compare-builds.js';

const ORDER = { worse: 0, inconclusive: 1, better: 2, same: 3 } as const;

/** The verdict first, then the rows, the worst on top. */
export function compareText(comparison: Comparison): string {
  const table = new Table({
    head: ['row', 'base ns', 'head ns', 'head / base', '99% interval', 'p (Holm)', 'verdict'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  const rows = [...comparison.rows].sort(
    (one, other) => ORDER[one.verdict] - ORDER[other.verdict] || other.look.median - one.look.median,
  );
  table.push(...rows.map(cellsOf));
  const failures = comparison.failures.map(({ title, message }) => `FAILED ${title}: ${message}`);
  return [verdictSentence(comparison), ...failures, table.toString()].join('\n\n');
}

function cellsOf({ row, look, base, head, verdict, reason }: ComparedRow): string[] {
  const { low = -Infinity, high = Infinity } = look.estimate;
  return [
    `${row.axes.loss} ${row.axes.options ?? ''} ${row.axes.rows ?? ''} x ${row.axes.classes ?? ''} ${row.axes.engine ?? ''}`.replace(
      / +/g,
      ' ',
    ),
    base.toFixed(2),
    head.toFixed(2),
    Math.exp(look.median).toFixed(3),
    `${Math.exp(low).toFixed(3)} to ${Math.exp(high).toFixed(3)}`,
    look.pValue.toPrecision(2),
    reason === undefined ? verdict : `${verdict}: ${reason}`,
  ];
}

/** What the exit code says, in words. */
function verdictSentence(comparison: Comparison): string {
  const { rows, failures } = comparison;
  const named = (verdict: ComparedRow['verdict']): ComparedRow[] => rows.filter((row) => row.verdict === verdict);
  const ended = comparison.complete ? '' : ' Ended by Ctrl-C.';
  switch (compareExitCode(comparison)) {
    case 4:
      return `Wrong output: ${failures.map(({ title }) => title).join('; ')}.${ended}`;
    case 1:
      return `Regression confirmed: ${named('worse')
        .map(({ row, reason }) => `${row.id} ${reason ?? ''}`)
        .join('; ')}.${ended}`;
    case 3:
      return `Inconclusive: ${named('inconclusive').length} of ${rows.length} rows.${ended}`;
    case 0:
      return `No regression: ${named('same').length} rows the same, ${named('better').length} better.${ended}`;
  }
}
