import type { RunRecord, Selftest } from '../records/run-record.js';
import { anchor, html, type Html } from './html.js';
import { nothing, section, table } from './table.js';
import { moment, percent } from './text.js';

/** How times are compared, and how often that was wrong on this machine. */
export function methodSection({ settings }: RunRecord, selftests: readonly Selftest[]): Html {
  const rows = selftests.map((test) => ({ id: anchor('selftest', test.kind, test.time), cells: cellsOf(test) }));
  const columns = [
    { title: 'test' },
    { title: 'found', numeric: true },
    { title: 'rate' },
    { title: 'inconclusive', numeric: true },
    { title: 'result' },
    { title: 'when (UTC)' },
    { title: 'note' },
  ];
  return section(
    'method',
    'Method',
    html`<p>
        Every output is checked against exact arithmetic before it is timed. Variants of one loss take turns in seeded
        random order, block by block, each beside a frozen anchor kernel, in ${settings.processes} fresh processes of
        ${settings.blocks} blocks. A result is the median over blocks of log(time / anchor’s time); over processes its
        mean and Student interval. A difference counts where the interval excludes 0, the median is beyond 2%, and
        Holm’s correction over all rows and a rerun in fresh processes confirm it. Where two copies of the anchor itself
        differ, the run is <em>unproven</em>.
      </p>
      <p>
        A change in the history needs two signals: a step outside of Q3 + 3 IQR of the last 30 steps, and a change point
        of the L1 Potts functional; only runs of one class of machines are compared.
      </p>`,
    rows.length === 0
      ? nothing('The harness was not tested on this class of machines: “selftest” measures its false-alarm rate.')
      : table('What the harness said of equal sides, and of an injected slowdown', columns, rows),
  );
}

function cellsOf({
  kind,
  rounds,
  found,
  inconclusive = 0,
  factor = NaN,
  passed,
  time,
  note = '',
}: Selftest): (string | Html)[] {
  const name = kind === 'aa' ? 'two equal sides: false alarms' : `one side slower by ${percent(factor - 1)}: found`;
  return [
    name,
    `${found} of ${rounds}`,
    rateText(found, rounds),
    String(inconclusive),
    html`<span class="flag ${passed ? 'ok' : 'wrong'}">${passed ? 'passed' : 'failed'}</span>`,
    moment(time),
    note,
  ];
}

/** With none of n found, the rate is below 1 - 0.05^(1/n) with 95% confidence: the exact bound of Clopper and Pearson. */
function rateText(found: number, rounds: number): string {
  if (rounds === 0) return '';
  if (found > 0) return percent(found / rounds);
  return `0%; below ${percent(1 - 0.05 ** (1 / rounds))} with 95% confidence`;
}
