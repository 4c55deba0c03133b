import Table from 'cli-table3';
import { accuracyText } from '../../accuracy/accuracy-table.js';
import type { Benchmark } from '../../records/benchmark-record.js';
import { reasonsOf, unprovenGroups, type LossesResult } from './run-losses.js';

const HEAD = [
  'implementation',
  'ns/logit',
  '/ loop',
  '99% interval',
  'of copy',
  'first ms',
  'bytes',
  'loss ulp',
  'gradient ulp',
];

/** Every loss with all that compute it. */
export function lossesText(result: LossesResult): string {
  const table = new Table({
    head: HEAD,
    colAligns: HEAD.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  for (const { group, benchmarks, failure } of result.measured) {
    table.push([{ content: group.title, colSpan: HEAD.length, hAlign: 'left' }]);
    if (failure !== undefined) table.push([{ content: `  FAILED: ${failure}`, colSpan: HEAD.length, hAlign: 'left' }]);
    table.push(...benchmarks.map(cellsOf));
  }
  const parts = [accuracyText(result.accuracy), result.measured.length === 0 ? '' : table.toString(), summary(result)];
  return parts.filter((part) => part !== '').join('\n\n');
}

function cellsOf({
  axes,
  status,
  reason,
  metrics,
}: Benchmark): (string | { content: string; colSpan: number; hAlign: 'left' })[] {
  const value = axes.operation === 'value' ? ', value only' : '';
  const name = `  ${axes.engine ?? axes.implementation}${value}`;
  if (metrics.length === 0)
    return [name, { content: `${status}: ${reason ?? ''}`, colSpan: HEAD.length - 1, hAlign: 'left' }];
  const metric = (of: string): Benchmark['metrics'][number] | undefined => metrics.find((each) => each.name === of);
  const text = (of: string): string => number(metric(of)?.value);
  const interval = metric('ratio')?.interval;
  return [
    status === 'ok' ? name : `${name} (${status})`,
    text('time'),
    text('ratio'),
    interval === undefined ? '' : `${number(interval.low)} to ${number(interval.high)}`,
    text('copy-share'),
    text('first-call'),
    text('allocated'),
    text('loss-error'),
    text('gradient-error'),
  ];
}

function number(value: number | undefined): string {
  if (value === undefined) return '';
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function summary(result: LossesResult): string {
  const wrong = reasonsOf(result);
  const unproven = unprovenGroups(result);
  const lines = [
    '/ loop: time by that of the plain loop, paired, below 1 is faster; of copy: share of the throughput of a copy.',
    wrong.length === 0
      ? 'All outputs are within their bounds.'
      : `WRONG OUTPUT:\n${wrong.map(({ id, message }) => `  ${id === undefined ? '' : `${id}: `}${message}`).join('\n')}`,
    ...(unproven === 0 ? [] : [`${unproven} groups are unproven: two equal kernels differed by more than 1%.`]),
    ...(result.leftOut?.length
      ? [
          `Left out, since the time was over: ${result.leftOut.length} of the groups, such as ${result.leftOut[0] ?? ''}. --only measures them.`,
        ]
      : []),
    ...(result.complete ? [] : ['Ended by Ctrl-C: this is what was finished.']),
  ];
  return lines.join('\n');
}
