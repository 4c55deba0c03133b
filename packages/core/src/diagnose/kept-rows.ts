import type { Call } from '../call.js';
import { takeTile, tileFiller, unitsOf } from '../fill-tile.js';

/** Which rows (or elements) of a call count, by mask and `ignoreIndex`; nothing else is looked at. Throws for a bad mask. */
export function keptRows(call: Call): Uint8Array {
  const units = unitsOf(call);
  const kept = new Uint8Array(units).fill(1);
  if (call.mask !== undefined) applyMask(call, kept);
  if (call.ignored.length > 0)
    for (const [position, label] of labelsOf(call).entries()) if (call.ignored.includes(label)) kept[position] = 0;
  return kept;
}

/** All labels of a call, of any value. */
export function labelsOf(call: Call): Float64Array {
  const values = new Float64Array(unitsOf(call));
  call.targets.numbers.source.read(0, values.length, values);
  return values;
}

function applyMask(call: Call, kept: Uint8Array): void {
  // Targets and weights are left out: their values may be what is wrong.
  const masked: Call = {
    ...call,
    targets: { ...call.targets, kind: 'rows' },
    sampleWeights: undefined,
    labelWeights: undefined,
  };
  const tile = takeTile({ spare: undefined, scratch: [] }, masked);
  const fill = tileFiller(masked);
  const capacity = Math.max(1, tile.keep.length);
  for (tile.first = 0; tile.first < kept.length; tile.first += capacity) {
    tile.count = Math.min(capacity, kept.length - tile.first);
    fill(tile, { targets: false, check: false });
    kept.set(tile.keep.subarray(0, tile.count), tile.first);
  }
}
