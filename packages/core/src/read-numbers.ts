import { kindError, rangeError, show, showShape } from './errors.js';
import type { TensorLike } from './loss.js';
import { floatTypeOf, halfSource, numberSource, type NumberSource } from './number-source.js';

/** Numbers of a call's argument, however they came. */
export interface ReadNumbers {
  readonly source: NumberSource;
  readonly length: number;
  /** Absent for arrays without a shape: bare typed arrays and flat number[]. */
  readonly dims?: readonly number[];
  /** How it came; what a new output array is made like. */
  readonly form: 'number' | 'array' | 'bare' | 'tensor';
}

/** What an argument may hold, for the checks and their words. */
export interface Expectation {
  readonly of: string;
  readonly argument: string;
  /** `float`: logits and probabilities; `any`: integers too; `mask`: booleans too. */
  readonly numbers: 'float' | 'any' | 'mask';
  readonly fix?: string;
}

/** Reads a number, a nested array, a tensor or a typed array. Nested arrays are copied flat; the others stay where they are. */
export function readNumbers(value: unknown, expectation: Expectation): ReadNumbers {
  if (ArrayBuffer.isView(value) && 'length' in value)
    return readTyped(value as unknown as ArrayLike<number>, expectation, 'bare');
  if (Array.isArray(value)) return readNested(value, expectation);
  if (typeof value === 'object' && value !== null && 'data' in value)
    return readTensor(value as TensorLike, expectation);
  if (typeof value === 'number' && expectation.numbers !== 'float')
    return { source: numberSource([value], 'float64'), length: 1, form: 'number' };
  throw wrongKind(value, expectation);
}

/** A length-0 view of a detached buffer looks like an empty batch; only making a new view tells them apart everywhere. */
export function refuseDetached(data: ArrayLike<unknown>, { of, argument }: Pick<Expectation, 'of' | 'argument'>): void {
  if (data.length > 0 || !ArrayBuffer.isView(data)) return;
  try {
    new Uint8Array(data.buffer);
  } catch {
    throw kindError({
      of,
      argument,
      requirement: 'an array with its memory',
      got: 'an array whose buffer is detached',
    });
  }
}

function readTyped(data: ArrayLike<number>, expectation: Expectation, form: 'bare' | 'tensor'): ReadNumbers {
  refuseDetached(data, expectation);
  const type = floatTypeOf(data);
  if (type === undefined && expectation.numbers === 'float') throw wrongKind(data, expectation);
  return { source: numberSource(data, type ?? 'float64'), length: data.length, form };
}

function readTensor(tensor: TensorLike, expectation: Expectation): ReadNumbers {
  const { of, argument } = expectation;
  const data: unknown = tensor.data;
  if (typeof data === 'function')
    throw kindError({
      of,
      argument: `${argument}.data`,
      requirement: 'an array of numbers',
      got: 'a method',
      fix: 'pass { data: await tensor.data(), dims: tensor.shape }',
    });
  const dims = shapeOf(tensor, expectation);
  const numbers = readTensorData(data, tensor, expectation);
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (size !== numbers.length)
    throw rangeError({
      of,
      argument: `${argument}.data`,
      requirement: `${String(size)} numbers for shape ${showShape(dims)}`,
      got: String(numbers.length),
    });
  refuseStrides(tensor, dims, expectation);
  return { ...numbers, dims };
}

function readTensorData(data: unknown, tensor: TensorLike, expectation: Expectation): ReadNumbers {
  const { of, argument } = expectation;
  if (data instanceof Uint16Array && (tensor.type ?? tensor.dtype) === 'float16') {
    refuseDetached(data, expectation);
    return { source: halfSource(data), length: data.length, form: 'tensor' };
  }
  if (ArrayBuffer.isView(data) && 'length' in data)
    return readTyped(data as unknown as ArrayLike<number>, { ...expectation, argument: `${argument}.data` }, 'tensor');
  if (Array.isArray(data))
    return { ...readNested(data, { ...expectation, argument: `${argument}.data` }), form: 'tensor' };
  throw kindError({ of, argument: `${argument}.data`, requirement: 'an array of numbers', got: show(data) });
}

function shapeOf(tensor: TensorLike, { of, argument }: Expectation): readonly number[] {
  const dims: unknown = tensor.dims ?? tensor.shape;
  if (Array.isArray(dims) && dims.every((dim) => Number.isInteger(dim) && (dim as number) >= 0))
    return dims as readonly number[];
  throw kindError({
    of,
    argument: `${argument}.dims`,
    requirement: 'an array of lengths',
    got: Array.isArray(dims) ? showShape(dims as number[]) : show(dims),
  });
}

function refuseStrides(
  { strides, offset = 0 }: TensorLike,
  dims: readonly number[],
  { of, argument }: Expectation,
): void {
  const fix = 'copy the view into a packed array first';
  if (offset !== 0) throw rangeError({ of, argument: `${argument}.offset`, requirement: '0', got: show(offset), fix });
  if (strides === undefined) return;
  let expected = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    const dim = dims[axis] ?? 0;
    if (dim > 1 && strides[axis] !== expected)
      throw rangeError({
        of,
        argument: `${argument}.strides`,
        requirement: `the strides of a packed array of shape ${showShape(dims)}`,
        got: showShape(strides),
        fix,
      });
    expected *= dim;
  }
}

function readNested(value: readonly unknown[], expectation: Expectation): ReadNumbers {
  const dims = nestedShape(value, expectation);
  const flat = dims.length === 1 ? (value as readonly number[]) : value.flat(dims.length - 1);
  refuseItems(flat, expectation);
  const source = numberSource(flat as readonly number[], 'float64');
  return dims.length === 1
    ? { source, length: flat.length, form: 'array' }
    : { source, length: flat.length, dims, form: 'array' };
}

/** Lengths of the levels of a nested array; every level must have one length. */
function nestedShape(value: readonly unknown[], { of, argument }: Expectation): readonly number[] {
  const dims: number[] = [];
  for (let level: readonly unknown[] = [value]; level.length > 0 && Array.isArray(level[0]); level = level.flat(1)) {
    const length = level[0].length;
    for (const [index, item] of level.entries())
      if (!Array.isArray(item) || item.length !== length)
        throw rangeError({
          of,
          argument: `${argument}[${String(index)}]`,
          requirement: `a row of length ${String(length)} like the first`,
          got: show(item),
        });
    dims.push(length);
  }
  return dims;
}

function refuseItems(flat: readonly unknown[], { of, argument, numbers }: Expectation): void {
  for (let i = 0; i < flat.length; i++) {
    const item = flat[i];
    if (typeof item === 'number' || (numbers === 'mask' && typeof item === 'boolean')) continue;
    throw kindError({ of, argument: `${argument}[${String(i)}]`, requirement: 'a number', got: show(item) });
  }
}

function wrongKind(value: unknown, { of, argument, numbers, fix }: Expectation): TypeError {
  const requirement =
    numbers === 'float'
      ? 'a Float32Array, Float64Array or Float16Array, a nested array of numbers, or a tensor of such'
      : 'a typed array, a nested array of numbers, or a tensor of such';
  const halves =
    numbers === 'float' && value instanceof Uint16Array ? "for binary16 bits pass a tensor with type: 'float16'" : fix;
  return kindError({ of, argument, requirement, got: show(value), fix: halves });
}
