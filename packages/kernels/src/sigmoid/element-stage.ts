import type { NumberSink, NumberSource, Problem, Tile } from '@surprisal/core';
import { roundsToZero } from '../stage/negative-zero.js';
import { borrowScratch, returnScratch } from '../stage/scratch.js';
import { applyElementSteps, multiplyBySlopes, stageElementSteps, type StagedElementSteps } from './element-steps.js';
import { createOutcomeProbabilities, type OutcomeProbabilities } from './outcome-probabilities.js';

/** The logits of a tile of elements and what is made of them, as float64. */
export interface ElementStage {
  readonly source: NumberSource;
  readonly sink: NumberSink | undefined;
  readonly spares: Float64Array[];
  readonly capacity: number;
  readonly steps: StagedElementSteps;
  /** What rounds to zero in the gradient's type. */
  readonly tiny: number;
  z: Float64Array;
  /** exp(-|z|), which the gradient replaces. */
  q: Float64Array;
  /** u1 and u0, the masses of the two outcomes, sample weight included. */
  positive: Float64Array;
  negative: Float64Array;
  slopes: Float64Array;
  /** The element at hand. */
  readonly outcomes: OutcomeProbabilities;
  readonly pair: Float64Array;
}

const NONE: Float64Array = /* @__PURE__ */ new Float64Array(0);

export function createElementStage({ layout, logits, gradient, plan, scratch }: Problem, tile: number): ElementStage {
  return {
    source: logits,
    sink: gradient,
    spares: scratch,
    capacity: Math.max(1, Math.min(tile, layout.rows * layout.classes)),
    steps: stageElementSteps(plan.logitSteps),
    tiny: roundsToZero(gradient?.type ?? 'float64'),
    z: NONE,
    q: NONE,
    positive: NONE,
    negative: NONE,
    slopes: NONE,
    outcomes: createOutcomeProbabilities(),
    pair: new Float64Array(2),
  };
}

/** Gives the stage its memory and reads the tile's logits through the logit steps. An ignored element becomes 0. */
export function loadElements(stage: ElementStage, tile: Tile): void {
  const { capacity, steps, source } = stage;
  stage.z = borrowScratch(stage.spares, capacity);
  stage.q = borrowScratch(stage.spares, capacity);
  stage.positive = borrowScratch(stage.spares, capacity);
  stage.negative = borrowScratch(stage.spares, capacity);
  if (steps.varies && stage.slopes.length === 0) stage.slopes = new Float64Array(capacity);
  source.read(tile.first, tile.count, stage.z);
  if (!tile.uniform) for (let i = 0; i < tile.count; i++) if (tile.keep[i] === 0) stage.z[i] = 0;
  applyElementSteps(steps, stage.z, stage.slopes, tile);
}

/** Writes the tile's gradient. */
export function storeElements(stage: ElementStage, { first, count }: Tile): void {
  const { sink, steps, q, slopes, tiny } = stage;
  if (sink === undefined) return;
  if (steps.varies) multiplyBySlopes(q, slopes, count, tiny);
  sink.write(q, count, first);
}

export function releaseElements(stage: ElementStage): void {
  returnScratch(stage.spares, stage.z);
  returnScratch(stage.spares, stage.q);
  returnScratch(stage.spares, stage.positive);
  returnScratch(stage.spares, stage.negative);
}
