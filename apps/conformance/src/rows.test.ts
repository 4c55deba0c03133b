import { describe, expect, it } from 'vitest';
import { rowsOf } from './rows.js';

const values = (...dims: number[]) => ({
  dims,
  data: Float64Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => i),
});

describe('rowsOf', () => {
  it.each([
    [
      'the last axis',
      values(2, 3),
      1,
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ],
    [
      'the first axis',
      values(2, 3),
      0,
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    [
      'a middle axis',
      values(2, 2, 2),
      1,
      [
        [0, 2],
        [1, 3],
        [4, 6],
        [5, 7],
      ],
    ],
    ['a single row', values(3), 0, [[0, 1, 2]]],
    ['no row', values(0, 3), 1, []],
    ['rows without a class', values(2, 0), 1, []],
    ['no axis', values(2), undefined, [[0], [1]]],
  ])('along %s', (_, given, axis, rows) => {
    expect(rowsOf(given, axis)).toEqual(rows);
  });
});
