import { expect, test } from 'vitest';
import { mergeShards } from './shard-merging.js';

const quiet = { print: () => undefined };

test.each([1, 2, 3])('shards of seed %i merge to the whole, to the last bit', (seed) => {
  const { whole, merged } = mergeShards({ ...quiet, seed });
  expect(whole.rows).toBe(1000);
  // toEqual compares every number with Object.is: the pairs of the sums, the counts, and the value.
  expect(merged).toEqual(whole);
  expect(merged.sum[0]).toBeGreaterThan(0);
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
