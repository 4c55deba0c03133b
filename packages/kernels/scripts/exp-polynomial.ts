/**
 * Prints the coefficients of the float64 exponential in `assembly/softmax/row64.ts`: q with e^r = 1 + r + r^2 q(r) on
 * [-log(2)/2, log(2)/2], the polynomial of degree 9 through Chebyshev's nodes, and the largest relative error after rounding
 * them to float64.
 *
 *     node packages/kernels/scripts/exp-polynomial.ts
 */
import { Decimal } from 'decimal.js';

const Exact = Decimal.clone({ precision: 60 });
const DEGREE = 9;
/** A little more than log(2) / 2, for what rounding adds to the argument. */
const HALF = new Exact(2).ln().div(2).mul('1.0001');

const quotient = (r: Decimal): Decimal => r.exp().minus(1).minus(r).div(r.mul(r));

function chebyshevNodes(count: number): Decimal[] {
  const pi = Exact.acos(-1);
  const angles = Array.from({ length: count }, (_, i) => pi.mul(2 * i + 1).div(2 * count));
  return angles.map((angle) => HALF.mul(angle.cos()));
}

/** Coefficients of the polynomial through the points, by Newton's divided differences. */
function interpolate(nodes: readonly Decimal[], values: readonly Decimal[]): Decimal[] {
  const differences = [...values];
  for (let order = 1; order < nodes.length; order++)
    for (let i = nodes.length - 1; i >= order; i--)
      differences[i] = differences[i].minus(differences[i - 1]).div(nodes[i].minus(nodes[i - order]));
  let coefficients: Decimal[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const shifted = [new Exact(0), ...coefficients];
    coefficients = shifted.map((value, power) => value.minus((coefficients[power] ?? new Exact(0)).mul(nodes[i])));
    coefficients[0] = coefficients[0].plus(differences[i]);
  }
  return coefficients;
}

function largestError(coefficients: readonly number[]): number {
  let worst = 0;
  for (let i = -2000; i <= 2000; i++) {
    const r = HALF.mul(i).div(2000);
    if (r.isZero()) continue;
    const q = coefficients.reduceRight((sum, coefficient) => sum.mul(r).plus(coefficient), new Exact(0));
    const error = r.mul(r).mul(q).plus(r).plus(1).div(r.exp()).minus(1).abs().toNumber();
    worst = Math.max(worst, error);
  }
  return worst;
}

const nodes = chebyshevNodes(DEGREE + 1);
const coefficients = interpolate(nodes, nodes.map(quotient)).map((value) => value.toNumber());
console.log(coefficients.join('\n'));
console.log(`largest relative error 2^${Math.log2(largestError(coefficients)).toFixed(1)}`);
