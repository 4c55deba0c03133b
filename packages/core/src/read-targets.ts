import { rangeError, showShape } from './errors.js';
import { readNumbers, type ReadNumbers } from './read-numbers.js';
import type { CallShape } from './read-shape.js';

/** Targets of a call: class indices (or binary targets, one per element), or rows of probabilities. */
export interface ReadTargets {
  readonly kind: 'labels' | 'rows';
  readonly numbers: ReadNumbers;
}

/** Targets over classes: shape alone tells indices from probabilities, never the number type. */
export function readClassTargets(of: string, targets: unknown, shape: CallShape): ReadTargets {
  const numbers = readNumbers(targets, { of, argument: 'targets', numbers: 'any' });
  const { rows, classes } = shape.layout;
  if (fits(numbers, shape.rowDims, rows)) return { kind: 'labels', numbers };
  if (fits(numbers, shape.dims, rows * classes)) return { kind: 'rows', numbers };
  throw misfit(
    of,
    'targets',
    numbers,
    `${shapeWords(shape.rowDims)} (class indices) or ${shapeWords(shape.dims)} (probabilities)`,
    axisFix(numbers, shape),
  );
}

/** Binary targets: shaped like the logits. */
export function readElementTargets(of: string, targets: unknown, shape: CallShape): ReadTargets {
  const numbers = readNumbers(targets, { of, argument: 'targets', numbers: 'any' });
  const { rows, classes } = shape.layout;
  if (fits(numbers, shape.dims, rows * classes)) return { kind: 'labels', numbers };
  throw misfit(of, 'targets', numbers, `${shapeWords(shape.dims)}, that of the logits`);
}

/** Whether numbers have a shape, or, having none, its length. */
export function fits({ dims, length }: ReadNumbers, shape: readonly number[], size: number): boolean {
  if (dims === undefined) return length === size;
  return dims.length === shape.length && dims.every((dim, index) => dim === shape[index]);
}

/** The complaint about an argument whose shape fits none that it may have. */
export function misfit(
  of: string,
  argument: string,
  numbers: ReadNumbers,
  requirement: string,
  fix?: string,
): RangeError {
  const got = numbers.dims === undefined ? `length ${String(numbers.length)}` : `shape ${showShape(numbers.dims)}`;
  return rangeError({ of, argument, requirement, got, fix });
}

/** A shape in words: `shape [4, 3]`. */
export function shapeWords(dims: readonly number[]): string {
  return `shape ${showShape(dims)}`;
}

/** Where the targets would fit along another class axis, says which. */
function axisFix(numbers: ReadNumbers, { dims, axis }: CallShape): string | undefined {
  for (let other = 1; other < dims.length; other++) {
    if (other === axis) continue;
    const rowDims = dims.filter((_, index) => index !== other);
    const size = rowDims.reduce((product, dim) => product * dim, 1);
    if (fits(numbers, rowDims, size))
      return `if axis ${String(other)} of the logits holds the classes, pass axis: ${String(other)}`;
  }
  return undefined;
}
