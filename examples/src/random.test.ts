import { expect, test } from 'vitest';
import { seededRandom } from './random.js';

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number): number[] => {
    const { uniform } = seededRandom(seed);
    return Array.from({ length: 5 }, uniform);
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(2)).not.toEqual(draw(1));
});

test('uniform numbers lie in [0, 1) with mean 1/2, normal ones have mean 0 and variance 1', () => {
  const count = 20_000;
  const { uniform, normal } = seededRandom(3);
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / count;
  const uniforms = Array.from({ length: count }, uniform);
  const normals = Array.from({ length: count }, normal);
  expect(uniforms.every((number) => number >= 0 && number < 1)).toBe(true);
  // Five standard errors: sqrt(1/12), 1 and sqrt(2), each divided by sqrt(count).
  expect(Math.abs(mean(uniforms) - 0.5)).toBeLessThan(0.0103);
  expect(Math.abs(mean(normals))).toBeLessThan(0.0354);
  expect(Math.abs(mean(normals.map((number) => number ** 2)) - 1)).toBeLessThan(0.05);
});

test('shuffled numbers are the numbers, in another order', () => {
  const shuffled = seededRandom(4).shuffled(50);
  const ordered = Array.from({ length: 50 }, (_, index) => index);
  expect(shuffled).not.toEqual(ordered);
  expect([...shuffled].sort((one, other) => one - other)).toEqual(ordered);
});
