import { expect, test } from 'vitest';
import { reportOf } from '../testing-measure/jobs.js';
import { nanoseconds, ratio } from './ratios.js';

test('a ratio is the median over blocks, taken where both ran, and the geometric mean over processes', () => {
  const reports = [
    reportOf({ anchor: [100, 100, 200, 100], ours: [50, 50, 90, null] }),
    reportOf({ anchor: [10, 10, 10, 10], ours: [20, 20, 20, null] }),
  ];
  const measured = ratio(reports, 'ours', 'anchor');
  expect(measured?.processes.map((each) => Number(each.toFixed(12)))).toEqual([0.5, 2]);
  expect(measured?.value).toBeCloseTo(1, 12);
  expect(measured?.low).toBeLessThan(0.5);
  expect(measured?.high).toBeGreaterThan(2);
});

test('one process has no interval, and what never ran no ratio', () => {
  const reports = [reportOf({ anchor: [100], ours: [25] })];
  expect(ratio(reports, 'ours', 'anchor')).toEqual({ value: 0.25, processes: [0.25] });
  expect(ratio(reports, 'theirs', 'anchor')).toBeUndefined();
});

test('nanoseconds are of an element', () => {
  const [report] = [reportOf({ ours: [300, 100, 200] })];
  const variants = report.variants.map((variant) => ({ ...variant, elements: 100 }));
  expect(nanoseconds([{ ...report, variants }], 'ours')?.value).toBeCloseTo(2, 12);
});
