import type { LabelMeasure, Problem, RowRange, Tile } from '@surprisal/core';
import type { FoldedSteps } from './folded-steps.js';
import { SCORE_FACTOR, planNumbers, weightsOf } from './plan-numbers.js';
import { loadRange, type PlanStage, type Region } from './plan-stage.js';
import { targetKind, type TargetKind } from './plan-targets.js';
import { addNumbers, dividePairs, pairLow } from './pairs.js';
import { capRange, createSoftcap, type Softcap } from './softcap.js';
import { RECORD, RECORD_LENGTH } from './row-records.js';

/** A vector over the classes: where the part at hand lies in the program's memory, and all of it. */
export interface ClassVector {
  readonly region: Region;
  readonly all: Float32Array | Float64Array;
}

/** What a row is: one that counts, one that is ignored, one that `propagate` lets through. */
export const IGNORED = 0;
export const COUNTED = 1;
export const INVALID = 2;

/** A session's rows, and what its plan makes of them. */
export interface PlanRows {
  readonly problem: Problem;
  readonly stage: PlanStage;
  readonly steps: FoldedSteps;
  readonly constants: Float64Array;
  readonly target: TargetKind;
  readonly measure: LabelMeasure;
  /**
   * What scores add, what the exponentials are multiplied by, and O itself. The largest of labels' rows is sought without scores:
   * no gap is taken from it there that must not be negative.
   */
  readonly scores: ClassVector | undefined;
  readonly weights: ClassVector | undefined;
  readonly offsets: ClassVector | undefined;
  /** What rounding took from the logits, where margins in the row or a softcap make it. */
  readonly low: Region | undefined;
  /** Whether margins move labels in their rows; else what they make of a label is only in its record. */
  readonly moves: boolean;
  readonly softcap: Softcap | undefined;
  /** 1, or 0 for the classes that a mask takes out. */
  readonly allowed: ClassVector | undefined;
  /** `COUNTED` and so on, of each row of the tile. */
  readonly states: Uint8Array;
}

const NO_MEASURE: LabelMeasure = { direct: 1, spread: 0 };

export function createPlanRows(problem: Problem, stage: PlanStage, steps: FoldedSteps): PlanRows {
  const { part, capacity } = stage;
  const { offsets, margins, cap, allowed } = steps;
  const target = targetKind(problem);
  const moves = margins !== undefined && target.kind !== 'label';
  return {
    problem,
    stage,
    steps,
    constants: planNumbers(steps),
    target,
    measure: problem.plan.labelMeasure ?? NO_MEASURE,
    scores: classVector(stage, target.kind === 'label' ? undefined : offsets?.map((offset) => offset * SCORE_FACTOR)),
    weights: classVector(stage, offsets && weightsOf(steps)),
    offsets: offsets && { region: stage.reserveWide(part), all: offsets },
    low: moves || cap !== undefined ? stage.reserve(capacity * part) : undefined,
    moves,
    softcap: cap === undefined ? undefined : createSoftcap(stage, cap),
    allowed: classVector(stage, allowed && Float64Array.from(allowed, Number)),
    states: new Uint8Array(capacity),
  };
}

/** A vector in float32. */
export function classVector(stage: PlanStage, all: Float64Array | undefined): ClassVector | undefined {
  return all && { region: stage.reserve(stage.part), all: new Float32Array(all) };
}

/** Says of each row of a tile whether it counts, and forgets what the records hold. */
export function beginTile({ stage, constants, states }: PlanRows, { keep, count }: Tile): void {
  const { records } = stage;
  stage.constants.numbers.set(constants);
  records.numbers.fill(0, 0, count * RECORD_LENGTH);
  for (let row = 0, at = 0; row < count; row++, at += RECORD_LENGTH) {
    states[row] = keep[row] === 0 ? IGNORED : COUNTED;
    records.numbers[at + RECORD.SCORE] = -Infinity;
    records.numbers[at + RECORD.TOP_CLASS] = -1;
  }
}

/** Brings logits into the memory and applies those steps that are not in the numbers of the plan: masks and margins. */
export function loadLogits(rows: PlanRows, tile: Tile, range: RowRange): void {
  const { stage, states, allowed, low, softcap, problem } = rows;
  loadRange(stage, problem.logits, range, stage.rows);
  zeroOthers(rows, range);
  if (softcap === undefined) low?.numbers.fill(0, 0, range.count * range.classCount);
  else if (low !== undefined) capRange(stage, softcap, low, range);
  if (tile.labels.length > 0)
    for (let row = 0; row < range.count; row++)
      if (states[row] === COUNTED) moveLabel(rows, tile.labels[row], range, row);
  if (allowed === undefined) return;
  const { classFrom, classCount, count } = range;
  stage.functions.maskRows(stage.rows.at, placeOf(allowed, classFrom, classCount), classCount, count, -Infinity);
  zeroOthers(rows, range);
}

/** A row that does not count goes through as zeros: nothing of it is looked at. */
function zeroOthers({ stage, states }: PlanRows, range: RowRange): void {
  for (let row = 0; row < range.count; row++)
    if (states[row] !== COUNTED) stage.rows.numbers.fill(0, row * range.classCount, (row + 1) * range.classCount);
}

/**
 * Takes its margin off the label's logit, in the units of the logits as given, and keeps the result, with all its digits, in the
 * record. In the row it is hidden where a rule needs no other, or else is rounded, with the rest beside it.
 */
function moveLabel({ stage, steps, low, moves }: PlanRows, label: number, range: RowRange, row: number): void {
  const index = label - range.classFrom;
  if (index < 0 || index >= range.classCount) return;
  const { numbers } = stage.rows;
  const records = stage.records.numbers;
  const at = row * range.classCount + index;
  const record = row * RECORD_LENGTH;
  const { margins, scale, scaleLow, allowed } = steps;
  records[record + RECORD.LABEL] = allowed === undefined || allowed[label] ? numbers[at] : -Infinity;
  records[record + RECORD.LABEL_LOW] = low === undefined ? 0 : low.numbers[at];
  if (margins === undefined || !(Math.abs(numbers[at]) < Infinity)) return;
  const shift = dividePairs(margins[label], 0, scale, scaleLow);
  const shiftLow = pairLow[0];
  const moved = addNumbers(numbers[at], -shift);
  const rest = pairLow[0] - shiftLow + records[record + RECORD.LABEL_LOW];
  numbers[at] = moved;
  const rounded = numbers[at];
  if (records[record + RECORD.LABEL] > -Infinity) records[record + RECORD.LABEL] = rounded;
  records[record + RECORD.LABEL_LOW] = moved - rounded + rest;
  if (!moves) numbers[at] = -Infinity;
  else if (low !== undefined) low.numbers[at] = records[record + RECORD.LABEL_LOW];
}

/** Hides the labels that a margin has moved while the largest of the others is sought: they must be compared with all digits. */
export function hideLabels({ stage, states, moves }: PlanRows, { labels }: Tile, range: RowRange): void {
  if (!moves) return;
  const { numbers } = stage.rows;
  for (let row = 0; row < range.count; row++) {
    const index = labels[row] - range.classFrom;
    const at = row * range.classCount + index;
    // NaN and Infinity stay, to be found.
    const isHidden = states[row] === COUNTED && index >= 0 && index < range.classCount;
    if (isHidden && Math.abs(numbers[at]) < Infinity) numbers[at] = -Infinity;
  }
}

/** Shows the label of a row again, and makes it the largest where it is. */
export function showLabel({ stage, steps, moves, scores }: PlanRows, label: number, row: number): void {
  if (steps.margins === undefined) return;
  const records = stage.records.numbers;
  const at = row * RECORD_LENGTH;
  const logit = records[at + RECORD.LABEL];
  if (!(Math.abs(logit) < Infinity)) return;
  if (stage.whole && moves) stage.rows.numbers[row * stage.classes + label] = logit;
  const top = records[at + RECORD.TOP_CLASS];
  const { scale, offsets } = steps;
  const offset = offsets === undefined || scores === undefined || top < 0 ? 0 : offsets[label] - offsets[top];
  const above = logit - records[at + RECORD.TOP] + records[at + RECORD.LABEL_LOW];
  if (top >= 0 && !(scale * above + offset > 0)) return;
  records[at + RECORD.TOP] = logit;
  records[at + RECORD.TOP_LOW] = records[at + RECORD.LABEL_LOW];
  records[at + RECORD.TOP_CLASS] = label;
  records[at + RECORD.SCORE] = 0;
}

/** Brings the part of a class vector that belongs to some classes; 0 where there is none. */
export function placeOf(vector: ClassVector | undefined, from: number, count: number): number {
  if (vector === undefined) return 0;
  const { region, all } = vector;
  region.numbers.set(count === all.length ? all : all.subarray(from, from + count));
  return region.at;
}
