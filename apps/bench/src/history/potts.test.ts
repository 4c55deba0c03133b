import { randomNumbers } from '@surprisal/reference';
import { median } from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { changePoints } from './potts.js';

/** What a segmentation costs, by its definition. */
function costOf(series: readonly number[], starts: readonly number[], penalty: number): number {
  const bounds = [0, ...starts, series.length];
  const segments = bounds.slice(1).map((end, index) => series.slice(bounds[index], end));
  const distances = segments.map((part) => {
    const middle = median(part);
    return part.reduce((sum, value) => sum + Math.abs(value - middle), 0);
  });
  return distances.reduce((sum, distance) => sum + distance, penalty * starts.length);
}

/** The least cost of all segmentations, one by one. */
function leastCost(series: readonly number[], penalty: number): number {
  const places = series.length - 1;
  let least = Infinity;
  for (let subset = 0; subset < 2 ** places; subset++) {
    const starts = Array.from({ length: places }, (_, at) => at + 1).filter((at) => subset & (1 << (at - 1)));
    least = Math.min(least, costOf(series, starts, penalty));
  }
  return least;
}

describe('change points', () => {
  test.each([0, 0.5, 2, 7])('cost the least of all segmentations, with penalty %d', (penalty) => {
    const random = randomNumbers(7);
    for (let round = 0; round < 150; round++) {
      // Small whole numbers: sums are exact, and equal values frequent.
      const series = Array.from({ length: 1 + random.below(10) }, () => random.below(6));
      const cost = costOf(series, changePoints(series, penalty), penalty);
      expect({ series, cost }).toEqual({ series, cost: leastCost(series, penalty) });
    }
  });

  test('are none in an empty, a short or a constant series', () => {
    expect([[], [4], [4, 4, 4, 4]].map((series) => changePoints(series, 0))).toEqual([[], [], []]);
  });

  test('are where the level changes, and not at an outlier', () => {
    const series = [1, 2, 1, 40, 2, 1, 2, 9, 10, 9, 10, 9, 10];
    expect(changePoints(series, 20)).toEqual([7]);
  });

  test('of an exact series are all its changes', () => {
    expect(changePoints([5, 5, 6, 6, 5], 0)).toEqual([2, 4]);
  });
});
