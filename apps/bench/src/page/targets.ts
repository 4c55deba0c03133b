import type { History } from '../history/run-file.js';
import type { RunRecord, TargetResult } from '../records/run-record.js';
import { machineClass } from '../records/series.js';
import { commitText } from './overview.js';
import { anchor, html, type Html } from './html.js';
import { nothing, section, table } from './table.js';
import { count, moment, number } from './text.js';

/** What the kernels should reach and what they reached, in the run itself or in the last published one of its class of machines. */
export function targetsSection(record: RunRecord, { runs }: History): Html {
  const here = machineClass(record.machine);
  const published = runs.map((run) => run.record).filter(({ machine }) => machineClass(machine) === here);
  const last = [...published, record].filter(({ targets = [] }) => targets.length > 0).at(-1);
  return section('targets', 'Targets', last === undefined ? nothing(NONE) : tableOf(last));
}

const NONE = 'The targets were not measured on this class of machines: “run --suite kernels” measures them.';

const COLUMNS = [
  { title: 'case' },
  { title: 'what' },
  { title: 'target', numeric: true },
  { title: 'measured', numeric: true },
  { title: 'interval', numeric: true },
  { title: 'verdict' },
];

function tableOf({ targets = [], time, commit, noise }: RunRecord): Html {
  const of = (verdict: TargetResult['verdict']): number => targets.filter((each) => each.verdict === verdict).length;
  const missing = of('not measured');
  const rows = targets.map((target) => ({ id: anchor('target', target.id), cells: cellsOf(target) }));
  return html`<p>
      Measured <time datetime="${time}">${moment(time)} UTC</time>, ${commitText(commit)}, on a machine that was
      ${noise.status}: ${of('met')} met, ${of('missed')} missed${missing > 0 && `, ${missing} not measured`}. A verdict
      is close where the interval holds the target.
    </p>
    ${table(`${count(targets.length, 'target')} of the kernels`, COLUMNS, rows)}`;
}

function cellsOf({ verdict, close, reason = '', ...target }: TargetResult): (string | Html)[] {
  const { measured, interval, limit, bound, unit } = target;
  const flag = verdict === 'met' ? 'ok' : verdict === 'missed' ? 'wrong' : 'missing';
  return [
    target.case,
    target.what,
    `${bound === 'at most' ? '≤' : '≥'} ${number(limit)} ${unit}`,
    number(measured),
    interval === undefined ? '' : `${number(interval.low)} to ${number(interval.high)}`,
    html`<span class="flag ${flag}">${verdict}</span>${close && ', close'}${reason !== '' && `: ${reason}`}`,
  ];
}
