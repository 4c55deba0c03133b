import { describe, expect, test } from 'vitest';
import { packRows } from './dataset.js';
import { loadDigits } from './digits.js';
import { loadMail } from './mail.js';
import { shuffled, split } from './split.js';
import { termWeights, wordCounts } from './word-features.js';

const shareOf = (labels: Uint8Array, label: number): number =>
  labels.filter((one) => one === label).length / labels.length;

describe('the digits', () => {
  const { train, heldOut, features } = loadDigits({ seed: 1 });

  test('are 10,000, a fifth of them held out, a tenth or so of each digit', () => {
    expect([train.rows.count, heldOut.rows.count]).toEqual([8000, 2000]);
    for (let digit = 0; digit < 10; digit++) expect(shareOf(train.labels, digit)).toBeCloseTo(0.1, 1);
  });

  test('are pixels between 0 and 1', () => {
    expect(train.rows.columns.every((column) => column < features)).toBe(true);
    expect(train.rows.values.every((value) => value > 0 && value <= 1)).toBe(true);
  });
});

test('the mail is about one spam to two of the others', () => {
  const { train, heldOut } = loadMail({ seed: 1, limit: 1000 });
  expect([train.rows.count, heldOut.rows.count]).toEqual([800, 200]);
  expect(shareOf(train.labels, 1)).toBeCloseTo(1 / 3, 1);
});

test('a split deals each item once, and the same way for the same seed', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);
  const [train, heldOut] = split(items, { seed: 4 });
  expect([...train, ...heldOut].sort((one, other) => one - other)).toEqual(items);
  expect(split(items, { seed: 4 })).toEqual([train, heldOut]);
  expect(shuffled(items, 5)).not.toEqual(shuffled(items, 4));
});

test('packed rows know where each row starts', () => {
  const { rows, labels } = packRows([
    { label: 1, features: [[3, 0.5]] },
    { label: 0, features: [] },
    {
      label: 1,
      features: [
        [0, 1],
        [2, 0.25],
      ],
    },
  ]);
  expect(rows).toEqual({
    count: 3,
    starts: Uint32Array.of(0, 1, 1, 3),
    columns: Uint32Array.of(3, 0, 2),
    values: Float32Array.of(0.5, 1, 0.25),
  });
  expect(labels).toEqual(Uint8Array.of(1, 0, 1));
});

test('words in every text weigh nothing, and the others share a length of one', () => {
  const texts = ['free money now', 'free lunch now', 'free now'].map(wordCounts);
  const weights = termWeights(texts)(wordCounts('Free money FREE'));
  const values = weights.map(([, value]) => value);
  expect(values).toEqual([0, 1]);
});
