/**
 * Prints the constants of `src/scalar` from 80-digit decimal arithmetic, so that a reader can repeat them:
 *
 *     node scripts/scalar-constants.ts
 *
 * Tables: 2^(i/64) and -log R_i, each as a high and a low part. Polynomials: interpolation at the zeros of the
 * weighted Chebyshev polynomial, which is within a few per cent of the minimax polynomial on these short intervals.
 */
import { Decimal } from 'decimal.js';

Decimal.set({ precision: 80, toExpNeg: -400, toExpPos: 400 });

const LN2 = new Decimal(2).ln();
const PI = Decimal.acos(-1);

/** `value` rounded to a multiple of `2^exponent`, as a double. */
function toMultiple(value: Decimal, exponent: number): number {
  const unit = new Decimal(2).pow(exponent);
  return value.div(unit).round().mul(unit).toNumber();
}

/** The value of a double, all its digits: `new Decimal(0.1)` would be one tenth. Here every value is below 2^53. */
function exactly(value: number): Decimal {
  let integer = value;
  let doublings = 0;
  for (; !Number.isInteger(integer); doublings++) integer *= 2;
  return new Decimal(integer).div(new Decimal(2).pow(doublings));
}

/** What `high` leaves of `value`, to nine digits: 2^-30 of a part that is itself 2^-39 or less of the whole. */
function lowPart(value: Decimal, high: number): string {
  const low = value.minus(exactly(high));
  return low.isZero() ? '0' : low.toSignificantDigits(9).toExponential();
}

/**
 * Zeros on [0, 1], in s, of the polynomial of least maximum among s times a monic polynomial of degree `count`: a
 * Chebyshev polynomial stretched so that its first zero falls on s = 0.
 */
function stretchedNodes(count: number): Decimal[] {
  const degree = count + 1;
  const first = PI.div(2 * degree).cos();
  return Array.from({ length: count }, (_, j) =>
    PI.mul(2 * j + 1)
      .div(2 * degree)
      .cos()
      .plus(first)
      .div(first.plus(1)),
  );
}

/**
 * Nodes on [-1, 1] where a polynomial with `count` coefficients should meet f, when its error is weighed by |r|^weight.
 * The error is near r^weight times the product of (r - node): with one factor r besides pairs of nodes it is a Chebyshev
 * polynomial, with two (or, nearly, three) a stretched one in r^2.
 */
function nodes(count: number, weight: number): Decimal[] {
  const pairs = Math.floor(count / 2);
  const centre = count % 2 === 1 ? [new Decimal(0)] : [];
  const positive =
    weight + centre.length === 1
      ? Array.from({ length: pairs }, (_, j) =>
          PI.mul(2 * j + 1)
            .div(4 * pairs + 2)
            .cos(),
        )
      : stretchedNodes(pairs).map((s) => s.sqrt());
  return [...positive, ...positive.map((r) => r.neg()), ...centre];
}

/** Coefficients, lowest first, of the polynomial through `f` at the points `x` (Newton's divided differences). */
function interpolate(f: (r: Decimal) => Decimal, x: readonly Decimal[]): Decimal[] {
  const difference = x.map(f);
  for (let order = 1; order < x.length; order++) {
    for (let j = x.length - 1; j >= order; j--) {
      difference[j] = difference[j].minus(difference[j - 1]).div(x[j].minus(x[j - order]));
    }
  }
  let coefficients: Decimal[] = [];
  for (let j = x.length - 1; j >= 0; j--) {
    const raised = [new Decimal(0), ...coefficients];
    coefficients = raised.map((c, power) => c.minus((coefficients[power] ?? new Decimal(0)).mul(x[j])));
    coefficients[0] = coefficients[0].plus(difference[j]);
  }
  return coefficients;
}

/** The sum over n >= start of term(n) r^(n - start): the tail of a power series divided by r^start. */
function seriesTail(start: number, term: (n: number) => Decimal): (r: Decimal) => Decimal {
  return (r) => {
    let sum = new Decimal(0);
    for (let n = start + 60; n >= start; n--) sum = sum.mul(r).plus(term(n));
    return sum;
  };
}

function factorial(n: number): Decimal {
  let product = new Decimal(1);
  for (let j = 2; j <= n; j++) product = product.mul(j);
  return product;
}

const exponentialTerm = (n: number): Decimal => new Decimal(1).div(factorial(n));
const logarithmTerm = (n: number): Decimal => new Decimal(n % 2 === 0 ? -1 : 1).div(n);

function print(name: string, values: readonly (number | string)[]): void {
  console.log(`${name} = [\n  ${values.join(',\n  ')},\n]`);
}

const index64 = Array.from({ length: 64 }, (_, i) => i);
const index65 = Array.from({ length: 65 }, (_, i) => i);
const power = (i: number): Decimal => new Decimal(2).pow(new Decimal(i).div(64));
const reciprocal = (i: number): number => Math.fround(64 / (64 + i));
const logarithm = (i: number): Decimal => exactly(reciprocal(i)).ln().neg();

const step = LN2.div(64);
const stepHigh = toMultiple(step, -38);
console.log('INVERSE_LN2_64 =', new Decimal(64).div(LN2).toNumber());
console.log('LN2_64_HIGH =', stepHigh, ' LN2_64_LOW =', step.minus(exactly(stepHigh)).toNumber());
print(
  'EXP2_HIGH',
  index64.map((i) => power(i).toNumber()),
);
print(
  'EXP2_LOW',
  index64.map((i) => lowPart(power(i), power(i).toNumber())),
);

const ln2High = toMultiple(LN2, -42);
console.log('LN2_HIGH =', ln2High, ' LN2_LOW =', LN2.minus(exactly(ln2High)).toNumber());
print(
  'LOG_HIGH',
  index65.map((i) => toMultiple(logarithm(i), -42)),
);
print(
  'LOG_LOW',
  index65.map((i) => lowPart(logarithm(i), toMultiple(logarithm(i), -42))),
);

/** tanh(x) = x + x^3 g(x^2). */
function tangentTail(s: Decimal): Decimal {
  const x = s.sqrt();
  return x.tanh().div(x).minus(1).div(s);
}

const scaled = (points: readonly Decimal[], factor: Decimal): Decimal[] => points.map((point) => point.mul(factor));
const show = (name: string, coefficients: readonly Decimal[]): void => {
  print(
    name,
    coefficients.map((c) => c.toNumber()),
  );
};
const EIGHTH = new Decimal(0.125);
const HALF_STEP = LN2.div(128);
const INTERVAL = new Decimal(2).pow(-7);
// Weights: the error of e^r counts against 1, the others against r, of which the polynomials are multiplied by powers.
show('exp, r^2..r^5', interpolate(seriesTail(2, exponentialTerm), scaled(nodes(4, 2), HALF_STEP)));
show('expm1, r^2..r^10', interpolate(seriesTail(2, exponentialTerm), scaled(nodes(9, 1), EIGHTH)));
show('log, r^2..r^7', interpolate(seriesTail(2, logarithmTerm), scaled(nodes(6, 1), INTERVAL)));
show('pow, r^3..r^9', interpolate(seriesTail(3, logarithmTerm), scaled(nodes(7, 2), INTERVAL)));
show('tanh, x^3..x^17', interpolate(tangentTail, scaled(stretchedNodes(8), new Decimal(0.27).pow(2))));
