import { randomNumbers } from '@surprisal/reference';
import { describe, expect, test } from 'vitest';
import { thinned } from './thin.js';

const random = randomNumbers(3);
const course = (count: number): { readonly at: number; readonly value: number; readonly level: number }[] =>
  Array.from({ length: count }, (_, at) => ({ at, value: 5 + random.normal(), level: 5 }));

describe('a course', () => {
  test('of up to 150 points stays whole', () => {
    const places = course(150);
    expect(thinned(places)).toBe(places);
  });

  test.each([151, 300, 1001])('of %d points keeps about a hundred, in order, the extremes among them', (count) => {
    const places = course(count);
    const drawn = thinned(places);
    expect(drawn.length).toBeLessThanOrEqual(100);
    expect(drawn.length).toBeGreaterThan(70);
    expect(drawn.map(({ at }) => at)).toEqual(drawn.map(({ at }) => at).sort((one, other) => one - other));
    const far = [...places].sort((one, other) => Math.abs(other.value - 5) - Math.abs(one.value - 5));
    expect(drawn).toContain(far[0]);
  });
});
