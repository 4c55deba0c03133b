import { plot as drawPlot, type PlotOptions, type ScaleOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { compactSvg } from './compact-svg.js';
import { html, raw, type Html } from './html.js';

/**
 * Draws a plot as SVG, without a browser. Texts in it are set as texts of nodes, so that what linkedom prints is escaped. Colours are
 * the page's variables, so that one drawing serves both themes.
 */
export function draw(label: string, { x, y, ...options }: PlotOptions): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as { document: never };
  const scales = { x: { tickSize: 0, ...x }, y: { tickSize: 0, ...y } };
  const svg = drawPlot({ ...DEFAULTS, ...options, ...scales, document }) as unknown as { readonly outerHTML: string };
  return html`<div class="plot" role="img" aria-label="${label}">${raw(compactSvg(svg.outerHTML))}</div>`;
}

/** As wide as half of the page. */
const DEFAULTS: PlotOptions = { width: 520, height: 260, marginLeft: 52, marginBottom: 36 };

/** Colours that stay apart for the colour-blind (after Okabe and Ito), by place in a list; the first is ours. */
export function colorAt(index: number): string {
  return `var(--s${(index % COLORS) + 1})`;
}

const COLORS = 7;

/** A second sign beside the colour, for those who see none: the shape of the points. */
export function symbolAt(index: number): 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'wye' | 'cross' {
  return SYMBOLS[signOf(index)] ?? 'circle';
}

/** Where colours begin anew the signs are moved by one, so that no two of a plot are alike in both. */
function signOf(index: number): number {
  return (index + Math.floor(index / COLORS)) % SYMBOLS.length;
}

const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'star', 'wye', 'cross'] as const;

/** A logarithmic scale over some values above 0, with few ticks. */
export function logScale(label: string, values: readonly number[], more: ScaleOptions = {}): ScaleOptions {
  const [low, high] = [Math.min(...values) / 1.3, Math.max(...values) * 1.3];
  return { type: 'log', label, domain: [low, high], ticks: [...logTicks(low, high)], tickFormat: '~g', ...more };
}

/** Ticks of a logarithmic scale: powers of ten, and 2 and 5 between them where there are few. */
function logTicks(low: number, high: number): readonly number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const steps = last - first <= 2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((last - first) / 8));
  const powers = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
    (power) => power % every === 0,
  );
  return powers
    .flatMap((power) => steps.map((step) => step * 10 ** power))
    .filter((tick) => tick >= low && tick <= high);
}

/** The legend of a plot: one entry for each name, with the sign and the colour of its place. */
export function legend(names: readonly string[], placeOf: (name: string) => number): Html {
  const items = names.map((name) => {
    const place = placeOf(name);
    const mark = SIGNS[signOf(place)] ?? '●';
    return html`<li><span class="key s${(place % COLORS) + 1}" aria-hidden="true">${mark}</span>${name}</li>`;
  });
  return html`<ul class="legend">
    ${items}
  </ul>`;
}

const SIGNS = ['●', '■', '▲', '◆', '★', 'Y', '✚'];
