import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Accuracy, Bucket, Size } from '../records/accuracy-record.js';
import { exampleRecord } from '../testing-records/example-record.js';
import { temporaryFolder } from '../testing-records/temporary-folder.js';
import { BUDGETS_SCHEMA, NO_BUDGETS, type Budgets } from './budgets.js';
import { holdAccuracy, holdSize, sizeReasons } from './hold-against.js';
import { readBudgets } from './read-budgets.js';
import { budgetsOf, writeBudgets } from './write-budgets.js';

const [example] = exampleRecord.accuracy;
const bucket = (more: Partial<Bucket>): Bucket => ({ ...example.buckets[0], ...more });

/** A row of two buckets: its largest error is 2.314, its share of correctly rounded results 0.75. */
function row(engine: string, more: Partial<Accuracy> = {}): Accuracy {
  const { definition, quantity, unit, search } = example;
  const buckets = [
    bucket({ count: 100, largest: 2.314, correctlyRounded: 0.9 }),
    bucket({ count: 300, largest: 1, correctlyRounded: 0.7 }),
  ];
  const axes = { ...example.axes, engine };
  return { id: engine, definition, axes, quantity, unit, search, status: 'ok', budget: 5, buckets, ...more };
}

const size = (gzipBytes: number): Size => ({ package: 'a', minifiedBytes: 3 * gzipBytes, gzipBytes });
const written = (...accuracy: Accuracy[]): Budgets =>
  budgetsOf({ accuracy, sizes: [size(10_000)], whole: true }, NO_BUDGETS);

describe('budgets of what was measured', () => {
  test('are the largest error rounded up in its second digit, and the share rounded down', () => {
    expect(written(row('wasm-simd')).accuracy['wasm-simd']).toEqual({ largest: 2.4, correctlyRounded: 0.75 });
    const small = row('typescript', { buckets: [bucket({ count: 3, largest: 0.4961, correctlyRounded: 2 / 3 })] });
    expect(written(small).accuracy['typescript']).toEqual({ largest: 0.5, correctlyRounded: 0.6666 });
  });

  test('of a relaxed engine are the documented bound, with the reason', () => {
    const { largest, correctlyRounded, reason } = written(row('wasm-relaxed-simd')).accuracy['wasm-relaxed-simd'];
    expect([largest, correctlyRounded]).toEqual([5, undefined]);
    expect(reason).toContain('documented bound');
  });

  test.each([2, NaN])('are never above the documented bound: an error of 2.314 or NaN against %d', (bound) => {
    const buckets = Number.isNaN(bound) ? [bucket({ largest: NaN })] : row('wasm-simd').buckets;
    const { largest, reason } = written(row('wasm-simd', { budget: 2, buckets })).accuracy['wasm-simd'];
    expect(largest).toBe(2);
    expect(reason).toContain('above the documented bound');
  });

  test('are of ours alone: not of peers, not of what is missing', () => {
    const [, { axes }] = exampleRecord.benchmarks;
    expect(axes.engine).toBeUndefined();
    expect(written({ ...row('peer'), axes }, row('gone', { status: 'missing', buckets: [] })).accuracy).toEqual({});
  });

  test('of sizes leave room for other compressors, and let the measured size pass', () => {
    expect(written().sizes).toEqual({ a: { gzipBytes: 10_100 } });
  });

  test('keep those of what was not measured, unless all was', () => {
    const before = { ...NO_BUDGETS, accuracy: { other: { largest: 1 } }, sizes: { b: { gzipBytes: 5 } } };
    const measured = { accuracy: [row('wasm-simd')], sizes: [size(10_000)] };
    const part = budgetsOf({ ...measured, whole: false }, before);
    expect([Object.keys(part.accuracy), Object.keys(part.sizes)]).toEqual([
      ['other', 'wasm-simd'],
      ['a', 'b'],
    ]);
    const all = budgetsOf({ ...measured, whole: true }, before);
    expect([Object.keys(all.accuracy), Object.keys(all.sizes)]).toEqual([['wasm-simd'], ['a']]);
  });

  test('come back from their file', async () => {
    const file = join(await temporaryFolder(), 'budgets.json');
    writeBudgets(file, written(row('wasm-simd')));
    expect(readBudgets(file)).toEqual(written(row('wasm-simd')));
    expect(() => writeBudgets(join(file, 'no'), NO_BUDGETS)).toThrow(`"${join(file, 'no')}" cannot be written: `);
  });
});

describe('a row held against its budget', () => {
  const against = (largest: number, correctlyRounded?: number): Budgets => ({
    ...NO_BUDGETS,
    accuracy: { 'wasm-simd': { largest, ...(correctlyRounded !== undefined && { correctlyRounded }) } },
  });

  test('passes at it, and fails above it with both numbers', () => {
    expect(holdAccuracy(row('wasm-simd'), against(2.314)).status).toBe('ok');
    expect(holdAccuracy(row('wasm-simd'), against(2.3))).toMatchObject({
      status: 'wrong',
      budget: 2.3,
      reason: expect.stringMatching(/^the largest error is 2\.31 ulp, the budget 2\.3, at margins from/) as string,
    });
  });

  test('fails for a smaller share of correctly rounded results', () => {
    expect(holdAccuracy(row('wasm-simd'), against(3, 0.75)).status).toBe('ok');
    expect(holdAccuracy(row('wasm-simd'), against(3, 0.7501))).toMatchObject({
      status: 'wrong',
      reason: '75.000% of the gradients are correctly rounded, the budget is 75.01% at least',
    });
  });

  test('fails for NaN whatever the budget', () => {
    const none = row('wasm-simd', { buckets: [bucket({ largest: NaN })] });
    expect(holdAccuracy(none, against(1e300)).status).toBe('wrong');
  });

  test('is not allowed more than the documented bound', () => {
    expect(holdAccuracy(row('wasm-simd', { budget: 2 }), against(100))).toMatchObject({ status: 'wrong', budget: 2 });
  });

  test('keeps what was said of it where it has none', () => {
    expect(holdAccuracy(row('another'), against(0))).toEqual(row('another'));
  });
});

describe('a size held against its budget', () => {
  const budgets = { ...NO_BUDGETS, sizes: { a: { gzipBytes: 10_000 } } };

  test('passes at it, and a byte more is named', () => {
    expect(sizeReasons([holdSize(size(10_000), budgets)])).toEqual([]);
    expect(sizeReasons([holdSize(size(10_001), budgets)])).toEqual([
      { gate: 'size', id: 'a', message: 'a: 10001 bytes minified and compressed, the budget is 10000' },
    ]);
  });

  test('passes without one', () => {
    expect(sizeReasons([holdSize(size(10_001), NO_BUDGETS)])).toEqual([]);
  });
});

test('the committed budgets are budgets, of the schema that is published', () => {
  const { schema, accuracy, sizes } = readBudgets(join(import.meta.dirname, '../../budgets.json'));
  expect(schema).toBe(BUDGETS_SCHEMA);
  expect(Object.keys(accuracy).length).toBeGreaterThan(0);
  const manifest = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../packages/categorical/package.json'), 'utf8'),
  ) as { readonly name: string };
  expect(Object.keys(sizes)).toContain(manifest.name);
});
