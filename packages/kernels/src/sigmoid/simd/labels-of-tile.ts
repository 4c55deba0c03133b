import type { Problem, Tile } from '@surprisal/core';
import { VECTOR, type ElementMemory } from './element-memory.js';
import { isDiagonal, loadLabels, loadTargets, loadWeights, massesOf, measureOf } from './load-tile.js';

/** Where the labels of a tile lie, and the masses that elements have on their labels alone; 0: masses of 1. */
export interface Labelled {
  readonly labels: number;
  readonly masses: number;
}

/** Brings labels and masses of a tile into the memory of a program; undefined where some element has mass on both outcomes. */
export function labelTile(problem: Problem, memory: ElementMemory, tile: Tile): Labelled | undefined {
  const { functions, at, labels } = memory;
  const { keep, count } = tile;
  const masses = massesOf(problem, tile);
  if (masses === 'labels' || masses === 'weighted labels') {
    loadLabels(problem, memory, tile);
    labels.fill(0, count, count + VECTOR - 1);
    return masses === 'labels' ? { labels: at.positive, masses: 0 } : weighted(memory, at.positive, count);
  }
  const mayHave = masses === 'targets' || (isDiagonal(measureOf(problem)) && !keep.subarray(0, count).includes(0));
  if (!mayHave) return undefined;
  loadTargets(memory, tile);
  if (functions.labelsOfTargets(at.positive, at.keep, count) === 0) return undefined;
  if (masses === 'targets') return { labels: at.keep, masses: 0 };
  loadWeights(problem, memory, tile);
  return weighted(memory, at.keep, count);
}

function weighted({ functions, at, negative }: ElementMemory, labels: number, count: number): Labelled {
  functions.massesOfLabels(labels, at.weights, at.negative, count);
  // The last vector of a tile is computed in whole.
  negative.fill(0, count, count + VECTOR - 1);
  return { labels, masses: at.negative };
}
