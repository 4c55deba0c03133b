import type { Call } from './call.js';
import type { IntegerNumbers, Tile } from './engine.js';
import { addAll, addMultiple, emptySum, partsOf, type SumParts } from './exact-sum.js';
import { unitsOf, type FillTile } from './fill-tile.js';
import { areReadWhole, checkWeights } from './fill-weights.js';
import { rowOfElement } from './per-row.js';
import { scanTargets, type TargetScan } from './scan-targets.js';
import { targetRowReader } from './target-rows.js';

/** What a call counts, known before any logit is read. */
export interface Counts {
  readonly weight: SumParts;
  readonly elements: number;
  readonly rows: number;
  readonly ignored: number;
  /** Whether the tile was filled, as it is to be computed where it is the only one. */
  readonly filled: boolean;
  /** Class indices or binary targets that an engine may read itself. */
  readonly hardTargets?: IntegerNumbers | undefined;
}

/** Reads all targets, weights and masks once: checks every value, and counts what the denominators need. */
export function countCall(call: Call, fill: FillTile, tile: Tile): Counts {
  const scan = scanTargets(call);
  return countScanned(call, scan) ?? countTiles(call, scan, fill, tile);
}

/** Where every row or element counts with one weight, or elements with one of two, there is no need to read them tile by tile. */
function countScanned(call: Call, { sound, hard }: TargetScan): Counts | undefined {
  const { unit, sampleWeights, labelWeights, plan, layout } = call;
  if (!sound || sampleWeights !== undefined || labelWeights !== undefined) return undefined;
  const elements = unitsOf(call);
  const one: SumParts = { pair: [elements, 0], tail: [] };
  const ofOutcomes = unit === 'elements' ? hard : undefined;
  const weight = plan.counted === undefined ? one : ofOutcomes && weightOfOutcomes(plan.counted, ofOutcomes);
  const rows = elements === 0 ? 0 : layout.rows;
  return weight && { weight, elements, rows, ignored: 0, filled: false, hardTargets: hard };
}

function countTiles(call: Call, { sound, hard }: TargetScan, fill: FillTile, tile: Tile): Counts {
  const total = unitsOf(call);
  const capacity = Math.max(1, tile.keep.length);
  const weigh = callWeigher(call);
  const counter = rowCounter(call);
  const mayIgnore = call.mask !== undefined || call.ignored.length > 0;
  const sum = emptySum();
  const filling = { targets: !sound || call.plan.counted !== undefined, check: true };
  const readsWhole = areReadWhole(call);
  // Only then does a weight that is wrong show in the sum.
  const countsWeights = call.plan.counted === undefined && call.targets.kind === 'labels';
  let elements = 0;
  for (tile.first = 0; tile.first < total; tile.first += capacity) {
    tile.count = Math.min(capacity, total - tile.first);
    fill(tile, filling);
    const kept = mayIgnore ? keptIn(tile) : tile.count;
    elements += kept;
    const areFine = weigh !== undefined && addAll(sum, weigh(tile), tile.count) && countsWeights;
    if (!areFine && readsWhole) checkWeights(call, tile);
    if (kept > 0) counter.add(tile, kept);
  }
  const weight: SumParts = weigh === undefined ? { pair: [elements, 0], tail: [] } : partsOf(sum);
  const ignored = total - elements;
  return { weight, elements, rows: counter.rows(), ignored, filled: filling.targets, hardTargets: hard };
}

function keptIn({ keep, count }: Tile): number {
  let kept = 0;
  for (let i = 0; i < count; i++) kept += keep[i] ?? 0;
  return kept;
}

/** k_0 and k_1 times how many elements have them. */
function weightOfOutcomes([negative = 1, positive = 1]: Float64Array, targets: IntegerNumbers): SumParts {
  let [ones, others] = [0, 0];
  for (let i = 0; i < targets.length; i += 2) {
    ones += targets[i] ?? 0;
    others += targets[i + 1] ?? 0;
  }
  ones += others;
  const sum = emptySum();
  addMultiple(sum, negative, targets.length - ones);
  addMultiple(sum, positive, ones);
  return partsOf(sum);
}

/** The counted weights of a tile, in the buffer of its losses, which are not computed yet. */
export type Weigher = (tile: Tile) => Float64Array;

/** How a call's rows or elements are weighed; undefined where each weighs 1 and nothing is left to check. */
export function callWeigher(call: Call): Weigher | undefined {
  const { plan, targets, unit, sampleWeights, labelWeights, mask, ignored } = call;
  if (targets.kind === 'rows') return targetRowWeigher(call);
  if (plan.counted !== undefined) return unit === 'classes' ? labelWeigher(plan.counted) : outcomeWeigher(plan.counted);
  if (sampleWeights === undefined && labelWeights === undefined) return undefined;
  return mask === undefined && ignored.length === 0 ? ({ weights }) => weights : sampleWeigher;
}

/** s sum_c k_c q_c / sum_c q_c, which checks the rows of probabilities on its way. */
function targetRowWeigher(call: Call): Weigher {
  const meanWeight = targetRowReader(call);
  return ({ first, count, keep, weights, losses }) => {
    for (let i = 0; i < count; i++) losses[i] = keep[i] === 0 ? 0 : meanWeight(first + i) * (weights[i] ?? 1);
    return losses;
  };
}

/** s k_y. */
function labelWeigher(counted: Float64Array): Weigher {
  return ({ count, keep, weights, labels, losses }) => {
    for (let i = 0; i < count; i++) losses[i] = keep[i] === 0 ? 0 : (counted[labels[i] ?? 0] ?? 1) * (weights[i] ?? 1);
    return losses;
  };
}

/** s (k_0 (1 - y) + k_1 y). */
function outcomeWeigher([negative = 1, positive = 1]: Float64Array): Weigher {
  return ({ count, keep, weights, targets, losses }) => {
    for (let i = 0; i < count; i++) {
      const target = targets[i] ?? 0;
      losses[i] = keep[i] === 0 ? 0 : ((1 - target) * negative + target * positive) * (weights[i] ?? 1);
    }
    return losses;
  };
}

/** s. */
function sampleWeigher({ count, keep, weights, losses }: Tile): Float64Array {
  for (let i = 0; i < count; i++) losses[i] = keep[i] === 0 ? 0 : (weights[i] ?? 1);
  return losses;
}

/** Counts rows with at least one element that counts. */
function rowCounter(call: Call): { readonly add: (tile: Tile, kept: number) => void; readonly rows: () => number } {
  const { layout, unit } = call;
  let rows = 0;
  const rowIsElement = unit === 'classes' || layout.classes === 1;
  if (rowIsElement) return { add: (_, kept) => (rows += kept), rows: () => rows };
  const nothingIgnored = call.mask === undefined && call.ignored.length === 0;
  if (nothingIgnored) return { add: () => (rows = layout.rows), rows: () => rows };
  // Rows of one outer block interleave, so one flag each; the block is a picture or a sequence, never the batch.
  const seen = new Uint8Array(layout.inner);
  let block = 0;
  const add = ({ first, count, keep }: Tile): void => {
    for (let i = 0; i < count; i++) {
      if (keep[i] === 0) continue;
      const row = rowOfElement(call, first + i);
      const within = row % layout.inner;
      if (row - within !== block) {
        block = row - within;
        seen.fill(0);
      }
      if (seen[within] === 0) rows++;
      seen[within] = 1;
    }
  };
  return { add, rows: () => rows };
}
