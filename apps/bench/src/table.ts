import Table from 'cli-table3';
import type { HeldOut } from './held-out.js';
import { isWrong, type MeasuredRow } from './measure-row.js';
import type { SkippedRow } from './rows.js';
import type { BenchResult } from './run-bench.js';

const HEAD = ['loss', 'value', 'loss', 'gradient', 'ours', 'loop', 'loop'];
const UNITS = ['and its options', 'nats', 'error ulp', 'error ulp', 'ns/logit', 'ns/logit', '/ ours'];

/** Rules above and below the head and the rows, no lines between columns: 120 characters hold the longest of our names. */
const LINES = {
  ...{ top: '─', 'top-mid': '─', 'top-left': '', 'top-right': '', bottom: '─', 'bottom-mid': '─', 'bottom-left': '' },
  ...{
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '─',
    'mid-mid': '─',
    right: '',
    'right-mid': '',
    middle: ' ',
  },
};

/** What a person reads: what was trained, the table, and what is to know about it. */
export function tableText(result: BenchResult): string {
  return [
    result.heldOut.map(trainingText).join('\n'),
    tableOf(result),
    legend(result),
    listText('Skipped, refused when composed', result.skipped),
    listText('Failed', result.failed),
    verdict(result),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function trainingText({ classifier }: HeldOut): string {
  const { dataset, before, after } = classifier;
  const { name, source, unit, train, heldOut } = dataset;
  const link = dataset.classes === 2 ? 'logistic' : 'softmax';
  return [
    `${name}: ${source}; a ${link} classifier trained with our gradients on ${count(train.rows.count)} ${unit}`,
    `  on ${count(heldOut.rows.count)} ${unit} it never saw: log loss ${short(before.logLoss)} -> ${short(after.logLoss)}, ` +
      `accuracy ${percent(before.accuracy)} -> ${percent(after.accuracy)}`,
  ].join('\n');
}

function tableOf({ heldOut, measured }: BenchResult): string {
  const table = new Table({
    head: HEAD.map((title, column) => `${title}\n${UNITS[column] ?? ''}`),
    colAligns: ['left', ...UNITS.slice(1).map(() => 'right' as const)],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
    chars: LINES,
  });
  for (const { classifier, sample } of heldOut) {
    const { name, unit } = classifier.dataset;
    const title = `${name}: ${count(classifier.dataset.heldOut.rows.count)} held-out ${unit}, errors on ${count(sample.length)} of them`;
    table.push([{ content: title, colSpan: HEAD.length, hAlign: 'left' }]);
    table.push(...measured.filter(({ data }) => data === name).map(cellsOf));
  }
  return table.toString().replace(/ +$/gm, '');
}

function cellsOf(row: MeasuredRow): string[] {
  const { composition, options, value, errors, bounds, times } = row;
  const error = (found: number | undefined, bound: number): string =>
    found === undefined ? 'no reference' : found <= bound ? found.toFixed(3) : `${short(found)} > ${short(bound)}`;
  return [
    options === '' ? composition : `${composition}\n  ${options}`,
    value.toPrecision(6),
    error(errors?.loss, bounds.loss),
    error(errors?.gradient, bounds.gradient),
    times.nanosecondsPerLogit.toFixed(1),
    times.plainLoopNanosecondsPerLogit.toFixed(1),
    times.plainLoopByOurs.toFixed(2),
  ];
}

function legend({ heldOut, measured, seed }: BenchResult): string {
  const bounds = new Set(measured.map(({ bounds: { loss, gradient } }) => `${loss} and ${gradient}`));
  const loops = heldOut.map(({ classifier, plainLoopError }) => `${classifier.dataset.name} ${short(plainLoopError)}`);
  return [
    'value     the mean over the held-out rows, in nats',
    'error     the largest of the per-row losses and of the gradient, for float32 logits, in units in the last place (ulp),',
    `          against arbitrary-precision arithmetic: 0.5 is right rounding, ${[...bounds].join(' or ')} the documented bound`,
    '          (a gradient element that is a difference of two numbers is measured against their size)',
    'ours      value and gradient, the median of rounds taken in turn; the machine is shared, so that only ratios mean much',
    'loop      what one writes without a library, with Math.exp and Math.log: the cross-entropy of the same link, on every',
    `          line without weights or smoothing; the largest error of its losses in ulp: ${loops.join(', ')}`,
    `/ ours    time of the loop by ours: over 1, ours is the faster.  Seed ${seed}.`,
  ].join('\n');
}

function listText(title: string, rows: readonly SkippedRow[]): string {
  if (rows.length === 0) return '';
  return [
    `${title}:`,
    ...rows.map((row) => `  ${row.composition}${row.options === '' ? '' : ` (${row.options})`}: ${row.reason}`),
  ].join('\n');
}

function verdict({ measured, failed }: BenchResult): string {
  const wrong = measured.filter(isWrong).length + failed.length;
  const total = measured.length + failed.length;
  return wrong === 0
    ? `Losses within their documented error bounds: all ${total}.`
    : `WRONG, failed or outside of the documented error bounds: ${wrong} of ${total} losses.`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function short(value: number): string {
  return Math.abs(value) < 1e4 ? String(Number(value.toPrecision(3))) : value.toPrecision(2);
}
