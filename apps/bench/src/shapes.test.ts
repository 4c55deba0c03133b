import { describe, expect, test } from 'vitest';
import { measureShape } from './shapes.js';
import { shapesText } from './shapes-table.js';

describe('the shapes', () => {
  test.each([
    { rows: 3, classes: 4, type: 'float32' },
    { rows: 5, classes: 1, type: 'float64' },
  ] as const)('are timed beside the plain loop: %j', (shape) => {
    const times = measureShape(shape, { repeats: 3, batchMilliseconds: 0.01 });
    expect(times.map(({ engine }) => engine)).toContain('typescript');
    for (const each of times) {
      expect(each).toMatchObject(shape);
      expect(each.nanosecondsPerLogit).toBeGreaterThan(0);
      expect(each.plainLoopNanosecondsPerLogit).toBeGreaterThan(0);
      expect(each.oursByPlainLoop).toBeGreaterThan(0);
      expect(each.oursByCopy).toBeGreaterThan(0);
    }
  });

  test('are printed with their ratio', () => {
    const times = {
      rows: 32,
      classes: 10,
      type: 'float32' as const,
      engine: 'abacus',
      nanosecondsPerLogit: 14,
      plainLoopNanosecondsPerLogit: 12,
      copyNanosecondsPerLogit: 0.5,
      oursByPlainLoop: 1.17,
      oursByCopy: 28,
    };
    expect(shapesText([times])).toMatch(
      /categoricalCrossEntropy +│ +32 +│ +10 +│ float32 +│ +abacus +│ +14\.00 +│ +12\.00 +│ +1\.17 +│ +28\.0/,
    );
  });
});
