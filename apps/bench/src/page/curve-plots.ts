import { line, ruleY } from '@observablehq/plot';
import type { Curve } from '../records/run-record.js';
import { colorAt, draw, legend } from './draw.js';
import { anchor, breakable, html, type Html } from './html.js';
import { figure, foldedTable, nothing, section } from './table.js';
import { number } from './text.js';

/** Loss and gradient of every registered loss. */
export function curvesSection(curves: readonly Curve[]): Html {
  const figures = curves.map(curveFigure);
  return section(
    'curves',
    'Losses and gradients',
    html`<p>One row whose target logit moves while the others stay 0: the loss, and its derivative by that logit.</p>`,
    figures.length === 0
      ? nothing('No curves were recorded.')
      : html`${legend(LINES, (name) => LINES.indexOf(name))}
          <div class="grid three">${figures}</div>`,
  );
}

const LINES = ['loss', 'gradient'];

/** Rows of the table: every eighth point. */
const STEP = 8;

function curveFigure(curve: Curve): Html {
  const { loss, lossId, options = '', classes, margin, value, gradient } = curve;
  const points = (values: readonly number[]): { x: number; y: number }[] =>
    margin.map((x, index) => ({ x, y: values[index] ?? NaN })).filter(({ y }) => Number.isFinite(y));
  const title = `${loss}${options === '' ? '' : `, ${options}`}`;
  const plot = draw(`${title}: loss and gradient by margin`, {
    ...{ width: 340, height: 190, marginLeft: 36 },
    x: { label: classes === 1 ? 'logit' : 'margin' },
    y: { label: null, grid: true },
    marks: [
      ruleY([0], { strokeOpacity: 0.5 }),
      line(points(value), { x: 'x', y: 'y', stroke: colorAt(0), strokeWidth: 2 }),
      line(points(gradient), { x: 'x', y: 'y', stroke: colorAt(1), strokeWidth: 2, strokeDasharray: '5,3' }),
    ],
  });
  const rows = margin.flatMap((x, index) =>
    index % STEP === 0 ? [{ cells: [number(x), number(value[index]), number(gradient[index])] }] : [],
  );
  const columns = ['margin', 'loss', 'gradient'].map((column) => ({ title: column, numeric: true }));
  const heading = html`<span class="loss">${breakable(loss)}</span
    >${options !== '' && html`<span class="sub">${options}</span>`}`;
  return figure(anchor('curve', lossId), heading, plot, foldedTable('values', title, columns, rows));
}
