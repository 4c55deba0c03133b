/** Repeats numbers along axes of length 1 and missing leading axes, as NumPy does. */
import { sizeOf, type Values } from './read-json.js';

/** The numbers in a larger shape, or undefined where the shapes do not go together. */
export function broadcast({ dims, data }: Values, to: readonly number[]): Float64Array | undefined {
  const lead = to.length - dims.length;
  if (lead < 0 || dims.some((length, axis) => length !== 1 && length !== to[axis + lead])) return undefined;
  const strides = to.map((_, axis) => (dims[axis - lead] === 1 ? 0 : strideOf(dims, axis - lead)));
  return Float64Array.from({ length: sizeOf(to) }, (_, position) => data[sourceOf(position, to, strides)] ?? NaN);
}

export function isShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

function strideOf(dims: readonly number[], axis: number): number {
  return axis < 0 ? 0 : sizeOf(dims.slice(axis + 1));
}

function sourceOf(position: number, to: readonly number[], strides: readonly number[]): number {
  let [rest, source] = [position, 0];
  for (let axis = to.length - 1; axis >= 0; axis--) {
    const length = to[axis] ?? 1;
    source += (rest % length) * (strides[axis] ?? 0);
    rest = Math.floor(rest / length);
  }
  return source;
}
