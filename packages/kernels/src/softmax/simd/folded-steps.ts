import type { LogitStep } from '@surprisal/core';
import { addNumbers, addPairs, multiplyPairs, pairLow } from './pairs.js';

/**
 * Logit steps as one map, y_c = S z_c + O_c - M_c [c = label], for classes that no mask takes out. S and O are pairs, since
 * logits of float64 would else lose digits to them. With a cap a, a tanh(z_c / a) stands for z_c.
 */
export interface FoldedSteps {
  readonly scale: number;
  readonly scaleLow: number;
  /** O less the largest of its entries, which `largestOffset` is: a softmax does not see it. Absent: 0. */
  readonly offsets?: Float64Array;
  readonly offsetsLow?: Float64Array;
  readonly largestOffset: number;
  /** How far the offsets of classes that are left lie apart. */
  readonly range: number;
  readonly margins?: Float64Array;
  readonly cap?: number;
  /** The classes that are left; absent: all. */
  readonly allowed?: readonly boolean[];
}

/** What is folded so far. */
interface Folding {
  scale: number;
  scaleLow: number;
  offsets?: Float64Array;
  offsetsLow?: Float64Array;
  margins?: Float64Array;
  cap?: number;
  allowed?: readonly boolean[];
}

/** The steps as one map; undefined where one of them is no such map. */
export function foldSteps(steps: readonly LogitStep[], classes: number): FoldedSteps | undefined {
  const folding: Folding = { scale: 1, scaleLow: 0 };
  for (const step of steps) {
    if (step.kind === 'affine') foldAffine(folding, step.scale, step.offsets, classes);
    else if (step.kind === 'margin') foldMargin(folding, step.margins);
    else if (step.kind === 'classMask') foldMask(folding, step.allowed);
    else if (isScaleAlone(folding)) folding.cap = step.cap / folding.scale;
    else return undefined;
  }
  return { ...folding, ...shiftOffsets(folding) };
}

/** Whether nothing but a factor and masks acts before: t tanh(S z / t) = S a tanh(z / a), a = t / S. */
function isScaleAlone({ offsets, margins, cap }: Folding): boolean {
  return offsets === undefined && margins === undefined && cap === undefined;
}

function foldAffine(folding: Folding, scale: number, offsets: readonly number[] | undefined, classes: number): void {
  const { scale: before, scaleLow: beforeLow, margins } = folding;
  folding.scale = multiplyPairs(before, beforeLow, scale, 0);
  folding.scaleLow = pairLow[0];
  if (margins !== undefined) folding.margins = margins.map((margin) => margin * scale);
  if (offsets === undefined && folding.offsets === undefined) return;
  const { offsets: high = new Float64Array(classes), offsetsLow: low = new Float64Array(classes) } = folding;
  for (let c = 0; c < classes; c++) {
    const scaled = multiplyPairs(high[c], low[c], scale, 0);
    high[c] = addPairs(scaled, pairLow[0], offsets?.[c] ?? 0, 0);
    low[c] = pairLow[0];
  }
  folding.offsets = high;
  folding.offsetsLow = low;
}

function foldMargin(folding: Folding, margins: readonly number[]): void {
  const { margins: before } = folding;
  folding.margins = Float64Array.from(margins, (margin, c) => margin + (before?.[c] ?? 0));
}

function foldMask(folding: Folding, allowed: readonly boolean[]): void {
  const { allowed: before } = folding;
  folding.allowed = before === undefined ? allowed : allowed.map((isAllowed, c) => isAllowed && before[c]);
}

/** Takes the largest offset off all, and gives those of masked classes 0. */
function shiftOffsets({ offsets, offsetsLow, allowed }: Folding): { largestOffset: number; range: number } {
  if (offsets === undefined || offsetsLow === undefined) return { largestOffset: 0, range: 0 };
  let largest = -Infinity;
  let smallest = Infinity;
  for (let c = 0; c < offsets.length; c++) {
    if (allowed !== undefined && !allowed[c]) continue;
    if (offsets[c] > largest) largest = offsets[c];
    if (offsets[c] < smallest) smallest = offsets[c];
  }
  for (let c = 0; c < offsets.length; c++) {
    const isAllowed = allowed === undefined || allowed[c];
    const difference = addNumbers(offsets[c], -largest);
    const low = pairLow[0] + offsetsLow[c];
    offsets[c] = isAllowed ? addNumbers(difference, low) : 0;
    offsetsLow[c] = isAllowed ? pairLow[0] : 0;
  }
  return { largestOffset: largest, range: largest - smallest };
}
