import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Experiment, Measure } from './experiment.js';
import { interval } from './statistics.js';

/** One measure of all remedies as SVG: each repetition a ring, the mean a dot with its 95 % interval. */
export function plotOf({ remedies, title }: Experiment, { name, unit }: Measure): string {
  const means = remedies.map((remedy) => ({ remedy: remedy.name, ...interval(remedy.results[name] ?? []) }));
  const runs = remedies.flatMap((remedy) =>
    (remedy.results[name] ?? []).map((value) => ({ remedy: remedy.name, value })),
  );
  const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as { document: never };
  const figure = Plot.plot({
    document,
    ariaLabel: `${title}: ${name}`,
    width: 640,
    height: 76 + 32 * remedies.length,
    marginBottom: 46,
    marginLeft: 150,
    style: { fontFamily: 'sans-serif', fontSize: '12px', background: 'white', color: 'black' },
    x: { label: `${name}, ${unit}`, labelOffset: 40, grid: true, nice: true },
    y: { label: null, domain: remedies.map((remedy) => remedy.name) },
    marks: [
      Plot.dot(runs, { x: 'value', y: 'remedy', stroke: '#8a8a8a', r: 3 }),
      Plot.ruleY(means, { x1: 'low', x2: 'high', y: 'remedy', stroke: '#0072b2', strokeWidth: 3 }),
      Plot.dot(means, { x: 'mean', y: 'remedy', fill: '#0072b2', r: 5 }),
    ],
  }) as unknown as { readonly outerHTML: string };
  return figure.outerHTML.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ').concat('\n');
}
