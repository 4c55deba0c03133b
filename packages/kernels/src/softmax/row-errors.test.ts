import { describe, expect, it } from 'vitest';
import { addRowErrors, isWithinBounds, type Arithmetic, type RowErrors } from '../testing/row-errors/row-errors.ts';
import { softmaxLink } from './index.js';

/*
 * A sample of what `scripts/row-errors.ts` measures over a million rows: random rows of all kinds, under weights, smoothing,
 * soft targets, with ignored rows, by each engine and in both types.
 */
const SAMPLES: readonly [Arithmetic, seeds: number, classes: [number, number], logits: number, rows: number][] = [
  ['double-double', 120, [2, 5000], 12_000, 24],
  ['decimal', 60, [2, 60], 120, 6],
];
const engines = softmaxLink.engines.filter(({ available }) => available?.() ?? true).map(({ name }) => name);

describe.each(SAMPLES)('random rows against %s arithmetic', (arithmetic, seeds, classes, logits, rows) => {
  const errors: RowErrors = {};
  for (let seed = 1; seed <= seeds; seed++) addRowErrors(errors, seed, { classes, logits, rows }, engines, arithmetic);

  it('are all compared, by every engine in both types', () => {
    const names = engines.flatMap((engine) => [`${engine} float32`, `${engine} float64`]);
    expect(Object.keys(errors).sort()).toEqual(names.sort());
    for (const { rows: compared, elements } of Object.values(errors)) {
      expect(compared).toBeGreaterThan(100);
      expect(elements).toBeGreaterThan(1000);
    }
  });

  it('are within the bounds', () => {
    expect(isWithinBounds(errors) || errors).toBe(true);
  });

  it('are not within them where one result is off by ten units', () => {
    for (const name of Object.keys(errors)) {
      const { loss, gradient } = errors[name];
      expect(isWithinBounds({ ...errors, [name]: { ...errors[name], loss: { ...loss, ulps: 10 } } })).toBe(false);
      expect(isWithinBounds({ ...errors, [name]: { ...errors[name], gradient: { ...gradient, ulps: NaN } } })).toBe(
        false,
      );
    }
  });
});

it('a row of 30 numbers whose sum took five units, in two partial sums, is within the bounds', () => {
  const errors: RowErrors = {};
  addRowErrors(errors, 106_638, { classes: [2, 5000], logits: 20_000, rows: 24 }, engines, 'double-double');
  expect(isWithinBounds(errors) || errors).toBe(true);
});
