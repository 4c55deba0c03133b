import type { Difference } from '../records/compare-record.js';
import type { RunRecord } from '../records/run-record.js';
import { machineClass } from '../records/series.js';
import { verdictWords } from '../records/verdict-sentence.js';
import { code, fitTables, type MarkdownPart } from './fit-markdown.js';
import { measurementsOf } from './measurements.js';

/** What GitHub takes: a step summary of at most 1024 KiB, a comment of at most 65,536 characters. */
export const GITHUB_LIMITS: Readonly<Record<'summary' | 'comment', number>> = { summary: 1_048_576, comment: 65_536 };

/** A record as GitHub shows it: the verdict, the reasons, what differs most first, and the rest folded. */
export function githubMarkdown(record: RunRecord, place: keyof typeof GITHUB_LIMITS): string {
  const { status, reasons } = record.verdict;
  const { title, detail } = verdictWords(record);
  const parts: MarkdownPart[] = [
    { text: `## ${MARKS[status]} ${title}: ${status === 'ok' ? detail : code(detail)}` },
    {
      rows: reasons.slice(1).map(({ gate, message }) => `- ${gate}: ${code(message)}`),
      more: (count) => `- … and ${count} more reasons, in the record`,
    },
    ...(record.compare === undefined ? [] : [differences(record.compare)]),
    ...folded('Every measurement', MEASUREMENT_HEAD, measurementRows(record)),
    ...folded('Not measured, or wrong', ['benchmark', 'status', 'reason'], problemRows(record)),
    ...folded('Machine and noise', ['figure', 'value'], machineRows(record)),
  ];
  return fitTables(parts, GITHUB_LIMITS[place]);
}

const MARKS = { ok: '✅', regression: '❌', inconclusive: '❔', wrong: '🛑' };
const MEASUREMENT_HEAD = ['benchmark', 'metric', '-value', '-interval', 'unit'];

function differences({ base, head, rows }: NonNullable<RunRecord['compare']>): MarkdownPart {
  const title = `${code(head.label)} against ${code(base.label)}, the surest differences first:`;
  const cells = [...rows]
    .sort(bySignificance)
    .map((row) => [
      row.verdict === 'worse' ? '**worse**' : row.verdict,
      ...[code(row.id), code(row.metric), short(row.base), short(row.head), ratioText(row)],
    ]);
  return { text: title, ...tableOf(['verdict', 'benchmark', 'metric', '-base', '-head', '-head / base'], cells) };
}

const ORDER = { worse: 0, better: 1, inconclusive: 2, same: 3 };

/** Differences that were found before those that were not; then by the distance from 1 in half widths of the interval. */
function bySignificance(one: Difference, other: Difference): number {
  return ORDER[one.verdict] - ORDER[other.verdict] || significance(other) - significance(one);
}

function significance({ ratio, base, head, interval }: Difference): number {
  const distance = Math.abs(Math.log(ratio ?? head / base));
  const width = interval === undefined ? 0 : Math.log(interval.high / interval.low) / 2;
  const value = width > 0 ? distance / width : distance > 0 ? Infinity : 0;
  return Number.isNaN(value) ? 0 : value === Infinity ? Number.MAX_VALUE : value;
}

function ratioText({ ratio, base, head, interval }: Difference): string {
  const value = short(ratio ?? head / base);
  return interval === undefined ? value : `${value} [${short(interval.low)}, ${short(interval.high)}]`;
}

function measurementRows(record: RunRecord): string[][] {
  return measurementsOf(record).flatMap(({ id, metrics }) =>
    metrics.map(({ name, value, interval, unit }) => {
      const range = interval === undefined ? '' : `[${short(interval.low)}, ${short(interval.high)}]`;
      return [code(id), code(name), short(value), range, unit === '' ? '' : code(unit)];
    }),
  );
}

function problemRows({ benchmarks, accuracy }: RunRecord): string[][] {
  return [...benchmarks, ...accuracy]
    .filter(({ status }) => status !== 'ok')
    .map(({ id, status, reason = '' }) => [code(id), status, code(reason)]);
}

function machineRows({ machine, noise, peers, commit }: RunRecord): string[][] {
  return [
    ['machine', code(machineClass(machine))],
    ['commit', commit === undefined ? 'none' : code(commit.id)],
    ['noise', noise.status],
    ...noise.figures.map(({ name, value, unit }) => [code(name), `${short(value)} ${unit === '' ? '' : code(unit)}`]),
    ...peers.map(({ name, version, missing }) => [code(name), code(version ?? missing)]),
  ];
}

function folded(title: string, head: readonly string[], rows: readonly string[][]): MarkdownPart[] {
  if (rows.length === 0) return [];
  const summary = `<details><summary>${title}: ${rows.length}</summary>\n`;
  return [{ text: summary, ...tableOf(head, rows), end: '\n</details>' }];
}

/** A head that begins with `-` aligns its column to the right. */
function tableOf(head: readonly string[], rows: readonly string[][]): Pick<MarkdownPart, 'head' | 'rows' | 'more'> {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return {
    head: [
      line(head.map((title) => title.replace(/^-/, ''))),
      line(head.map((title) => (title.startsWith('-') ? '--:' : '---'))),
    ],
    rows: rows.map(line),
    more: (count) => `\n… and ${count} more ${count === 1 ? 'row' : 'rows'}, in the record.`,
  };
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}
