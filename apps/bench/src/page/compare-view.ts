import { dot, link, ruleX } from '@observablehq/plot';
import type { Difference } from '../records/compare-record.js';
import type { RunRecord } from '../records/run-record.js';
import { colorAt, draw } from './draw.js';
import { groupText } from './groups.js';
import { anchor, breakable, html, type Html } from './html.js';
import { commitText } from './overview.js';
import { figure, nothing, section, table } from './table.js';
import { number, signedPercent, variantOf } from './text.js';
import { intervalText } from './speed.js';

/** Two sides, measured together: the surest differences first. */
export function compareSection({ compare }: RunRecord): Html {
  const title = 'Comparison';
  if (compare === undefined)
    return section('compare', title, nothing('This run compared nothing: "compare" and "check" do.'));
  const rows = [...compare.rows].sort(
    (one, other) => ORDER[one.verdict] - ORDER[other.verdict] || distance(other) - distance(one),
  );
  const columns = [
    { title: 'benchmark' },
    { title: 'verdict' },
    { title: 'metric' },
    ...['base', 'head', 'change', 'interval of the ratio', 'p'].map((column) => ({ title: column, numeric: true })),
  ];
  const lines = rows.map((row) => ({
    id: anchor('compare', row.id, row.metric),
    className: row.verdict,
    cells: cellsOf(row),
  }));
  const [base, head] = [compare.base, compare.head].map(
    (side) => html`<b>${side.label}</b>${side.commit !== undefined && html` (${commitText(side.commit)})`}`,
  );
  return section(
    'compare',
    title,
    html`<p>Head is ${head}; base is ${base}. Both were loaded side by side and took turns.</p>`,
    forest(rows),
    rows.length === 0 ? nothing('Nothing was compared.') : table('Differences', columns, lines),
  );
}

const ORDER = { worse: 0, better: 1, inconclusive: 2, same: 3 } as const;

function ratioOf({ ratio, base, head }: Difference): number {
  return ratio ?? head / base;
}

function distance(row: Difference): number {
  const value = Math.abs(Math.log(ratioOf(row)));
  return Number.isFinite(value) ? value : 0;
}

function nameOf({ axes }: Difference): string {
  return `${axes.loss}, ${groupText({ axes })}, ${variantOf(axes)}`;
}

function cellsOf(row: Difference): (string | Html)[] {
  const { verdict, metric, unit, base, head, interval, pValue, confirmed, reason } = row;
  const note = [confirmed === true && 'confirmed in fresh processes', reason].filter(Boolean).join('; ');
  return [
    html`<span class="loss">${breakable(nameOf(row))}</span>${note !== '' && html`<span class="sub">${note}</span>`}`,
    html`<span class="flag ${verdict}">${verdict}</span>`,
    `${metric} ${unit}`,
    number(base),
    number(head),
    signedPercent(ratioOf(row) - 1),
    intervalText(interval),
    number(pValue),
  ];
}

/** Ratios with their intervals around 1; the table below is theirs. */
function forest(rows: readonly Difference[]): Html | false {
  const shown = rows.filter((row) => Number.isFinite(ratioOf(row))).slice(0, MOST_DRAWN);
  if (shown.length === 0) return false;
  const points = shown.map((row, index) => ({
    ...row,
    y: index,
    name: nameOf(row),
    at: ratioOf(row),
    color: COLORS[row.verdict],
  }));
  const plot = draw('Ratios of head by base', {
    ...{ width: 1060, height: 50 + 20 * shown.length, marginLeft: 470, marginRight: 24 },
    x: { label: 'head / base', grid: true, nice: true },
    y: {
      label: null,
      domain: points.map(({ y }) => y),
      type: 'band',
      tickFormat: (y: number) => cut(points[y]?.name ?? ''),
    },
    marks: [
      ruleX([1], { strokeDasharray: '3,3' }),
      link(
        points.filter(({ interval }) => interval !== undefined && interval.low > 0),
        {
          ...{ x1: (row: Difference) => row.interval?.low, x2: (row: Difference) => row.interval?.high, y: 'y' },
          ...{ stroke: 'color', strokeWidth: 3, strokeOpacity: 0.5 },
        },
      ),
      dot(points, { x: 'at', y: 'y', fill: 'color', r: 4 }),
    ],
  });
  return figure(
    'compare-plot',
    `Ratios with their intervals${rows.length > shown.length ? `, the first ${MOST_DRAWN}` : ''}`,
    plot,
    false,
  );
}

const MOST_DRAWN = 40;
const COLORS = { worse: colorAt(1), better: colorAt(2), inconclusive: colorAt(4), same: colorAt(0) };

function cut(text: string): string {
  return text.length > 72 ? `${text.slice(0, 71)}…` : text;
}
