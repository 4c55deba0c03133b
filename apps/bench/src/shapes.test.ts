import { describe, expect, test } from 'vitest';
import { measureShape } from './shapes.js';
import { shapesText } from './shapes-table.js';

describe('the shapes', () => {
  test.each([
    { rows: 3, classes: 4, type: 'float32' },
    { rows: 5, classes: 1, type: 'float64' },
  ] as const)('are timed beside the plain loop: %j', (shape) => {
    const times = measureShape(shape, { repeats: 3, batchMilliseconds: 0.01 });
    expect(times).toMatchObject(shape);
    expect(times.nanosecondsPerLogit).toBeGreaterThan(0);
    expect(times.plainLoopNanosecondsPerLogit).toBeGreaterThan(0);
    expect(times.oursByPlainLoop).toBeGreaterThan(0);
  });

  test('are printed with their ratio', () => {
    const times = {
      rows: 32,
      classes: 10,
      type: 'float32' as const,
      nanosecondsPerLogit: 14,
      plainLoopNanosecondsPerLogit: 12,
      oursByPlainLoop: 1.17,
    };
    expect(shapesText([times])).toMatch(
      /categoricalCrossEntropy +│ +32 +│ +10 +│ float32 +│ +14\.00 +│ +12\.00 +│ +1\.17/,
    );
  });
});
