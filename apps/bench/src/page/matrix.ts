import type { Benchmark } from '../records/benchmark-record.js';
import type { RunRecord } from '../records/run-record.js';
import { errorOf, fastestOf, groupsOf, groupText, metricOf, type Group } from './groups.js';
import { anchor, breakable, html, type Html, type Part } from './html.js';
import { nothing, section, table } from './table.js';
import { digits, variantOf } from './text.js';
import type { Variants } from './variants.js';

/** Losses by implementations: time, ratio, largest error; the fastest of a row, and what cannot be told from it. */
export function matrixSection(record: RunRecord, { names }: Variants): Html {
  const groups = groupsOf(record);
  const measured = new Set(record.benchmarks.map(({ axes }) => variantOf(axes)));
  const variants = names.filter((name) => measured.has(name));
  const columns = [{ title: 'loss' }, ...variants.map((title) => ({ title, numeric: true }))];
  const rows = groups.map((group) => ({
    id: anchor('row', group.key),
    cells: [headOf(group), ...cellsOf(record, group, variants)],
  }));
  return section(
    'matrix',
    'Losses by implementations',
    html`<p>
      Nanoseconds per element; below it the ratio to the anchor kernel of the same process, and the largest error of
      value or gradient in units in the last place. <b class="best">Bold</b>: the fastest of its row.
      <span class="tie">tie</span>: its interval overlaps that of the fastest, the two cannot be told apart.
    </p>`,
    rows.length === 0 ? nothing('This run has no benchmarks.') : table('Losses by implementations', columns, rows),
  );
}

function headOf({ axes, ...group }: Group): Part {
  const options = axes.options ?? '';
  return html`<span class="loss">${breakable(axes.loss)}</span
    >${options !== '' && html`<span class="sub">${options}</span>`}<span class="sub"
      >${groupText({ ...group, axes })}</span
    >`;
}

function cellsOf(record: RunRecord, { benchmarks }: Group, variants: readonly string[]): Part[] {
  const fastest = fastestOf(benchmarks);
  return variants.map((variant) => {
    const own = benchmarks.filter(({ axes }) => variantOf(axes) === variant);
    return own.length === 0
      ? html`<span class="none">–</span>`
      : own.map((benchmark) => cellOf(record, benchmark, fastest));
  });
}

function cellOf(record: RunRecord, benchmark: Benchmark, fastest: readonly Benchmark[]): Html {
  const { status, reason = '' } = benchmark;
  const [time, ratio] = ['time', 'ratio'].map((name) => metricOf(benchmark, name)?.value);
  const error = errorOf(record, benchmark);
  const sub = [ratio !== undefined && `${digits(ratio)}×`, error !== undefined && `${digits(error)} ulp`].filter(
    Boolean,
  );
  const isBest = fastest.includes(benchmark);
  const mark = isBest && fastest.length > 1 && html` <span class="tie">tie</span>`;
  const value = time === undefined || Number.isNaN(time) ? '' : digits(time);
  const flag = status !== 'ok' && html`<span class="flag ${status}" title="${reason}">${status}</span>`;
  return html`<span class="${isBest ? 'best' : 'value'}">${value}</span>${mark}${flag}<span class="sub"
      >${sub.join(' · ')}</span
    >`;
}
