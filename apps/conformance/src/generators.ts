/** Large inputs and targets, made from a rule instead of being written out. */
import { MalformedCase, readFields, readNumber, readOptional, readString, type Fields } from './read-json.js';

/** Names of the rules. */
export const generatorNames = ['xorshift32', 'affine-mod'] as const;

const two23 = 0x800000;
const two32 = 0x1_0000_0000;

/**
 * Pseudo-random numbers in [-scale, scale): Marsaglia's xorshift32, whose upper 24 bits are exact in float32. Single
 * elements may be replaced afterwards. The first three values, the last one and the sum of all states are checked.
 */
export function xorshift32(value: unknown, name: string): Float64Array {
  const fields = readFields(value, name);
  const number = (member: string): number => readNumber(fields[member], `${name}.${member}`);
  const scale = number('scale');
  const data = new Float64Array(readCount(fields['count'], `${name}.count`));
  let state = number('seed') >>> 0;
  let sum = 0;
  for (let index = 0; index < data.length; index++) {
    state = next(state);
    sum = (sum + state) % two32;
    data[index] = (((state >>> 8) - two23) / two23) * scale;
  }
  override(data, fields['overrides'], `${name}.overrides`);
  checkSequence(data, sum, fields, name);
  return data;
}

/** Class indices (7 n + floor(n / 8)) mod classes. */
export function affineMod(count: number, classes: number): Float64Array {
  return Float64Array.from({ length: count }, (_, n) => (n * 7 + (n >>> 3)) % classes);
}

/** Name of the rule that a generator states. */
export function generatorName(value: unknown, name: string): string {
  return readString(readFields(value, name)['name'], `${name}.name`);
}

function readCount(value: unknown, name: string): number {
  const count = readNumber(value, name);
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new MalformedCase(`${name}: expected an integer of at least 0, got ${count}`);
}

function next(state: number): number {
  let x = state;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}

/** Replaces single elements: a list of pairs [index, value] or of { index, value }, or an object of values by index. */
function override(data: Float64Array, value: unknown, name: string): void {
  if (value === undefined || value === null) return;
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.entries(readFields(value, name));
  for (const item of items) {
    const { index, value: replacement } = readOverride(item, name);
    if (!(index in data)) throw new MalformedCase(`${name}: no element ${index} among ${data.length}`);
    data[index] = replacement;
  }
}

function readOverride(item: unknown, name: string): { index: number; value: number } {
  const { index, value }: Fields = Array.isArray(item)
    ? { index: Number(item[0]), value: item[1] as unknown }
    : readFields(item, name);
  return { index: readNumber(index, `${name}.index`), value: readNumber(value, `${name}.value`) };
}

function checkSequence(data: Float64Array, sum: number, fields: Fields, name: string): void {
  const { first3, last, uint32Sum } = fields;
  if (Array.isArray(first3)) {
    for (const [index, wanted] of first3.entries()) check(data[index], wanted, `${name}.first3[${index}]`);
  }
  check(data.at(-1), last, `${name}.last`);
  check(sum, uint32Sum, `${name}.uint32Sum`);
}

function check(actual: number | undefined, stated: unknown, name: string): void {
  const wanted = readOptional(stated, (value) => readNumber(value, name));
  if (wanted === undefined || Object.is(actual, wanted) || actual === wanted) return;
  throw new MalformedCase(`${name}: the generator gives ${actual}, the case states ${wanted}`);
}
