import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { afterEach, describe, expect, it } from 'vitest';
import { kernelMemoryOf } from '../wasm/kernel-memory.js';
import { allocate, type KernelArray } from './index.js';

const allocated: KernelArray<Float32Array | Float64Array>[] = [];

function take(type: Float32ArrayConstructor | Float64ArrayConstructor, length: number): (typeof allocated)[number] {
  const array = type === Float32Array ? allocate(Float32Array, length) : allocate(Float64Array, length);
  allocated.push(array);
  return array;
}

afterEach(() => {
  for (const array of allocated.splice(0)) array.release();
});

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return 'no error';
}

describe('an array in kernel memory', () => {
  it.each([Float32Array, Float64Array])('is a %o of zeros, of the length asked for', (type) => {
    for (const length of [0, 1, 5, 1000]) {
      const array = take(type, length);
      expect(array).toBeInstanceOf(type);
      expect(array.length).toBe(length);
      expect(array.every((value) => value === 0)).toBe(true);
      expect(array.byteOffset % 64).toBe(0);
      expect(kernelMemoryOf(array)).toBeDefined();
      array.fill(1);
    }
  });

  it('stays valid whatever is allocated later, and shares no number with another', () => {
    const arrays = Array.from({ length: 40 }, (_, index) => {
      // Together they exceed any memory that was there before the last.
      const array = take(index % 2 === 0 ? Float32Array : Float64Array, 1 + 70_001 * index);
      return array.fill(index + 1);
    });
    arrays.forEach((array, index) => {
      expect(array.length).toBe(1 + 70_001 * index);
      expect(array.every((value) => value === index + 1)).toBe(true);
    });
  });

  it('that is released makes room: for another, of zeros, and once only', () => {
    const first = take(Float32Array, 100).fill(1) as (typeof allocated)[number];
    const { byteOffset } = first;
    first.release();
    const second = take(Float64Array, 50);
    expect(second.byteOffset).toBe(byteOffset);
    expect(second.every((value) => value === 0)).toBe(true);
    first.release();
    expect(take(Float32Array, 100).byteOffset).not.toBe(byteOffset);
  });

  it('is refused for another type or a wrong length', () => {
    const call = allocate as (type: unknown, length: unknown) => unknown;
    expect(messageOf(() => call(Int32Array, 3))).toBe(
      'TypeError: allocate: "type" expected Float32Array or Float64Array, got Int32Array',
    );
    expect(messageOf(() => call('Float32Array', 3))).toBe(
      'TypeError: allocate: "type" expected Float32Array or Float64Array, got string',
    );
    expect(messageOf(() => call(Float32Array, -1))).toBe(
      'RangeError: allocate: "length" expected an integer of 0 or more, got -1',
    );
    expect(messageOf(() => call(Float32Array, '3'))).toBe(
      'TypeError: allocate: "length" expected an integer of 0 or more, got string',
    );
    expect(messageOf(() => call(Float64Array, 2 ** 50))).toBe(
      'RangeError: allocate: "length" expected a number of elements that memory has room for, got 1125899906842624',
    );
  });
});

describe('losses of arrays in kernel memory', () => {
  const values = Float32Array.from({ length: 12 }, (_, index) => Math.sin(7 * index));

  it('are those of ordinary arrays, and so are gradients', () => {
    for (const type of [Float32Array, Float64Array]) {
      const logits = take(type, 12);
      logits.set(values);
      const gradient = take(type, 12);
      const categorical = categoricalCrossEntropy({ classes: 4 });
      const labels = [0, 3, 1];
      for (const { name: engine } of categorical.link.engines) {
        const options = { engine, losses: true } as const;
        const expected = categorical.evaluate(new type(values), labels, { ...options, gradient: true });
        const found = categorical.evaluate(logits, labels, { ...options, gradient });
        expect(found.losses).toEqual(expected.losses);
        expect(gradient).toEqual(expected.gradient);
        expect(found.sum).toEqual(expected.sum);
      }
      const binary = binaryCrossEntropy();
      const targets = Uint8Array.from(values, (value) => Number(value > 0));
      for (const { name: engine } of binary.link.engines) {
        const options = { engine, losses: true } as const;
        const expected = binary.evaluate(new type(values), targets, { ...options, gradient: true });
        const found = binary.evaluate(logits, targets, { ...options, gradient });
        expect(found.losses).toEqual(expected.losses);
        expect(gradient).toEqual(expected.gradient);
      }
      expect([...logits]).toEqual([...new type(values)]);
    }
  });

  it('are refused where logits and gradient are the same array', () => {
    const logits = take(Float32Array, 12);
    const loss = categoricalCrossEntropy({ classes: 4 });
    expect(messageOf(() => loss.valueAndGradient(logits, [0, 1, 2], { gradient: logits }))).toMatch(
      /memory of its own/,
    );
  });
});
