import { readRows, writeRows, type Tile } from '@surprisal/core';
import { applyLogitSteps, multiplyBySlopes } from './logit-steps.js';
import { USUAL_SHIFT, type RowStage } from './row-stage.js';

/** Reads the rows of a tile, where rows are whole, and applies the logit steps to those that count. */
export function loadTile(stage: RowStage, { first, count, labels, keep }: Tile): void {
  stage.first = first;
  stage.labels = labels;
  if (!stage.whole || stage.direct) return;
  const { classes, layout, source, steps } = stage;
  readRows(source, layout, { first, count, classFrom: 0, classCount: classes }, stage.z, stage.line);
  if (steps.steps.length > 0) for (let row = 0; row < count; row++) if (keep[row] === 1) stepRow(stage, row);
}

/** Takes the exponentials of the rows of a tile that count, as many in one go as lie side by side. */
export function exponentiateTile(
  { whole, classes, direct, z, e, kernel }: RowStage,
  { first, count, keep }: Tile,
): void {
  if (!whole) return;
  const zAt = direct ? first * classes : 0;
  for (let from = 0; from < count;) {
    let end = from;
    while (end < count && keep[end] === 1) end++;
    if (end > from)
      kernel.exponentials(z, zAt + from * classes, e, from * classes, (end - from) * classes, 0, USUAL_SHIFT);
    from = end + 1;
  }
}

function stepRow(stage: RowStage, row: number): void {
  const { classes, z, labels } = stage;
  const label = row < labels.length ? labels[row] : -1;
  applyLogitSteps(stage.steps, { z, at: row * classes, classFrom: 0, count: classes, label }, stage.slopes);
}

/** Turns to a row of the tile. */
export function beginRow(stage: RowStage, row: number): void {
  stage.row = row;
  stage.base = 0;
  stage.shift = USUAL_SHIFT;
  stage.loaded = 0;
  if (stage.whole) {
    stage.eAt = row * stage.classes;
    stage.zAt = stage.direct ? (stage.first + row) * stage.classes : stage.eAt;
  }
}

/** Takes the exponentials of the row at hand anew with another base and shift. */
export function shiftRow(stage: RowStage, base: number, shift: number): void {
  stage.base = base;
  stage.shift = shift;
  stage.loaded = 0;
  if (stage.whole) stage.kernel.exponentials(stage.z, stage.zAt, stage.e, stage.eAt, stage.classes, base, shift);
}

/** Makes the logits of classes `from` to `from + count - 1` of the row at hand available at `z[zAt]`. */
export function loadLogits(stage: RowStage, from: number, count: number): void {
  if (stage.whole) return;
  const row = stage.first + stage.row;
  if (stage.direct) {
    stage.zAt = row * stage.classes + from;
    return;
  }
  readRows(
    stage.source,
    stage.layout,
    { first: row, count: 1, classFrom: from, classCount: count },
    stage.z,
    stage.line,
  );
  if (stage.steps.steps.length === 0) return;
  const label = stage.labels.length > 0 ? stage.labels[stage.row] : -1;
  applyLogitSteps(stage.steps, { z: stage.z, at: 0, classFrom: from, count, label }, stage.slopes);
}

/** Makes the exponentials of these classes available at `e[eAt]`. Those that are kept need no logits. */
export function loadExponentials(stage: RowStage, from: number, count: number): void {
  if (stage.whole) return;
  const end = from + count;
  stage.eAt = Math.min(from, stage.kept);
  if (end <= stage.loaded) return;
  loadLogits(stage, from, count);
  stage.kernel.exponentials(stage.z, stage.zAt, stage.e, stage.eAt, count, stage.base, stage.shift);
  if (end <= stage.kept) stage.loaded = end;
}

/** Writes the gradient of a chunk, which lies at `e[eAt]`. Whole rows wait for `storeTile`. */
export function storeChunk(stage: RowStage, from: number, count: number): void {
  if (stage.whole || stage.sink === undefined) return;
  if (stage.steps.varies) multiplyBySlopes(stage.e, stage.slopes, 0, count, stage.tiny);
  const row = stage.first + stage.row;
  const gradient = stage.e.subarray(stage.eAt, stage.eAt + count);
  writeRows(
    stage.sink,
    stage.layout,
    { first: row, count: 1, classFrom: from, classCount: count },
    gradient,
    stage.line,
  );
}

/** Writes the gradient of the tile. */
export function storeTile(stage: RowStage, { first, count, keep }: Tile): void {
  if (!stage.whole || stage.sink === undefined) return;
  const { classes, layout, e, slopes } = stage;
  if (stage.steps.varies)
    for (let row = 0; row < count; row++)
      if (keep[row] === 1) multiplyBySlopes(e, slopes, row * classes, classes, stage.tiny);
  writeRows(stage.sink, layout, { first, count, classFrom: 0, classCount: classes }, e, stage.line);
}

/** Makes the gradient of the row at hand one number everywhere: 0 of an ignored row, NaN of an invalid one. */
export function fillGradient(stage: RowStage, value: number): void {
  if (stage.sink === undefined) return;
  const { classes, chunk } = stage;
  if (stage.whole) stage.e.fill(value, stage.eAt, stage.eAt + classes);
  else
    for (let from = 0; from < classes; from += chunk) {
      const count = Math.min(chunk, classes - from);
      stage.eAt = 0;
      stage.e.fill(value, 0, count);
      if (stage.steps.varies) stage.slopes.fill(1, 0, count);
      storeChunk(stage, from, count);
    }
}
