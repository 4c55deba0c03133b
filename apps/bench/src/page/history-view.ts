import { dot, line, ruleX } from '@observablehq/plot';
import { trendOf, type Alert, type Segment, type Trend } from '../history/alerts.js';
import type { History } from '../history/run-file.js';
import { METRICS } from '../records/benchmark-record.js';
import { seriesOf, type Point, type Series } from '../history/series.js';
import { draw } from './draw.js';
import { historyData } from './history-data.js';
import { groupText } from './groups.js';
import { anchor, breakable, html, jsonScript, type Html } from './html.js';
import { foldedTable, nothing, permalink, section, table } from './table.js';
import { thinned } from './thin.js';
import { count, moment, number, signedPercent, variantOf } from './text.js';

interface Entry {
  readonly id: string;
  /** The loss, or the package. */
  readonly name: string;
  /** What of it, and by which implementation. */
  readonly detail: string;
  readonly series: Series;
  readonly trend: Trend;
}

/** Every series by class of machines, those with changes first, and the changes themselves on top. */
export function historySection({ runs, skipped }: History): Html {
  const entries = seriesOf(runs).map((series) => ({ ...namesOf(series), series, trend: trendOf(series) }));
  const drawn = chooseDrawn(entries);
  const classes = [...new Set(entries.map(({ series }) => series.machineClass))];
  const alerts = entries.flatMap((entry) => entry.trend.alerts.map((alert) => ({ entry, alert })));
  const notes = skipped.map(({ reason }) => html`<li>${reason}</li>`);
  return section(
    'history',
    'History',
    html`<p>
      ${count(runs.length, 'run')}. Bands of one level are joined by a line; an upright line is a change that both
      signals confirm. Of more than 150 runs one in a few is drawn, the farthest from its level; all are listed.
      ${drawn.length < entries.length && leftOutText(drawn.length, entries.length)}
    </p>`,
    notes.length > 0 &&
      html`<details class="skipped" id="skipped">
        <summary>${count(notes.length, 'file')} skipped</summary>
        <ul>
          ${notes}
        </ul>
      </details>`,
    entries.length === 0 ? nothing('No runs were published yet.') : changesTable(alerts),
    html`<div id="history-controls"></div>`,
    classes.map((machine) =>
      classView(
        machine,
        drawn.filter(({ series }) => series.machineClass === machine),
      ),
    ),
    jsonScript('history-data', historyData(drawn)),
  );
}

/** A run has thousands of numbers, of which a page of a megabyte can show the course of these. */
const MOST_DRAWN = 220;

function leftOutText(drawn: number, all: number): string {
  return `Of ${count(all, 'series', 'series')} these are the ${drawn} that changed or tell most; “history” lists all.`;
}

/** All that changed, and of the others those that tell most, in the order of all. */
function chooseDrawn(entries: readonly Entry[]): readonly Entry[] {
  const changed = entries.filter(({ trend }) => trend.alerts.length > 0).length;
  const first = [...entries].sort((one, other) => rank(one) - rank(other)).slice(0, Math.max(changed, MOST_DRAWN));
  const chosen = new Set(first);
  return entries.filter((entry) => chosen.has(entry));
}

/**
 * Changes; errors and sizes that are not what they always were; ratios of times; what was always the same; times, which wander;
 * what was measured once.
 */
function rank({ series: { metric, exact, points }, trend }: Entry): number {
  if (trend.alerts.length > 0) return 0;
  if (points.length === 1) return 5;
  if (exact) return points.every(({ value }) => value === points[0]?.value) ? 3 : 1;
  return metric === METRICS.ratio.name ? 2 : 4;
}

function namesOf({ machineClass, id, definition, metric, axes }: Series): Pick<Entry, 'id' | 'name' | 'detail'> {
  const detail = axes === undefined ? '' : `${groupText({ axes })}, ${variantOf(axes)}`;
  return { id: anchor('series', machineClass, id, definition, metric), name: axes?.loss ?? id, detail };
}

function changesTable(alerts: readonly { entry: Entry; alert: Alert }[]): Html {
  if (alerts.length === 0) return nothing('No change is both a change point and outside of the usual changes.');
  const newest = [...alerts].sort((one, other) => (one.alert.point.run.time < other.alert.point.run.time ? 1 : -1));
  const rows = newest.map(
    ({ entry: { id, name, detail, series }, alert: { point, before, after, change, direction } }) => ({
      id: anchor('change', id, point.run.time),
      cells: [
        html`<a href="#${id}">${breakable(name)}</a><span class="sub">${detail}</span
          ><span class="sub">${series.machineClass}</span>`,
        series.metric,
        html`<span class="flag ${direction}">${direction}</span>`,
        `${number(before)} → ${number(after)} ${series.unit}`,
        signedPercent(change),
        html`<span class="moment">${moment(point.run.time)}</span>
          <code>${point.run.commit?.id.slice(0, 12) ?? ''}</code>`,
      ],
    }),
  );
  const columns = [
    { title: 'series' },
    { title: 'metric' },
    { title: 'verdict' },
    { title: 'level', numeric: true },
    { title: 'change', numeric: true },
    { title: 'since' },
  ];
  return table('Changes, the newest first', columns, rows);
}

function classView(machine: string, entries: readonly Entry[]): Html {
  const first = [...entries].sort(
    (one, other) => Number(other.trend.alerts.length > 0) - Number(one.trend.alerts.length > 0),
  );
  const id = anchor('machine', machine);
  return html`<section class="machine-class" id="${id}" data-machine="${machine}">
    <h3>${machine}${permalink(id)}</h3>
    <div class="grid four">${first.map(seriesFigure)}</div>
  </section> `;
}

function seriesFigure({ id, name, detail, series, trend }: Entry): Html {
  const last = series.points.at(-1)?.value;
  return html`<figure id="${id}" class="series">
    <figcaption>${breakable(name)}${permalink(id)}<span class="sub">${detail}</span></figcaption>
    <p class="last">${series.metric} <b>${number(last)}</b> ${series.unit}</p>
    ${course(series, trend)}${levelsOf(trend)}
  </figure> `;
}

/** The levels of a series as a table; that of a single one as small as a table can be, since a page holds hundreds. */
function levelsOf({ segments }: Trend): Html {
  const [only, ...others] = segments;
  if (only !== undefined && others.length === 0)
    return html`<details class="data">
      <summary>Table: levels</summary>
      <table>
        <caption>
          levels
        </caption>
        <tr>
          <th scope="col">since</th>
          <th scope="col">level</th>
        </tr>
        <tr>
          <th scope="row">${sinceOf(only)}</th>
          <td>${number(only.level)}</td>
        </tr>
      </table>
    </details>`;
  const rows = segments.map((segment, index) => {
    const before = segments[index - 1]?.level;
    const { points, level } = segment;
    const change = before === undefined ? '' : signedPercent(level / before - 1);
    return { cells: [sinceOf(segment), String(points.length), number(level), change] };
  });
  return foldedTable('levels', 'levels', LEVELS, rows);
}

function sinceOf({ points: [first] }: Segment): string {
  return first === undefined ? '' : moment(first.run.time);
}

const LEVELS = [{ title: 'since' }, ...['runs', 'level', 'change'].map((title) => ({ title, numeric: true }))];

interface Place {
  readonly at: number;
  readonly value: number;
  readonly proven: boolean;
  readonly level: number;
}

/** The course of a series over its runs, small enough that a page holds hundreds: drawn at twice its size, in whole pixels. */
function course({ points }: Series, { segments, alerts }: Trend): Html {
  const levelAt = new Map(segments.flatMap(({ points: own, level }) => own.map((point) => [point, level] as const)));
  const places = points.map((point, at): Place => {
    const { value, proven } = point;
    return { at, value, proven, level: levelAt.get(point) ?? value };
  });
  const indexOf = new Map<Point, number>(points.map((point, at) => [point, at]));
  const levels = segments.flatMap(({ points: own, level }, index) =>
    [own[0], own.at(-1)].flatMap((point) =>
      point === undefined ? [] : [{ at: indexOf.get(point) ?? 0, level, index }],
    ),
  );
  const changes = alerts.map(({ point, direction }) => ({ at: indexOf.get(point) ?? 0, color: `var(--${direction})` }));
  const unproven = places.filter(({ proven }) => !proven);
  return draw(`${count(points.length, 'run')}; the levels are in the table below`, {
    ...{ width: 500, height: 130, marginTop: 8, marginRight: 8, marginBottom: 8, marginLeft: 8, axis: null },
    x: { domain: [0, Math.max(1, points.length - 1)], round: true },
    marks: [
      ruleX(changes, { x: 'at', stroke: 'color', strokeWidth: 3 }),
      line(thinned(places.filter(({ proven }) => proven)), {
        x: 'at',
        y: 'value',
        strokeWidth: 1.5,
        strokeOpacity: 0.6,
      }),
      line(levels, { x: 'at', y: 'level', z: 'index', stroke: 'var(--s1)', strokeWidth: 4 }),
      ...(unproven.length > 0 ? [dot(unproven, { x: 'at', y: 'value', r: 3, strokeOpacity: 0.5 })] : []),
      ...(points.length === 1 ? [dot(places, { x: 'at', y: 'value', fill: 'var(--s1)', r: 6 })] : []),
    ],
  });
}
