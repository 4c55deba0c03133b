/** The rows of a tensor along its class axis. */
import { sizeOf, type Values } from './read-json.js';

/** Every row as a list; without an axis, each number is a row. */
export function rowsOf(values: Values, axis: number | undefined): readonly (readonly number[])[] {
  if (axis === undefined) return Array.from(values.data, (value) => [value]);
  const classes = values.dims[axis] ?? 0;
  const rows = Array.from({ length: classes === 0 ? 0 : values.data.length / classes }, (): number[] => []);
  for (const [position, value] of values.data.entries()) rows[rowAt(values, axis, position)]?.push(value);
  return rows;
}

/** The row in which a position lies. */
export function rowAt({ dims }: Values, axis: number, position: number): number {
  const inner = sizeOf(dims.slice(axis + 1));
  return Math.floor(position / (inner * (dims[axis] ?? 1))) * inner + (position % inner);
}
