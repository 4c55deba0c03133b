import Table from 'cli-table3';
import type { ProcessReport } from '../../measure/protocol.js';
import { nanoseconds, ratio, variantIn, type Measured } from '../../measure/ratios.js';
import { ANCHOR, COPY } from '../variants.js';
import { BARE } from './groups.js';
import type { MeasuredGroup } from './kernels-suite.js';
import type { TargetVerdict } from './verdicts.js';

const HEAD = ['case', 'what', 'target', 'measured', '99% interval', 'verdict'];

/** The targets and what was reached, for a terminal. */
export function kernelsText(verdicts: readonly TargetVerdict[]): string {
  const table = new Table({ head: HEAD, style: { head: [], border: [], compact: true } });
  table.push(...verdicts.map(cellsOf));
  return `${table.toString()}\n\n${summary(verdicts)}`;
}

/** What each variant took: the numbers that the ratios are made of. */
export function timesText(results: readonly MeasuredGroup[]): string {
  const head = [
    'case',
    'variant',
    'ns/logit',
    'of the loop',
    'of the copy',
    'of the bare call',
    'first call ms',
    'bytes/call',
  ];
  const aligns = head.map((_, column) => (column < 2 ? ('left' as const) : ('right' as const)));
  const table = new Table({ head, colAligns: aligns, style: { head: [], border: [], compact: true } });
  for (const { group, reports } of results)
    for (const { id } of group.variants) table.push([group.id, ...timesOf(id, reports)]);
  return table.toString();
}

function timesOf(id: string, reports: readonly ProcessReport[]): string[] {
  const [first] = reports.flatMap((report) => variantIn(report, id) ?? []);
  const missing = reports.flatMap((report) => report.variants.find((each) => each.id === id)?.missing ?? [])[0];
  if (first === undefined) return [missing === undefined ? id : `${id}: ${missing}`, '', '', '', '', '', ''];
  const engines = first.engines?.join('+') ?? '';
  const text = (measured: Measured | undefined): string => (measured === undefined ? '' : number(measured.value));
  return [
    engines === '' || id.startsWith(engines) ? id : `${id} (by ${engines})`,
    text(nanoseconds(reports, id)),
    text(ratio(reports, id, ANCHOR)),
    text(ratio(reports, id, COPY)),
    id === BARE ? '' : text(ratio(reports, id, BARE)),
    number(first.firstCallNanoseconds / 1e6),
    first.allocatedBytes.toLocaleString('en-US'),
  ];
}

/** The targets in Markdown, to stand in a README. */
export function kernelsMarkdown(verdicts: readonly TargetVerdict[]): string {
  const lines = [HEAD, HEAD.map(() => '---'), ...verdicts.map(cellsOf)].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n\n${summary(verdicts)}`;
}

function cellsOf({ title, target, verdict, close, measured, reason }: TargetVerdict): string[] {
  const interval = measured?.low === undefined ? '' : `${number(measured.low)} to ${number(measured.high ?? NaN)}`;
  return [
    title,
    target.what,
    limitText(target),
    measured === undefined ? '' : number(measured.value),
    interval,
    `${verdict}${close ? ', close' : ''}${reason === undefined ? '' : `: ${reason}`}`,
  ];
}

function limitText({ reads }: TargetVerdict['target']): string {
  if (reads.kind === 'bytes') return `<= ${reads.limit.toLocaleString('en-US')} bytes`;
  if (reads.kind === 'microseconds') return `<= ${reads.limit} µs`;
  const stretch = reads.stretch === undefined ? '' : `, stretch ${reads.stretch} x`;
  return reads.bound === 'faster' ? `>= ${reads.limit} x faster` : `<= ${reads.limit} x${stretch}`;
}

function number(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function summary(verdicts: readonly TargetVerdict[]): string {
  const count = (verdict: TargetVerdict['verdict']): number =>
    verdicts.filter((each) => each.verdict === verdict).length;
  const missing = count('not measured');
  return `${count('met')} met, ${count('missed')} missed${missing === 0 ? '' : `, ${missing} not measured`}. "close": the 99% interval holds the target.`;
}
