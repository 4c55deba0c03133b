import type { RowLayout } from './engine.js';
import { kindError, rangeError, show, showShape } from './errors.js';
import type { CallOptions } from './loss.js';
import type { ReadNumbers } from './read-numbers.js';

/** The shape of a call: its layout, and the shapes that other arguments may have. */
export interface CallShape {
  readonly layout: RowLayout;
  /** Shape of the logits; for bare arrays [rows, classes]. */
  readonly dims: readonly number[];
  /** The same without the class (or label) axis. */
  readonly rowDims: readonly number[];
  /** Position of the class (or label) axis in `dims`; -1 where binary logits have none. */
  readonly axis: number;
}

/** What the loss itself states of the shape. */
export interface StatedShape {
  readonly of: string;
  /** Class count (or label count) that the loss or its vectors state, and who says so. */
  readonly count?: number | undefined;
}

/** Shape of logits whose rows have classes. */
export function readClassShape(logits: ReadNumbers, options: CallOptions, { of, count }: StatedShape): CallShape {
  const stated = statedCount(of, 'classes', options.classes, count);
  if (options.labels !== undefined)
    throw kindError({
      of,
      argument: 'labels',
      requirement: 'a binary loss',
      got: 'a loss over classes',
      fix: 'the class count is the option classes',
    });
  const dims = logits.dims ?? bareDims(of, logits, stated, options.axis);
  const axis = readAxis(of, options.axis, dims);
  const classes = dims[axis] ?? 0;
  if (stated !== undefined && classes !== stated) {
    const elsewhere = dims.indexOf(stated);
    const fix = elsewhere < 0 ? undefined : `if the class axis is not the last, pass axis: ${String(elsewhere)}`;
    throw rangeError({
      of,
      argument: 'logits',
      requirement: `${String(stated)} classes along axis ${String(axis)}`,
      got: `shape ${showShape(dims)}`,
      fix,
    });
  }
  if (classes < 2) throw tooFewClasses(of, classes, dims);
  return shapeAround(dims, axis);
}

/** Shape of logits that are elements of their own, with or without a label axis. */
export function readElementShape(logits: ReadNumbers, options: CallOptions, { of, count }: StatedShape): CallShape {
  if (options.classes !== undefined)
    throw kindError({
      of,
      argument: 'classes',
      requirement: 'a loss over classes',
      got: 'a binary loss',
      fix: 'the labels per row are the option labels',
    });
  const stated = statedCount(of, 'labels', options.labels, count);
  if (logits.dims === undefined && options.axis === undefined) return flatElements(of, logits, stated);
  const dims = logits.dims ?? [logits.length];
  if (dims.length < 2 && options.axis === undefined) return withoutLabels(dims, stated, of);
  const axis = readAxis(of, options.axis, dims);
  if (stated !== undefined && dims[axis] !== stated)
    throw rangeError({
      of,
      argument: 'logits',
      requirement: `${String(stated)} labels along axis ${String(axis)}`,
      got: `shape ${showShape(dims)}`,
    });
  return shapeAround(dims, axis);
}

function flatElements(of: string, { length }: ReadNumbers, labels = 1): CallShape {
  if (length % labels !== 0)
    throw rangeError({
      of,
      argument: 'logits',
      requirement: `a length that is a multiple of the ${String(labels)} labels of a row`,
      got: `length ${String(length)}`,
    });
  const rows = length / labels;
  if (labels === 1) return { layout: { rows, classes: 1, inner: 1 }, dims: [rows], rowDims: [rows], axis: -1 };
  return shapeAround([rows, labels], 1);
}

function withoutLabels(dims: readonly number[], stated: number | undefined, of: string): CallShape {
  if (stated !== undefined && stated !== 1)
    throw rangeError({
      of,
      argument: 'logits',
      requirement: `rows of ${String(stated)} labels`,
      got: `shape ${showShape(dims)}`,
    });
  return { layout: { rows: dims[0] ?? 1, classes: 1, inner: 1 }, dims, rowDims: dims, axis: -1 };
}

function shapeAround(dims: readonly number[], axis: number): CallShape {
  const product = (lengths: readonly number[]): number => lengths.reduce((size, length) => size * length, 1);
  const inner = product(dims.slice(axis + 1));
  const rowDims = dims.filter((_, index) => index !== axis);
  return {
    layout: { rows: product(rowDims), classes: dims[axis] ?? 1, inner: Math.max(inner, 1) },
    dims,
    rowDims,
    axis,
  };
}

function statedCount(
  of: string,
  argument: string,
  option: number | undefined,
  stated: number | undefined,
): number | undefined {
  if (option === undefined) return stated;
  if (!Number.isInteger(option) || option < 1)
    throw rangeError({ of, argument, requirement: 'an integer of at least 1', got: show(option) });
  if (stated !== undefined && option !== stated)
    throw rangeError({ of, argument, requirement: `${String(stated)}, which the loss states`, got: String(option) });
  return option;
}

function bareDims(
  of: string,
  logits: ReadNumbers,
  classes: number | undefined,
  axis: number | undefined,
): readonly number[] {
  // A flat number[] is one row; a bare typed array could be any number of rows.
  if (classes === undefined && logits.form === 'array') return [logits.length];
  const got = `a bare array of length ${String(logits.length)}`;
  if (classes === undefined)
    throw kindError({
      of,
      argument: 'logits',
      requirement: 'a shape or a stated class count',
      got,
      fix: 'pass { data, dims }, or the option classes',
    });
  if (axis !== undefined && axis !== -1 && axis !== 1)
    throw kindError({ of, argument: 'axis', requirement: 'logits with a shape', got, fix: 'pass { data, dims }' });
  if (logits.length % classes !== 0)
    throw rangeError({
      of,
      argument: 'logits',
      requirement: `a length that is a multiple of the ${String(classes)} classes`,
      got: `length ${String(logits.length)}`,
    });
  return [logits.length / classes, classes];
}

function readAxis(of: string, axis: number | undefined, dims: readonly number[]): number {
  const rank = dims.length;
  if (rank === 0) throw rangeError({ of, argument: 'logits', requirement: 'at least one axis', got: 'shape []' });
  const given = axis ?? -1;
  const fromStart = given < 0 ? given + rank : given;
  if (Number.isInteger(fromStart) && fromStart >= 0 && fromStart < rank) return fromStart;
  throw rangeError({
    of,
    argument: 'axis',
    requirement: `an integer from ${String(-rank)} to ${String(rank - 1)} for logits of shape ${showShape(dims)}`,
    got: show(axis),
  });
}

function tooFewClasses(of: string, classes: number, dims: readonly number[]): RangeError {
  const got = `${String(classes)} (shape ${showShape(dims)})`;
  if (classes === 0) return rangeError({ of, argument: 'logits', requirement: 'at least 2 classes', got });
  const fix =
    'the softmax of one class is always 1 and its loss always 0: use binaryCrossEntropy for one logit per row';
  return rangeError({ of, argument: 'logits', requirement: 'at least 2 classes', got, fix });
}
