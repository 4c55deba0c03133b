import { expect, test } from 'vitest';
import { mergeShards } from './shard-merging.js';

const quiet = { print: () => undefined };

test('shards merge to the whole, to the last bit, where single sums would not', () => {
  let rounded = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { whole, merged, plainMean } = mergeShards({ ...quiet, seed });
    expect(whole.rows).toBe(1000);
    expect(whole.sum[0]).toBeGreaterThan(0);
    // toEqual compares every number with Object.is: both halves of the sums, the counts, and the value.
    expect(merged, `seed ${seed}`).toEqual(whole);
    if (plainMean !== whole.mean) rounded++;
  }
  // Else the rows would be too easy to tell a merge that keeps everything from one that does not.
  expect(rounded).toBeGreaterThan(0);
});

test('an infinite shard survives JSON and the merge', () => {
  const { infinite, infiniteText, whole } = mergeShards(quiet);
  expect((JSON.parse(infiniteText) as { sum: unknown }).sum).toEqual(['Infinity', 0]);
  expect(infinite.mean).toBe(Infinity);
  expect(infinite.rows).toBe(1000);
  expect(infinite.weight).toEqual(whole.weight);
});

test('what is printed says that the two means are one', () => {
  const printed: string[] = [];
  const { whole } = mergeShards({ print: (line) => printed.push(line) });
  const mean = String(whole.mean);
  expect(printed.slice(0, 2)).toEqual([
    `whole:  mean ${mean} of 1000 rows`,
    `merged: mean ${mean} of 1000 rows in 6 shards`,
  ]);
});
