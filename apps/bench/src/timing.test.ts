import { expect, test } from 'vitest';
import { median, timeInTurn } from './timing.js';

test('the median is the middle value, or between the two middle ones', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test('variants take turns, and the order of a round turns with them', () => {
  const calls: string[] = [];
  const [first, second] = timeInTurn([() => calls.push('first'), () => calls.push('second')], {
    repeats: 4,
    batchMilliseconds: 0,
  });
  expect(calls.slice(-8)).toEqual(['first', 'second', 'second', 'first', 'first', 'second', 'second', 'first']);
  expect(first).toHaveLength(4);
  expect(second).toHaveLength(4);
});
