import type { Call } from './call.js';
import type { Tile } from './engine.js';
import { rangeError, show } from './errors.js';
import { fillWeights } from './fill-weights.js';
import { indexIn, numberAt } from './per-row.js';
import type { PerRow } from './read-weights.js';

/** What of a tile is to be done: targets are read, or somebody else reads them; values are checked, or were before. */
export interface Filling {
  readonly targets: boolean;
  readonly check: boolean;
}

/** Reads the targets, weights and mask of a tile. */
export type FillTile = (tile: Tile, filling: Filling) => void;

/** Rows or elements that are read at once. */
const CAPACITY = 4096;

/** Rows (of classes) or elements of a call: what has a loss of its own. */
export function unitsOf({ unit, layout }: Pick<Call, 'unit' | 'layout'>): number {
  return unit === 'classes' ? layout.rows : layout.rows * layout.classes;
}

/**
 * The tile a loss used last, kept for its next call: making one costs as much as a call of a few rows. A call takes it
 * and gives it back, so that a rule that calls the same loss again gets another.
 */
export interface TileStore {
  spare: Tile | undefined;
  /** What its engine gave back. */
  readonly scratch: Float64Array[];
}

/** A tile for a call, with all rows or elements kept and of weight 1. */
export function takeTile(store: TileStore, call: Call): Tile {
  const needed = Math.min(CAPACITY, unitsOf(call));
  const { spare } = store;
  if (spare === undefined || spare.keep.length < needed) return newTile(needed, call.unit);
  store.spare = undefined;
  return spare;
}

/** Keeps a tile for the next call. */
export function giveTileBack(store: TileStore, tile: Tile, { mask, ignored, sampleWeights, labelWeights }: Call): void {
  if (mask !== undefined || ignored.length > 0) tile.keep.fill(1);
  if (sampleWeights !== undefined || labelWeights !== undefined) tile.weights.fill(1);
  store.spare = tile;
}

function newTile(capacity: number, unit: Call['unit']): Tile {
  return {
    first: 0,
    count: 0,
    labels: new Int32Array(unit === 'classes' ? capacity : 0),
    targets: new Float64Array(capacity),
    keep: new Uint8Array(capacity).fill(1),
    weights: new Float64Array(capacity).fill(1),
    losses: new Float64Array(capacity),
    uniform: true,
    summed: 0,
  };
}

/** How the tiles of a call are filled. */
export function tileFiller(call: Call): FillTile {
  const { mask, sampleWeights, labelWeights, ignored, targets, unit } = call;
  const mayIgnore = mask !== undefined || ignored.length > 0;
  const weighted = sampleWeights !== undefined || labelWeights !== undefined;
  return (tile, filling) => {
    tile.uniform = !mayIgnore && !weighted;
    if (mayIgnore) tile.keep.fill(1, 0, tile.count);
    if (mask !== undefined) fillMask(call, mask, tile);
    if (targets.kind === 'labels' && filling.targets) {
      targets.numbers.source.read(tile.first, tile.count, tile.targets);
      if (ignored.length > 0) leaveOut(ignored, tile);
      if (unit === 'classes') fillLabels(call, tile);
      else if (filling.check) checkElements(call, tile);
    }
    if (weighted) fillWeights(call, tile);
  };
}

function leaveOut(ignored: readonly number[], { count, targets, keep }: Tile): void {
  for (let i = 0; i < count; i++) if (ignored.includes(targets[i] ?? 0)) keep[i] = 0;
}

function fillLabels({ of, layout: { classes } }: Call, { first, count, targets, keep, labels }: Tile): void {
  for (let i = 0; i < count; i++) {
    if (keep[i] === 0) continue;
    const label = targets[i] ?? Number.NaN;
    // One comparison refuses fractions, NaN and what lies outside: only an integer in range equals its own truncation.
    if (label >= 0 && label < classes && label === Math.trunc(label)) labels[i] = label;
    else throw badLabel(of, first + i, label, classes);
  }
}

function badLabel(of: string, position: number, label: number, classes: number): RangeError {
  const fix = Number.isInteger(label)
    ? `if the label marks rows to leave out, pass ignoreIndex: ${String(label)}`
    : undefined;
  return rangeError({
    of,
    argument: `targets[${String(position)}]`,
    requirement: `an integer class index in 0..${String(classes - 1)}`,
    got: show(label),
    fix,
  });
}

function checkElements({ of, targetRange, hardOnly }: Call, { first, count, targets, keep }: Tile): void {
  const real = targetRange === 'real';
  for (let i = 0; i < count; i++) {
    const target = targets[i] ?? Number.NaN;
    if (hardOnly ? target === 0 || target === 1 : target >= 0 && target <= 1) continue;
    if (keep[i] === 0 || (real && Number.isFinite(target))) continue;
    const requirement = real ? 'a finite number' : hardOnly ? '0 or 1, which a margin needs' : 'a number in [0, 1]';
    const fix = Number.isInteger(target)
      ? `if the target marks elements to leave out, pass ignoreIndex: ${String(target)}`
      : undefined;
    throw rangeError({ of, argument: `targets[${String(first + i)}]`, requirement, got: show(target), fix });
  }
}

function fillMask(call: Call, mask: PerRow, { first, count, keep }: Tile): void {
  for (let i = 0; i < count; i++) {
    const index = indexIn(call, mask, first + i);
    const value = numberAt(mask.numbers, index);
    if (value !== 0 && value !== 1)
      throw rangeError({
        of: call.of,
        argument: `mask[${String(index)}]`,
        requirement: '1 or true to keep, 0 or false to leave out',
        got: show(value),
      });
    keep[i] = value;
  }
}
