import Table from 'cli-table3';
import type { Accuracy, Bucket } from '../records/accuracy-record.js';
import type { MeasuredAccuracy } from './run-accuracy.js';

/** Who deviates where: the largest error of each implementation by margin, and what is more than an error. */
export function accuracyText(measured: readonly MeasuredAccuracy[]): string {
  return measured.map(groupText).join('\n\n');
}

function groupText({ title, rows, failure }: MeasuredAccuracy): string {
  if (failure !== undefined) return `${title}\nFAILED: ${failure}`;
  const buckets = rows.find((row) => row.buckets.length > 0)?.buckets ?? [];
  const head = [
    'largest error, ulp, by margin from',
    ...buckets.map(({ margin: { low } }) => String(low)),
    '99.9%',
    'median',
    'rounded right',
    '',
  ];
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => cellsOf(row, head.length)));
  return `${title}\n${table.toString()}`;
}

function cellsOf(
  { axes, quantity, buckets, reason, status }: Accuracy,
  columns: number,
): (string | { content: string; colSpan: number; hAlign: 'left' })[] {
  const name = `${axes.engine ?? axes.implementation}, ${quantity}`;
  if (buckets.length === 0)
    return [name, { content: `${status}: ${reason ?? ''}`, colSpan: columns - 1, hAlign: 'left' }];
  const most = (of: (bucket: Bucket) => number): number => Math.max(...buckets.map(of));
  const count = (of: (bucket: Bucket) => number): number => buckets.reduce((sum, bucket) => sum + of(bucket), 0);
  const middle = [...buckets].map(({ median }) => median).sort((one, other) => one - other)[buckets.length >> 1] ?? NaN;
  const right =
    buckets.reduce((sum, bucket) => sum + bucket.correctlyRounded * bucket.count, 0) / count((bucket) => bucket.count);
  return [
    name,
    ...buckets.map(({ largest }) => short(largest)),
    short(most(({ p999 }) => p999)),
    short(middle),
    `${(100 * right).toFixed(1)}%`,
    [
      ...counted(
        count(({ nan }) => nan),
        'NaN',
      ),
      ...counted(
        count(({ wrongSign }) => wrongSign),
        'wrong sign',
      ),
      ...counted(
        count(({ falseZero }) => falseZero),
        'false zero',
      ),
      ...(status === 'wrong' ? [reason ?? 'wrong'] : []),
    ].join(', '),
  ];
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

function short(value: number): string {
  if (!Number.isFinite(value)) return value === Infinity ? '∞' : 'NaN';
  return Math.abs(value) < 1e4 ? String(Number(value.toPrecision(2))) : value.toExponential(0);
}
