import type { Fault, LabelMeasure, Problem, Session, Tile } from '@surprisal/core';
import type { WasmProgram } from '../../wasm/wasm-program.js';
import { addBlocks, pairValue } from '../../stage/block-sums.js';
import { findFault } from './find-fault.js';
import {
  createSimdStage,
  learnFrom,
  loadParked,
  loadRange,
  logitOf,
  placeRows,
  slotOf,
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
  const target = { measure, spread: measure.vector && roundVector(measure.vector) };
  const run = stage.whole ? runTile : runLongRow;
  return { capacity: stage.capacity, run: (tile) => run(stage, target, tile) };
}

interface LabelTarget {
  readonly measure: LabelMeasure;
  readonly spread: SpreadVector | undefined;
}

/** v rounded to float32, with the mass of what came out: the loss is exact for a vector a rounding away. */
interface SpreadVector {
  readonly vector: Float32Array;
  readonly mass: number;
}

function roundVector(v: Float64Array): SpreadVector {
  const vector = new Float32Array(v);
  const pair = new Float64Array(2);
  addBlocks(pair, new Float64Array(vector), 0, v.length);
  return { vector, mass: pairValue(pair) };
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

/** Labels and masses d of the rows of a tile. */
function loadTargets(stage: SimdStage, { measure, spread }: LabelTarget, tile: Tile): void {
  const { labels, masses } = stage;
  const { direct, directWeights } = measure;
  const { count, uniform, weights } = tile;
  if (spread === undefined) stage.functions.setVector(0, 0, 0);
  else loadSpread(stage, measure, spread, tile);
  labels.set(tile.labels.length === count ? tile.labels : tile.labels.subarray(0, count));
  if (uniform && directWeights === undefined) masses.fill(direct, 0, count);
  else
    for (let row = 0; row < count; row++)
      masses[row] = weights[row] * direct * (directWeights === undefined ? 1 : directWeights[tile.labels[row]]);
}

function loadSpread(stage: SimdStage, measure: LabelMeasure, { vector, mass }: SpreadVector, tile: Tile): void {
  const { functions, spreads, whole } = stage;
  const { spread, spreadWeights } = measure;
  if (whole) stage.vector.set(vector);
  functions.setVector(stage.vector.byteOffset, mass, spreads.byteOffset);
  for (let row = 0; row < tile.count; row++)
    spreads[row] = tile.weights[row] * spread * (spreadWeights === undefined ? 1 : spreadWeights[tile.labels[row]]);
}

/** Brings the part of v that belongs to a part of a long row. */
function loadVectorPart({ vector }: SimdStage, { spread }: LabelTarget, from: number, count: number): void {
  if (spread !== undefined) vector.set(spread.vector.subarray(from, from + count));
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

function runLongRow(stage: SimdStage, target: LabelTarget, tile: Tile): Fault | undefined {
  const { problem, rows, labels, masses } = stage;
  placeRows(stage, tile.first);
  if (tile.keep[0] === 0) {
    fillLongRow(stage, tile, 0);
    return undefined;
  }
  loadTargets(stage, target, tile);
  const row = tile.first;
  const label = labels[0];
  const logit = readLogit(stage, row, label);
  const looks = takeLook(stage);
  const isUsual = !looks && rows.beginUsual(logit) === 1 && sumLong(stage, target, row, label, false);
  if (!looks) learnFrom(stage, isUsual);
  if (!isUsual) {
    findLongTop(stage, row);
    if (rows.beginShifted() === 0) {
      const fault = findFault(problem, row);
      if (!problem.propagate || fault.kind !== 'number') return fault;
      fillLongRow(stage, tile, NaN);
      return undefined;
    }
    sumLong(stage, target, row, label, true);
  }
  const { spread } = target;
  if (spread !== undefined) stage.functions.setSpread(stage.spreads[0], spread.vector[label]);
  tile.losses[0] = rows.finish(logit, masses[0], problem.gradientScale, isUsual ? 0 : 1);
  if (problem.gradient !== undefined) writeLongGradient(stage, target, row, label, !isUsual);
  return undefined;
}

function readLogit(stage: SimdStage, row: number, label: number): number {
  const { direct, classes, numbers, numbersAt } = stage;
  if (direct !== undefined) return direct[row * classes + label];
  loadRange(stage, { first: row, count: 1, classFrom: label, classCount: 1 }, numbersAt);
  return numbers[numbersAt];
}

/** The parts of a long row. */
function forEachPart(
  { classes, part }: SimdStage,
  first: number,
  visit: (range: { first: number; count: 1; classFrom: number; classCount: number }) => boolean,
): boolean {
  for (let from = 0; from < classes; from += part)
    if (!visit({ first, count: 1, classFrom: from, classCount: Math.min(part, classes - from) })) return false;
  return true;
}

function findLongTop(stage: SimdStage, row: number): void {
  const { rows, functions, size } = stage;
  functions.beginTop();
  forEachPart(stage, row, (range) => {
    const slot = slotOf(stage, range.classFrom);
    loadRange(stage, range, slot);
    rows.findTop(slot * size, range.classCount);
    return true;
  });
}

/** Exponentials and sums of a long row; false as soon as the usual shift turns out wrong. */
function sumLong(stage: SimdStage, target: LabelTarget, row: number, label: number, shifted: boolean): boolean {
  const { rows, resident, size, parks } = stage;
  return forEachPart(stage, row, (range) => {
    const { classFrom, classCount } = range;
    const slot = slotOf(stage, classFrom);
    loadRange(stage, range, slot);
    loadVectorPart(stage, target, classFrom, classCount);
    rows.exponentiate(slot * size, classCount, label - classFrom, shifted ? 1 : 0);
    if (!shifted && rows.wasUsual() === 0) return false;
    if (parks && classFrom >= resident) storeRange(stage, range, slot);
    return true;
  });
}

function writeLongGradient(stage: SimdStage, target: LabelTarget, row: number, label: number, shifted: boolean): void {
  const { rows, resident, size, parks } = stage;
  forEachPart(stage, row, (range) => {
    const { classFrom, classCount } = range;
    const slot = slotOf(stage, classFrom);
    if (classFrom >= resident) {
      if (parks) loadParked(stage, range, slot);
      else {
        loadRange(stage, range, slot);
        rows.exponentiate(slot * size, classCount, label - classFrom, shifted ? 1 : 0);
      }
    }
    loadVectorPart(stage, target, classFrom, classCount);
    rows.writeGradient(slot * size, classCount, label - classFrom);
    storeRange(stage, range, slot);
    return true;
  });
}

/** Loss and gradient of a long row that is one number everywhere: 0 where it is ignored, NaN where it is invalid. */
function fillLongRow(stage: SimdStage, tile: Tile, value: number): void {
  const { numbers } = stage;
  tile.losses[0] = value;
  forEachPart(stage, tile.first, (range) => {
    const slot = slotOf(stage, range.classFrom);
    numbers.fill(value, slot, slot + range.classCount);
    storeRange(stage, range, slot);
    return true;
  });
}
