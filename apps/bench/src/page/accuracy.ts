import { dot, line, ruleX, text } from '@observablehq/plot';
import type { Accuracy, Bucket } from '../records/accuracy-record.js';
import type { RunRecord } from '../records/run-record.js';
import { colorAt, draw, legend, logScale, symbolAt } from './draw.js';
import { anchor, breakable, html, type Html } from './html.js';
import { keyOf, titleOf } from './groups.js';
import { figure, foldedTable, nothing, section } from './table.js';
import { count, number, percent, variantOf } from './text.js';
import type { Variants } from './variants.js';

/** Errors by logit margin: one plot for each output of each loss, one line for each implementation. */
export function accuracySection(record: RunRecord, variants: Variants): Html {
  const groups = new Map<string, Accuracy[]>();
  for (const row of record.accuracy.filter(({ buckets }) => buckets.length > 0)) {
    const key = `${row.quantity} ${keyOf(row.axes)}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const sorted = [...groups.values()].sort((one, other) => implementationsOf(other) - implementationsOf(one));
  const [drawn, others] = [sorted.slice(0, MOST_DRAWN), sorted.slice(MOST_DRAWN)];
  return section(
    'accuracy',
    'Error against logit margin',
    html`<p>
      The largest error of each bucket of margins, against exact results. Half a unit in the last place is right
      rounding. Dashed lines mark where something overflows or underflows; ✕ at the upper edge is NaN or an infinite
      error.
    </p>`,
    drawn.length === 0
      ? nothing('This run has no rows of accuracy.')
      : html`<div class="grid">${drawn.map((rows) => accuracyFigure(rows, variants))}</div>`,
    others.length > 0 && othersTable(others),
  );
}

/** Of a hundred losses by three engines a page would be a megabyte: those that others compute too are drawn first. */
const MOST_DRAWN = 24;

function implementationsOf(rows: readonly Accuracy[]): number {
  return new Set(rows.map(({ axes }) => axes.implementation)).size;
}

/** Without the inputs of the largest errors, which are long, and in the record. */
function othersTable(groups: readonly (readonly Accuracy[])[]): Html {
  const rows = groups.flat().map(({ id, quantity, axes, buckets, budget }) => ({
    id: anchor('accuracy', id),
    cells: [
      breakable(`${quantity} of ${titleOf(axes)}`),
      variantOf(axes),
      number(budget),
      ...summaryOf(buckets).slice(0, -1),
    ],
  }));
  const columns = [
    { title: 'what' },
    { title: 'implementation' },
    { title: 'budget', numeric: true },
    ...SUMMARY.slice(1, -1),
  ];
  return foldedTable(
    `${count(groups.length, 'other output')}, all margins together`,
    'all margins together, of outputs that are not drawn',
    columns,
    rows,
  );
}

/** Errors below this are drawn here: a logarithmic scale has no 0. */
const LEAST_ERROR = 0.05;

function accuracyFigure(rows: readonly Accuracy[], { placeOf }: Variants): Html {
  const title = rows
    .slice(0, 1)
    .map(({ quantity, axes }) => `${quantity} of ${titleOf(axes)}`)
    .join('');
  const names = rows.map(({ axes }) => variantOf(axes));
  const places = names.map(placeOf);
  const points = rows.flatMap(({ buckets }, at) => buckets.map((bucket) => ({ at, ...pointOf(bucket, buckets) })));
  const finite = points.filter(({ error }) => Number.isFinite(error));
  const top = Math.max(1, ...finite.map(({ error }) => error));
  const plotted = points.map((point) => ({ ...point, error: drawn(point.error, top) }));
  const marks = [...new Map(rows.flatMap(({ marks: own = [] }) => own).map((mark) => [mark.margin, mark])).values()];
  const unit = rows[0]?.unit ?? '';
  const plot = draw(`${title}: largest error by margin`, {
    x: { label: 'logit margin' },
    y: logScale(`largest error (${unit})`, [LEAST_ERROR, 2 * top], { grid: true }),
    marks: [
      ruleX(marks, { x: 'margin', strokeDasharray: '3,3', strokeOpacity: 0.6 }),
      text(marks, {
        x: 'margin',
        text: 'label',
        frameAnchor: 'top',
        rotate: -90,
        textAnchor: 'end',
        dx: -6,
        fontSize: 9,
      }),
      ...rows.map((_, at) =>
        line(
          plotted.filter((point) => point.at === at),
          { x: 'margin', y: 'error', stroke: colorAt(places[at] ?? 0), strokeWidth: 1.5 },
        ),
      ),
      ...rows.map((_, at) =>
        dot(
          plotted.filter((point) => point.at === at),
          { x: 'margin', y: 'error', fill: colorAt(places[at] ?? 0), r: 2.5, symbol: symbolAt(places[at] ?? 0) },
        ),
      ),
      text(
        plotted.filter(({ error }) => error > top),
        { x: 'margin', y: 'error', text: () => '✕', fontSize: 13 },
      ),
    ],
  });
  const id = anchor('accuracy', ...rows.map((row) => row.id));
  return figure(
    id,
    breakable(title),
    html`${plot}${legend(names, placeOf)}`,
    dataTable(title, rows, names),
    notes(rows),
  );
}

function drawn(error: number, top: number): number {
  return Number.isFinite(error) ? Math.max(error, LEAST_ERROR) : 1.6 * top;
}

/** The middle of a bucket; beside its finite end where it has no other. */
function pointOf(
  { margin: { low, high }, largest }: Bucket,
  buckets: readonly Bucket[],
): { margin: number; error: number } {
  const ends = buckets.flatMap(({ margin }) => [margin.low, margin.high]).filter(Number.isFinite);
  const step = ends.length < 2 ? 1 : (Math.max(...ends) - Math.min(...ends)) / ends.length;
  const [from, to] = [Number.isFinite(low) ? low : high - step, Number.isFinite(high) ? high : low + step];
  const margin = (from + to) / 2;
  return { margin: Number.isFinite(margin) ? margin : 0, error: largest };
}

function notes(rows: readonly Accuracy[]): Html | undefined {
  const texts = rows.map(({ search, budget, status, reason }) => {
    const how = search.kind === 'exhaustive' ? 'every float' : `a sample, seed ${search.seed}`;
    const limit = budget === undefined ? '' : `, budget ${number(budget)}`;
    return `${how}${limit}${status === 'ok' ? '' : `; ${status}: ${reason ?? ''}`}`;
  });
  return html`${[...new Set(texts)].join(' · ')}`;
}

function dataTable(title: string, rows: readonly Accuracy[], names: readonly string[]): Html {
  const margins = [...new Set(rows.flatMap(({ buckets }) => buckets.map(marginText)))];
  const columns = [{ title: 'margin' }, ...names.map((name) => ({ title: name, numeric: true }))];
  const lines = margins.map((margin) => ({
    cells: [
      margin,
      ...rows.map(({ buckets }) => number(buckets.find((bucket) => marginText(bucket) === margin)?.largest)),
    ],
  }));
  const summaries = rows.map(({ buckets }, at) => ({ cells: [names[at], ...summaryOf(buckets)] }));
  return html`${foldedTable('largest errors by margin', `largest errors by margin, ${title}`, columns, lines)}${foldedTable('all margins together', `all margins together, ${title}`, SUMMARY, summaries)}`;
}

function marginText({ margin: { low, high } }: Bucket): string {
  return `${number(low)} to ${number(high)}`;
}

const SUMMARY = [
  { title: 'implementation' },
  ...['largest', '99.9%', 'median', 'right', 'NaN', 'wrong sign', 'false 0', 'elements'].map((title) => ({
    title,
    numeric: true,
  })),
  { title: 'input of the largest' },
];

/** The worst bucket's errors, the mean share of right rounding, the sums of counts. */
function summaryOf(buckets: readonly Bucket[]): (string | Html)[] {
  const worst = (key: 'largest' | 'p999' | 'median'): number => Math.max(...buckets.map((bucket) => bucket[key]));
  const sum = (key: 'nan' | 'wrongSign' | 'falseZero' | 'count'): number =>
    buckets.reduce((total, bucket) => total + bucket[key], 0);
  const right =
    buckets.reduce((total, { correctlyRounded, count }) => total + correctlyRounded * count, 0) / sum('count');
  const input = buckets.find(({ largest }) => Object.is(largest, worst('largest')))?.largestInput;
  return [
    ...[worst('largest'), worst('p999'), worst('median')].map(number),
    percent(right),
    ...[sum('nan'), sum('wrongSign'), sum('falseZero'), sum('count')].map(number),
    input === undefined ? '' : html`<code>${input}</code>`,
  ];
}
