import type { Fault, LabelMeasure, Problem, Session, Tile } from '@surprisal/core';
import type { WasmProgram } from '../../wasm/wasm-program.js';
import { findFault } from './find-fault.js';
import { labelTarget, loadTargets, type LabelTarget } from './label-targets.js';
import { runLongRow } from './long-rows.js';
import {
  createSimdStage,
  learnFrom,
  loadRange,
  logitOf,
  placeRows,
  storeRange,
  takeLook,
  type SimdSizes,
  type SimdStage,
} from './simd-stage.js';
import type { SoftmaxFunctions } from './softmax-program.js';

/**
 * Cross-entropy of rows whose target is a mass at the label, and maybe one that is spread over the classes.
 * `assembly/softmax/label-row.ts` has the formulas.
 */
export function openLabelSession(
  program: WasmProgram<SoftmaxFunctions>,
  problem: Problem,
  measure: LabelMeasure,
  sizes: SimdSizes,
): Session {
  const stage = createSimdStage(program, problem, sizes, measure.vector !== undefined);
  const target = labelTarget(measure);
  const run = stage.whole ? runTile : runLongRow;
  return { capacity: stage.capacity, run: (tile) => run(stage, target, tile) };
}

function runTile(stage: SimdStage, target: LabelTarget, tile: Tile): Fault | undefined {
  const { first, count, keep } = tile;
  const range = { first, count, classFrom: 0, classCount: stage.classes };
  placeRows(stage, first);
  loadRange(stage, range, stage.numbersAt);
  loadTargets(stage, target, tile);
  for (let row = 0; row < count;) {
    if (keep[row] === 0) {
      fillRow(stage, row, 0);
      row++;
      continue;
    }
    let end = row + 1;
    while (end < count && keep[end] === 1) end++;
    const fault = runKept(stage, first, row, end);
    if (fault !== undefined) return fault;
    row = end;
  }
  tile.losses.set(stage.losses.subarray(0, count));
  storeRange(stage, range, stage.numbersAt);
  return undefined;
}

function runKept(stage: SimdStage, first: number, from: number, end: number): Fault | undefined {
  const { rows, classes, numbersAt, size, labels, masses, losses, problem } = stage;
  const hasGradient = problem.gradient === undefined ? 0 : 1;
  for (let row = from; row < end; row++) {
    const looks = takeLook(stage);
    if (!looks) {
      const reached = rows.runLabels(
        numbersAt * size,
        classes,
        row,
        end,
        labels.byteOffset,
        masses.byteOffset,
        losses.byteOffset,
        problem.gradientScale,
        hasGradient,
      );
      if (reached > row) learnFrom(stage, true);
      if (reached === end) return undefined;
      row = reached;
      loadRange(stage, { first: first + row, count: 1, classFrom: 0, classCount: classes }, numbersAt + row * classes);
    }
    const fault = runShifted(stage, first, row);
    if (fault !== undefined) {
      if (!problem.propagate || fault.kind !== 'number') return fault;
      fillRow(stage, row, NaN);
    } else if (!looks) learnFrom(stage, false);
  }
  return undefined;
}

/** A row of a tile that is looked through for its largest logit first. */
function runShifted(stage: SimdStage, first: number, row: number): Fault | undefined {
  const { rows, functions, classes, numbersAt, size, labels, masses, losses, problem } = stage;
  const to = numbersAt + row * classes;
  const at = to * size;
  const label = labels[row];
  const logit = logitOf(stage, first + row, label, to);
  functions.beginTop();
  rows.findTop(at, classes);
  if (rows.beginShifted() === 0) return findFault(problem, first + row);
  rows.exponentiate(at, classes, label, 1);
  if (stage.vector.length > 0) functions.setSpread(stage.spreads[row], stage.vector[label]);
  losses[row] = rows.finish(logit, masses[row], problem.gradientScale, 1);
  if (problem.gradient !== undefined) rows.writeGradient(at, classes, label);
  return undefined;
}

function fillRow({ classes, numbers, numbersAt, losses }: SimdStage, row: number, value: number): void {
  const at = numbersAt + row * classes;
  losses[row] = value;
  numbers.fill(value, at, at + classes);
}
