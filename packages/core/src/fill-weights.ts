import type { Call } from './call.js';
import type { Tile } from './engine.js';
import { indexIn, labelOfElement, numberAt } from './per-row.js';
import { badWeight, isWeight, type PerRow } from './read-weights.js';

/** Fills in s, sample weight times label weight. Those that `areReadWhole` are left to be checked. */
export function fillWeights(call: Call, tile: Tile): void {
  const { sampleWeights } = call;
  if (sampleWeights !== undefined && areReadWhole(call)) {
    sampleWeights.numbers.source.read(tile.first, tile.count, tile.weights);
    if (call.mask !== undefined || call.ignored.length > 0) forgetIgnored(tile);
  } else fillWeightsByIndex(call, tile);
}

/** What an ignored row weighs is not looked at, and may be no number. */
function forgetIgnored({ count, keep, weights }: Tile): void {
  for (let i = 0; i < count; i++) if (keep[i] === 0) weights[i] = 1;
}

/** Whether s is what an array holds for each row or element of the tile. */
export function areReadWhole({ sampleWeights, labelWeights, unit, layout }: Call): boolean {
  if (sampleWeights === undefined || labelWeights !== undefined) return false;
  return sampleWeights.per === 'element' || unit === 'classes' || layout.classes === 1;
}

/** Checks the weights of a tile that were read whole. */
export function checkWeights({ of }: Call, { first, count, weights }: Tile): void {
  for (let i = 0; i < count; i++) {
    const weight = weights[i] ?? 0;
    if (!isWeight(weight)) throw badWeight(of, `sampleWeights[${String(first + i)}]`, weight);
  }
}

/** Where elements of a row share its weight, or have one of their label too. */
function fillWeightsByIndex(call: Call, { first, count, keep, weights }: Tile): void {
  const { sampleWeights, labelWeights } = call;
  for (let i = 0; i < count; i++) {
    if (keep[i] === 0) continue;
    const label = labelWeights === undefined ? 1 : (labelWeights[labelOfElement(call, first + i)] ?? 1);
    weights[i] = label * (sampleWeights === undefined ? 1 : sampleWeightAt(call, sampleWeights, first + i));
  }
}

function sampleWeightAt(call: Call, sampleWeights: PerRow, flat: number): number {
  const index = indexIn(call, sampleWeights, flat);
  const weight = numberAt(sampleWeights.numbers, index);
  if (!isWeight(weight)) throw badWeight(call.of, `sampleWeights[${String(index)}]`, weight);
  return weight;
}
