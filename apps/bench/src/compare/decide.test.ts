import { randomNumbers } from '@surprisal/reference';
import { describe, expect, test } from 'vitest';
import { reportOf } from '../testing-measure/jobs.js';
import { confirms, decide, isUnproven, type Paired } from './decide.js';

const row = (logs: readonly number[], unproven = false): Paired => ({ id: 'row', logs, unproven });
const around = (center: number, spread: number, seed = 1): number[] => {
  const random = randomNumbers(seed);
  return Array.from({ length: 8 }, () => center + spread * random.normal());
};
const seemsOf = (rows: readonly Paired[]): string[] => decide(rows).map(({ seems }) => seems);

describe('a decision', () => {
  test.each([
    ['5% slower', around(Math.log(1.05), 0.01), 'worse'],
    ['5% faster', around(-Math.log(1.05), 0.01), 'better'],
    ['equal', around(0, 0.01), 'same'],
    ['1% slower, surely', around(Math.log(1.01), 0.001), 'same'],
    ['equal, but nobody could tell', around(0, 0.1), 'inconclusive'],
    [
      '10% slower in one process of eight',
      [0, 0, 0, 0, 0, 0, 0, 0.1].map((log, index) => log + index * 1e-4),
      'inconclusive',
    ],
    ['one process alone', [0.5], 'inconclusive'],
    ['nothing measured', [], 'inconclusive'],
  ])('on %s', (_, logs, expected) => {
    expect(seemsOf([row(logs)])).toEqual([expected]);
  });

  test('on no rows is none', () => {
    expect(decide([])).toEqual([]);
  });

  test('is none where two equal kernels differ', () => {
    expect(seemsOf([row(around(Math.log(1.2), 0.01), true)])).toEqual(['inconclusive']);
  });

  test('asks for more of each row, the more rows there are', () => {
    // A p-value of about 0.004: enough for one row, by Holm not for the tenth part of the budget.
    const logs = [0, 0.02, 0.03, 0.04, 0.06, 0.07, 0.08, 0.1];
    const [alone] = decide([row(logs)]);
    expect(alone.pValue).toBeGreaterThan(0.001);
    expect(alone.seems).toBe('worse');
    const others = Array.from({ length: 9 }, (_, seed) => row(around(0, 0.005, seed + 2)));
    const [among] = decide([row(logs), ...others]);
    expect(among.pValue).toBeCloseTo(10 * alone.pValue, 12);
    expect(among.seems).toBe('inconclusive');
  });

  test('has false alarms no more often than its confidence says, before any rerun', () => {
    // Medians of 1% spread: with a bound of 2% beside the test hardly any of 2000 pairs seems different.
    const alarms = Array.from({ length: 2000 }, (_, seed) => seemsOf([row(around(0, 0.01, seed))])[0]).filter(
      (seems) => seems === 'worse' || seems === 'better',
    );
    expect(alarms.length).toBeLessThanOrEqual(2000 * 0.01);
  });

  test('finds a slowdown of 5% where processes vary by 1%', () => {
    const found = Array.from({ length: 400 }, (_, seed) => seemsOf([row(around(Math.log(1.05), 0.01, seed))])[0]);
    expect(found.filter((seems) => seems === 'worse').length).toBeGreaterThanOrEqual(0.95 * 400);
  });
});

describe('a rerun', () => {
  const [first] = decide([row(around(Math.log(1.1), 0.01))]);

  test.each([
    ['the same again', around(Math.log(1.08), 0.01, 2), true],
    ['the other direction', around(-Math.log(1.08), 0.01, 2), false],
    ['nothing', around(0, 0.01, 2), false],
    ['noise', around(Math.log(1.08), 0.2, 2), false],
  ])('that finds %s', (_, logs, confirmed) => {
    expect(confirms(first, row(logs))).toBe(confirmed);
  });
});

test('a measurement is unproven where the copies of the anchor differ by more than 1% for sure', () => {
  const reports = (...ratios: number[]) => ratios.map((ratio) => reportOf({ anchor: [100], sentinel: [100 * ratio] }));
  expect(isUnproven(reports(1.05, 1.051, 1.049, 1.05))).toBe(true);
  expect(isUnproven(reports(0.95, 0.951, 0.949, 0.95))).toBe(true);
  expect(isUnproven(reports(1.004, 0.997, 1.002, 1))).toBe(false);
  expect(isUnproven(reports(1.2, 0.8, 1.1, 0.9))).toBe(false);
});
