/** Reports in words, and as JSON. */
import Table from 'cli-table3';
import { definitions } from './definitions.js';
import type { Outcome, Status } from './run-case.js';
import { total, type FileReport } from './run-file.js';

const columns = ['passed', 'failed', 'refused', 'other definition', 'not yet'] as const;
const heads: Readonly<Partial<Record<Status, string>>> = { 'other definition': 'other' };

/** What a person reads: the table, the lists of what did not simply pass, and the total. */
export function reportText(reports: readonly FileReport[], verbose: boolean): string {
  const outcomes = reports.flatMap((report) => report.outcomes);
  return [
    tableOf(reports),
    heading('Cases', verbose ? outcomes.map((outcome) => `${outcome.status}: ${lineOf(outcome)}`) : []),
    heading('Failed', linesOf(outcomes, 'failed')),
    heading('Refused by policy', linesOf(outcomes, 'refused')),
    heading('Other definition', definitionLines(outcomes)),
    heading('Not yet', missingLines(outcomes)),
    totalLine(reports),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What a program reads. NaN and the infinities are strings. */
export function reportJson(reports: readonly FileReport[]): string {
  const named = (_: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  return JSON.stringify({ version: 1, total: total(reports), files: reports }, named, 2);
}

/** Success: something passed and nothing failed. */
export function succeeded(reports: readonly FileReport[]): boolean {
  const { passed, failed } = total(reports);
  return failed === 0 && passed > 0;
}

function totalLine(reports: readonly FileReport[]): string {
  const { passed, failed } = total(reports);
  return `${passed} passed, ${failed} failed`;
}

function tableOf(reports: readonly FileReport[]): string {
  const table = new Table({
    head: [
      'file',
      'cases',
      ...columns.map((column) => heads[column] ?? column),
      'error / tolerance',
      'loss ulp',
      'gradient ulp',
    ],
    colAligns: ['left', ...Array.from({ length: columns.length + 4 }, () => 'right' as const)],
    style: { head: [], border: [] },
  });
  for (const { file, cases, counts, share, lossUlps, gradientUlps } of reports) {
    table.push([
      file,
      cases,
      ...columns.map((column) => counts[column]),
      ...[share, lossUlps, gradientUlps].map(short),
    ]);
  }
  return table.toString();
}

function short(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(3)));
}

function heading(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

function linesOf(outcomes: readonly Outcome[], status: Status): readonly string[] {
  return outcomes.filter((outcome) => outcome.status === status).map(lineOf);
}

function lineOf({ id, status, name, reason, share }: Outcome): string {
  const error = status === 'passed' && share !== undefined ? `${short(share)} of the tolerance` : undefined;
  return [id, name, reason, error].filter((part) => part !== undefined).join(': ');
}

function definitionLines(outcomes: readonly Outcome[]): readonly string[] {
  return definitions.flatMap(({ name, reason }) => {
    const cases = outcomes.filter((outcome) => outcome.status === 'other definition' && outcome.name === name);
    return cases.length === 0
      ? []
      : [`${name} (${reason}):`, ...cases.map((outcome) => `  ${outcome.id}: ${outcome.reason ?? ''}`)];
  });
}

function missingLines(outcomes: readonly Outcome[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { status, name } of outcomes) {
    if (status === 'not yet' && name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Array.from(counts, ([name, count]) => `${name}: ${count}`);
}
