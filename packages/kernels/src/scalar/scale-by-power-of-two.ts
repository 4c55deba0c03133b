import { POWERS_OF_TWO, POWERS_OF_TWO_BIAS } from './exp-parts.js';

/**
 * value * 2^exponent, rounded once, where 2^exponent itself may lie outside the range of numbers.
 *
 * Two factors of half the exponent: the first product is exact for a `value` near one, the second rounds or overflows.
 *
 * @param value between 0.5 and 2
 * @param exponent an integer from -2200 to 2046
 * @internal
 */
export function scaleByPowerOfTwo(value: number, exponent: number): number {
  const half = exponent >> 1;
  return value * POWERS_OF_TWO[POWERS_OF_TWO_BIAS + half] * POWERS_OF_TWO[POWERS_OF_TWO_BIAS + exponent - half];
}
