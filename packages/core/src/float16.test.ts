import { describe, expect, it } from 'vitest';
import { narrowHalf, widenHalf } from './float16.js';

const ALL_BITS = Array.from({ length: 65_536 }, (_, bits) => bits);
const isNaNBits = (bits: number): boolean => (bits & 0x7fff) > 0x7c00;

/** The next number away from zero, or towards it: a step of one in the 64 bits. */
function neighbour(value: number, step: 1n | -1n): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + step);
  return view.getFloat64(0);
}

/** `DataView` with the methods of ECMAScript 2025, which Node 24 has. */
interface HalfView extends DataView {
  getFloat16(offset: number): number;
  setFloat16(offset: number, value: number): void;
}
const VIEW = new DataView(new ArrayBuffer(2)) as HalfView;
const RUNTIME_HAS_HALVES = 'getFloat16' in DataView.prototype;

describe('widenHalf', () => {
  it('gives the value that the definition gives, for all 65,536 patterns', () => {
    for (const bits of ALL_BITS) {
      const digits = bits.toString(2).padStart(16, '0');
      const exponent = parseInt(digits.slice(1, 6), 2);
      const fraction = parseInt(digits.slice(6), 2) / 1024;
      const sign = digits.startsWith('1') ? -1 : 1;
      const normal = exponent === 31 ? (fraction === 0 ? Infinity : NaN) : (1 + fraction) * 2 ** (exponent - 15);
      expect(widenHalf(bits), `bits ${bits}`).toBe(sign * (exponent === 0 ? fraction * 2 ** -14 : normal));
    }
  });

  it.runIf(RUNTIME_HAS_HALVES)('gives what DataView.getFloat16 gives, where the runtime has it', () => {
    for (const bits of ALL_BITS) {
      VIEW.setUint16(0, bits);
      expect(widenHalf(bits), `bits ${bits}`).toBe(VIEW.getFloat16(0));
    }
  });

  it('knows the landmarks', () => {
    expect([0x0000, 0x0001, 0x03ff, 0x0400, 0x3c00, 0x7bff, 0x7c00, 0xfc00, 0xc000].map(widenHalf)).toEqual([
      0,
      5.960464477539063e-8,
      0.00006097555160522461,
      0.00006103515625,
      1,
      65504,
      Infinity,
      -Infinity,
      -2,
    ]);
    expect(widenHalf(0x8000)).toBe(-0);
  });
});

describe('narrowHalf', () => {
  it('returns the bits of all 65,536 widened halves, and one NaN', () => {
    for (const bits of ALL_BITS) expect(narrowHalf(widenHalf(bits))).toBe(isNaNBits(bits) ? 0x7e00 : bits);
  });

  it('rounds the middle between two halves to the even one, and one float64 beside it to the nearer one', () => {
    for (let bits = 0; bits < 0x7bff; bits++) {
      const middle = (widenHalf(bits) + widenHalf(bits + 1)) / 2; // exact: at most twelve bits
      const around = [neighbour(middle, -1n), middle, neighbour(middle, 1n)];
      const expected = [bits, bits % 2 === 0 ? bits : bits + 1, bits + 1];
      expect(around.map(narrowHalf), `above bits ${bits}`).toEqual(expected);
      expect(
        around.map((value) => narrowHalf(-value)),
        `below bits ${bits + 0x8000}`,
      ).toEqual(expected.map((half) => half + 0x8000));
    }
  });

  it('rounds once: 1 + 2^-11 + 2^-40 is not taken for the tie that it is in float32', () => {
    expect(narrowHalf(1 + 2 ** -11 + 2 ** -40)).toBe(0x3c01);
    expect(narrowHalf(Math.fround(1 + 2 ** -11 + 2 ** -40))).toBe(0x3c00);
  });

  it('becomes infinite from 65,520 on and zero up to 2^-25', () => {
    expect([65519.99999999999, 65520, 1e300, Infinity, -65520].map(narrowHalf)).toEqual([
      0x7bff, 0x7c00, 0x7c00, 0x7c00, 0xfc00,
    ]);
    expect([2 ** -25, neighbour(2 ** -25, 1n), 5e-324, -0, -5e-324].map(narrowHalf)).toEqual([0, 1, 0, 0x8000, 0x8000]);
    expect(narrowHalf(NaN)).toBe(0x7e00);
  });

  it.runIf(RUNTIME_HAS_HALVES)('gives what DataView.setFloat16 gives on 100,000 numbers of seed 1', () => {
    let state = 1;
    for (let count = 0; count < 100_000; count++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const value = (state / 2 ** 31 - 1) * 2 ** ((count % 48) - 28);
      VIEW.setFloat16(0, value);
      expect(narrowHalf(value), `value ${value}`).toBe(VIEW.getUint16(0));
    }
  });
});
