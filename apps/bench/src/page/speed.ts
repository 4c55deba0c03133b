import { dot, line, link, ruleX } from '@observablehq/plot';
import type { Benchmark, Interval } from '../records/benchmark-record.js';
import type { RunRecord } from '../records/run-record.js';
import { colorAt, draw, legend, logScale, symbolAt } from './draw.js';
import { errorOf, groupsOf, metricOf, titleOf, type Group } from './groups.js';
import { anchor, breakable, html, type Html } from './html.js';
import { figure, foldedTable, nothing, section } from './table.js';
import { number, shapeOf, variantOf } from './text.js';
import { COPY, type Variants } from './variants.js';

/** Time by classes, and the share of the copy floor. */
export function speedSections(record: RunRecord, variants: Variants): Html {
  return html`${frontierSection(record, variants)}${scalingSection(record, variants)}${copySection(record, variants)}`;
}

interface FrontierPoint {
  readonly name: string;
  readonly time: number;
  readonly error: number;
}

/** Accuracy against speed: what nothing else beats in both is joined by a line. */
function frontierSection(record: RunRecord, variants: Variants): Html {
  const figures = groupsOf(record).flatMap((group) => {
    const points = group.benchmarks.flatMap((benchmark): FrontierPoint[] => {
      const time = metricOf(benchmark, 'time')?.value ?? NaN;
      const error = errorOf(record, benchmark) ?? NaN;
      const known = Number.isFinite(time) && Number.isFinite(error) && benchmark.status !== 'wrong';
      return known ? [{ name: variantOf(benchmark.axes), time, error: Math.max(error, LEAST_ERROR) }] : [];
    });
    return points.length < 2 ? [] : [frontierFigure(group, points, variants)];
  });
  return section(
    'frontier',
    'Accuracy against speed',
    html`<p>
      Left is faster, down is more exact. The line is the frontier: what stands on it is beaten by nothing in both.
    </p>`,
    figures.length === 0
      ? nothing('This run has no two implementations with both a time and an error.')
      : html`<div class="grid">${figures}</div>`,
  );
}

const LEAST_ERROR = 0.05;

function frontierFigure(group: Group, points: readonly FrontierPoint[], { placeOf }: Variants): Html {
  const title = titleOf(group.axes);
  const frontier = [...points]
    .sort((one, other) => one.time - other.time || one.error - other.error)
    .filter(({ error }, index, all) => all.slice(0, index).every((faster) => faster.error > error));
  const plot = draw(`${title}: largest error by time`, {
    x: logScale(
      'ns/element',
      points.map(({ time }) => time),
    ),
    y: logScale(
      'largest error (ulp)',
      points.map(({ error }) => error),
      { grid: true },
    ),
    marks: [
      line(frontier, { x: 'time', y: 'error', curve: 'step-after', strokeOpacity: 0.5, strokeDasharray: '4,3' }),
      ...points.map((point) =>
        dot([point], {
          x: 'time',
          y: 'error',
          fill: colorAt(placeOf(point.name)),
          symbol: symbolAt(placeOf(point.name)),
          r: 5,
        }),
      ),
    ],
  });
  const onFrontier = new Set(frontier.map(({ name }) => name));
  const rows = points.map(({ name, time, error }) => ({
    cells: [name, number(time), number(error), onFrontier.has(name) ? 'yes' : ''],
  }));
  const columns = [
    { title: 'implementation' },
    { title: 'ns/element', numeric: true },
    { title: 'largest error (ulp)', numeric: true },
    { title: 'on the frontier' },
  ];
  return figure(
    anchor('frontier', group.key),
    breakable(title),
    html`${plot}${legend(
      points.map(({ name }) => name),
      placeOf,
    )}`,
    foldedTable('values', title, columns, rows),
  );
}

interface SizePoint {
  readonly name: string;
  readonly classes: number;
  readonly shape: string;
  readonly time: number;
  readonly interval: Interval | undefined;
}

/** Time against classes, both on logarithmic scales, with intervals. */
function scalingSection(record: RunRecord, variants: Variants): Html {
  const figures = groupsOf(record, 'rows', 'classes', 'lossId', 'options').flatMap((group) => {
    const points = group.benchmarks.flatMap(sizePoint);
    return new Set(points.map(({ classes }) => classes)).size < 2 ? [] : [scalingFigure(group, points, variants)];
  });
  return section(
    'scaling',
    'Time against classes',
    figures.length === 0
      ? nothing('This run has no loss at two class counts.')
      : html`<div class="grid">${figures}</div>`,
  );
}

function sizePoint(benchmark: Benchmark): SizePoint[] {
  const metric = metricOf(benchmark, 'time');
  const { classes } = benchmark.axes;
  if (classes === undefined || metric === undefined || !(metric.value > 0) || benchmark.status === 'wrong') return [];
  const { value: time, interval } = metric;
  return [{ name: variantOf(benchmark.axes), classes, shape: shapeOf(benchmark.axes), time, interval }];
}

function scalingFigure(group: Group, points: readonly SizePoint[], { placeOf }: Variants): Html {
  const { loss, operation, dtype, input } = group.axes;
  const title = [loss, operation, dtype, input].join(', ');
  const names = [...new Set(points.map(({ name }) => name))];
  const of = (name: string): SizePoint[] =>
    points.filter((point) => point.name === name).sort((one, other) => one.classes - other.classes);
  const plot = draw(`${title}: time by classes`, {
    x: logScale(
      'classes',
      points.map(({ classes }) => classes),
      { tickFormat: '~s' },
    ),
    y: logScale(
      'ns/element',
      points.map(({ time }) => time),
      { grid: true },
    ),
    marks: names.flatMap((name) => [
      line(of(name), { x: 'classes', y: 'time', stroke: colorAt(placeOf(name)), strokeWidth: 1.5 }),
      link(
        of(name).filter(({ interval }) => interval !== undefined && interval.low > 0),
        {
          x: 'classes',
          y1: ({ interval }: SizePoint) => interval?.low,
          y2: ({ interval }: SizePoint) => interval?.high,
          stroke: colorAt(placeOf(name)),
          strokeWidth: 4,
          strokeOpacity: 0.35,
        },
      ),
      dot(of(name), { x: 'classes', y: 'time', fill: colorAt(placeOf(name)), symbol: symbolAt(placeOf(name)), r: 3 }),
    ]),
  });
  const rows = names.flatMap((name) =>
    of(name).map(({ shape, time, interval }) => ({ cells: [name, shape, number(time), intervalText(interval)] })),
  );
  const columns = [
    { title: 'implementation' },
    { title: 'rows × classes', numeric: true },
    { title: 'ns/element', numeric: true },
    { title: 'interval', numeric: true },
  ];
  return figure(
    anchor('scaling', group.key),
    breakable(title),
    html`${plot}${legend(names, placeOf)}`,
    foldedTable('values', title, columns, rows),
  );
}

export function intervalText(interval: Interval | undefined): string {
  return interval === undefined ? '' : `${number(interval.low)} – ${number(interval.high)}`;
}

/** How near to the speed of copying: the floor that nothing passes. */
function copySection(record: RunRecord, { placeOf }: Variants): Html {
  const rows = record.benchmarks.flatMap((benchmark) => {
    const share = metricOf(benchmark, 'copy-share')?.value ?? NaN;
    const { axes } = benchmark;
    return Number.isFinite(share) && axes.implementation !== COPY
      ? [{ name: titleOf(axes), variant: variantOf(axes), share, id: benchmark.id }]
      : [];
  });
  const title = 'Share of the copy floor';
  const variants = [...new Set(rows.map(({ variant }) => variant))];
  const groups = [...new Set(rows.map(({ name }) => name))];
  if (rows.length === 0) return section('copy-floor', title, nothing('This run has no shares of the copy floor.'));
  const plot = draw('Share of the copy floor by loss and implementation', {
    ...{ width: 1060, height: 60 + 18 * groups.length, marginLeft: 470, marginRight: 24 },
    x: {
      label: '% of the speed of a copy',
      domain: [0, 100 * Math.max(1, ...rows.map(({ share }) => share))],
      percent: true,
      grid: true,
    },
    y: {
      label: null,
      domain: groups,
      tickFormat: (name: string) => (name.length > 72 ? `${name.slice(0, 71)}…` : name),
    },
    marks: [
      ruleX([1], { strokeDasharray: '3,3', strokeOpacity: 0.6 }),
      ...variants.map((variant) =>
        dot(
          rows.filter((row) => row.variant === variant),
          { x: 'share', y: 'name', fill: colorAt(placeOf(variant)), symbol: symbolAt(placeOf(variant)), r: 4 },
        ),
      ),
    ],
  });
  const columns = [{ title: 'benchmark' }, { title: 'implementation' }, { title: 'share', numeric: true }];
  const cells = rows.map(({ name, variant, share, id }) => ({
    id: anchor('copy', id),
    cells: [name, variant, `${number(100 * share)}%`],
  }));
  return section(
    'copy-floor',
    title,
    html`<p>Bytes read and written by time, as a share of what a plain copy in the same process reaches.</p>`,
    figure(
      'copy-floor-plot',
      'By loss and implementation',
      html`${plot}${legend(variants, placeOf)}`,
      foldedTable('values', title, columns, cells),
    ),
  );
}
