import { describe, expect, it } from 'vitest';
import { broadcast } from './broadcast.js';

describe('broadcast', () => {
  it.each([
    ['a number', [], [5], [2, 2], [5, 5, 5, 5]],
    ['a last axis', [3], [1, 2, 3], [2, 3], [1, 2, 3, 1, 2, 3]],
    ['a column', [2, 1], [1, 2], [2, 3], [1, 1, 1, 2, 2, 2]],
    ['a middle axis', [2, 1], [1, 2], [2, 2, 2], [1, 1, 2, 2, 1, 1, 2, 2]],
    ['the same shape', [2], [1, 2], [2], [1, 2]],
    ['an empty shape', [1], [1], [0], []],
  ])('repeats %s', (_, dims, data, to, expected) => {
    expect(Array.from(broadcast({ dims, data: Float64Array.from(data) }, to) ?? [NaN])).toEqual(expected);
  });

  it('refuses shapes that do not go together', () => {
    expect(broadcast({ dims: [2], data: new Float64Array(2) }, [2, 3])).toBeUndefined();
    expect(broadcast({ dims: [1, 1], data: new Float64Array(1) }, [3])).toBeUndefined();
  });
});
