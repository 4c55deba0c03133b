import type { Fault, Problem, RowRange, Session, Tile } from '@surprisal/core';
import { clearNegativeZeros } from '../../stage/negative-zero.js';
import type { WasmProgram } from '../../wasm/wasm-program.js';
import { findFault } from './find-fault.js';
import type { FoldedSteps } from './folded-steps.js';
import {
  beginTile,
  COUNTED,
  createPlanRows,
  hideLabels,
  IGNORED,
  INVALID,
  loadLogits,
  placeOf,
  showLabel,
  type PlanRows,
} from './plan-rows.js';
import {
  beginModulation,
  createModulation,
  differentiate,
  modulate,
  ruleOfModulated,
  type Modulation,
} from './modulation.js';
import { createPlanStage, storeRange } from './plan-stage.js';
import { RECORD, RECORD_LENGTH } from './row-records.js';
import { multiplyGradient } from './softcap.js';
import { ruleOfLabel, ruleOfTarget, shiftRow } from './row-rules.js';
import type { SimdSizes } from './simd-stage.js';
import type { SoftmaxFunctions } from './softmax-program.js';
import { createTargetStage, loadTargets, sumMasses, type TargetStage } from './target-stage.js';

interface PlanSession extends PlanRows {
  /** The target rows, where the target is more than a mass at the label. */
  readonly targets: TargetStage | undefined;
  /** What target rows of a surprisal other than cross-entropy need besides. */
  readonly modulation: Modulation | undefined;
  /** The gradient at the class apart, of each row. */
  readonly apart: Float64Array;
}

/**
 * Rows of plans with logit steps, other surprisals, partition terms or other targets than labels, in four steps: the largest logit
 * of each row, its exponentials with their sums, the rule of each row (`row-rules.ts`), its gradient. Rows that fit a tile go
 * through in one piece, many at a time; a longer one in parts, each of which is loaded anew for each step.
 */
export function openPlanSession(
  program: WasmProgram<SoftmaxFunctions>,
  problem: Problem,
  steps: FoldedSteps,
  sizes: SimdSizes,
): Session {
  const stage = createPlanStage(program, problem, sizes);
  const rows = createPlanRows(problem, stage, steps);
  const session = {
    ...rows,
    targets: createTargetStage(rows),
    modulation: createModulation(rows, program.functions),
    apart: new Float64Array(stage.capacity),
  };
  return { capacity: stage.capacity, run: (tile) => run(session, tile) };
}

function run(session: PlanSession, tile: Tile): Fault | undefined {
  const { stage, problem, targets, modulation } = session;
  beginTile(session, tile);
  forEachPart(session, tile, (range) => {
    loadLogits(session, tile, range);
    hideLabels(session, tile, range);
    findTops(session, range);
  });
  for (let row = 0; row < tile.count; row++) {
    const fault = beginRow(session, tile, row);
    if (fault !== undefined) return fault;
  }
  if (!stage.whole && targets !== undefined) sumMasses(session, targets, tile);
  forEachPart(session, tile, (range) => exponentiate(session, tile, range));
  if (targets !== undefined && modulation !== undefined) {
    beginModulation(session, modulation, tile);
    forEachPart(session, tile, (range) => {
      if (!stage.whole) exponentiate(session, tile, range);
      modulate(session, modulation, targets, range);
    });
  }
  for (let row = 0; row < tile.count; row++) finishRow(session, tile, row);
  if (problem.gradient === undefined) return undefined;
  forEachPart(session, tile, (range) => {
    if (!stage.whole) exponentiate(session, tile, range);
    if (!stage.whole && targets !== undefined && modulation !== undefined)
      modulate(session, modulation, targets, range);
    writeGradient(session, tile, range);
    storeRange(stage, range);
  });
  return undefined;
}

/** The loss of a row, and what its gradient needs. */
function finishRow(session: PlanSession, tile: Tile, row: number): void {
  const { states, targets, modulation, apart } = session;
  if (states[row] !== COUNTED) tile.losses[row] = states[row] === IGNORED ? 0 : NaN;
  else if (modulation !== undefined) apart[row] = ruleOfModulated(session, modulation, tile, row);
  else apart[row] = (targets === undefined ? ruleOfLabel : ruleOfTarget)(session, tile, row);
}

function forEachPart({ stage }: PlanRows, { first, count }: Tile, visit: (range: RowRange) => void): void {
  const { classes, part } = stage;
  for (let from = 0; from < classes; from += part)
    visit({ first, count, classFrom: from, classCount: Math.min(part, classes - from) });
}

function findTops({ stage, scores, low }: PlanRows, { count, classFrom, classCount }: RowRange): void {
  const { functions, rows, records } = stage;
  const ofScores = placeOf(scores, classFrom, classCount);
  functions.findTops(rows.at, low?.at ?? 0, ofScores, records.at, classCount, count, classFrom);
}

/** Shifts a row by its largest logit; says what is wrong with one that has none. */
function beginRow(session: PlanSession, tile: Tile, row: number): Fault | undefined {
  const { stage, states, problem, steps, targets } = session;
  const records = stage.records.numbers;
  const at = row * RECORD_LENGTH;
  if (records[at + RECORD.SCORE] === records[at + RECORD.SCORE]) showLabel(session, tile.labels[row], row);
  const isValid = records[at + RECORD.SCORE] > -Infinity && Math.abs(records[at + RECORD.TOP]) < Infinity;
  if (!isValid) {
    const fault = findFault(problem, tile.first + row, steps.allowed);
    if (!problem.propagate || fault.kind !== 'number') return fault;
    states[row] = INVALID;
    forgetRow(session, row);
  }
  const isLabel = targets === undefined && states[row] === COUNTED;
  shiftRow(session, row, isLabel ? tile.labels[row] : records[at + RECORD.TOP_CLASS]);
  return undefined;
}

/** Makes an invalid row one of zeros. */
function forgetRow({ stage, low }: PlanSession, row: number): void {
  const { whole, classes, rows, records } = stage;
  const at = row * RECORD_LENGTH;
  records.numbers.fill(0, at, at + RECORD_LENGTH);
  if (!whole) return;
  rows.numbers.fill(0, row * classes, (row + 1) * classes);
  low?.numbers.fill(0, row * classes, (row + 1) * classes);
}

/** Weighs the logits by the target, where that is spread, and makes exponentials of them. */
function exponentiate(session: PlanSession, tile: Tile, range: RowRange): void {
  const { stage, low, offsets, weights, targets, modulation, steps } = session;
  const { functions, rows, records, whole } = stage;
  const { count, classFrom, classCount } = range;
  if (!whole) loadLogits(session, tile, range);
  const ofLow = low?.at ?? 0;
  if (targets !== undefined) loadTargets(session, targets, tile, range);
  if (targets !== undefined && modulation === undefined) {
    const ofOffsets = placeOf(offsets, classFrom, classCount);
    const { rows: u, stride } = targets;
    functions.weighRows(rows.at, ofLow, ofOffsets, u.at, stride, records.at, classCount, count, steps.scale);
  }
  const ofWeights = placeOf(weights, classFrom, classCount);
  const to = modulation?.exponentials.at ?? rows.at;
  // The low parts are needed again where the logits are.
  const tails = modulation === undefined ? ofLow : modulation.slopes.at;
  functions.exponentiateRows(rows.at, to, ofLow, tails, ofWeights, records.at, classCount, count, classFrom);
}

function writeGradient(session: PlanSession, tile: Tile, range: RowRange): void {
  const { stage, targets, modulation, states, softcap } = session;
  const { functions, rows, records } = stage;
  const { numbers } = rows;
  const { count, classCount } = range;
  if (modulation !== undefined) differentiate(session, modulation, range);
  else functions.scaleRows(rows.at, targets?.rows.at ?? 0, targets?.stride ?? 0, records.at, classCount, count);
  for (let row = 0; row < count; row++) {
    const at = row * classCount;
    if (states[row] === COUNTED) correctRow(session, tile, range, row);
    else numbers.fill(states[row] === IGNORED ? 0 : NaN, at, at + classCount);
  }
  if (softcap !== undefined) multiplyGradient(stage, softcap, range);
}

/** The gradient of a row where it is not that of the other classes: at the class apart, the label of a spread target, masks. */
function correctRow(
  { stage, target, apart, allowed }: PlanSession,
  { labels }: Tile,
  range: RowRange,
  row: number,
): void {
  const { numbers } = stage.rows;
  const { classFrom, classCount } = range;
  const records = stage.records.numbers;
  const record = row * RECORD_LENGTH;
  const at = row * classCount;
  if (target.kind === 'spread') {
    const index = labels[row] - classFrom;
    if (index >= 0 && index < classCount) numbers[at + index] -= records[record + RECORD.DIRECT];
  }
  const after = records[record + RECORD.AFTER];
  if (target.kind === 'label' && after !== 1) for (let j = at; j < at + classCount; j++) numbers[j] *= after;
  const index = records[record + RECORD.APART] - classFrom;
  if (index >= 0 && index < classCount) numbers[at + index] = apart[row];
  // The mask does not let the logit through, whatever mass the target has there.
  if (allowed !== undefined && target.kind !== 'label')
    stage.functions.maskRows(stage.rows.at + 4 * at, allowed.region.at, classCount, 1, 0);
  // A negative factor makes -0 of what has underflowed; so may the class apart.
  if (records[record + RECORD.FACTOR] < 0) clearNegativeZeros(numbers, at, classCount, 0);
  else if (index >= 0 && index < classCount && numbers[at + index] === 0) numbers[at + index] = 0;
}
