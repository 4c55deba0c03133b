import type { Commit, RunRecord } from '../records/run-record.js';
import { machineClass } from '../records/series.js';
import { verdictWords } from '../records/verdict-sentence.js';
import { anchor, html, type Html, type Part } from './html.js';
import { section, table } from './table.js';
import { count, moment, number } from './text.js';

/** Verdict, what was measured, on what, and how quiet that was. */
export function overviewSections(record: RunRecord): Html {
  return html`${verdictSection(record)}${machineSection(record)}`;
}

function verdictSection(record: RunRecord): Html {
  const { status, reasons } = record.verdict;
  const { title, detail } = verdictWords(record);
  const list = reasons.map(
    ({ gate, id, message }) => html`<li><b>${gate}</b> ${message}${id !== undefined && html` <code>${id}</code>`}</li>`,
  );
  const more =
    reasons.length > 1 &&
    html`<details>
      <summary>All ${reasons.length} reasons</summary>
      <ul class="reasons">
        ${list}
      </ul>
    </details>`;
  return section(
    'verdict',
    'Verdict',
    html`<div class="verdict ${status}">
      <p><strong>${title}</strong> ${detail}</p>
      ${more}
    </div>`,
    facts([
      ['Commit', commitText(record.commit)],
      ['Measured', html`<time datetime="${record.time}">${moment(record.time)} UTC</time>`],
      ['Suite', suiteText(record)],
      ['Rows', `${count(record.benchmarks.length, 'benchmark')}, ${count(record.accuracy.length, 'row')} of accuracy`],
      ['Program', `${record.tool.name} ${record.tool.version}`],
    ]),
  );
}

export function commitText(commit: Commit | undefined): Part {
  if (commit === undefined) return 'not in a repository';
  const { id, dirty, branch, subject } = commit;
  return html`<code>${id.slice(0, 12)}</code
    >${dirty && ' with changes'}${branch !== undefined && html` on ${branch}`}${subject !== undefined && html`: ${subject}`}`;
}

function suiteText({ settings }: RunRecord): string {
  const { suite, seed, processes, blocks, only, complete, leftOut = 0 } = settings;
  const parts = [suite, count(processes, 'process', 'processes'), count(blocks, 'block'), `seed ${seed}`];
  if (only !== undefined) parts.push(`only ${only}`);
  if (complete === false) parts.push('interrupted: not everything ran');
  if (leftOut > 0) parts.push(`no time for ${count(leftOut, 'group')}`);
  return parts.join(', ');
}

function machineSection({ machine, noise, peers }: RunRecord): Html {
  const words = { quiet: 'quiet enough', noisy: 'noisy: times prove little', unknown: 'not measured' };
  const figures = noise.figures.map(({ name, value, unit, limit, note }) => ({
    id: anchor('noise', name),
    cells: [name, `${number(value)} ${unit}`, limit === undefined ? '' : `${number(limit)} ${unit}`, note ?? ''],
  }));
  const others = peers.map(({ name, version, missing }) => ({
    id: anchor('peer', name),
    cells: [name, version ?? html`<span class="missing">missing</span>`, missing ?? ''],
  }));
  return section(
    'machine',
    'Machine and noise',
    facts([
      ['Machine', machineClass(machine)],
      ['Runtime', `${machine.runtime.name} ${machine.runtime.version}`],
      ['Noise', html`<span class="noise ${noise.status}">${words[noise.status]}</span>`],
    ]),
    figures.length > 0 &&
      table(
        'Noise figures',
        [{ title: 'figure' }, { title: 'value', numeric: true }, { title: 'limit', numeric: true }, { title: 'note' }],
        figures,
      ),
    others.length > 0 &&
      table('Implementations to compare with', [{ title: 'name' }, { title: 'version' }, { title: 'note' }], others),
  );
}

function facts(entries: readonly (readonly [string, Part])[]): Html {
  return html`<dl class="facts">
    ${entries.map(
      ([term, text]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;
}
