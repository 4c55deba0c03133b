import { describe, expect, test } from 'vitest';
import { randomNumbers } from './random-numbers.js';
import { randomRows } from './random-rows.js';

describe('randomRows', () => {
  const options = { seed: 3, logits: 20000, type: 'float64' } as const;

  test('are the same for the same seed, and others for another', () => {
    const [first, again, other] = [options, options, { ...options, seed: 4 }].map((each) => [...randomRows(each)]);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test.each(['float32', 'float64'] as const)('of %s have the hard cases in them', (type) => {
    const rows = [...randomRows({ ...options, type })];
    const all = rows.flatMap(({ logits }) => Array.from(logits));
    expect(all.length).toBeGreaterThanOrEqual(options.logits);
    expect(all).not.toContain(NaN);
    expect(all).not.toContain(Infinity);
    expect(all).toContain(-Infinity);
    expect(all.some((z) => Math.abs(z) > 1e29)).toBe(true);
    expect(new Set(rows.map(({ kind }) => kind)).size).toBe(6);
    const sizes = rows.map(({ logits }) => logits.length);
    expect(Math.min(...sizes)).toBe(2);
    expect(Math.max(...sizes)).toBeGreaterThan(500);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
    const gaps = rows.map(({ logits, label }) => Math.max(...logits) - logits[label]);
    expect(gaps.filter((gap) => gap === 0).length).toBeGreaterThan(rows.length / 4);
    expect(gaps.some((gap) => gap > 5000)).toBe(true);
    expect(gaps.every(Number.isFinite)).toBe(true);
    expect(rows.some(({ logits, label }) => logits.every((z, at) => at === label || logits[label] - z > 5000))).toBe(
      true,
    );
    expect(rows[0].logits).toBeInstanceOf(type === 'float32' ? Float32Array : Float64Array);
  });
});

test('randomNumbers are uniform and roughly normal', () => {
  const random = randomNumbers(1);
  const uniform = Array.from({ length: 10000 }, () => random.uniform());
  expect(uniform.reduce((sum, x) => sum + x, 0) / uniform.length).toBeCloseTo(0.5, 1);
  expect(uniform.every((x) => x >= 0 && x < 1)).toBe(true);
  const normal = Array.from({ length: 10000 }, () => random.normal());
  expect(normal.reduce((sum, x) => sum + x * x, 0) / normal.length).toBeCloseTo(1, 1);
});
