import { add, divide, low, multiply, timesPowerOfTwo } from './double-double.js';
import { logOnePlus } from './double-double-functions.js';

/**
 * What the losses need of odds x = m 2^k against an outcome, as pairs with powers of two apart: with odds of e^-10000 they
 * keep their digits until the last multiplication, and only what is written can flush to zero.
 */
export interface Tail {
  /** log(1 + x), times 2^-logPower. */
  readonly logHigh: number;
  readonly logLow: number;
  readonly logPower: number;
  /** 1 / (1 + x), the probability of the outcome. */
  readonly likelyHigh: number;
  readonly likelyLow: number;
  /** x / (1 + x), the probability of the others, times 2^-k. */
  readonly unlikelyHigh: number;
  readonly unlikelyLow: number;
}

/** Below this power x^2 is nothing to x: log(1 + x) = x and 1 + x = 1. */
const NEGLIGIBLE_POWER = -130;

/** The tail of the odds (high + low) 2^power, each part of the mantissa of the size of a class count at most. */
export function tailOf(high: number, lowPart: number, power: number): Tail {
  if (power < NEGLIGIBLE_POWER || high === 0) {
    return {
      logHigh: high,
      logLow: lowPart,
      logPower: power,
      likelyHigh: 1,
      likelyLow: 0,
      unlikelyHigh: high,
      unlikelyLow: lowPart,
    };
  }
  const x = timesPowerOfTwo(high, lowPart, power);
  const xLow = low[0];
  const logHigh = logOnePlus(x, xLow);
  const logLow = low[0];
  const sum = add(1, 0, x, xLow);
  const likelyHigh = divide(1, 0, sum, low[0]);
  const likelyLow = low[0];
  const unlikelyHigh = multiply(high, lowPart, likelyHigh, likelyLow);
  const unlikelyLow = low[0];
  return { logHigh, logLow, logPower: 0, likelyHigh, likelyLow, unlikelyHigh, unlikelyLow };
}
