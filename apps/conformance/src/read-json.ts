/** Reads parts of parsed JSON, and says what is wrong with them. */

/** An object of parsed JSON whose members are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** A case that does not follow the format: reported as failed, with its id. */
export class MalformedCase extends Error {
  override readonly name = 'MalformedCase';
}

/** Numbers with a shape, row-major. */
export interface Values {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

const nonFinite: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

export function readFields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected(name, 'an object', value);
  return value as Fields;
}

export function readString(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw expected(name, 'a string', value);
  return value;
}

/** A number, or one of the strings that stand for NaN and the infinities. */
export function readNumber(value: unknown, name: string): number {
  const number = typeof value === 'number' ? value : nonFinite.get(value);
  if (number === undefined) throw expected(name, 'a number', value);
  return number;
}

export function readNumbers(value: unknown, name: string): Float64Array {
  if (!Array.isArray(value)) throw expected(name, 'a list of numbers', value);
  return Float64Array.from(value, (item: unknown, index) => readNumber(item, `${name}[${index}]`));
}

export function readIntegers(value: unknown, name: string): readonly number[] {
  return Array.from(readNumbers(value, name), (number, index) => {
    if (!Number.isSafeInteger(number)) throw expected(`${name}[${index}]`, 'an integer', number);
    return number;
  });
}

/** Lengths of axes: integers from 0 on. */
export function readDims(value: unknown, name: string): readonly number[] {
  const dims = readIntegers(value, name);
  const negative = dims.find((length) => length < 0);
  if (negative !== undefined) throw expected(name, 'lengths of at least 0', negative);
  return dims;
}

/** Numbers that come with their shape, whose lengths agree. */
export function readValues(value: unknown, name: string): Values {
  const { dims, data } = readFields(value, name);
  return checkValues({ dims: readDims(dims, `${name}.dims`), data: readNumbers(data, `${name}.data`) }, name);
}

export function checkValues(values: Values, name: string): Values {
  const size = sizeOf(values.dims);
  if (values.data.length === size) return values;
  throw new MalformedCase(
    `${name}: dims [${values.dims.join(', ')}] want ${size} numbers, data has ${values.data.length}`,
  );
}

/** Null and a missing member are the same: no value. */
export function readOptional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

/** Number of elements of a shape; 1 for the shape of a scalar. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((size, length) => size * length, 1);
}

function expected(name: string, what: string, value: unknown): MalformedCase {
  return new MalformedCase(`${name}: expected ${what}, got ${value === undefined ? 'nothing' : JSON.stringify(value)}`);
}
