// What a page draws of records with thousands of numbers: what changed and tells most; the rest it counts or lists.
import { describe, expect, test } from 'vitest';
import type { Run } from '../history/run-file.js';
import { METRICS, type Benchmark } from '../records/benchmark-record.js';
import type { RunRecord } from '../records/run-record.js';
import { exampleRecord } from '../testing-records/example-record.js';
import { readHtml } from '../testing-records/read-html.js';
import { pageText } from './page.js';

const [ours] = exampleRecord.benchmarks;
const [row] = exampleRecord.accuracy;

/** So many benchmarks of a ratio and a time; the time of the last one doubles with the tenth run. */
function benchmarksOf(count: number, run: number): Benchmark[] {
  return Array.from({ length: count }, (_, index) => ({
    ...ours,
    id: `benchmark-${index}`,
    axes: { ...ours.axes, input: `input-${index}` },
    status: 'ok' as const,
    metrics: [
      { ...METRICS.ratio, value: 1 + index / 100 },
      { ...METRICS.time, value: (index === count - 1 && run >= 10 ? 2 : 1) * (1 + ((run * 7) % 5) / 100) },
    ],
  }));
}

const runs = Array.from({ length: 20 }, (_, run): Run => {
  const time = new Date(Date.UTC(2026, 0, 1 + run)).toISOString();
  const record: RunRecord = {
    ...exampleRecord,
    ...{ time, benchmarks: benchmarksOf(300, run), accuracy: [], sizes: [], targets: [] },
  };
  return { file: `${run}.json`, record };
});

describe('a page of more than it can draw', () => {
  const accuracy = Array.from({ length: 30 }, (_, index) => ({
    ...row,
    id: `row-${index}`,
    axes: { ...row.axes, input: `input-${index}` },
  }));
  const page = readHtml(pageText({ ...runs.at(-1).record, accuracy }, { runs, skipped: [] }));

  test('has the series that changed and the ratios, and says how many there are', () => {
    const figures = [...page.querySelectorAll('#history figure')].map(({ textContent }) => textContent);
    expect(figures).toHaveLength(220);
    expect(figures.filter((text) => /\btime\b/.test(text))).toHaveLength(1);
    expect(figures.filter((text) => /\bratio\b/.test(text))).toHaveLength(219);
    expect(page.querySelector('#history p')?.textContent).toContain(
      'Of 600 series these are the 220 that changed or tell most; “history” lists all.',
    );
    const link = page.querySelector('#history tbody a')?.getAttribute('href')?.slice(1) ?? '';
    expect(page.querySelector(`#${link}`)?.textContent).toContain('time');
  });

  test('draws the errors of 24 outputs, and lists the others', () => {
    expect([...page.querySelectorAll('#accuracy figure')]).toHaveLength(24);
    expect([...page.querySelectorAll('#accuracy > details tbody tr')]).toHaveLength(6);
    expect(page.querySelector('#accuracy > details summary')?.textContent).toContain('6 other outputs');
  });
});
