import type { Fault, LabelMeasure, Problem, Session, Tile } from '@surprisal/core';
import { addBlocks, pairValue } from '../../stage/block-sums.js';
import type { WasmProgram } from '../../wasm/wasm-program.js';
import { findFault } from './find-fault.js';
import {
  copy,
  loadLogits,
  openShortStage,
  placeOfGradient,
  spoilRow,
  storeGradient,
  type Numbers,
  type ShortMemory,
  type ShortStage,
} from './short-stage.js';
import type { SoftmaxFunctions } from './softmax-program.js';

/**
 * The most classes of a row that goes through beside others, a lane for each, where lanes are narrower than what serves one
 * row at a time: measured, with logits and exponentials of a group of rows in the first-level cache.
 */
export const LONGEST_SHORT = { float32: 255, float64: 47 } as const;

/** A session, its target, and v in the type of the logits. */
interface ShortSession {
  readonly functions: SoftmaxFunctions;
  readonly stage: ShortStage;
  readonly measure: LabelMeasure;
  readonly vector: Numbers | undefined;
  readonly mass: number;
}

/** Cross-entropy of short rows whose target is u = d [c = y] + b v. `assembly/softmax/short-rows.ts` has the formulas. */
export function openShortSession(
  program: WasmProgram<SoftmaxFunctions>,
  problem: Problem,
  measure: LabelMeasure,
): Session {
  const stage = openShortStage(program, problem);
  const vector = measure.vector && rounded(measure.vector, problem);
  const session = { functions: program.functions, stage, measure, vector, mass: vector ? massOf(vector) : 0 };
  return {
    capacity: stage.capacity,
    readsTargets: problem.hardTargets !== undefined,
    run: (tile) => runTile(session, tile),
  };
}

/**
 * Whether rows are short, and their target is one of labels, whose v a float32 row can bear: no number of it may lose its digits
 * to a narrow range.
 */
export function bearsShort(
  measure: LabelMeasure | undefined,
  { logits, layout, targets }: Problem,
): measure is LabelMeasure {
  const longest = logits.type === 'float64' ? LONGEST_SHORT.float64 : LONGEST_SHORT.float32;
  if (measure === undefined || targets !== undefined || layout.classes > longest) return false;
  const { vector } = measure;
  if (vector === undefined || logits.type === 'float64') return true;
  return vector.every((value) => value === 0 || (value > 1e-30 && value < 1e30));
}

/** v as the module reads it. The loss is exact for what came out, which is a rounding away. */
function rounded(vector: Float64Array, { logits }: Problem): Numbers {
  return logits.type === 'float64' ? vector : new Float32Array(vector);
}

function massOf(vector: Numbers): number {
  const pair = new Float64Array(2);
  addBlocks(pair, new Float64Array(vector), 0, vector.length);
  return pairValue(pair);
}

function runTile(session: ShortSession, tile: Tile): Fault | undefined {
  const { stage, functions } = session;
  const { problem, classes, memory } = stage;
  const { labels, losses } = memory;
  const { first, count } = tile;
  const at = loadLogits(stage, first, count);
  const gradientAt = placeOfGradient(stage, first);
  loadTargets(session, tile);
  for (let row = 0; ; row++) {
    row = stage.run(at, gradientAt, classes, row, count, labels.byteOffset);
    if (row === count) break;
    const fault = findFault(problem, first + row);
    if (!problem.propagate || fault.kind !== 'number') return fault;
    losses[row] = NaN;
    if (gradientAt !== 0) spoilRow(stage, first, row);
  }
  storeLosses(functions, stage, tile);
  storeGradient(stage, first, count);
  return undefined;
}

/** Summing fewer losses takes no longer than asking for their sum. */
const FEW = 32;

/** Brings the losses of a tile, or their exact sum, out of the memory. */
function storeLosses({ sumLosses64 }: SoftmaxFunctions, { problem, memory: { losses } }: ShortStage, tile: Tile): void {
  const { count } = tile;
  if (problem.sumsOnly === true && count >= FEW) tile.summed = sumLosses64(losses.byteOffset, count);
  const numbers = tile.summed > 0 ? tile.summed : count;
  copy(losses, tile.losses, numbers);
}

/** Which rows count, their labels, d and b. */
function loadTargets({ functions, stage, measure, vector, mass }: ShortSession, tile: Tile): void {
  const { labels, masses, losses, spreads, keep } = stage.memory;
  const { count, uniform } = tile;
  loadLabels(stage, tile);
  weigh(masses, tile, labels, measure.direct, measure.directWeights);
  if (vector !== undefined) {
    stage.vector.set(vector);
    weigh(spreads, tile, labels, measure.spread, measure.spreadWeights);
  }
  if (!uniform) {
    copy(tile.keep, keep, count);
    leaveOut(stage.memory, count);
  }
  functions.setTile(
    uniform ? 0 : keep.byteOffset,
    masses.byteOffset,
    losses.byteOffset,
    spreads.byteOffset,
    stage.problem.gradientScale,
    vector === undefined ? 0 : stage.vector.byteOffset,
    mass,
  );
}

/** Labels from where core read them, or from the caller's array, which core has looked through. */
function loadLabels({ problem: { hardTargets }, memory }: ShortStage, { first, count, labels }: Tile): void {
  if (hardTargets === undefined) copy(labels, memory.labels, count);
  else memory.labels.set(count === hardTargets.length ? hardTargets : hardTargets.subarray(first, first + count));
}

/** The mass of each row: weight of the sample, of the plan, of the label. */
function weigh(
  into: Float64Array,
  { count, uniform, weights }: Tile,
  labels: Int32Array,
  mass: number,
  ofLabels: Float64Array | undefined,
): void {
  if (ofLabels !== undefined)
    for (let row = 0; row < count; row++) into[row] = weights[row] * mass * ofLabels[labels[row]];
  else if (uniform) into.fill(mass, 0, count);
  else for (let row = 0; row < count; row++) into[row] = weights[row] * mass;
}

/** A row that is left out goes through with the others, as one of zeros without mass; its label may be any. */
function leaveOut({ keep, labels, masses, spreads }: ShortMemory, count: number): void {
  for (let row = 0; row < count; row++) {
    if (keep[row] === 1) continue;
    labels[row] = 0;
    masses[row] = 0;
    spreads[row] = 0;
  }
}
