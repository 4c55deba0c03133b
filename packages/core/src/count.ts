import type { Call } from './call.js';
import type { Tile } from './engine.js';
import { addAll, emptySum, partsOf, type SumParts } from './exact-sum.js';
import { rowOfElement, unitsOf, type FillTile } from './fill-tile.js';
import { targetRowReader } from './target-rows.js';

/** What a call counts, known before any logit is read. */
export interface Counts {
  readonly weight: SumParts;
  readonly elements: number;
  readonly rows: number;
  readonly ignored: number;
}

/** Reads all targets, weights and masks once: checks every value, and counts what the denominators need. */
export function countCall(call: Call, fill: FillTile, tile: Tile): Counts {
  const total = unitsOf(call);
  const capacity = Math.max(1, tile.keep.length);
  const weigh = weigher(call);
  const counter = rowCounter(call);
  const sum = emptySum();
  let elements = 0;
  for (tile.first = 0; tile.first < total; tile.first += capacity) {
    tile.count = Math.min(capacity, total - tile.first);
    fill(tile, false);
    const kept = keptIn(tile);
    elements += kept;
    if (weigh !== undefined) addAll(sum, weigh(tile), tile.count);
    if (kept > 0) counter.add(tile, kept);
  }
  const weight: SumParts = weigh === undefined ? { pair: [elements, 0], tail: [] } : partsOf(sum);
  return { weight, elements, rows: counter.rows(), ignored: total - elements };
}

function keptIn({ keep, count, uniform }: Tile): number {
  if (uniform) return count;
  let kept = 0;
  for (let i = 0; i < count; i++) kept += keep[i] ?? 0;
  return kept;
}

/** The counted weights of a tile; undefined where each is 1 and nothing is left to check. */
function weigher(call: Call): ((tile: Tile) => Float64Array) | undefined {
  const { plan, targets, unit, sampleWeights, labelWeights } = call;
  const counted = plan.counted;
  const meanWeight = targets.kind === 'rows' ? targetRowReader(call) : undefined;
  if (counted === undefined && meanWeight === undefined && sampleWeights === undefined && labelWeights === undefined) return undefined;
  const factor = (tile: Tile, i: number): number => {
    if (meanWeight !== undefined) return meanWeight(tile.first + i);
    if (counted === undefined) return 1;
    if (unit === 'classes') return counted[tile.labels[i] ?? 0] ?? 1;
    const target = tile.targets[i] ?? 0;
    return (1 - target) * (counted[0] ?? 1) + target * (counted[1] ?? 1);
  };
  // The losses of this tile are never computed: their buffer holds the weights.
  return (tile) => {
    for (let i = 0; i < tile.count; i++) tile.losses[i] = tile.keep[i] === 0 ? 0 : factor(tile, i) * (tile.weights[i] ?? 1);
    return tile.losses;
  };
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
