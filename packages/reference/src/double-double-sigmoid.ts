import { add, low, multiply, timesPowerOfTwo } from './double-double.js';
import { exponential, exponentialPower } from './double-double-functions.js';
import { tailOf } from './double-double-tail.js';

/** exp(-10000) is far below the smallest double. */
const LARGEST_LOGIT = 10000;

/**
 * Binary cross-entropy of sigmoid(logit) and its derivative in double-double arithmetic, as precise as
 * `doubleDoubleSoftmaxRow`.
 *
 *     loss = u1 log(1 + e^-z) + u0 log(1 + e^z),   d loss / dz = u0 p - u1 (1 - p)
 *
 * @param logit - z; -Infinity and Infinity are the certain outcomes.
 * @param positiveHigh - High part of u1, the mass of the positive outcome; `positiveLow` its low part, then u0's parts.
 * @param into - What is written: [loss high, loss low, gradient high, gradient low].
 * @throws RangeError for a NaN logit.
 */
export function doubleDoubleSigmoidElement(
  logit: number,
  positiveHigh: number,
  positiveLow: number,
  negativeHigh: number,
  negativeLow: number,
  into: Float64Array,
): void {
  if (Number.isNaN(logit)) throw new RangeError('"logit" expected a number, got NaN');
  if (logit >= 0) {
    scoreMagnitude(logit, positiveHigh, positiveLow, negativeHigh, negativeLow, into);
    return;
  }
  scoreMagnitude(-logit, negativeHigh, negativeLow, positiveHigh, positiveLow, into);
  into[2] = -into[2];
  into[3] = -into[3];
}

/** The element for z >= 0, where the first mass is that of the likely outcome. */
function scoreMagnitude(
  z: number,
  likelyHigh: number,
  likelyLow: number,
  unlikelyHigh: number,
  unlikelyLow: number,
  into: Float64Array,
): void {
  const vanishes = z > LARGEST_LOGIT;
  const power = vanishes ? 0 : exponentialPower(-z);
  const odds = vanishes ? 0 : exponential(-z, 0, power);
  const tail = tailOf(odds, vanishes ? 0 : low[0], power);

  const total = add(likelyHigh, likelyLow, unlikelyHigh, unlikelyLow);
  let log = multiply(tail.logHigh, tail.logLow, total, low[0]);
  log = timesPowerOfTwo(log, low[0], tail.logPower);
  const logLow = low[0];
  const certain = z === Infinity;
  const gapCost = multiply(certain ? 0 : z, 0, unlikelyHigh, unlikelyLow);
  into[0] = certain && unlikelyHigh > 0 ? Infinity : add(gapCost, low[0], log, logLow);
  into[1] = into[0] === Infinity ? 0 : low[0];

  let pull = multiply(-tail.unlikelyHigh, -tail.unlikelyLow, likelyHigh, likelyLow);
  pull = timesPowerOfTwo(pull, low[0], power);
  const pullLow = low[0];
  const push = multiply(tail.likelyHigh, tail.likelyLow, unlikelyHigh, unlikelyLow);
  into[2] = add(push, low[0], pull, pullLow);
  into[3] = low[0];
}
