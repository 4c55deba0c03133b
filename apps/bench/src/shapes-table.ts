import Table from 'cli-table3';
import type { ShapeTimes } from './shapes.js';

/** What a person reads of the shapes. */
export function shapesText(times: readonly ShapeTimes[]): string {
  const table = new Table({
    head: ['loss', 'rows', 'classes', 'type', 'engine', 'ours ns/logit', 'loop ns/logit', 'ours / loop', 'ours / copy'],
    colAligns: ['left', 'right', 'right', 'left', 'left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const shape of times) {
    const { rows, classes, type, engine } = shape;
    table.push([
      classes === 1 ? 'binaryCrossEntropy' : 'categoricalCrossEntropy',
      rows.toLocaleString('en-US'),
      classes === 1 ? '' : classes.toLocaleString('en-US'),
      type,
      engine,
      shape.nanosecondsPerLogit.toFixed(2),
      shape.plainLoopNanosecondsPerLogit.toFixed(2),
      shape.oursByPlainLoop.toFixed(2),
      shape.oursByCopy.toFixed(1),
    ]);
  }
  return `${table.toString()}\n\nValue and gradient into given buffers, medians of 31 rounds in which all take turns, each shape in a thread of its own.\nThe machine is shared: only ratios mean much.`;
}
