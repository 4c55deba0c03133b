import { randomNumbers } from '@surprisal/reference';
import { describe, expect, test } from 'vitest';
import { exampleAxes, exampleRecord } from '../testing-records/example-record.js';
import { trendOf } from './alerts.js';
import type { Series } from './series.js';

function seriesWith(values: readonly number[], rest: Partial<Series> = {}, unproven: readonly number[] = []): Series {
  return {
    ...{ machineClass: 'a', id: 'b', definition: 'c', metric: 'ratio', unit: 'x', better: 'lower', exact: false },
    axes: exampleAxes,
    points: values.map((value, index) => ({ run: exampleRecord, value, proven: !unproven.includes(index) })),
    ...rest,
  };
}

/** Normal noise of 1% around 100. */
function noise(length: number, seed: number): number[] {
  const random = randomNumbers(seed);
  return Array.from({ length }, () => 100 + random.normal());
}

/** Noise with a step from an index on. */
function stepAt(at: number, length = 60, seed = 1, step = 10): number[] {
  return noise(length, seed).map((value, index) => (index < at ? value : value + step));
}

describe('an alert', () => {
  test('is not raised by noise', () => {
    const trends = Array.from({ length: 1000 }, (_, seed) => trendOf(seriesWith(noise(100, seed + 1))));
    expect(trends.filter(({ alerts }) => alerts.length > 0)).toEqual([]);
    expect(trends.filter(({ segments }) => segments.length > 1).length).toBeLessThanOrEqual(5);
  });

  test('is raised by a step of ten standard deviations, at its place', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const { alerts } = trendOf(seriesWith(stepAt(40, 60, seed)));
      expect(alerts).toHaveLength(1);
      const [alert] = alerts;
      expect(alert.direction).toBe('worse');
      expect(alert.change).toBeCloseTo(0.1, 1);
    }
  });

  test('is raised by a step of six standard deviations more often once two more runs confirm it', () => {
    const raised = (runs: number): number =>
      Array.from({ length: 100 }, (_, seed) => trendOf(seriesWith(stepAt(40, 40 + runs, seed + 1, 6)))).filter(
        ({ alerts }) => alerts.length > 0,
      ).length;
    expect(raised(1)).toBeLessThan(30);
    expect(raised(3)).toBeGreaterThan(60);
  });

  test('is not raised by a change point inside of the fence', () => {
    // A climb by steps of 0 and 2 in turn: the level changes, but no step is unusual.
    const climb = Array.from({ length: 80 }, (_, index) => 100 + index + (index % 2));
    const { alerts, segments } = trendOf(seriesWith(climb));
    expect(segments.length).toBeGreaterThan(1);
    expect(alerts).toEqual([]);
  });

  test('is not raised by a step outside of the fence that is no change point', () => {
    const outlier = noise(60, 4).map((value, index) => (index === 40 ? value + 20 : value));
    expect(trendOf(seriesWith(outlier)).alerts).toEqual([]);
  });

  test('is not raised before eight changes say what is usual', () => {
    expect(trendOf(seriesWith(stepAt(8, 30))).alerts).toHaveLength(0);
    expect(trendOf(seriesWith(stepAt(9, 30))).alerts).toHaveLength(1);
  });

  test('says the direction by what is better', () => {
    const directions = (['lower', 'higher', 'none'] as const).map(
      (better) => trendOf(seriesWith(stepAt(40), { better })).alerts[0]?.direction,
    );
    expect(directions).toEqual(['worse', 'better', 'changed']);
  });

  test('is raised by the first change of an exact metric', () => {
    const { alerts } = trendOf(seriesWith([3900, 3900, 3950], { exact: true }));
    expect(alerts).toMatchObject([{ before: 3900, after: 3950, direction: 'worse' }]);
  });

  test('counts no run that could not prove its times', () => {
    const values = stepAt(40);
    const unproven = Array.from({ length: 20 }, (_, index) => 40 + index);
    expect(trendOf(seriesWith(values, {}, unproven)).alerts).toEqual([]);
  });

  test('needs a point', () => {
    expect(trendOf(seriesWith([]))).toMatchObject({ alerts: [], segments: [{ points: [], level: NaN }] });
  });
});
