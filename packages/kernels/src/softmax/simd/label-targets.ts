import type { LabelMeasure, Tile } from '@surprisal/core';
import { addBlocks, pairValue } from '../../stage/block-sums.js';
import type { SimdStage } from './simd-stage.js';

/** What the targets of a session's rows are. */
export interface LabelTarget {
  readonly measure: LabelMeasure;
  readonly spread: SpreadVector | undefined;
}

/** v rounded to float32, with the mass of what came out: the loss is exact for a vector a rounding away. */
interface SpreadVector {
  readonly vector: Float32Array;
  readonly wide: Float64Array;
  readonly mass: number;
}

export function labelTarget(measure: LabelMeasure): LabelTarget {
  return { measure, spread: measure.vector && roundVector(measure.vector) };
}

function roundVector(v: Float64Array): SpreadVector {
  const vector = new Float32Array(v);
  const wide = new Float64Array(vector);
  const pair = new Float64Array(2);
  addBlocks(pair, wide, 0, v.length);
  return { vector, wide, mass: pairValue(pair) };
}

/** Labels and masses d of the rows of a tile. */
export function loadTargets(stage: SimdStage, { measure, spread }: LabelTarget, tile: Tile): void {
  const { labels, masses } = stage;
  const { direct, directWeights } = measure;
  const { count, uniform, weights } = tile;
  if (spread === undefined) stage.functions.setVector(0, 0, 0, 0);
  else loadSpread(stage, measure, spread, tile);
  labels.set(tile.labels.length === count ? tile.labels : tile.labels.subarray(0, count));
  if (uniform && directWeights === undefined) masses.fill(direct, 0, count);
  else
    for (let row = 0; row < count; row++)
      masses[row] = weights[row] * direct * (directWeights === undefined ? 1 : directWeights[tile.labels[row]]);
}

function loadSpread(stage: SimdStage, measure: LabelMeasure, target: SpreadVector, tile: Tile): void {
  const { functions, spreads, whole } = stage;
  const { spread, spreadWeights } = measure;
  if (whole) placeVector(stage, target, 0, stage.classes);
  functions.setVector(stage.vector.byteOffset, stage.wideVector.byteOffset, target.mass, spreads.byteOffset);
  for (let row = 0; row < tile.count; row++)
    spreads[row] = tile.weights[row] * spread * (spreadWeights === undefined ? 1 : spreadWeights[tile.labels[row]]);
}

/** Brings the part of v that belongs to a part of a long row. */
export function loadVectorPart(stage: SimdStage, { spread }: LabelTarget, from: number, count: number): void {
  if (spread !== undefined) placeVector(stage, spread, from, count);
}

/** Vectors are read whole: what lies behind must be numbers. */
function placeVector(stage: SimdStage, { vector, wide }: SpreadVector, from: number, count: number): void {
  stage.vector.set(vector.subarray(from, from + count));
  stage.wideVector.set(wide.subarray(from, from + count));
  stage.wideVector.fill(0, count, count + 4);
}
