import Table from 'cli-table3';
import type { ShapeTimes } from './shapes.js';

/** What a person reads of the shapes. */
export function shapesText(times: readonly ShapeTimes[]): string {
  const table = new Table({
    head: ['loss', 'rows', 'classes', 'type', 'ours ns/logit', 'loop ns/logit', 'ours / loop'],
    colAligns: ['left', 'right', 'right', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { rows, classes, type, nanosecondsPerLogit, plainLoopNanosecondsPerLogit, oursByPlainLoop } of times)
    table.push([
      classes === 1 ? 'binaryCrossEntropy' : 'categoricalCrossEntropy',
      rows.toLocaleString('en-US'),
      classes === 1 ? '' : classes.toLocaleString('en-US'),
      type,
      nanosecondsPerLogit.toFixed(2),
      plainLoopNanosecondsPerLogit.toFixed(2),
      oursByPlainLoop.toFixed(2),
    ]);
  return `${table.toString()}\n\nValue and gradient into given buffers, medians of 31 rounds in which the two take turns, each shape in a thread of its own.\nThe machine is shared: only ratios mean much.`;
}
