import { describe, expect, it } from 'vitest';
import {
  EXP2_HIGH,
  EXP2_LOW,
  INVERSE_LN2_64,
  LN2_64_HIGH,
  LN2_64_LOW,
  MAGIC,
  POWERS_OF_TWO,
  POWERS_OF_TWO_BIAS,
} from './exp-parts.js';
import { Exact, exactly, hashOfBits, ulpError } from '../testing/ulps.js';

const LN2 = new Exact(2).ln();

describe('the parts of the exponential', () => {
  it('hold 2^(i/64) in EXP2_HIGH rounded to nearest, with EXP2_LOW to 2^-80', () => {
    expect([EXP2_HIGH.length, EXP2_LOW.length]).toEqual([64, 64]);
    for (let i = 0; i < 64; i++) {
      const exact = new Exact(2).pow(new Exact(i).div(64));
      expect(ulpError(EXP2_HIGH[i], exact), `entry ${i}`).toBeLessThanOrEqual(0.5);
      const rest = exact.minus(exactly(EXP2_HIGH[i])).minus(exactly(EXP2_LOW[i]));
      expect(rest.abs().toNumber(), `entry ${i}`).toBeLessThan(2 ** -80);
    }
  });

  it('hold log(2) / 64 in 32 bits and a rest: the multiples up to |x| = 11,000 are exact', () => {
    expect(INVERSE_LN2_64).toBe(new Exact(64).div(LN2).toNumber());
    expect(Number.isInteger(LN2_64_HIGH * 2 ** 38) && LN2_64_HIGH * 2 ** 38 < 2 ** 32).toBe(true);
    expect(Math.ceil(11_000 * INVERSE_LN2_64)).toBeLessThan(2 ** 21);
    const rest = LN2.div(64).minus(exactly(LN2_64_HIGH));
    expect(ulpError(LN2_64_LOW, rest)).toBeLessThanOrEqual(0.5);
  });

  it('round to the nearest integer by adding MAGIC, ties to even', () => {
    const values = [0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994, 65_536.4, -70_000.6];
    expect(values.map((v) => v + MAGIC - MAGIC)).toEqual([0, 2, 2, 0, -2, 0, 65_536, -70_001]);
  });

  it('hold the powers of two from -1100 to 1023, 0 below -1074', () => {
    expect(POWERS_OF_TWO.length).toBe(POWERS_OF_TWO_BIAS + 1024);
    const view = new DataView(new ArrayBuffer(8));
    for (let k = -1100; k < 1024; k++) {
      const bits = k < -1074 ? 0n : k < -1022 ? 1n << BigInt(k + 1074) : BigInt(k + 1023) << 52n;
      view.setBigUint64(0, bits);
      expect(POWERS_OF_TWO[POWERS_OF_TWO_BIAS + k], `2^${k}`).toBe(view.getFloat64(0));
    }
  });

  it('are the same bits on every runtime', () => {
    expect(hashOfBits([...EXP2_HIGH, ...EXP2_LOW, ...POWERS_OF_TWO])).toBe('bd74f831');
  });
});
