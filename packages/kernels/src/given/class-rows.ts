import { positionOf, type Fault, type Problem, type Session, type Tile } from '@surprisal/core';
import { elementaryFunctions } from './elementary-functions.js';
import { exp, expm1, log } from '../scalar/index.js';
import {
  beginMeasure,
  createMeasureRows,
  loadMeasures,
  loadVector,
  vectorAt,
  type MeasureRows,
} from '../softmax/row-measures.js';
import { beginRow, fillGradient, loadLogits, loadTile, storeChunk, storeTile } from '../softmax/row-passes.js';
import { closeStage, openStage, type StageSizes } from '../softmax/row-stage.js';
import { addBlocks, clearPair, pairValue } from '../stage/block-sums.js';
import { withoutNegativeZero } from '../stage/negative-zero.js';
import { addSurprisals, createOutcomes, type Outcomes } from './outcome-costs.js';

interface GivenRows extends MeasureRows {
  /** The row or chunk at hand. */
  readonly outcomes: Outcomes;
  /** Out of which a row of probabilities does not sum to one. */
  readonly tolerance: number;
}

/** Values, gradient, target row and the five arrays of the outcomes. */
const ARRAYS = 8;

/** Rounding of softmax outputs of each type, with room for many classes. */
const TOLERANCE = { float16: 1e-3, float32: 1e-4, float64: 1e-9 } as const;

/**
 * Rows of probabilities, or of log-probabilities, in place of logits:
 *
 *     loss = sum_c u_c psi(l_c),   gradient_c = u_c psi'(l_c) / p_c from probabilities, u_c psi'(l_c) from their logarithms
 *
 * A probability below `clip` is raised to it and has gradient 0. Without mass a class costs nothing and has gradient 0,
 * with mass and probability 0 its loss is Infinity.
 */
export function openGivenRows(problem: Problem, sizes: StageSizes): Session {
  const measured = createMeasureRows(problem, sizes, problem.plan.customs.length > 0 ? 0 : ARRAYS);
  const { stage } = measured;
  const tolerance = problem.unnormalized ? Infinity : TOLERANCE[problem.logits.type];
  const rows: GivenRows = { ...measured, outcomes: createOutcomes(stage.chunk), tolerance };
  return { capacity: stage.capacity, run: (tile) => runGivenTile(rows, tile) };
}

function runGivenTile(rows: GivenRows, tile: Tile): Fault | undefined {
  openStage(rows.stage);
  loadMeasures(rows, tile);
  loadTile(rows.stage, tile);
  const fault = runRowsOfTile(rows, tile);
  closeStage(rows.stage);
  return fault;
}

function runRowsOfTile(rows: GivenRows, tile: Tile): Fault | undefined {
  const { stage, problem } = rows;
  for (let row = 0; row < tile.count; row++) {
    beginRow(stage, row);
    const fault = tile.keep[row] === 0 ? undefined : findFault(rows);
    if (tile.keep[row] === 1 && fault === undefined) runGivenRow(rows, tile, row);
    else {
      const isNaNRow =
        problem.propagate && fault !== undefined && (fault.kind === 'number' || Number.isNaN(fault.value));
      if (fault !== undefined && !isNaNRow) return fault;
      tile.losses[row] = fault === undefined ? 0 : NaN;
      fillGradient(stage, tile.losses[row]);
    }
  }
  storeTile(stage, tile);
  return undefined;
}

/** Checks the numbers of the row at hand, and that probabilities sum to one. */
function findFault({ stage, problem, statistics, tolerance }: GivenRows): Fault | undefined {
  const { classes, chunk, layout } = stage;
  const { pair } = statistics;
  const row = stage.first + stage.row;
  const areProbabilities = problem.input === 'probabilities';
  clearPair(pair);
  for (let from = 0; from < classes; from += chunk) {
    const count = Math.min(chunk, classes - from);
    loadLogits(stage, from, count);
    for (let j = 0; j < count; j++) {
      const value = stage.z[stage.zAt + j];
      if (areProbabilities ? value >= 0 && value <= 1 : value < Infinity) continue;
      return { kind: areProbabilities ? 'range' : 'number', position: positionOf(layout, row, from + j), value };
    }
    if (areProbabilities) addBlocks(pair, stage.z, stage.zAt, count);
  }
  const sum = pairValue(pair);
  if (!areProbabilities || Math.abs(sum - 1) <= tolerance) return undefined;
  return { kind: 'sum', position: positionOf(layout, row, 0), value: sum };
}

function runGivenRow(rows: GivenRows, tile: Tile, row: number): void {
  const { stage, statistics, problem, outcomes } = rows;
  const { terms, customs } = problem.plan;
  beginMeasure(rows, tile, row);
  clearPair(statistics.pair);
  for (let from = 0; from < stage.classes; from += stage.chunk) {
    const count = Math.min(stage.chunk, stage.classes - from);
    writeGivenOutcomes(rows, from, count, outcomes, customs.length > 0);
    addSurprisals(terms, outcomes, 0, count, statistics.pair);
  }
  tile.losses[row] = pairValue(statistics.pair);
  // With a custom rule rows are whole, and the outcomes are those of the row.
  const part = {
    ...outcomes,
    weights: tile.weights.subarray(row, row + 1),
    losses: tile.losses.subarray(row, row + 1),
  };
  for (const { rule, parameters } of customs)
    rule({ rows: 1, outcomes: stage.classes, ...part }, parameters, elementaryFunctions);
  if (stage.sink !== undefined) writeGradient(rows);
}

/** Log-probabilities, probabilities, complements and masses of a chunk; unless `all`, of classes with mass only. */
export function writeGivenOutcomes(
  rows: MeasureRows,
  from: number,
  count: number,
  outcomes: Outcomes,
  all: boolean,
): void {
  const { stage, problem, label, direct, spread } = rows;
  const areProbabilities = problem.input === 'probabilities';
  loadLogits(stage, from, count);
  const { z, zAt } = stage;
  const vector = loadVector(rows, from, count);
  const vAt = vectorAt(rows, from);
  outcomes.slopes.fill(0, 0, count);
  for (let j = 0; j < count; j++) {
    const mass = spread * vector[vAt + j] + (from + j === label ? direct : 0);
    outcomes.masses[j] = mass;
    if (mass === 0 && !all) continue;
    if (areProbabilities) setProbability(outcomes, j, Math.max(z[zAt + j], problem.clip));
    else setLogProbability(outcomes, j, z[zAt + j]);
  }
}

function setProbability({ logProbabilities, probabilities, complements }: Outcomes, j: number, p: number): void {
  logProbabilities[j] = log(p);
  probabilities[j] = p;
  complements[j] = 1 - p;
}

/** Log-probabilities that are not normalised may be positive; their complement is 0. */
function setLogProbability({ logProbabilities, probabilities, complements }: Outcomes, j: number, l: number): void {
  logProbabilities[j] = l;
  probabilities[j] = exp(l);
  complements[j] = l < 0 ? -expm1(l) : 0;
}

function writeGradient(rows: GivenRows): void {
  const { stage, problem, outcomes } = rows;
  const { tiny } = stage;
  for (let from = 0; from < stage.classes; from += stage.chunk) {
    const count = Math.min(stage.chunk, stage.classes - from);
    if (!stage.whole) {
      writeGivenOutcomes(rows, from, count, outcomes, false);
      addSurprisals(problem.plan.terms, outcomes, 0, count, rows.statistics.pair);
    }
    for (let j = 0; j < count; j++)
      stage.e[stage.eAt + j] = withoutNegativeZero(gradientOf(problem, outcomes, j, stage.z[stage.zAt + j]), tiny);
    storeChunk(stage, from, count);
  }
}

/** d loss / d input: the slope by l, times d l / d p = 1 / p for a probability that was not clipped. */
function gradientOf({ input, clip, gradientScale }: Problem, { slopes }: Outcomes, j: number, value: number): number {
  if (slopes[j] === 0) return 0;
  if (input === 'log-probabilities') return gradientScale * slopes[j];
  return value < clip ? 0 : (gradientScale * slopes[j]) / value;
}
