import type { Fault, Tile } from '@surprisal/core';
import { findFault } from './find-fault.js';
import { loadTargets, loadVectorPart, type LabelTarget } from './label-targets.js';
import {
  learnFrom,
  loadParked,
  loadRange,
  placeRows,
  slotOf,
  storeRange,
  takeLook,
  type SimdStage,
} from './simd-stage.js';

/** A row that goes through in parts: `Tile.count` is 1. */
export function runLongRow(stage: SimdStage, target: LabelTarget, tile: Tile): Fault | undefined {
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
