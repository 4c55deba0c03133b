import type { Problem, RowRange, Tile } from '@surprisal/core';
import { surprisal, surprisalSlope } from '../../given/surprisal-terms.js';
import { log1p } from '../../scalar/index.js';
import { placeOf, type PlanRows } from './plan-rows.js';
import type { Region } from './plan-stage.js';
import { RECORD, RECORD_LENGTH } from './row-records.js';
import { logPartition } from './row-rules.js';
import type { SoftmaxFunctions } from './softmax-program.js';
import type { TargetStage } from './target-stage.js';

/** What target rows of a surprisal other than cross-entropy need: exponentials beside the logits, and slopes. */
export interface Modulation {
  readonly functions: SoftmaxFunctions;
  readonly exponentials: Region;
  readonly slopes: Region;
  /** Coefficient, power and order of each term. */
  readonly terms: Region;
  /** Cost and slope of the class with the largest logit, of each row: the one whose probability may be near 1. */
  readonly costs: Float64Array;
  readonly slopesOfTop: Float64Array;
}

/** (1 - p^q) / q keeps the digits of float32 down to here. */
const SMALLEST_ORDER = 2 ** -20;

/** Whether the surprisal of target rows can be computed here: for float32, and orders of a usual size. */
export function modulates({ logits, plan }: Problem): boolean {
  return logits.type !== 'float64' && plan.terms.every(({ order }) => order === 0 || order >= SMALLEST_ORDER);
}

export function createModulation(rows: PlanRows, functions: SoftmaxFunctions): Modulation | undefined {
  const { stage, target, problem } = rows;
  const { terms, crossEntropy } = problem.plan;
  if (target.kind === 'label' || crossEntropy) return undefined;
  const room = stage.capacity * stage.part;
  return {
    functions,
    exponentials: stage.reserve(room),
    slopes: stage.reserve(room),
    terms: stage.reserveWide(3 * terms.length),
    costs: new Float64Array(stage.capacity),
    slopesOfTop: new Float64Array(stage.capacity),
  };
}

/** After the sums are known: what the passes need of each row, and the class with the largest logit by itself. */
export function beginModulation({ stage, problem }: PlanRows, modulation: Modulation, { count }: Tile): void {
  const { terms } = problem.plan;
  modulation.terms.numbers.set(terms.flatMap(({ coefficient, power, order }) => [coefficient, power, order]));
  const records = stage.records.numbers;
  for (let row = 0; row < count; row++) {
    const at = row * RECORD_LENGTH;
    const own = records[at + RECORD.OWN];
    const rest = records[at + RECORD.REST] + records[at + RECORD.REST + 1];
    const total = own + rest;
    const cost = log1p(rest / own);
    const mass = records[at + RECORD.OWN_MASS];
    modulation.costs[row] = mass === 0 ? 0 : mass * surprisal(terms, -cost, rest / total);
    modulation.slopesOfTop[row] = mass === 0 ? 0 : mass * surprisalSlope(terms, -cost, own / total, rest / total);
    records[at + RECORD.FACTOR] = 1 / total;
    records[at + RECORD.PULL] = cost;
    records.fill(0, at + RECORD.GAPS, at + RECORD.GAPS + 4);
    // The sums of a row in parts are made anew, part by part.
    if (!stage.whole) records.fill(0, at + RECORD.REST, at + RECORD.REST + 2);
  }
}

/** Makes the slopes of a range, and adds its costs and slopes to the records. */
export function modulate(rows: PlanRows, modulation: Modulation, targets: TargetStage, range: RowRange): void {
  const { stage, low, offsets, steps, problem } = rows;
  const { count, classFrom, classCount } = range;
  const records = stage.records.numbers;
  for (let row = 0; row < count; row++) {
    const index = records[row * RECORD_LENGTH + RECORD.APART] - classFrom;
    if (index >= 0 && index < classCount) targets.rows.numbers[row * classCount + index] = 0;
  }
  modulation.functions.modulateRows32(
    stage.rows.at,
    modulation.exponentials.at,
    low?.at ?? 0,
    placeOf(offsets, classFrom, classCount),
    targets.rows.at,
    modulation.slopes.at,
    stage.records.at,
    classCount,
    count,
    steps.scale,
    modulation.terms.at,
    problem.plan.terms.length,
  );
}

/**
 * The rule of a target row u under a surprisal psi: loss s (sum u_c psi(l_c) + strength lse^2), gradient_j = s (u_j psi'_j (1 - p_j) - p_j
 * (the sum of the other u_c psi'_c - t)), t = 2 strength lse. Returns the gradient at the largest logit.
 */
export function ruleOfModulated(rows: PlanRows, modulation: Modulation, tile: Tile, row: number): number {
  const { stage, problem, steps } = rows;
  const { partition } = problem.plan;
  const records = stage.records.numbers;
  const at = row * RECORD_LENGTH;
  const own = records[at + RECORD.OWN];
  const rest = records[at + RECORD.REST] + records[at + RECORD.REST + 1];
  const total = own + rest;
  const weight = tile.weights[row];
  const costs =
    records[at + RECORD.GAPS] === Infinity ? Infinity : records[at + RECORD.GAPS] + records[at + RECORD.GAPS + 1];
  tile.losses[row] = weight === 0 ? 0 : weight * (costs + modulation.costs[row]);
  let push = 0;
  if (partition !== 0) {
    const lse = logPartition(rows, records, at, total);
    tile.losses[row] += weight * partition * lse * lse;
    push = 2 * partition * lse;
  }
  const others = records[at + RECORD.MASS] + records[at + RECORD.MASS + 1] - push;
  const ofTop = modulation.slopesOfTop[row];
  const scale = problem.gradientScale * steps.scale * weight;
  records[at + RECORD.SUM] = others + ofTop;
  records[at + RECORD.SCALE] = scale;
  return (scale * (ofTop * rest - own * others)) / total;
}

/** Makes the gradient of a range, in place of its logits. */
export function differentiate({ stage }: PlanRows, modulation: Modulation, { count, classCount }: RowRange): void {
  const { functions, exponentials, slopes } = modulation;
  functions.differentiateRows32(exponentials.at, stage.rows.at, slopes.at, stage.records.at, classCount, count);
}
