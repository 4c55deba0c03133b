import type { Fault, LabelMeasure, Problem, Session, Tile } from '@surprisal/core';
import { log1p } from '../scalar/index.js';
import { sumOfBlock } from '../stage/block-sums.js';
import { surprisal, surprisalSlope } from '../given/surprisal-terms.js';
import { loadExponentials, storeChunk } from './row-passes.js';
import { createRowStage, type RowStage, type StageSizes } from './row-stage.js';
import {
  createRowStatistics,
  findTop,
  hasUnderflowed,
  isUsual,
  logitOf,
  logPartition,
  shiftToTop,
  sumWithout,
  surprisalOfFar,
  surprisalOfOwn,
  type RowStatistics,
} from './row-statistics.js';
import { runRows, type RowRun } from './run-rows.js';
import { clearNegativeZeros, withoutNegativeZero } from '../stage/negative-zero.js';
import { isSplit } from './scale-pass.js';

interface LabelRows extends RowRun {
  readonly measure: LabelMeasure;
}

/**
 * Rows whose whole target is a mass d at the label y:
 *
 *     loss = d psi(l_y) + s strength lse^2,   -l_y = log1p(rest / e_y)
 *     gradient_j = (F + T) e_j / total,   gradient_y = T e_y / total - F rest / total
 *
 * with F = -d psi'(l_y), T = 2 s strength lse, and rest the sum of all exponentials without the label's.
 */
export function openLabelRows(problem: Problem, measure: LabelMeasure, sizes: StageSizes): Session {
  const stage = createRowStage(problem, sizes, 2);
  const rows: LabelRows = { problem, stage, statistics: createRowStatistics(), measure };
  const { crossEntropy, partition } = problem.plan;
  const isSmall = stage.whole && stage.classes <= 32 && crossEntropy && partition === 0;
  const runRow = isSmall ? runSmallRow : runLabelRow;
  return { capacity: stage.capacity, run: (tile) => runRows(rows, tile, runRow) };
}

/**
 * Plain cross-entropy of a row of at most 32 classes in one piece, for rows that need no shift; there the calls and the
 * bookkeeping of `runLabelRow`, which gives the same bits, take longer than the arithmetic.
 */
function runSmallRow(rows: LabelRows, tile: Tile, row: number): Fault | undefined {
  const { stage, measure, problem } = rows;
  const { e, eAt, classes } = stage;
  const label = tile.labels[row];
  const own = e[eAt + label];
  e[eAt + label] = 0;
  const rest = sumOfBlock(e, eAt, classes);
  const total = rest + own;
  if (!isUsual(total, own)) {
    e[eAt + label] = own;
    return runLabelRow(rows, tile, row);
  }
  const { directWeights } = measure;
  const mass = tile.weights[row] * measure.direct * (directWeights === undefined ? 1 : directWeights[label]);
  tile.losses[row] = mass === 0 ? 0 : mass * log1p(rest / own);
  if (stage.sink === undefined) return undefined;
  const pull = mass * problem.gradientScale * stage.steps.scale;
  const ofLabel = -(pull * rest) / total;
  if (isSplit(pull, total)) {
    writeGradient(stage, label, pull, total, ofLabel);
    return undefined;
  }
  const factor = pull / total;
  for (let j = eAt; j < eAt + classes; j++) e[j] *= factor;
  e[eAt + label] = withoutNegativeZero(ofLabel, stage.tiny);
  return undefined;
}

function runLabelRow({ problem, measure, stage, statistics }: LabelRows, tile: Tile, row: number): Fault | undefined {
  const label = tile.labels[row];
  sumWithout(stage, statistics, label);
  if (!isUsual(statistics.total, statistics.own)) {
    const fault = sumShifted(stage, statistics, label);
    if (fault !== undefined) return fault;
  }
  const { plan, gradientScale } = problem;
  const weight = tile.weights[row];
  const mass = weight * measure.direct * (measure.directWeights === undefined ? 1 : measure.directWeights[label]);
  const cost = surprisalOfLabel(stage, statistics, label);
  const { own, rest, total } = statistics;
  let loss = cost;
  let pull = mass * gradientScale * stage.steps.scale;
  if (!plan.crossEntropy) {
    loss = surprisal(plan.terms, -cost, rest / total);
    const lost = hasUnderflowed(statistics) ? statistics.lostOfFar : 0;
    pull *= -surprisalSlope(plan.terms, -cost, own / total, rest / total, -lost);
  }
  // No mass, no loss: not even where the surprisal is infinite.
  loss = mass === 0 ? 0 : mass * loss;
  let push = 0;
  if (plan.partition !== 0) {
    const lse = logPartition(stage, statistics);
    loss += weight * plan.partition * lse * lse;
    push = gradientScale * stage.steps.scale * weight * 2 * plan.partition * lse;
  }
  tile.losses[row] = loss;
  if (stage.sink !== undefined)
    writeGradient(stage, label, pull + push, total, (push * own) / total - (pull * rest) / total);
  return undefined;
}

function sumShifted(stage: RowStage, statistics: RowStatistics, label: number): Fault | undefined {
  findTop(stage, statistics);
  const fault = shiftToTop(stage, statistics);
  if (fault === undefined) sumWithout(stage, statistics, label);
  return fault;
}

function surprisalOfLabel(stage: RowStage, statistics: RowStatistics, label: number): number {
  return hasUnderflowed(statistics)
    ? surprisalOfFar(stage, statistics, logitOf(stage, label))
    : surprisalOfOwn(statistics);
}

function writeGradient(stage: RowStage, label: number, factor: number, total: number, ofLabel: number): void {
  const { e, classes, chunk, kernel } = stage;
  const split = isSplit(factor, total);
  for (let from = 0; from < classes; from += chunk) {
    const count = Math.min(chunk, classes - from);
    loadExponentials(stage, from, count);
    if (split) kernel.scaleBy(e, stage.eAt, count, 1 / total);
    kernel.scaleBy(e, stage.eAt, count, split ? factor : factor / total);
    // A log-partition below 0 pushes with a negative factor, which makes -0 of what has underflowed.
    if (factor < 0) clearNegativeZeros(e, stage.eAt, count, stage.tiny);
    if (label >= from && label < from + count) e[stage.eAt + label - from] = withoutNegativeZero(ofLabel, stage.tiny);
    storeChunk(stage, from, count);
  }
}
