import { readRows, type DetailSession, type Problem } from '@surprisal/core';
import { rowsOfTile } from './row-stage.js';

/** The class that each target row names, as the caller gave it: the first of the largest. */
export function openTargetClasses({ targets, layout }: Problem, numbers: number): DetailSession {
  const { classes, inner } = layout;
  const capacity = rowsOfTile(layout, numbers);
  const values = new Float64Array(capacity * classes);
  const line = new Float64Array(inner === 1 ? 0 : capacity);
  return {
    capacity,
    run: ({ first, count, keep }, { truths }) => {
      if (targets === undefined) return;
      readRows(targets, layout, { first, count, classFrom: 0, classCount: classes }, values, line);
      for (let row = 0; row < count; row++)
        truths[row] = keep[row] === 0 ? -1 : indexOfLargest(values, row * classes, classes);
    },
  };
}

/** The first index of the largest of `count` numbers. */
export function indexOfLargest(values: Float64Array, at: number, count: number): number {
  let largest = 0;
  for (let j = 1; j < count; j++) if (values[at + j] > values[at + largest]) largest = j;
  return largest;
}
