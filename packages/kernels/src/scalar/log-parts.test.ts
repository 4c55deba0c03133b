import { describe, expect, it } from 'vitest';
import { LN2_HIGH, LN2_LOW, LOG_HIGH, LOG_LOW, LOG_RECIPROCAL } from './log-parts.js';
import { Exact, exactly, hashOfBits } from '../testing/ulps.js';

describe('the parts of the logarithm', () => {
  it('hold reciprocals of 24 bits', () => {
    expect(LOG_RECIPROCAL.length).toBe(65);
    expect([LOG_RECIPROCAL[0], LOG_RECIPROCAL[32], LOG_RECIPROCAL[64]]).toEqual([1, Math.fround(2 / 3), 0.5]);
  });

  it('hold their logarithms to 2^-70, the high parts as multiples of 2^-42', () => {
    expect([LOG_HIGH.length, LOG_LOW.length]).toEqual([65, 65]);
    for (let i = 0; i < 65; i++) {
      expect(Number.isInteger(LOG_HIGH[i] * 2 ** 42), `entry ${i}`).toBe(true);
      const exact = exactly(LOG_RECIPROCAL[i]).ln().neg();
      const rest = exact.minus(exactly(LOG_HIGH[i])).minus(exactly(LOG_LOW[i]));
      expect(rest.abs().toNumber(), `entry ${i}`).toBeLessThan(2 ** -70);
    }
  });

  it('hold log 2 twice, with the same bits: they cancel just below 1', () => {
    expect([LN2_HIGH, LN2_LOW]).toEqual([LOG_HIGH[64], LOG_LOW[64]]);
    expect(new Exact(2).ln().minus(exactly(LN2_HIGH)).minus(exactly(LN2_LOW)).abs().toNumber()).toBeLessThan(2 ** -70);
  });

  it('are the same bits on every runtime', () => {
    expect(hashOfBits([...LOG_RECIPROCAL, ...LOG_HIGH, ...LOG_LOW])).toBe('63064621');
  });
});
