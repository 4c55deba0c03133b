import { add, divide, low, multiply, timesPowerOfTwo, twoSum } from './double-double.js';
import { exponential, exponentialPower, logOnePlus } from './double-double-functions.js';

/** A number as high and low part. */
export type Pair = readonly [high: number, low: number];

/** One outcome of a row: everything else of it follows from these two by exponentials. */
export interface OutcomePairs {
  /** log p; -Infinity where p is 0. */
  readonly logarithm: Pair;
  /** log(1 - p), also where 1 - p is far below the smallest double. */
  readonly complement: Pair;
  /** Whether 1 - p is so small that -log p is the same to 106 bits. */
  readonly certain: boolean;
}

/** Odds below this are the same as their logarithm of one plus themselves, to 106 bits. */
const NEGLIGIBLE = 2 ** -130;

export const ZERO_PAIR: Pair = [0, 0];

/** a + b. */
export function sum(a: Pair, b: Pair): Pair {
  const high = add(a[0], a[1], b[0], b[1]);
  return [high, low[0]];
}

/** a b. */
export function product(a: Pair, b: Pair): Pair {
  if (a[0] === 0 || b[0] === 0) return ZERO_PAIR;
  const high = multiply(a[0], a[1], b[0], b[1]);
  return [high, low[0]];
}

/** a / b. */
export function quotient(a: Pair, b: Pair): Pair {
  const high = divide(a[0], a[1], b[0], b[1]);
  return [high, low[0]];
}

export function negative([high, lowPart]: Pair): Pair {
  return [-high, -lowPart];
}

/** exp(x) for x up to 700; 0 below -2000, far below the smallest double. */
export function exponentialOf([high, lowPart]: Pair): Pair {
  if (!(high > -2000)) return ZERO_PAIR;
  const k = exponentialPower(high);
  const mantissa = exponential(high, lowPart, k);
  const value = timesPowerOfTwo(mantissa, low[0], k);
  return [value, low[0]];
}

/** log(1 + x) for x >= 0. */
export function logarithmOfOnePlus(x: Pair): Pair {
  if (x[0] < NEGLIGIBLE) return x;
  const high = logOnePlus(x[0], x[1]);
  return [high, low[0]];
}

/** a - b of two doubles, exactly; of finite numbers so far apart that the difference is none, -Infinity. */
function difference(a: number, b: number): Pair {
  const high = twoSum(a, -b);
  return Number.isFinite(high) ? [high, low[0]] : [high, 0];
}

/** What the outcomes of softmax(logits) are, and log sum exp(logits). */
export interface SoftmaxPairs {
  readonly outcomes: readonly OutcomePairs[];
  readonly logSumExp: Pair;
  /** The size of the two numbers whose sum that is, the largest logit and what the others add; 1 at least, as it is the logarithm of a sum. */
  readonly logSumExpScale: number;
}

/**
 * The outcomes of softmax(logits) in double-double arithmetic, relative to the two largest logits z_t >= z_r:
 * with R = sum over c != t of exp(z_c - z_r) and S = exp(z_r - z_t) R, log p_t = -log(1 + S) and
 * log(1 - p_t) = z_r - z_t + log R - log(1 + S), which no small S can spoil.
 */
export function softmaxPairs(logits: ArrayLike<number>): SoftmaxPairs {
  const z = Array.from(logits);
  const top = z.indexOf(Math.max(...z));
  const largest = z[top];
  const runnerUp = Math.max(...z.filter((_, index) => index !== top));
  const rest = z.reduce<Pair>(
    (total, value, index) =>
      index === top || value === -Infinity ? total : sum(total, exponentialOf(difference(value, runnerUp))),
    ZERO_PAIR,
  );
  const gap = runnerUp === -Infinity ? ([-Infinity, 0] as const) : difference(runnerUp, largest);
  const odds = product(exponentialOf(gap), rest);
  const logOdds = gap[0] === -Infinity ? gap : sum(gap, logarithmOfOnePlus(sum(rest, [-1, 0])));
  const normalizer = logarithmOfOnePlus(odds);
  const outcomes = z.map((value, index): OutcomePairs => {
    if (index === top) {
      const complement = logOdds[0] === -Infinity ? logOdds : sum(logOdds, negative(normalizer));
      return { logarithm: negative(normalizer), complement, certain: !(odds[0] >= NEGLIGIBLE) };
    }
    const below = value === -Infinity ? ([-Infinity, 0] as const) : difference(value, largest);
    if (below[0] === -Infinity) return { logarithm: [-Infinity, 0], complement: ZERO_PAIR, certain: false };
    const logarithm = sum(below, negative(normalizer));
    return { logarithm, complement: negative(logarithmOfOnePlus(oddsOf(logarithm))), certain: false };
  });
  const logSumExpScale = Math.max(1, Math.abs(largest) + normalizer[0]);
  return { outcomes, logSumExp: sum([largest, 0], normalizer), logSumExpScale };
}

/** p / (1 - p) of an outcome of at most one half. */
function oddsOf(logarithm: Pair): Pair {
  const p = exponentialOf(logarithm);
  return quotient(p, sum([1, 0], negative(p)));
}
