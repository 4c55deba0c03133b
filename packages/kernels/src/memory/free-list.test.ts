import { randomNumbers } from '@surprisal/reference';
import { expect, it } from 'vitest';
import { freeList } from './free-list.js';

it('gives every byte to one taker at a time, and all of them again once they are back', () => {
  const random = randomNumbers(1);
  const list = freeList(64, 64 + 1000);
  const taken = new Map<number, number>();
  for (let step = 0; step < 5000; step++) {
    if (random.uniform() < 0.45 && taken.size > 0) {
      const [at, bytes] = random.pick([...taken]);
      taken.delete(at);
      list.giveBack(at, bytes);
      continue;
    }
    const bytes = 1 + Math.floor(40 * random.uniform());
    const at = list.take(bytes);
    if (at === undefined) continue;
    expect(at).toBeGreaterThanOrEqual(64);
    expect(at + bytes).toBeLessThanOrEqual(1064);
    for (const [other, length] of taken) expect(at + bytes <= other || other + length <= at).toBe(true);
    taken.set(at, bytes);
  }
  for (const [at, bytes] of taken) list.giveBack(at, bytes);
  expect(list.freeAtEnd()).toBe(1000);
  expect(list.take(1000)).toBe(64);
  expect(list.take(1)).toBeUndefined();
  expect(list.freeAtEnd()).toBe(0);
  list.extend(1100);
  expect(list.freeAtEnd()).toBe(36);
});
