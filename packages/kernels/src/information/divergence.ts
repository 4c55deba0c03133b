import { expm1 } from '../scalar/expm1.js';
import { log } from '../scalar/log.js';
import type { Distribution } from './distribution.js';
import { logExcess, shareDivergence } from './log-excess.js';
import { differenceOf, pairOf, productOf, sumOf, sumOfPairs, type Pair } from './pair.js';

/*
 * Divergences as sums of terms that are not negative, so that near-equal distributions cost no digits:
 *
 *     sum p log(p / q) - p + q = sum p (r - log(1 + r)),    r = (q - p) / p,
 *
 * which is the divergence where both masses are one. Of measures with masses P and Q the same holds for p / P and q / Q,
 * with r = (q P - p Q) / (p Q), whose numerator is a difference of exact products.
 */

/** KL(p / P || q / Q) for the masses P and Q of p and q. */
export function divergenceOf(p: Float64Array, pMass: Pair, q: Float64Array, qMass: Pair): number {
  const terms = new Float64Array(p.length);
  for (let i = 0; i < p.length; i++) {
    const scaledP = productOf(pairOf(p[i]), qMass);
    terms[i] = divergenceTerm(scaledP, productOf(pairOf(q[i]), pMass));
  }
  return sumOf(terms).high / pMass.high / qMass.high;
}

/** sum p log(p / q) - p + q of measures of any mass. */
export function generalizedDivergenceOf(p: Float64Array, q: Float64Array): number {
  const terms = new Float64Array(p.length);
  for (let i = 0; i < p.length; i++) terms[i] = divergenceTerm(pairOf(p[i]), pairOf(q[i]));
  return sumOf(terms).high;
}

/** The same from surprisals: p (expm1(d) - d) with d = log(q / p). */
export function divergenceOfSurprisals(p: Distribution, q: Distribution): number {
  const terms = new Float64Array(p.probabilities.length);
  for (let i = 0; i < terms.length; i++) {
    const mass = p.probabilities[i];
    // Where p underflows nothing is left of p log(p / q).
    terms[i] =
      mass === 0 ? q.probabilities[i] : termOfLogs(mass, q.probabilities[i], p.surprisals[i] - q.surprisals[i]);
  }
  return sumOf(terms).high;
}

function termOfLogs(p: number, q: number, d: number): number {
  const ratio = expm1(d);
  if (ratio >= -0.5 && ratio <= 1) return p * logExcess(ratio);
  // The ratio may overflow where q does not.
  return d < 100 ? p * (ratio - d) : q - p - p * d;
}

/** Half KL(p || m) and half KL(q || m), m the mean of p / P and q / Q: sum of m / 2 [(1 + d) log(1 + d) + (1 - d) log(1 - d)]. */
export function jensenShannonOf(p: Float64Array, pMass: Pair, q: Float64Array, qMass: Pair): number {
  const terms = new Float64Array(p.length);
  for (let i = 0; i < p.length; i++) {
    const scaledP = productOf(pairOf(p[i]), qMass);
    const scaledQ = productOf(pairOf(q[i]), pMass);
    const both = scaledP.high + scaledQ.high;
    if (both === 0) continue;
    const d = differenceOf(scaledQ, scaledP) / both;
    terms[i] = both * shareDivergence(d, (2 * scaledQ.high) / both, (2 * scaledP.high) / both);
  }
  return sumOf(terms).high / (4 * pMass.high * qMass.high);
}

/** KL of a joint distribution from the product of its marginals, of the table divided by its total. */
export function mutualInformationOf(joint: Float64Array, columns: number, total: Pair): number {
  const rowMasses = massesOf(joint, columns);
  const columnMasses = columnMassesOf(joint, columns);
  const terms = new Float64Array(joint.length);
  for (let i = 0; i < joint.length; i++) {
    const product = productOf(rowMasses[Math.floor(i / columns)], columnMasses[i % columns]);
    terms[i] = divergenceTerm(productOf(pairOf(joint[i]), total), product);
  }
  return sumOf(terms).high / total.high / total.high;
}

function massesOf(joint: Float64Array, columns: number): Pair[] {
  const masses: Pair[] = [];
  for (let row = 0; row < joint.length; row += columns) masses.push(sumOf(joint, row, columns));
  return masses;
}

function columnMassesOf(joint: Float64Array, columns: number): Pair[] {
  const masses: Pair[] = Array.from({ length: columns }, () => pairOf(0));
  for (let i = 0; i < joint.length; i++) {
    const column = i % columns;
    masses[column] = sumOfPairs(masses[column], pairOf(joint[i]));
  }
  return masses;
}

/** p log(p / q) - p + q of two masses. */
function divergenceTerm(p: Pair, q: Pair): number {
  if (p.high === 0) return q.high;
  if (q.high === 0) return Infinity;
  const difference = differenceOf(q, p);
  const ratio = difference / p.high;
  if (ratio >= -0.5 && ratio <= 1) return p.high * logExcess(ratio);
  return difference - p.high * logOfRatio(q.high, p.high);
}

/** log(q / p), also where the quotient is no normal number. */
function logOfRatio(q: number, p: number): number {
  const quotient = q / p;
  return quotient > 1e-300 && quotient < Infinity ? log(quotient) : log(q) - log(p);
}
