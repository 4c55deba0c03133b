import { describe, expect, it } from 'vitest';
import { random } from './random.js';

describe('random', () => {
  it('gives the same stream for the same seed, and others for others', () => {
    const draw = (seed: number): number[] => Array.from({ length: 5 }, random(seed).uniform);
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it('is uniform, normal and complete enough', () => {
    const stream = random(1);
    const count = 20_000;
    const average = (draw: () => number): number =>
      Array.from({ length: count }, draw).reduce((sum, item) => sum + item) / count;
    // Four standard errors: deviation / sqrt(count).
    expect(Math.abs(average(stream.uniform) - 0.5)).toBeLessThan((4 * Math.sqrt(1 / 12)) / Math.sqrt(count));
    expect(Math.abs(average(stream.normal))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(average(() => stream.normal() ** 2) - 1)).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(count));
    expect(stream.permutation(6).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
