import { runInNewContext } from 'node:vm';
import { randomNumbers } from '@surprisal/reference';
import { describe, expect, test } from 'vitest';
import type { Series } from '../history/series.js';
import { exampleRecord } from '../testing-records/example-record.js';
import { historyData, READ_VALUES } from './history-data.js';

function seriesOf(values: readonly number[]): Series {
  const points = values.map((value, day) => {
    const time = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
    return { run: { ...exampleRecord, time }, value, proven: true };
  });
  const names = { machineClass: 'm', id: 'i', definition: 'd', metric: 'time', unit: 'ns', axes: undefined };
  return { ...names, better: 'lower', exact: false, points };
}

function written(values: readonly number[]): unknown {
  const { series } = historyData([{ id: 'one', series: seriesOf(values) }]) as { series: Record<string, object> };
  return JSON.parse(JSON.stringify(series['one']));
}

/** What the page's program reads of what was written. */
function readBack(values: readonly number[]): readonly number[] {
  const context = { written: written(values) };
  return Array.from(runInNewContext(`${READ_VALUES} valuesOf(written);`, context) as number[]);
}

const random = randomNumbers(8);
const noisy = Array.from({ length: 300 }, () => 3 * (1 + 0.02 * random.normal()));

describe('the values of a series', () => {
  test.each([
    ['noise', noisy],
    ['an outlier', [...noisy, 500]],
    ['below 0 and above', [-1e-7, 2e-7, 0, 5e-9]],
    ['large numbers', [1e12, 3e12, 2e12]],
  ])('come back to half of one of 4,096 places: %s', (_, values) => {
    const range = Math.max(...values) - Math.min(...values);
    // Besides, the smallest value and the step are written with six digits.
    const rounding = 5e-6 * Math.max(...values.map(Math.abs));
    const read = readBack(values);
    expect(read).toHaveLength(values.length);
    const errors = read.map((value, index) => Math.abs(value - values[index]));
    expect(Math.max(...errors)).toBeLessThanOrEqual(range / 4095 / 2 + rounding);
  });

  test('that are all the same take no room', () => {
    expect(readBack([17_788, 17_788, 17_788])).toEqual([17_788, 17_788, 17_788]);
    expect(written([17_788, 17_788, 17_788])).toMatchObject({ count: 3, values: '' });
  });
});
