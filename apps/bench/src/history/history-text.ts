import Table from 'cli-table3';
import { machineClass } from '../records/series.js';
import { trendOf, type Alert, type Trend } from './alerts.js';
import type { History, Run } from './run-file.js';
import type { Series } from './series.js';

/** Runs that are listed; the others are counted. */
const LONGEST_LIST = 20;

/** What a person reads of a history: its last runs, and the changes to be told of. */
export function historyText({ runs, skipped }: History, series: readonly Series[]): string {
  const alerts = series.flatMap((one) => trendOf(one).alerts);
  return [
    runsText(runs),
    runs.length > 0 && alertsText(alerts),
    skipped.length > 0 && ['Skipped:', ...skipped.map(({ reason }) => `  ${plain(reason)}`)].join('\n'),
  ]
    .filter((part) => part !== false)
    .join('\n\n');
}

function runsText(runs: readonly Run[]): string {
  if (runs.length === 0) return 'No runs.';
  const table = new Table({ head: ['time', 'commit', 'verdict', 'noise', 'machine'], style: STYLE });
  for (const { record } of runs.slice(-LONGEST_LIST)) {
    const { time, commit, verdict, noise, machine } = record;
    const revision = commit === undefined ? '' : `${commit.id.slice(0, 12)}${commit.dirty ? ' + changes' : ''}`;
    table.push([time, revision, verdict.status, noise.status, machineClass(machine)].map(plain));
  }
  const earlier = runs.length - LONGEST_LIST;
  return `${table.toString()}\n${runs.length} ${runs.length === 1 ? 'run' : 'runs'}${earlier > 0 ? `, the last ${LONGEST_LIST} of them above` : ''}.`;
}

function alertsText(alerts: readonly Alert[]): string {
  if (alerts.length === 0) return 'No change is both a change point and outside of the usual changes.';
  return ['Changes (a change point, and outside of the usual changes):', ...alerts.map(alertText)].join('\n');
}

function alertText({ series, point, before, after, change, direction }: Alert): string {
  const commit = point.run.commit?.id.slice(0, 12) ?? 'no commit';
  const values = `${short(before)} -> ${short(after)} ${series.unit} (${percent(change)})`;
  return plain(
    `  ${direction}: ${series.id} ${series.metric} ${values} since ${point.run.time} ${commit}, ${series.machineClass}`,
  );
}

/** What a person reads of some series: how each went, and where it is. */
export function seriesText(series: readonly Series[]): string {
  const table = new Table({ head: ['series', 'metric', 'runs', 'level', 'last', 'course'], style: STYLE });
  for (const one of series) {
    const trend = trendOf(one);
    const level = trend.segments.at(-1)?.level ?? NaN;
    const last = one.points.at(-1)?.value ?? NaN;
    const cells = [one.id, `${one.metric} ${one.unit}`, String(one.points.length), short(level), short(last)];
    table.push([...cells.map(plain), courseText(one, trend)]);
  }
  return table.toString();
}

const STYLE = { head: [], border: [], compact: true };
const BARS = '▁▂▃▄▅▆▇█';

/** The last points as bars, with a line before each change point. */
function courseText({ points }: Series, { segments }: Trend): string {
  const shown = points.slice(-2 * LONGEST_LIST);
  const values = shown.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const starts = new Set(segments.slice(1).map((segment) => segment.points[0]));
  return shown
    .map((point) => {
      const height = high === low ? 0 : (point.value - low) / (high - low);
      const bar = BARS[Math.round(height * (BARS.length - 1))] ?? '';
      return starts.has(point) ? `|${bar}` : bar;
    })
    .join('');
}

/** A record may hold anything, the codes that move a terminal's cursor included. */
function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

function short(value: number): string {
  return Number.isNaN(value) ? '-' : String(Number(value.toPrecision(4)));
}

function percent(change: number): string {
  return `${change < 0 ? '' : '+'}${(100 * change).toFixed(1)}%`;
}
