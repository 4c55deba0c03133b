import type { Call } from './call.js';
import type { IntegerNumbers } from './engine.js';

/** The bits that are 0 in both 0 and 1, of each of the integers in 32 bits. */
const OTHER_BITS: Readonly<Record<number, number>> = { 1: 0xfefefefe, 2: 0xfffefffe, 4: 0xfffffffe };

/** The bits of 1 as a float32: the numbers from 0 to 1 are those whose bits, as an integer, lie between 0 and these. */
const ONE_BITS = 0x3f800000;

/** What is known of the targets of a call from a look at the array that holds them. */
export interface TargetScan {
  /** All of them are targets. */
  readonly sound: boolean;
  /** The array, where its numbers are integers. */
  readonly hard?: IntegerNumbers;
}

const UNKNOWN: TargetScan = { sound: false };

/**
 * Looks at the targets of a call that ignores nothing: class indices, and binary targets that are all 0 or 1, among integers;
 * binary targets from 0 to 1 among float32 numbers. Others, and -0, are not found sound: who reads them one by one will tell.
 */
export function scanTargets(call: Call): TargetScan {
  const { unit, layout, targetRange, targets, mask, ignored, hardOnly } = call;
  if (mask !== undefined || ignored.length > 0 || targets.kind === 'rows') return UNKNOWN;
  const { data } = targets.numbers.source;
  if (unit === 'classes')
    return isIntegers(data) && isOwn(data) && areLabels(data, layout.classes) ? { sound: true, hard: data } : UNKNOWN;
  if (targetRange !== 'probabilities') return UNKNOWN;
  if (isIntegers(data)) return isHard(data) ? { sound: true, hard: data } : UNKNOWN;
  return { sound: !hardOnly && data instanceof Float32Array && isSoft(data) };
}

function isIntegers(data: unknown): data is IntegerNumbers {
  return (
    data instanceof Int32Array ||
    data instanceof Uint8Array ||
    data instanceof Int8Array ||
    data instanceof Uint32Array ||
    data instanceof Uint8ClampedArray ||
    data instanceof Int16Array ||
    data instanceof Uint16Array
  );
}

/** Not shared with other threads: a class index that changed after the look would be a place outside a row. */
function isOwn({ buffer }: IntegerNumbers): boolean {
  return buffer instanceof ArrayBuffer;
}

/** Whether the sign of w | (last - w), which tells whether w lies outside [0, last], is that of none: two at a time, as below. */
function areLabels(data: IntegerNumbers, classes: number): boolean {
  const last = classes - 1;
  const whole = data.length & ~1;
  let [a, b] = [0, 0];
  for (let i = 0; i < whole; i += 2) {
    const one = data[i] ?? 0;
    const other = data[i + 1] ?? 0;
    a |= one | (last - one);
    b |= other | (last - other);
  }
  if (whole < data.length) a |= (data[whole] ?? 0) | (last - (data[whole] ?? 0));
  return (a | b) >= 0;
}

/** As words of 32 bits, whatever the type: one loop to compile, and up to four numbers in one step. */
function isHard(data: IntegerNumbers): boolean {
  const { buffer, byteOffset, length, BYTES_PER_ELEMENT: bytes } = data;
  const perWord = 4 / bytes;
  const head = Math.min(length, (-byteOffset & 3) / bytes);
  const words = new Int32Array(buffer, byteOffset + head * bytes, Math.floor((length - head) / perWord));
  let bits = joinedBits(words) & (OTHER_BITS[bytes] ?? -1);
  for (let i = 0; i < head; i++) bits |= (data[i] ?? 0) & -2;
  for (let i = head + words.length * perWord; i < length; i++) bits |= (data[i] ?? 0) & -2;
  return bits === 0;
}

/** Four at a time, since each operation waits for the one before. */
function joinedBits(words: Int32Array): number {
  const whole = words.length & ~3;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a |= words[i] ?? 0;
    b |= words[i + 1] ?? 0;
    c |= words[i + 2] ?? 0;
    d |= words[i + 3] ?? 0;
  }
  for (let i = whole; i < words.length; i++) a |= words[i] ?? 0;
  return a | b | c | d;
}

/** The sign of w | (limit - w) tells whether the integer w lies outside [0, limit]. */
function isSoft({ buffer, byteOffset, length }: Float32Array): boolean {
  const words = new Int32Array(buffer, byteOffset, length);
  const whole = length & ~1;
  let [a, b] = [0, 0];
  for (let i = 0; i < whole; i += 2) {
    const one = words[i] ?? 0;
    const other = words[i + 1] ?? 0;
    a |= one | (ONE_BITS - one);
    b |= other | (ONE_BITS - other);
  }
  for (let i = whole; i < length; i++) a |= (words[i] ?? 0) | (ONE_BITS - (words[i] ?? 0));
  return (a | b) >= 0;
}
