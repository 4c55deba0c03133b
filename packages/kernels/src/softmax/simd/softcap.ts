import type { RowRange } from '@surprisal/core';
import { pow } from '../../scalar/index.js';
import type { PlanStage, Region } from './plan-stage.js';

/** A softcap of logits, z' = a tanh(z / a). */
export interface Softcap {
  readonly cap: number;
  /** Logits up to here need float32 arithmetic alone. */
  readonly limit: number;
  /** 1 - tanh^2 of the logits at hand. */
  readonly slopes: Region;
}

/** Half a unit of what is taken off costs half a unit of an exponential where that is at most so much. */
const LARGEST_TAKEN = 0.5;
/** The polynomial is good for |z| / a up to here. */
const LARGEST_RATIO = 0.5;

export function createSoftcap(stage: PlanStage, cap: number): Softcap {
  // z - a tanh(z / a) is z^3 / 3 a^2 at most.
  const limit = Math.min(pow(3 * LARGEST_TAKEN * cap * cap, 1 / 3), LARGEST_RATIO * cap);
  return { cap, limit, slopes: stage.reserve(stage.capacity * stage.part) };
}

/** Caps the logits of a range. */
export function capRange(stage: PlanStage, { cap, limit, slopes }: Softcap, low: Region, range: RowRange): void {
  stage.functions.capLogits(stage.rows.at, low.at, slopes.at, range.count * range.classCount, cap, limit);
}

/** Makes the gradient one by the logits as given. */
export function multiplyGradient({ functions, rows }: PlanStage, { slopes }: Softcap, range: RowRange): void {
  functions.multiplyBySlopes(rows.at, slopes.at, range.count * range.classCount);
}
