/** The rows of a tensor along its class axis. */
import { sizeOf, type Values } from './read-json.js';

/** Every row as a list; without an axis, each number is a row. */
export function rowsOf({ dims, data }: Values, axis: number | undefined): readonly (readonly number[])[] {
  if (axis === undefined) return Array.from(data, (value) => [value]);
  const inner = sizeOf(dims.slice(axis + 1));
  const classes = dims[axis] ?? 0;
  const count = classes === 0 ? 0 : data.length / classes;
  return Array.from({ length: count }, (_, row) => {
    const first = Math.floor(row / inner) * classes * inner + (row % inner);
    return Array.from({ length: classes }, (__, position) => data[first + position * inner] ?? NaN);
  });
}
