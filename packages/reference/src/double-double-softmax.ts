import { add, low, multiply, timesPowerOfTwo, twoSum } from './double-double.js';
import { exponential, exponentialPower } from './double-double-functions.js';
import { tailOf, type Tail } from './double-double-tail.js';

/** The masses of a target measure as pairs; `pairsOf` makes them of Decimals. */
export interface MassPairs {
  readonly high: ArrayLike<number>;
  readonly low: ArrayLike<number>;
}

/** Where a row's results are written, as pairs. */
export interface RowPairs {
  /** [high, low]. */
  readonly loss: Float64Array;
  /** Length C at least. */
  readonly gradientHigh: Float64Array;
  readonly gradientLow: Float64Array;
}

/** exp(-5000) and its products with any class count or mass are far below the smallest double. */
const LARGEST_GAP = 5000;
/** Terms of a sum over one that are below this power of two cannot be seen in 106 bits, for as many classes as fit memory. */
const NEGLIGIBLE_POWER = -150;

/** What one pass over the logits finds; exponentials relative to the largest logit but one are left in the gradient. */
interface Scan {
  readonly top: number;
  readonly largest: number;
  readonly runnerUp: number;
  /** What the doubles of the two leave out. */
  readonly largestLow: number;
  readonly runnerUpLow: number;
  /** The power of two of the exponentials' common factor exp(runnerUp - largest), and its mantissa over 1 + x. */
  readonly power: number;
  readonly factorHigh: number;
  readonly factorLow: number;
  /** Of the odds x against the top class. */
  readonly tail: Tail;
}

/**
 * Cross-entropy of softmax(logits) under a target, and its gradient, in double-double arithmetic: relative errors below
 * 1e-28 wherever the results are normal doubles with room for their low parts (above 2^-969).
 *
 *     loss = sum_c u_c (lse(z) - z_c),   d loss / d z_j = |u| p_j - u_j
 *
 * With z_t the largest logit and x = sum over c != t of exp(z_c - z_t), lse(z) - z_t = log(1 + x) and 1 - p_t = x / (1 + x).
 *
 * @param given - The logits z, length C; -Infinity is an outcome of probability zero. Gaps and offsets may be of any size
 * (gaps under a measure's mass up to 1e300). Pairs [high, low] where they are no doubles, as after a logit step.
 * @param target - A class index, or the masses of a measure.
 * @param into - What is written: results below the smallest double as 0, a gap of which the loss is infinite as Infinity;
 * all NaN where every logit is -Infinity.
 * @throws RangeError for NaN or +Infinity among the logits.
 */
export function doubleDoubleSoftmaxRow(
  given: ArrayLike<number> | MassPairs,
  target: number | MassPairs,
  into: RowPairs,
): void {
  const logits = 'high' in given ? given : { high: given, low: new Float64Array(given.length) };
  const scan = scanRow(logits, into);
  if (scan.largest === -Infinity) {
    into.loss.fill(NaN, 0, 2);
    into.gradientHigh.fill(NaN, 0, logits.high.length);
    into.gradientLow.fill(NaN, 0, logits.high.length);
  } else if (typeof target === 'number') {
    scoreLabel(logits, target, scan, into);
  } else {
    scoreMeasure(logits, target, scan, into);
  }
}

function scanRow({ high: logits, low: lows }: MassPairs, { gradientHigh, gradientLow }: RowPairs): Scan {
  let [top, largest, runnerUp, second] = [0, -Infinity, -Infinity, 0];
  for (let index = 0; index < logits.length; index += 1) {
    const z = logits[index];
    if (!(z < Infinity)) throw new RangeError(`"logits[${index}]" expected a number below Infinity, got ${z}`);
    if (z > largest) [top, largest, runnerUp, second] = [index, z, largest, top];
    else if (z > runnerUp) [runnerUp, second] = [z, index];
  }
  const [largestLow, runnerUpLow] = [lows[top], lows[second]];
  let [restHigh, restLow] = [0, 0];
  for (let index = 0; index < logits.length; index += 1) {
    const difference = logits[index] - runnerUp + (lows[index] - runnerUpLow);
    if (index === top || !(difference >= -LARGEST_GAP)) {
      gradientHigh[index] = 0;
      gradientLow[index] = 0;
      continue;
    }
    const gap = sumOfThree(logits[index], -runnerUp, lows[index] - runnerUpLow);
    const k = exponentialPower(difference);
    const high = exponential(gap, low[0], k);
    const lowPart = low[0];
    gradientHigh[index] = high;
    gradientLow[index] = lowPart;
    if (k < NEGLIGIBLE_POWER) continue;
    const scaled = timesPowerOfTwo(high, lowPart, k);
    restHigh = add(restHigh, restLow, scaled, low[0]);
    restLow = low[0];
  }
  const odds = oddsAgainstTop(largest, runnerUp, runnerUpLow - largestLow, restHigh, restLow);
  return { top, largest, runnerUp, largestLow, runnerUpLow, ...odds };
}

function oddsAgainstTop(
  largest: number,
  runnerUp: number,
  differenceOfLows: number,
  restHigh: number,
  restLow: number,
): Pick<Scan, 'power' | 'factorHigh' | 'factorLow' | 'tail'> {
  const difference = runnerUp - largest + differenceOfLows;
  if (!(difference >= -2 * LARGEST_GAP)) return { power: 0, factorHigh: 0, factorLow: 0, tail: tailOf(0, 0, 0) };
  const gap = sumOfThree(runnerUp, -largest, differenceOfLows);
  const power = exponentialPower(difference);
  let factorHigh = exponential(gap, low[0], power);
  let factorLow = low[0];
  const odds = multiply(factorHigh, factorLow, restHigh, restLow);
  const tail = tailOf(odds, low[0], power);
  factorHigh = multiply(factorHigh, factorLow, tail.likelyHigh, tail.likelyLow);
  factorLow = low[0];
  return { power, factorHigh, factorLow, tail };
}

/** largest - z as a pair; a difference too large for a double is Infinity, not NaN. */
function gapBelow({ largest, largestLow }: Scan, z: number, zLow: number): number {
  if (largest - z < Infinity) return sumOfThree(largest, -z, largestLow - zLow);
  low[0] = 0;
  return Infinity;
}

/** a + b + c as a pair, where c is small beside a or b unless these cancel. */
function sumOfThree(a: number, b: number, c: number): number {
  const sum = twoSum(a, b);
  const error = low[0];
  const high = twoSum(sum, c);
  return twoSum(high, low[0] + error);
}

/** The power of two apart from a class's exponential, as `scanRow` left it. */
function powerBelow({ runnerUp, runnerUpLow }: Scan, z: number, zLow: number): number {
  const difference = z - runnerUp + (zLow - runnerUpLow);
  return difference >= -LARGEST_GAP ? exponentialPower(difference) : 0;
}

function scoreLabel({ high: logits, low: lows }: MassPairs, label: number, scan: Scan, into: RowPairs): void {
  const { top, power, factorHigh, factorLow, tail } = scan;
  const { gradientHigh, gradientLow } = into;
  for (let index = 0; index < logits.length; index += 1) {
    const high = multiply(gradientHigh[index], gradientLow[index], factorHigh, factorLow);
    gradientHigh[index] = timesPowerOfTwo(high, low[0], powerBelow(scan, logits[index], lows[index]) + power);
    gradientLow[index] = low[0];
  }
  if (label === top) {
    gradientHigh[top] = timesPowerOfTwo(-tail.unlikelyHigh, -tail.unlikelyLow, power);
    gradientLow[top] = low[0];
    into.loss[0] = timesPowerOfTwo(tail.logHigh, tail.logLow, tail.logPower);
    into.loss[1] = low[0];
    return;
  }
  gradientHigh[top] = tail.likelyHigh;
  gradientLow[top] = tail.likelyLow;
  gradientHigh[label] = add(-1, 0, gradientHigh[label], gradientLow[label]);
  gradientLow[label] = low[0];
  const log = timesPowerOfTwo(tail.logHigh, tail.logLow, tail.logPower);
  const logLow = low[0];
  const gap = gapBelow(scan, logits[label], lows[label]);
  into.loss[0] = gap === Infinity ? Infinity : add(gap, low[0], log, logLow);
  into.loss[1] = gap === Infinity ? 0 : low[0];
}

function scoreMeasure({ high: logits, low: lows }: MassPairs, u: MassPairs, scan: Scan, into: RowPairs): void {
  const { top, power, tail } = scan;
  const { gradientHigh, gradientLow } = into;
  let [othersHigh, othersLow, costHigh, costLow, infinite] = [0, 0, 0, 0, false];
  for (let index = 0; index < logits.length; index += 1) {
    if (index === top || (u.high[index] === 0 && u.low[index] === 0)) continue;
    othersHigh = add(othersHigh, othersLow, u.high[index], u.low[index]);
    othersLow = low[0];
    const gap = gapBelow(scan, logits[index], lows[index]);
    if (gap === Infinity) infinite = true;
    const cost = multiply(gap, low[0], u.high[index], u.low[index]);
    costHigh = add(costHigh, costLow, cost, low[0]);
    costLow = low[0];
  }
  const totalHigh = add(othersHigh, othersLow, u.high[top], u.low[top]);
  const totalLow = low[0];
  let log = multiply(tail.logHigh, tail.logLow, totalHigh, totalLow);
  log = timesPowerOfTwo(log, low[0], tail.logPower);
  into.loss[0] = infinite ? Infinity : add(costHigh, costLow, log, low[0]);
  into.loss[1] = infinite ? 0 : low[0];

  const factorHigh = multiply(scan.factorHigh, scan.factorLow, totalHigh, totalLow);
  const factorLow = low[0];
  for (let index = 0; index < logits.length; index += 1) {
    const product = multiply(gradientHigh[index], gradientLow[index], factorHigh, factorLow);
    const high = timesPowerOfTwo(product, low[0], powerBelow(scan, logits[index], lows[index]) + power);
    gradientHigh[index] = add(high, low[0], -u.high[index], -u.low[index]);
    gradientLow[index] = low[0];
  }
  // At the top class |u| p - u is p times the mass of the others, less u times the probability of the others.
  let own = multiply(-tail.unlikelyHigh, -tail.unlikelyLow, u.high[top], u.low[top]);
  own = timesPowerOfTwo(own, low[0], power);
  const ownLow = low[0];
  const pushed = multiply(tail.likelyHigh, tail.likelyLow, othersHigh, othersLow);
  gradientHigh[top] = add(pushed, low[0], own, ownLow);
  gradientLow[top] = low[0];
}
