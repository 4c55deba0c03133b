import { barX, tickX } from '@observablehq/plot';
import type { RunRecord } from '../records/run-record.js';
import { colorAt, draw } from './draw.js';
import { anchor, html, type Html } from './html.js';
import { figure, nothing, section, table } from './table.js';
import { number, percent } from './text.js';

/** Bytes of each package, minified and compressed, against its budget. */
export function sizesSection({ sizes }: RunRecord): Html {
  if (sizes.length === 0) return section('sizes', 'Sizes', nothing('This run has no sizes.'));
  const budgets = sizes.filter(({ budgetBytes }) => budgetBytes !== undefined);
  const plot = draw('Size of each package', {
    ...{ width: 1060, height: 50 + 24 * sizes.length, marginLeft: 200, marginRight: 24 },
    x: { label: 'bytes, minified and compressed with gzip', grid: true, tickFormat: '~s' },
    y: { label: null, domain: sizes.map((size) => size.package) },
    marks: [
      barX(sizes, { x: 'gzipBytes', y: 'package', fill: colorAt(0), insetTop: 3, insetBottom: 3 }),
      tickX(budgets, { x: 'budgetBytes', y: 'package', stroke: colorAt(1), strokeWidth: 3 }),
    ],
  });
  const rows = sizes.map(({ package: name, version, minifiedBytes, gzipBytes, budgetBytes }) => ({
    id: anchor('size', name),
    cells: [
      name,
      version ?? '',
      number(minifiedBytes),
      number(gzipBytes),
      number(budgetBytes),
      budgetBytes === undefined ? '' : budgetText(gzipBytes, budgetBytes),
    ],
  }));
  const columns = [
    { title: 'package' },
    { title: 'version' },
    ...['minified', 'gzip', 'budget', 'of the budget'].map((title) => ({ title, numeric: true })),
  ];
  return section(
    'sizes',
    'Sizes',
    figure(
      'sizes-plot',
      'Bytes of each package, bundled alone; the tick is its budget',
      plot,
      table('Sizes in bytes', columns, rows),
    ),
  );
}

function budgetText(bytes: number, budget: number): Html {
  const share = bytes / budget;
  return html`<span class="${bytes > budget ? 'flag wrong' : 'value'}">${percent(share, 0)}</span>`;
}
