import { positionOf, type Fault } from '@surprisal/core';
import { log, log1p } from '../scalar/index.js';
import { clearPair, pairValue, sumOfBlock } from '../stage/block-sums.js';
import { exponentials } from './exponentials.js';
import { loadExponentials, loadLogits, shiftRow } from './row-passes.js';
import { USUAL_SHIFT, type RowStage } from './row-stage.js';

/** What the passes over a row find, in units of the row's shift: e_c = exp(z_c - base) 2^-shift. */
export interface RowStatistics {
  /** e of the class left out of the sum: the label of a hard row, the largest logit of any other. */
  own: number;
  /** The sum of all other e_c. It serves both loss, log(1 + rest / own), and gradient, -rest / total at a label. */
  rest: number;
  /** own + rest. */
  total: number;
  /** The largest logit and its class; -1 where there is none but NaN and -Infinity. */
  top: number;
  topClass: number;
  /** What rounding took from the surprisal that `surprisalOfFar` returned. */
  lostOfFar: number;
  readonly pair: Float64Array;
}

/** Above it subtracting the maximum is exact, up to it the exponential needs no subtraction. */
const LARGEST_UNSHIFTED = 2048;
/** The exponential of the largest logit is brought near 2^64, far from both ends of the range. */
const HEADROOM = 64;
const INVERSE_LN2 = 1.4426950408889634;
const TWO_512 = 1.3407807929942597e154;
const TWO_MINUS_256 = 8.636168555094445e-78;
/** 2^-511: beside a sum of up to 2^512, rest / own stays below the largest number. */
const SMALLEST_OWN = 1.4916681462400413e-154;

export function createRowStatistics(): RowStatistics {
  // Fractions, so that the engine stores floating-point numbers in these fields from the start.
  return { own: 0.5, rest: 0.5, total: 0.5, top: 0.5, topClass: -1, lostOfFar: 0.5, pair: new Float64Array(2) };
}

/** Sums the exponentials of the row at hand without those of class `without`, whose own one becomes 0 in whole rows. */
export function sumWithout(stage: RowStage, statistics: RowStatistics, without: number): void {
  const { e, classes, chunk, kernel } = stage;
  const { pair } = statistics;
  statistics.own = 0;
  if (classes <= 32) {
    loadExponentials(stage, 0, classes);
    statistics.own = takeOut(e, stage.eAt, without);
    statistics.rest = sumOfBlock(e, stage.eAt, classes);
  } else {
    clearPair(pair);
    for (let from = 0; from < classes; from += chunk) {
      const count = Math.min(chunk, classes - from);
      loadExponentials(stage, from, count);
      if (without >= from && without < from + count) statistics.own = takeOut(e, stage.eAt, without - from);
      kernel.addBlocks(pair, e, stage.eAt, count);
    }
    statistics.rest = pairValue(pair);
  }
  statistics.total = statistics.rest + statistics.own;
}

function takeOut(e: Float64Array, at: number, index: number): number {
  if (index < 0) return 0;
  const own = e[at + index];
  e[at + index] = 0;
  return own;
}

/**
 * Whether the usual shift is right for the row: nothing overflowed (the sum would be larger), what underflowed is below the
 * smallest normal number beside the sum, and there is no NaN.
 */
export function isUsual(total: number, own: number): boolean {
  return total >= 1 && total <= TWO_512 && own >= SMALLEST_OWN;
}

/** Whether the class left out lies so far below the largest logit that its exponential says little. */
export function hasUnderflowed({ own }: RowStatistics): boolean {
  return own < SMALLEST_OWN;
}

/** One staged logit of the row at hand. */
export function logitOf(stage: RowStage, index: number): number {
  if (stage.whole) return stage.z[stage.zAt + index];
  loadLogits(stage, index, 1);
  return stage.z[stage.zAt];
}

/** Finds the largest logit of the row at hand. */
export function findTop(stage: RowStage, statistics: RowStatistics): void {
  const { classes, chunk, z } = stage;
  let top = -Infinity;
  let topClass = -1;
  for (let from = 0; from < classes; from += chunk) {
    const count = Math.min(chunk, classes - from);
    loadLogits(stage, from, count);
    const index = indexOfLargest(z, stage.zAt, count, top);
    if (index < 0) continue;
    top = z[stage.zAt + index];
    topClass = from + index;
  }
  statistics.top = top;
  statistics.topClass = topClass;
}

/** The first index of the largest number above `largest`; -1 when there is none. NaN is not above anything. */
function indexOfLargest(z: Float64Array, at: number, count: number, largest: number): number {
  let index = -1;
  let j = at;
  // Four numbers a turn take half the time of one.
  for (const end = at + count - 3; j < end; j += 4) {
    if (z[j] > largest) largest = z[(index = j)];
    if (z[j + 1] > largest) largest = z[(index = j + 1)];
    if (z[j + 2] > largest) largest = z[(index = j + 2)];
    if (z[j + 3] > largest) largest = z[(index = j + 3)];
  }
  for (const end = at + count; j < end; j++) if (z[j] > largest) largest = z[(index = j)];
  return index < 0 ? -1 : index - at;
}

/**
 * Shifts the row at hand so that its largest exponential is near 2^64, after `findTop`: for the rows that `isUsual` refuses.
 * Returns what is wrong where no shift can help.
 */
export function shiftToTop(stage: RowStage, { top, total }: RowStatistics): Fault | undefined {
  if (!(Math.abs(top) < Infinity) || total !== total) return findFault(stage);
  const base = Math.abs(top) <= LARGEST_UNSHIFTED ? 0 : top;
  shiftRow(stage, base, Math.round((top - base) * INVERSE_LN2) - HEADROOM);
  return undefined;
}

/** Finds the largest logit of the row at hand and sums the exponentials of all others, with whichever shift is right. */
export function sumAroundTop(stage: RowStage, statistics: RowStatistics): Fault | undefined {
  findTop(stage, statistics);
  sumWithout(stage, statistics, statistics.topClass);
  if (isUsual(statistics.total, statistics.own)) return undefined;
  const fault = shiftToTop(stage, statistics);
  if (fault === undefined) sumWithout(stage, statistics, statistics.topClass);
  return fault;
}

/** The first NaN or +Infinity of the row at hand, or that all of it is masked. */
export function findFault(stage: RowStage): Fault | undefined {
  const { classes, chunk, z, layout } = stage;
  const row = stage.first + stage.row;
  let masked = true;
  for (let from = 0; from < classes; from += chunk) {
    const count = Math.min(chunk, classes - from);
    loadLogits(stage, from, count);
    for (let j = 0; j < count; j++) {
      const value = z[stage.zAt + j];
      if (!(value < Infinity)) return { kind: 'number', position: positionOf(layout, row, from + j), value };
      masked &&= value === -Infinity;
    }
  }
  return masked ? { kind: 'masked', position: positionOf(layout, row, 0), value: -Infinity } : undefined;
}

/** log(1 + rest / own): the surprisal of the class left out, whose exponential must not have underflowed. */
export function surprisalOfOwn({ rest, own }: RowStatistics): number {
  return log1p(rest / own);
}

/** The surprisal of a class far below the largest logit, for a row that has been shifted to it. */
export function surprisalOfFar(stage: RowStage, statistics: RowStatistics, logit: number): number {
  const { total, top } = statistics;
  const gap = top - logit;
  const logarithm = log(total / exponentialOf(stage, statistics, top));
  const sum = gap + logarithm;
  // The rounding errors of the difference, by two-sum, and of the sum, by Dekker's form of it for |gap| >= logarithm.
  const virtual = gap - top;
  statistics.lostOfFar = top - (gap - virtual) - (logit + virtual) + (logarithm - (sum - gap));
  return sum;
}

/** exp(logit - base) 2^-shift of one number, as the row at hand has it. */
export function exponentialOf({ base, shift }: RowStage, { pair }: RowStatistics, logit: number): number {
  pair[0] = logit;
  exponentials(pair, 0, pair, 1, 1, base, shift);
  return pair[1];
}

/** log sum_c exp(z_c), of whichever shift. */
export function logPartition(stage: RowStage, statistics: RowStatistics): number {
  const { total, top } = statistics;
  if (stage.shift === USUAL_SHIFT && stage.base === 0) return log(total * TWO_MINUS_256);
  return top + log(total / exponentialOf(stage, statistics, top));
}
